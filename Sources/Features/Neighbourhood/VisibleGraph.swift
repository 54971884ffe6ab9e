import Compute
import Graph

/// A walk along one relation, from its `from` end (`out`) or its `to` end (`into`).
public struct Step: Sendable, Hashable, Codable {
  public var relation: String
  public var direction: Direction

  public init(_ relation: String, _ direction: Direction = .out) {
    self.relation = relation
    self.direction = direction
  }

  /// `order` forwards, `order (back)` against its direction.
  public var words: String { direction == .out ? relation : "\(relation) (back)" }
}

extension Direction: Codable {}

/// A typed graph as it was visible before an instant; all of it where there is none.
public struct VisibleGraph: Sendable {
  public let graph: MarketGraph
  public let asOf: Timestamp?

  public init(_ graph: MarketGraph, asOf: Timestamp? = nil) {
    self.graph = graph
    self.asOf = asOf
  }

  public func nodes(of type: String) throws(FeatureError) -> NodeTable {
    guard let table = graph.nodes[type] else {
      throw .unknownType(name: type, known: graph.nodes.keys.sorted())
    }
    return table
  }

  public func relation(_ name: String) throws(FeatureError) -> Relation {
    guard let relation = graph.relations[name] else {
      throw .unknownRelation(name: name, known: graph.relations.keys.sorted())
    }
    return relation
  }

  /// Where a step starts and where it ends.
  public func ends(of step: Step) throws(FeatureError) -> (from: String, to: String) {
    let type = try relation(step.relation).type
    return step.direction == .out ? (type.from, type.to) : (type.to, type.from)
  }

  /// The steps that lead away from a type, in a fixed order. An undirected relation is one step.
  public func steps(from type: String) -> [Step] {
    graph.relations.keys.sorted().flatMap { name -> [Step] in
      let relation = graph.relations[name]!.type
      var steps: [Step] = []
      if relation.from == type { steps.append(Step(name, .out)) }
      if relation.to == type, relation.isDirected || relation.from != relation.to {
        steps.append(Step(name, .into))
      }
      return steps
    }
  }

  /// The entries of a step that are visible, the snapshot's and the appended ones. Costs nothing where all are.
  public func neighbours(_ step: Step) throws(FeatureError) -> CSR {
    let relation = try relation(step.relation)
    let adjacency = step.direction == .out ? relation.out : relation.into
    let layers = [adjacency.snapshot] + (adjacency.appended.map { [$0] } ?? [])
    if layers.count == 1, asOf == nil || adjacency.snapshot.times == nil { return adjacency.snapshot }
    return VisibleRows(layers, before: asOf).csr(
      rows: adjacency.snapshot.rowCount, targetCount: adjacency.snapshot.targetCount)
  }

  /// The nodes of a type that existed before the instant.
  public func visibleNodes(of type: String) throws(FeatureError) -> [Int] {
    let table = try nodes(of: type)
    guard let asOf, let times = table.times else { return Array(0..<table.count) }
    return (0..<table.count).filter { times[$0] < asOf.seconds }
  }

  /// All types and relations as one plain graph: each pair of neighbours once in both rows, without self-loops.
  ///
  /// `visible` gives the entries of a step, where somebody has them already.
  public func wholeGraph(
    parallel: Parallel = .machine, visible: ((Step) throws(FeatureError) -> CSR)? = nil
  ) throws(FeatureError) -> Projection {
    let types = graph.nodes.keys.sorted()
    let space = NodeSpace(types.map { ($0, graph.nodes[$0]!.count) })
    let unions = try space.parts.map { part throws(FeatureError) in
      let sides = try steps(from: part.type).map { step throws(FeatureError) in
        let end = try ends(of: step).to
        let csr = if let visible { try visible(step) } else { try neighbours(step) }
        return UnionRows.Side(csr: csr, start: space.parts.first { $0.type == end }!.start)
      }
      return UnionRows(sides, start: part.start)
    }
    // Blocks of rows are written where there is room for all their entries, and then moved up to one another.
    let room = zip(space.parts, unions).reduce(0) { $0 + $1.1.entries(before: $1.0.count) }
    let cells = UnfinishedBuffer<UInt32>(capacity: room)
    let offsets = UnfinishedBuffer<UInt64>(capacity: space.count + 1)
    offsets.elements[0] = 0
    nonisolated(unsafe) let (targets, counts) = (
      cells.elements.baseAddress!, offsets.elements.baseAddress! + 1
    )
    var (written, base) = (0, 0)
    for (part, rows) in zip(space.parts, unions) {
      let first = base
      let blocks = parallel.map(rows: part.count, atLeast: 1024) { block in
        let place = first + rows.entries(before: block.lowerBound)
        return (place: place, count: rows.write(block, to: targets + place, counts: counts + part.start))
      }
      for block in blocks {
        (targets + written).update(from: targets + block.place, count: block.count)
        written += block.count
      }
      base += rows.entries(before: part.count)
    }
    for node in 0..<space.count { offsets.elements[node + 1] += offsets.elements[node] }
    // A directed relation within a type has both its directions among the steps, so this is symmetric.
    return Projection(
      space: space,
      csr: CSR(
        targetCount: space.count, offsets: offsets.finished(), targets: cells.finished(count: written)))
  }
}
