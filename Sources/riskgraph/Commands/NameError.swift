import Compute
import Graph

/// A name that the store does not have, and the one that was probably meant.
enum NameError: Error, CustomStringConvertible {
  case nodeType(String, known: [String])
  case relation(String, known: [String])
  case node(NodeKey, nearest: String?)

  var description: String {
    switch self {
    case .nodeType(let name, let known): NameError.sentence("node type", name, known)
    case .relation(let name, let known): NameError.sentence("relation", name, known)
    case .node(let key, let nearest):
      "There is no \(key.type) with the key \"\(key.key)\"."
        + (nearest.map { " Did you mean \(key.type):\($0)?" } ?? "")
    }
  }

  private static func sentence(_ kind: String, _ name: String, _ known: [String]) -> String {
    let nearest = nearestName(to: name, among: known)
    return "There is no \(kind) \"\(name)\" in this store"
      + (nearest.map { ". Did you mean \($0)?" } ?? "; it has \(known.joined(separator: ", ")).")
  }
}

extension MarketGraph {
  /// The table and place of a node that somebody named.
  func find(_ key: NodeKey) throws(NameError) -> (table: NodeTable, node: NodeID) {
    guard let table = nodes[key.type] else {
      throw .nodeType(key.type, known: schema.nodeTypes.map(\.name))
    }
    guard let node = table.keys.node(key.key) else {
      throw .node(key, nearest: nearestKey(to: key.key, in: table))
    }
    return (table, node)
  }

  /// Looking for a near key compares every one: done only where there are few enough that nobody waits.
  private func nearestKey(to key: String, in table: NodeTable) -> String? {
    guard table.count <= 50_000, key.count <= 64 else { return nil }
    return nearestName(to: key, among: (0..<table.count).lazy.map { table.keys.key(NodeID(UInt32($0))) })
  }
}
