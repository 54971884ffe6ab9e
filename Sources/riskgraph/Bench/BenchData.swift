import Compute
import Foundation
import Graph

/// A folder into which a bench writes its data, so that other software is measured on the same.
struct BenchData {
  let folder: String

  init(_ folder: String) throws {
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  func write(_ matrix: Matrix, _ name: String) throws {
    try NumpyFile.write(matrix, to: "\(folder)/\(name).npy")
  }

  func write<Element: NumpyScalar>(_ buffer: Buffer<Element>, _ name: String) throws {
    try NumpyFile.write(buffer, to: "\(folder)/\(name).npy")
  }

  /// Compressed rows: offsets, targets and values.
  func write(_ matrix: SparseMatrix, _ name: String) throws {
    try write(matrix.offsets, name + ".offsets")
    try write(matrix.targets, name + ".targets")
    let values = Buffer<Float>(count: matrix.entryCount) { values in
      for row in 0..<matrix.rows {
        for entry in Int(matrix.offsets[row])..<Int(matrix.offsets[row + 1]) {
          let column = Int(matrix.targets[entry])
          values[entry] =
            (matrix.rowScale?[row] ?? 1) * (matrix.weights?[entry] ?? 1) * (matrix.columnScale?[column] ?? 1)
        }
      }
    }
    try write(values, name + ".values")
  }

  /// Undirected edges, each once: `NAME.u.npy` and `NAME.v.npy`.
  func write(_ edges: EdgeList, _ name: String) throws {
    try write(edges.sources, name + ".u")
    try write(edges.targets, name + ".v")
  }
}

extension EdgeList {
  /// Each edge of a symmetric graph once, the smaller end first.
  init(of graph: Projection) {
    var sources: [UInt32] = []
    var targets: [UInt32] = []
    for row in 0..<graph.nodeCount {
      for entry in graph.csr.row(row) where Int(graph.csr.targets[entry]) > row {
        sources.append(UInt32(row))
        targets.append(graph.csr.targets[entry])
      }
    }
    self.init(nodeCount: graph.nodeCount, sources: Buffer(sources), targets: Buffer(targets))
  }
}
