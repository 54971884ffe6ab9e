import Compute

public enum GraphError: Error, CustomStringConvertible, Equatable {
  case duplicateKey(key: String)
  /// A row of an edge list names a node that is not there.
  case nodeOutOfRange(row: Int, node: UInt32, count: Int)
  case selfLoop(row: Int, node: UInt32)
  case duplicateEdge(source: UInt32, target: UInt32)
  case tooManyEdges(count: Int)
  case unknownNodeType(name: String, known: [String])
  case unknownRelation(name: String, known: [String])
  case unknownColumn(name: String, of: String, known: [String])
  case unknownLabel(name: String, of: String, known: [String])
  case unknownKey(key: String, type: String)
  case badPath(path: String, reason: String)
  /// `fitting` is the largest degree of a shared node with which it would fit.
  case projectionTooLarge(path: String, pairs: Int, most: Int, fitting: Int)
  /// Columns or ends of different length, or of another kind than the schema says.
  case unfitColumn(name: String, of: String, reason: String)

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
    case .unknownNodeType(let name, let known):
      "There is no type of node \"\(name)\"." + suggestion(for: name, among: known)
    case .unknownRelation(let name, let known):
      "There is no relation \"\(name)\"." + suggestion(for: name, among: known)
    case .unknownColumn(let name, let of, let known):
      "\(of) has no column \"\(name)\"." + suggestion(for: name, among: known)
    case .unknownLabel(let name, let of, let known):
      "\(of) has no label \"\(name)\"." + suggestion(for: name, among: known)
    case .unknownKey(let key, let type): "There is no \(type) with the key \"\(key)\"."
    case .badPath(let path, let reason): "The path \"\(path)\" cannot be followed: \(reason)"
    case .projectionTooLarge(let path, let pairs, let most, let fitting):
      "Along \(path) \(grouped(pairs)) pairs share something, more than the limit of \(grouped(most)). "
        + "Leave out what more than \(grouped(fitting)) share (--max-degree \(fitting)), or raise the limit."
    case .unfitColumn(let name, let of, let reason): "Column \"\(name)\" of \(of) does not fit: \(reason)."
    case .tooManyEdges(let count):
      "\(grouped(count)) edges are more than one relation can hold (\(grouped(Int(UInt32.max) / 2)))."
    }
  }
}
