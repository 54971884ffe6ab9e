// swift-tools-version: 6.0

import PackageDescription

// The floors, lowest first: a target depends on targets of lower floors and on nothing else.
// `Scripts/floors` compares every file's imports with this list.

let package = Package(
  name: "riskgraph",
  products: [
    .library(name: "Arguments", targets: ["Arguments"]),
    .library(name: "Compute", targets: ["Compute"]),
    .library(name: "Graph", targets: ["Graph"]),
    .library(name: "Tables", targets: ["Tables"]),
    .library(name: "Store", targets: ["Store"]),
    .library(name: "Features", targets: ["Features"]),
    .library(name: "Communities", targets: ["Communities"]),
    .library(name: "Learning", targets: ["Learning"]),
    .library(name: "Marketplace", targets: ["Marketplace"]),
    .library(name: "Governance", targets: ["Governance"]),
    .library(name: "Reports", targets: ["Reports"]),
    .executable(name: "riskgraph", targets: ["riskgraph"]),
  ],
  targets: [
    // Floor 0: the system's libraries and the hot loops.
    .systemLibrary(
      name: "COpenBLAS", path: "Sources/System/COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CLAPACKE", path: "Sources/System/CLAPACKE", providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(name: "CSQLite", path: "Sources/System/CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CXGBoost", path: "Sources/System/CXGBoost", providers: [.apt(["libxgboost-dev"])]),
    .target(name: "CDuckDB"),
    .target(name: "CKernels"),

    // Floor 1: arithmetic on arrays; and, beside it, reading a command line.
    .target(name: "Compute", dependencies: ["CKernels", "COpenBLAS", "CLAPACKE"]),
    .target(name: "Arguments", dependencies: ["Compute"]),

    // Floor 2: graphs, and tables.
    .target(name: "Graph", dependencies: ["CKernels", "Compute"]),
    .target(name: "Tables", dependencies: ["CDuckDB", "Compute"]),

    // Floor 3: what is kept on disk, what a graph says of its nodes, and the groups in it.
    .target(name: "Store", dependencies: ["CSQLite", "CKernels", "Compute", "Graph", "Tables"]),
    .target(name: "Features", dependencies: ["CKernels", "Compute", "Graph"]),
    .target(name: "Communities", dependencies: ["CKernels", "Compute", "Graph"]),

    // Floor 4: learning who is risky.
    .target(name: "Learning", dependencies: ["CKernels", "CXGBoost", "Compute", "Graph", "Features"]),

    // Floor 5: what is special to a marketplace.
    .target(
      name: "Marketplace", dependencies: ["Compute", "Graph", "Tables", "Store", "Features", "Learning"]),

    // Floor 6: from scores to decisions.
    .target(
      name: "Governance",
      dependencies: ["Compute", "Graph", "Store", "Features", "Communities", "Learning", "Marketplace"]),

    // Floor 7: results as people read them.
    .target(name: "Reports", dependencies: ["Arguments", "Compute", "Graph", "Communities", "Learning"]),

    // Floor 8: the command line.
    .executableTarget(
      name: "riskgraph",
      dependencies: [
        "Arguments", "Compute", "Graph", "Tables", "Store", "Features", "Communities", "Learning",
        "Marketplace", "Governance", "Reports",
      ]),

    .testTarget(name: "ArgumentsTests", dependencies: ["Arguments", "Compute"]),
    .testTarget(name: "ComputeTests", dependencies: ["CKernels", "Compute"]),
    .testTarget(name: "GraphTests", dependencies: ["Graph", "Compute"]),
    .testTarget(name: "TablesTests", dependencies: ["Tables", "Compute"]),
    // The writer and reader that the crash tests start and kill.
    .executableTarget(name: "store-crash", dependencies: ["Store", "Graph"], path: "Tests/StoreCrash"),
    .testTarget(name: "StoreTests", dependencies: ["Store", "Tables", "Graph", "Compute", "store-crash"]),
    .testTarget(name: "FeaturesTests", dependencies: ["Features", "Tables", "Graph", "Compute"]),
    .testTarget(name: "CommunitiesTests", dependencies: ["Communities", "CKernels", "Graph", "Compute"]),
    .testTarget(name: "LearningTests", dependencies: ["Learning", "Features", "Graph", "Compute"]),
    .testTarget(
      name: "MarketplaceTests",
      dependencies: ["Marketplace", "Learning", "Features", "Store", "Tables", "Graph", "Compute"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "Learning", "Compute"]),
    .testTarget(
      name: "GovernanceTests",
      dependencies: [
        "Governance", "Marketplace", "Learning", "Communities", "Features", "Store", "Graph", "Compute",
      ]),
    // The articles' examples are compiled and run.
    .testTarget(
      name: "DocumentationTests",
      dependencies: [
        "Arguments", "Compute", "Graph", "Tables", "Store", "Features", "Communities", "Learning",
        "Marketplace",
        "Governance", "Reports",
      ]),
    .testTarget(name: "riskgraphTests", dependencies: ["riskgraph", "Arguments", "Compute", "Store"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)
