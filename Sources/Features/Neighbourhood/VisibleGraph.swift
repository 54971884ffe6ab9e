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
    let rows = adjacency.snapshot.rowCount
    var offsets = [UInt64](repeating: 0, count: rows + 1)
    for row in 0..<rows {
      offsets[row + 1] =
        offsets[row]
        + layers.reduce(0) { $0 + UInt64(row < $1.rowCount ? $1.row(row, before: asOf).count : 0) }
    }
    let targets = Buffer<UInt32>(count: Int(offsets[rows])) { cells in
      var place = 0
      for row in 0..<rows {
        for layer in layers where row < layer.rowCount {
          for entry in layer.row(row, before: asOf) {
            cells[place] = layer.targets[entry]
            place += 1
          }
        }
      }
    }
    return CSR(targetCount: adjacency.snapshot.targetCount, offsets: Buffer(offsets), targets: targets)
  }

  /// The nodes of a type that existed before the instant.
  public func visibleNodes(of type: String) throws(FeatureError) -> [Int] {
    let table = try nodes(of: type)
    guard let asOf, let times = table.times else { return Array(0..<table.count) }
    return (0..<table.count).filter { times[$0] < asOf.seconds }
  }

  /// All types and relations as one plain graph: each pair of neighbours once in both rows, without self-loops.
  public func wholeGraph() throws(FeatureError) -> Projection {
    let types = graph.nodes.keys.sorted()
    let space = NodeSpace(types.map { ($0, graph.nodes[$0]!.count) })
    var offsets: [UInt64] = [0]
    offsets.reserveCapacity(space.count + 1)
    var targets: [UInt32] = []
    for part in space.parts {
      let sides = try steps(from: part.type).map { step throws(FeatureError) in
        let end = try ends(of: step).to
        return (csr: try neighbours(step), start: space.parts.first { $0.type == end }!.start)
      }
      var row: [UInt32] = []
      for node in 0..<part.count {
        row.removeAll(keepingCapacity: true)
        for side in sides where node < side.csr.rowCount {
          for entry in side.csr.row(node) { row.append(UInt32(side.start) + side.csr.targets[entry]) }
        }
        row.sort()
        let own = UInt32(part.start + node)
        var last = own
        var isFirst = true
        for target in row where target != own && (isFirst || target != last) {
          targets.append(target)
          last = target
          isFirst = false
        }
        offsets.append(UInt64(targets.count))
      }
    }
    // A directed relation within a type has both its directions among the steps, so this is symmetric.
    return Projection(
      space: space, csr: CSR(targetCount: space.count, offsets: Buffer(offsets), targets: Buffer(targets)))
  }
}
