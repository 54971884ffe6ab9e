// What a model's scores rest on: the columns of a node, and for networks that walk the graph the neighbours too.
//
// A network's score of a node depends on what lies within its reach. That part of the graph, cut out whole, gives the same
// score as all of it, so that a neighbour can be left out, and a column moved, at the cost of some hundred nodes.

import Compute
import Features
import Foundation

/// A node near another, as a network sees it: by one relation, perhaps through a thing that both use.
public struct NearNeighbour: Sendable, Hashable {
  public let relation: String
  public let node: Int
}

extension ScoredRows {
  /// What each column adds to the log-odds of some nodes, by column name, parts weighed and added up.
  ///
  /// Trees: exact Shapley values of the trees, all nodes in one question. Networks: integrated gradients over the node's own
  /// columns. Nil for models that keep no columns.
  public func contributions(of nodes: [Int]) throws -> [[String: Double]]? {
    guard columns.count == model.card.parts.count else { return nil }
    var result = [[String: Double]](repeating: [:], count: nodes.count)
    guard !nodes.isEmpty else { return result }
    for (place, (part, body)) in zip(model.card.parts, model.bodies).enumerated() {
      let own: [[Double]]
      switch body {
      case .trees(let trees):
        let values = try trees.contributions(columns[place].rows(at: nodes))
        own = nodes.indices.map { values.row($0).dropLast().map(Double.init) }
      case .network(let network):
        own = try nodes.map { node in
          let near = graph?.surroundings(of: node, hops: network.reach)
          let rows = part.scaling.scaled(columns[place].rows(at: near?.nodes ?? [node]))
          return try network.integratedGradients(of: 0, rows, part.kind.seesGraph ? near?.graph : nil)
        }
      case .propagation: continue
      }
      for row in nodes.indices {
        for (name, value) in zip(part.featureNames, own[row]) {
          result[row][name, default: 0] += value * part.weight
        }
      }
    }
    return result
  }

  /// Whom a network hears when it judges a node, those first who have the fewest neighbours themselves: a thing that few
  /// share says more than one that all do. Nobody for a model that judges rows alone.
  public func nearNeighbours(of node: Int) -> [NearNeighbour] {
    guard let graph else { return [] }
    return graph.relations.flatMap { relation in
      relation.neighbours.entries(of: node).map { entry in
        let other = Int(relation.neighbours.targets[entry])
        return (
          count: relation.neighbours.entries(of: other).count,
          one: NearNeighbour(relation: relation.name, node: other)
        )
      }
    }.sorted { ($0.count, $0.one.node, $0.one.relation) < ($1.count, $1.one.node, $1.one.relation) }.map(
      \.one)
  }

  /// The score of a node when some of its neighbours are not heard, once for each set; nil for a model that judges rows
  /// alone or whose scores are smoothed afterwards.
  public func scores(of node: Int, without sets: [Set<NearNeighbour>]) throws -> [Double]? {
    guard let graph, model.card.smoothing == nil else { return nil }
    let reach =
      model.bodies.map { if case .network(let network) = $0 { network.reach } else { 0 } }.max() ?? 0
    let near = graph.surroundings(of: node, hops: reach)
    let places = Dictionary(uniqueKeysWithValues: near.nodes.enumerated().map { ($1, $0) })
    let heard = sets.map { set in
      near.graph.without(set.compactMap { one in places[one.node].map { (one.relation, $0) } })
    }
    var sums = [Double](repeating: 0, count: sets.count)
    for (place, (part, body)) in zip(model.card.parts, model.bodies).enumerated() {
      // What does not walk the graph says the same of every set.
      let values: [Matrix]
      switch body {
      case .trees(let trees): values = [try trees.predict(columns[place].rows(at: [node]))]
      case .network(let network) where part.kind.seesGraph:
        let rows = part.scaling.scaled(columns[place].rows(at: near.nodes))
        values = try heard.map { try network.predict(rows, $0) }
      case .network(let network):
        values = [try network.predict(part.scaling.scaled(columns[place].rows(at: [node])))]
      case .propagation: continue
      }
      for number in sets.indices {
        let own = values.count == 1 ? values[0] : values[number]
        sums[number] += Double(own[0, own.columns - 1]) * part.weight
      }
    }
    return sums.map { model.card.calibration.probability(of: $0) }
  }
}

extension NetworkModel {
  /// How far a score looks: one step a layer, and one more for what its last neighbours are divided by.
  var reach: Int { architecture.depth + 1 }
}

extension SparseMatrix {
  fileprivate func entries(of row: Int) -> Range<Int> { Int(offsets[row])..<Int(offsets[row + 1]) }
}

extension NetworkGraph {
  /// What lies within some hops of a node, the node first; of very much, the nearest.
  func surroundings(of node: Int, hops: Int, most: Int = 1500) -> (nodes: [Int], graph: NetworkGraph) {
    var nodes = [node]
    var places = [node: 0]
    var frontier = [node]
    for _ in 0..<hops where nodes.count < most {
      var next: [Int] = []
      for one in frontier {
        for relation in relations {
          for entry in relation.neighbours.entries(of: one) {
            let other = Int(relation.neighbours.targets[entry])
            guard nodes.count < most, places[other] == nil else { continue }
            places[other] = nodes.count
            nodes.append(other)
            next.append(other)
          }
        }
      }
      frontier = next
    }
    return (nodes, rebuilt(nodes) { _, _, other in places[other] })
  }

  /// Without what the first node hears from others by a relation, and they from it.
  func without(_ masked: [(relation: String, other: Int)]) -> NetworkGraph {
    guard !masked.isEmpty else { return self }
    let gone = Dictionary(grouping: masked, by: \.relation).mapValues { Set($0.map(\.other)) }
    return rebuilt(Array(0..<nodeCount)) { relation, row, other in
      let isGone =
        row == 0 && gone[relation]?.contains(other) == true
        || other == 0 && gone[relation]?.contains(row) == true
      return isGone ? nil : other
    }
  }

  /// The rows of some nodes, entries where `place` puts them, or nowhere.
  private func rebuilt(
    _ nodes: [Int], _ place: (_ relation: String, _ row: Int, _ other: Int) -> Int?
  ) -> NetworkGraph {
    NetworkGraph(
      relations: relations.map { relation in
        var offsets: [UInt64] = [0]
        var entries: [(target: UInt32, weight: Float)] = []
        let matrix = relation.neighbours
        for node in nodes {
          var row: [(target: UInt32, weight: Float)] = []
          for entry in matrix.entries(of: node) {
            guard let target = place(relation.name, node, Int(matrix.targets[entry])) else { continue }
            row.append((UInt32(target), matrix.weights?[entry] ?? 1))
          }
          entries += row.sorted { $0.target < $1.target }
          offsets.append(UInt64(entries.count))
        }
        return Relation(
          name: relation.name,
          neighbours: SparseMatrix(
            columns: nodes.count, offsets: Buffer(offsets), targets: Buffer(entries.map(\.target)),
            weights: matrix.weights == nil ? nil : Buffer(entries.map(\.weight))),
          isSymmetric: relation.isSymmetric)
      })
  }
}
