// The sparse matrices that the kinds of graph layers multiply by.

import Compute
import Graph

extension GraphOperators {
  /// What a network does with its neighbours.
  public enum Kind: String, Sendable, Codable {
    /// D^-½ (A + 1) D^-½: for graph convolutions and attention, whose nodes hear themselves too.
    case normalized
    /// D^-½ A D^-½, for wavelets: its Laplacian's spectrum lies between 0 and 2.
    case laplacian
    /// The mean over neighbours.
    case mean
    /// The mean over neighbours for each relation.
    case meanOfEach
  }

  /// For work on all nodes at once.
  public convenience init(_ kind: Kind, of graph: NetworkGraph) {
    switch kind {
    case .normalized:
      let matrix = GraphOperators.normalized(graph.merged, withSelf: true)
      self.init([matrix], transposed: [matrix])
    case .laplacian:
      let matrix = GraphOperators.normalized(graph.merged, withSelf: false)
      self.init([matrix], transposed: [matrix])
    case .mean:
      let matrix = graph.merged.averaging()
      self.init([matrix], transposed: [matrix.transposedAsSymmetric()])
    case .meanOfEach:
      let matrices = graph.relations.map { $0.neighbours.averaging() }
      self.init(
        matrices,
        transposed: zip(graph.relations, matrices).map {
          $0.isSymmetric ? $1.transposedAsSymmetric() : $1.transposed()
        })
    }
  }

  /// A symmetric matrix divided by the roots of its rows' and columns' sums, perhaps with ones on its diagonal.
  static func normalized(_ matrix: SparseMatrix, withSelf: Bool) -> SparseMatrix {
    var offsets: [UInt64] = [0]
    var targets: [UInt32] = []
    var weights: [Float] = []
    offsets.reserveCapacity(matrix.rows + 1)
    targets.reserveCapacity(matrix.entryCount + matrix.rows)
    weights.reserveCapacity(matrix.entryCount + matrix.rows)
    for row in 0..<matrix.rows {
      var isPlaced = !withSelf
      for entry in Int(matrix.offsets[row])..<Int(matrix.offsets[row + 1]) {
        let target = matrix.targets[entry]
        if Int(target) == row && withSelf { continue }
        if !isPlaced && Int(target) > row {
          targets.append(UInt32(row))
          weights.append(1)
          isPlaced = true
        }
        targets.append(target)
        weights.append(matrix.weights?[entry] ?? 1)
      }
      if !isPlaced {
        targets.append(UInt32(row))
        weights.append(1)
      }
      offsets.append(UInt64(targets.count))
    }
    var inverseRoot = [Float](repeating: 0, count: matrix.rows)
    for row in 0..<matrix.rows {
      var sum = 0.0
      for entry in Int(offsets[row])..<Int(offsets[row + 1]) { sum += Double(weights[entry]) }
      inverseRoot[row] = sum > 0 ? Float(1 / sum.squareRoot()) : 0
    }
    for row in 0..<matrix.rows {
      for entry in Int(offsets[row])..<Int(offsets[row + 1]) {
        weights[entry] *= inverseRoot[row] * inverseRoot[Int(targets[entry])]
      }
    }
    return SparseMatrix(
      columns: matrix.columns, offsets: Buffer(offsets), targets: Buffer(targets), weights: Buffer(weights))
  }
}
