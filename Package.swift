// swift-tools-version: 6.0

import PackageDescription

// The floors, lowest first: a target depends on targets of lower floors and on nothing else.
// `Scripts/floors` compares every file's imports with this list.

let package = Package(
  name: "riskgraph",
  products: [
    .library(name: "Compute", targets: ["Compute"]),
    .library(name: "Graph", targets: ["Graph"]),
    .library(name: "Tables", targets: ["Tables"]),
    .library(name: "Store", targets: ["Store"]),
    .executable(name: "riskgraph", targets: ["riskgraph"]),
  ],
  targets: [
    // Floor 0: the system's libraries and the hot loops.
    .systemLibrary(name: "COpenBLAS", path: "Sources/System/COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CSQLite", path: "Sources/System/CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CKernels"),

    // Floor 1: arithmetic on arrays, and reading a command line.
    .target(name: "Arguments"),
    .target(name: "Compute", dependencies: ["CKernels", "COpenBLAS"]),

    // Floor 2: graphs, and tables.
    .target(name: "Graph", dependencies: ["CKernels", "Compute"]),
    .target(name: "CDuckDB"),
    .target(name: "Tables", dependencies: ["CDuckDB", "Compute"]),

    // Floor 3: what is kept on disk.
    .target(name: "Store", dependencies: ["CSQLite", "CKernels", "Compute", "Graph", "Tables"]),

    // Floor 8: the command line.
    .executableTarget(name: "riskgraph", dependencies: ["Arguments", "Compute", "Graph", "Tables", "Store"]),

    .testTarget(name: "ArgumentsTests", dependencies: ["Arguments"]),
    .testTarget(name: "ComputeTests", dependencies: ["Compute"]),
    .testTarget(name: "GraphTests", dependencies: ["Graph", "Compute"]),
    .testTarget(name: "TablesTests", dependencies: ["Tables", "Compute"]),
    .testTarget(name: "StoreTests", dependencies: ["Store", "Tables", "Graph", "Compute"]),
    .testTarget(name: "riskgraphTests", dependencies: ["riskgraph", "Arguments", "Store"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)
