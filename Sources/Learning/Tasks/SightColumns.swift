import Compute

/// The columns of a target's nodes at one moment: of all of them, or only of those that are asked about.
///
/// Trees learn from labelled rows alone. Of a market in which one node in ten has a label, a tenth of the matrix is kept.
public struct SightColumns: Sendable {
  private let matrix: Matrix
  /// The row of each node, -1 for those that are not kept; empty where a node is its row.
  private let places: [Int32]

  /// A row for each node.
  public init(_ all: Matrix) {
    matrix = all
    places = []
  }

  /// The rows of some nodes, which are given in any order, each once.
  init(_ all: Matrix, keeping nodes: [Int]) {
    matrix = all.rows(at: nodes)
    var places = [Int32](repeating: -1, count: all.rows)
    for (row, node) in nodes.enumerated() { places[node] = Int32(row) }
    self.places = places
  }

  private init(_ matrix: Matrix, _ places: [Int32]) {
    self.matrix = matrix
    self.places = places
  }

  /// Needs: columns of all nodes.
  var all: Matrix {
    precondition(places.isEmpty, "only some nodes' columns were kept")
    return matrix
  }

  subscript(node: Int, column: Int) -> Float { matrix[row(node), column] }

  func rows(at nodes: [Int]) -> Matrix { matrix.rows(at: nodes.map(row)) }

  func columns(at kept: [Int]) -> SightColumns { SightColumns(matrix.columns(at: kept), places) }

  private func row(_ node: Int) -> Int {
    guard !places.isEmpty else { return node }
    precondition(places[node] >= 0, "the columns of node \(node) were not kept")
    return Int(places[node])
  }
}
