import Compute

/// One homogeneous, weighted, symmetric graph made out of chosen relations of a view.
///
/// Its nodes are those of one type or of several, one type after another. What algorithms on plain graphs work on.
public struct Projection: Sendable {
  public let space: NodeSpace
  /// Each edge in both rows; a self-loop once. Targets rise within a row. No times.
  public let csr: CSR

  public init(space: NodeSpace, csr: CSR) {
    precondition(space.count == csr.rowCount && space.count == csr.targetCount, "a graph of another size")
    self.space = space
    self.csr = csr
  }

  public var nodeCount: Int { csr.rowCount }
}

/// Nodes of several types numbered together: first all of the first type, then of the second, …
public struct NodeSpace: Sendable, Hashable {
  public struct Part: Sendable, Hashable {
    public let type: String
    public let start: Int
    public let count: Int
  }

  public let parts: [Part]

  public init(_ types: [(type: String, count: Int)]) {
    var start = 0
    parts = types.map { type, count in
      defer { start += count }
      return Part(type: type, start: start, count: count)
    }
  }

  /// Plain nodes without a type, for graphs that came from no store.
  public static func plain(_ count: Int) -> NodeSpace { NodeSpace([("node", count)]) }

  public var count: Int { parts.last.map { $0.start + $0.count } ?? 0 }

  public func place(of node: NodeID, type: String) -> Int? {
    parts.first { $0.type == type && node.index < $0.count }.map { $0.start + node.index }
  }

  public func node(at place: Int) -> (type: String, id: NodeID) {
    let part = parts.last { $0.start <= place && $0.count > 0 }!
    return (part.type, NodeID(UInt32(place - part.start)))
  }
}
