import Compute
import Features
import Graph

/// The surroundings of one node as a small graph of its own: everything within some steps, with all columns.
///
/// Of a node with many edges of a relation the latest are taken, so that a hub does not bring the whole market.
struct EgoGraph {
  /// One of the node's own edges.
  struct Edge: Hashable {
    let relation: String
    let direction: Direction
    let neighbour: NodeKey
  }

  let schema: Schema
  /// Keys by type, in the order in which they were met; the node itself is the first of its type.
  private(set) var nodes: [String: [NodeID]] = [:]
  private var places: [String: Set<NodeID>] = [:]
  /// Edges by relation: both ends and the row of the columns.
  private var edges: [String: [(from: NodeID, to: NodeID, row: Int)]] = [:]
  private var seenRows: [String: Set<Int>] = [:]
  /// Whether no edge was left out for being one of too many.
  private(set) var isWhole = true
  let view: GraphView
  let key: NodeKey

  init(
    _ view: GraphView, around key: NodeKey, steps: Int, mostOfRelation: Int = 40, mostNodes: Int = 3000
  ) throws {
    self.view = view
    self.key = key
    schema = view.graph.schema
    var frontier: [(type: String, node: NodeID)] = [(key.type, try view.node(key))]
    add(frontier[0].node, of: key.type)
    var count = 1
    for step in 0..<steps {
      var next: [(type: String, node: NodeID)] = []
      for (type, node) in frontier {
        for relation in schema.relations {
          for direction in Direction.allCases {
            guard (direction == .out ? relation.from : relation.to) == type else { continue }
            if direction == .into, relation.from == relation.to, !relation.isDirected { continue }
            var neighbours = try view.neighbours(of: node, relation.name, direction)
            // The node's own edges all count; of its surroundings' a sample of the latest.
            let most = step == 0 ? 5 * mostOfRelation : mostOfRelation
            if neighbours.count > most {
              neighbours = Array(neighbours.suffix(most))
              isWhole = false
            }
            let other = direction == .out ? relation.to : relation.from
            for one in neighbours {
              guard seenRows[relation.name, default: []].insert(one.edgeRow).inserted else { continue }
              if places[other]?.contains(one.node) != true {
                guard count < mostNodes else {
                  isWhole = false
                  seenRows[relation.name]!.remove(one.edgeRow)
                  continue
                }
                add(one.node, of: other)
                count += 1
                next.append((other, one.node))
              }
              let ends = direction == .out ? (node, one.node) : (one.node, node)
              edges[relation.name, default: []].append((ends.0, ends.1, one.edgeRow))
            }
          }
        }
      }
      frontier = next
    }
  }

  private mutating func add(_ node: NodeID, of type: String) {
    if places[type, default: []].insert(node).inserted { nodes[type, default: []].append(node) }
  }

  /// The node's own edges, several between the same ends as one.
  var ownEdges: [Edge] {
    guard let node = nodes[key.type]?.first else { return [] }
    var found: [Edge] = []
    var seen: Set<Edge> = []
    for relation in schema.relations {
      for edge in edges[relation.name] ?? [] {
        for direction in Direction.allCases {
          let (own, other) = direction == .out ? (edge.from, edge.to) : (edge.to, edge.from)
          guard own == node, (direction == .out ? relation.from : relation.to) == key.type else { continue }
          let type = direction == .out ? relation.to : relation.from
          guard let table = view.graph.nodes[type] else { continue }
          let one = Edge(
            relation: relation.name, direction: direction,
            neighbour: NodeKey(type: type, key: table.keys.key(other)))
          if seen.insert(one).inserted { found.append(one) }
        }
      }
    }
    return found
  }

  /// The small graph, without some of the node's own edges.
  func graph(without masked: Set<Edge> = []) throws -> MarketGraph {
    var builder = MarketGraphBuilder(schema)
    for type in schema.nodeTypes {
      let own = nodes[type.name] ?? []
      guard let table = view.graph.nodes[type.name] else { continue }
      try builder.addNodes(
        type.name, keys: own.map { table.keys.key($0) },
        columns: table.columns.mapValues { $0.picked(own.map(\.index)) })
    }
    for type in schema.relations {
      guard let relation = view.graph.relations[type.name], let from = view.graph.nodes[type.from],
        let to = view.graph.nodes[type.to]
      else { continue }
      let kept = (edges[type.name] ?? []).filter { edge in
        guard !masked.isEmpty else { return true }
        let (a, b) = (from.keys.key(edge.from), to.keys.key(edge.to))
        let isOut =
          type.from == key.type && a == key.key
          && masked.contains(
            Edge(relation: type.name, direction: .out, neighbour: NodeKey(type: type.to, key: b)))
        let isInto =
          type.to == key.type && b == key.key
          && masked.contains(
            Edge(relation: type.name, direction: .into, neighbour: NodeKey(type: type.from, key: a)))
        return !isOut && !isInto
      }
      try builder.addEdges(
        type.name, from: kept.map { from.keys.key($0.from) }, to: kept.map { to.keys.key($0.to) },
        columns: relation.columns.mapValues { $0.picked(kept.map(\.row)) })
    }
    return try builder.finished()
  }
}

extension Column {
  fileprivate func picked(_ places: [Int]) -> Column {
    switch self {
    case .number(let values): .number(Buffer(places.map { values[$0] }))
    case .time(let values): .time(Buffer(places.map { values[$0] }))
    case .category(let codes, let levels): .category(codes: Buffer(places.map { codes[$0] }), levels: levels)
    case .text(let texts): .text(TextArray(places.map { texts[$0] }))
    }
  }
}
