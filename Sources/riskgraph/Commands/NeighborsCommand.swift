import Arguments
import Compute
import Graph
import Store

struct NeighborsCommand: Command {
  let name = "neighbors"
  let summary = "Lists the neighbours of a node, by relation, latest first."
  let examples = [
    Example("neighbors shop.rg merchant:M42", "Everything that M42 is connected with."),
    Example(
      "neighbors shop.rg merchant:M42 --relation sells --as-of 2026-03-01",
      "What M42 sold, as it was known before the first of March."),
  ]

  let store = StoreParameters.store
  let node = StoreParameters.node
  let relation = Option<[String]>("relation", "Only these relations.", as: "NAME")
  let direction = Option<Direction?>(
    "direction", "Only edges that leave the node (out), or that reach it (into).")
  let asOf = StoreParameters.asOf
  let limit = StoreParameters.limit

  private struct Neighbour {
    let relation: String
    let direction: Direction
    let type: String
    let key: String
    let time: Timestamp?
    let weight: Float
  }

  func run(_ input: Input, in session: Session) throws -> Answer {
    let graph = try Store.open(input[store], for: name).graph()
    let relations = try input[relation].map { name throws(NameError) in
      guard let type = graph.schema.relation(name) else {
        throw NameError.relation(name, known: graph.schema.relations.map(\.name))
      }
      return type
    }
    let (_, id) = try graph.find(input[node])
    var found: [Neighbour] = []
    for type in relations.isEmpty ? graph.schema.relations : relations {
      for side in Direction.allCases where input[direction] ?? side == side {
        found += neighbours(of: id, type: input[node].type, in: graph, type, side, before: input[asOf])
      }
    }
    return answer(found, of: input[node], asOf: input[asOf], limit: input[limit])
  }

  private func neighbours(
    of node: NodeID, type: String, in graph: MarketGraph, _ relationType: RelationType, _ side: Direction,
    before asOf: Timestamp?
  ) -> [Neighbour] {
    // An undirected relation between nodes of one type holds each edge in both rows: once is enough.
    guard side == .out || relationType.isDirected || relationType.from != relationType.to else { return [] }
    let isOut = side == .out
    guard type == (isOut ? relationType.from : relationType.to),
      let relation = graph.relations[relationType.name],
      let others = graph.nodes[isOut ? relationType.to : relationType.from]
    else { return [] }
    let adjacency = isOut ? relation.out : relation.into
    var found: [Neighbour] = []
    for layer in [adjacency.snapshot, adjacency.appended].compactMap({ $0 }) where node.index < layer.rowCount
    {
      for entry in layer.row(node.index, before: asOf) {
        found.append(
          Neighbour(
            relation: relationType.name, direction: side, type: others.type.name,
            key: others.keys.key(NodeID(layer.targets[entry])),
            time: layer.times.map { Timestamp(seconds: $0[entry]) }, weight: layer.weight(entry)))
      }
    }
    // Stable: what happened in one second stays in the order in which it is stored.
    return found.enumerated().sorted {
      let (a, b) = ($0.element.time ?? .missing, $1.element.time ?? .missing)
      return a != b ? a > b : $0.offset < $1.offset
    }.map(\.element)
  }

  private func answer(_ found: [Neighbour], of node: NodeKey, asOf: Timestamp?, limit: Int) -> Answer {
    let shown = found.prefix(limit)
    var answer = Answer(json: [
      "node": JSON(node.description), "asOf": JSON(asOf?.description), "count": JSON(found.count),
      "neighbors": JSON(
        shown.map {
          [
            "relation": JSON($0.relation), "direction": JSON($0.direction.rawValue), "type": JSON($0.type),
            "key": JSON($0.key), "time": JSON($0.time?.description), "weight": JSON($0.weight),
          ]
        }),
    ])
    let view = asOf.map { ", as of \($0)" } ?? ""
    guard !found.isEmpty else {
      answer.say("\(node) has no neighbours\(view).")
      return answer
    }
    let hasTimes = shown.contains { $0.time != nil }
    let hasWeights = shown.contains { $0.weight != 1 }
    var table = TextTable(
      ["relation", "", "neighbour"] + (hasTimes ? ["since"] : []) + (hasWeights ? ["weight"] : []))
    for one in shown {
      table.add(
        [one.relation, one.direction == .out ? "→" : "←", "\(one.type):\(one.key)"]
          + (hasTimes ? [one.time?.description ?? ""] : []) + (hasWeights ? [shortest(one.weight)] : []))
    }
    answer.table(table)
    let rest = found.count > shown.count ? ", the first \(grouped(shown.count)) shown (--limit)" : ""
    answer.say("\(counted(found.count, "edge")) of \(node)\(view)\(rest).")
    return answer
  }

  private func shortest(_ weight: Float) -> String {
    weight == weight.rounded() && weight.magnitude < 1e9 ? String(Int(weight)) : "\(weight)"
  }
}

extension Direction: ArgumentValue {}
