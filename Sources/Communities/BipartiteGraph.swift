import Compute
import Graph

/// Two kinds of nodes and the edges between them, from both sides: buyers and products, say.
///
///     let reviews = try BipartiteGraph(rows: buyers, columns: products, edges: pairs)
///
/// Several edges between the same two count as one where `distinct` made it so.
public struct BipartiteGraph: Sendable {
  /// The columns of each row.
  public let rows: CSR
  /// The rows of each column.
  public let columns: CSR

  /// Needs: the two directions of the same edges.
  public init(rows: CSR, columns: CSR) {
    precondition(
      rows.rowCount == columns.targetCount && columns.rowCount == rows.targetCount
        && rows.entryCount == columns.entryCount, "two directions of different edges")
    self.rows = rows
    self.columns = columns
  }

  /// From a list of edges; each pair is kept once.
  public init(_ edges: EdgeList, parallel: Parallel = .machine) throws(GraphError) {
    let (out, into) = try CSRBuilder(edges, duplicates: .sum, parallel: parallel).adjacency(isDirected: true)
    self.init(rows: out, columns: into)
  }

  public var rowCount: Int { rows.rowCount }
  public var columnCount: Int { columns.rowCount }
  public var edgeCount: Int { rows.entryCount }
}
