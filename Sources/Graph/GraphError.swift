import Compute

public enum GraphError: Error, CustomStringConvertible, Equatable {
  case duplicateKey(key: String)
  /// A row of an edge list names a node that is not there.
  case nodeOutOfRange(row: Int, node: UInt32, count: Int)
  case selfLoop(row: Int, node: UInt32)
  case duplicateEdge(source: UInt32, target: UInt32)
  case tooManyEdges(count: Int)

  public var description: String {
    switch self {
    case .duplicateKey(let key):
      "The key \"\(key)\" stands twice. Keys must be unique within their node type."
    case .nodeOutOfRange(let row, let node, let count):
      "Edge \(grouped(row)) names node \(node), but there are only \(grouped(count)) (numbered from 0)."
    case .selfLoop(let row, let node):
      "Edge \(grouped(row)) joins node \(node) with itself, which this relation refuses. "
        + "Remove it, or let the schema say \"selfLoops\": \"drop\" or \"keep\"."
    case .duplicateEdge(let source, let target):
      "The edge from node \(source) to node \(target) stands more than once, which this relation refuses. "
        + "Remove the others, or let the schema say \"duplicates\": \"keep\" or \"sum\"."
    case .tooManyEdges(let count):
      "\(grouped(count)) edges are more than one relation can hold (\(grouped(Int(UInt32.max) / 2)))."
    }
  }
}
