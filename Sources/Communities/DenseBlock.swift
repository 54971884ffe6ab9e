/// A group of rows and columns with many edges between them: buyers that all bought from the same shops.
public struct DenseBlock: Sendable, Equatable {
  /// Rising.
  public let rows: [UInt32]
  public let columns: [UInt32]
  /// What the method maximized: the edges' weights by the number of members, say.
  public let score: Double
  /// How many edges lie between the two.
  public let edges: Int

  public init(rows: [UInt32], columns: [UInt32], score: Double, edges: Int) {
    self.rows = rows
    self.columns = columns
    self.score = score
    self.edges = edges
  }

  /// The share of all pairs that are edges.
  public var density: Double {
    rows.isEmpty || columns.isEmpty ? 0 : Double(edges) / (Double(rows.count) * Double(columns.count))
  }
}
