import Compute

/// A graph as it was known before an instant, without a copy of anything.
///
///     let view = graph.view(asOf: Timestamp("2026-03-01")!)
///     try view.degree(of: merchant, "sells", .out)
///
/// A node or an edge is seen when it had happened and was known before the instant; what bears that very second is
/// the future. An edge is seen only between nodes that are seen. Without an instant everything is seen.
public struct GraphView: Sendable {
  public let graph: MarketGraph
  public let asOf: Timestamp?

  public init(graph: MarketGraph, asOf: Timestamp?) {
    self.graph = graph
    self.asOf = asOf
  }
}

extension MarketGraph {
  /// What was known before `asOf`; everything without it.
  public func view(asOf: Timestamp? = nil) -> GraphView { GraphView(graph: self, asOf: asOf) }
}

/// One end of an edge, as its other end sees it.
public struct Neighbour: Sendable, Hashable {
  public let node: NodeID
  public let weight: Float
  /// From when the edge is visible; missing where the relation has no clocks.
  public let time: Timestamp
  /// The row of the relation's columns.
  public let edgeRow: Int
}

extension GraphView {
  // MARK: Nodes

  public func nodes(_ type: String) throws(GraphError) -> NodeTable {
    guard let table = graph.nodes[type] else {
      throw .unknownNodeType(name: type, known: graph.schema.nodeTypes.map(\.name))
    }
    return table
  }

  /// The node of that key, whether it is seen yet or not.
  public func node(_ key: NodeKey) throws(GraphError) -> NodeID {
    guard let node = try nodes(key.type).keys.node(key.key) else {
      throw .unknownKey(key: key.key, type: key.type)
    }
    return node
  }

  public func isVisible(_ node: NodeID, in table: NodeTable) -> Bool {
    guard let asOf, let times = table.times else { return true }
    return times[node.index] < asOf.seconds
  }

  /// The nodes of a type that are seen, rising.
  public func visibleNodes(_ type: String) throws(GraphError) -> [NodeID] {
    let table = try nodes(type)
    return (0..<UInt32(table.count)).map { NodeID($0) }.filter { isVisible($0, in: table) }
  }

  /// A column of all nodes of a type, those not seen yet included: pick by `visibleNodes`. No copy.
  public func column(_ name: String, of type: String) throws(GraphError) -> Column {
    let table = try nodes(type)
    guard let column = table.columns[name] else {
      throw .unknownColumn(name: name, of: type, known: table.columns.keys.sorted())
    }
    return column
  }

  // MARK: Edges

  public func relation(_ name: String) throws(GraphError) -> Relation {
    guard let relation = graph.relations[name] else {
      throw .unknownRelation(name: name, known: graph.schema.relations.map(\.name))
    }
    return relation
  }

  /// The neighbours of a node in the order in which their edges became known, then by node; a neighbour with several
  /// edges stands several times. An undirected relation is the same in both directions.
  ///
  /// Costs a binary search in each layer, and a look at each neighbour.
  public func neighbours(
    of node: NodeID, _ relation: String, _ direction: Direction = .out
  ) throws(GraphError) -> [Neighbour] {
    var result: [Neighbour] = []
    try forEachEntry(of: node, relation, direction) { layer, entry in
      result.append(
        Neighbour(
          node: NodeID(layer.targets[entry]), weight: layer.weight(entry),
          time: Timestamp(seconds: layer.times?[entry] ?? Column.missingTime), edgeRow: layer.edgeRow(entry)))
    }
    return result
  }

  /// How many edges of a node are seen.
  ///
  /// Two binary searches where the other ends have no clocks of their own; else a look at each edge.
  public func degree(
    of node: NodeID, _ relation: String, _ direction: Direction = .out
  ) throws(GraphError) -> Int {
    let (adjacency, own, other) = try ends(relation, direction)
    guard isVisible(node, in: own) else { return 0 }
    if asOf == nil || other.times == nil {
      return adjacency.snapshot.entries(node.index, before: asOf).count
        + (adjacency.appended?.entries(node.index, before: asOf).count ?? 0)
    }
    var count = 0
    try forEachEntry(of: node, relation, direction) { _, _ in count += 1 }
    return count
  }

  /// Both layers merged in the order of their rows.
  private func forEachEntry(
    of node: NodeID, _ relation: String, _ direction: Direction, _ body: (CSR, Int) -> Void
  ) throws(GraphError) {
    let (adjacency, own, other) = try ends(relation, direction)
    guard isVisible(node, in: own) else { return }
    let (first, second) = (adjacency.snapshot, adjacency.appended ?? .empty(rows: 0, targetCount: 0))
    var (a, b) = (first.entries(node.index, before: asOf), second.entries(node.index, before: asOf))
    while !a.isEmpty || !b.isEmpty {
      let takesSecond =
        a.isEmpty || (!b.isEmpty && second.sortKey(b.lowerBound) < first.sortKey(a.lowerBound))
      let (layer, entry) = takesSecond ? (second, b.removeFirst()) : (first, a.removeFirst())
      if isVisible(NodeID(layer.targets[entry]), in: other) { body(layer, entry) }
    }
  }

  /// A relation's rows in a direction, the nodes that the rows are of, and those that the targets are of.
  func ends(
    _ name: String, _ direction: Direction
  ) throws(GraphError) -> (rows: Adjacency, own: NodeTable, other: NodeTable) {
    let relation = try relation(name)
    let (from, to) = (try nodes(relation.type.from), try nodes(relation.type.to))
    return direction == .out ? (relation.out, from, to) : (relation.into, to, from)
  }
}
