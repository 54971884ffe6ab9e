import Compute
import Features
import Foundation
import Graph
import Testing

@testable import Learning

@Suite("What a network's score rests on")
struct NetworkEvidenceTests {
  /// A network of one layer on a market where bad shops are near bad shops.
  private static func rows(_ kind: ModelKind) throws -> (ScoredRows, NetworkModel, ModelCard.Part) {
    let graph = try splitMarket()
    let task = try NodeTask.split(graph, target: "shop", by: "split")
    var training = ModelTraining(kind, hops: 1)
    var network = kind == .mlp ? Network.mlp(hidden: 8, depth: 1) : Network.gcn(hidden: 8, depth: 1)
    switch kind {
    case .sage: network = .sage(hidden: 8, depth: 1)
    case .gat: network = .gat(hidden: 8, depth: 1)
    default: break
    }
    network.training.epochs = 20
    training.network = network
    let model = try training.fit(task)
    let rows = try model.scoredRows(task.sights[0])
    guard case .network(let body) = model.bodies[0] else { throw LearningError.noRows(what: "networks") }
    return (rows, body, model.card.parts[0])
  }

  private static func logOdds(_ row: [Float]) -> Double { Double(log(row[1] / row[0])) }

  @Test(
    "integrated gradients come to the difference between a node's log-odds and those of the mean row in its place",
    arguments: [ModelKind.mlp, .gcn, .sage, .gat])
  func complete(_ kind: ModelKind) throws {
    let (rows, network, part) = try Self.rows(kind)
    let nodes = [3, 40, 77, 118]
    let contributions = try #require(try rows.contributions(of: nodes))
    var scaled = part.scaling.scaled(rows.columns[0])
    let graph = kind.seesGraph ? rows.graph : nil
    for (node, own) in zip(nodes, contributions) {
      let here = Self.logOdds(try network.predict(scaled, graph).row(node))
      let kept = scaled.row(node)
      for column in kept.indices { scaled[node, column] = 0 }
      let there = Self.logOdds(try network.predict(scaled, graph).row(node))
      for column in kept.indices { scaled[node, column] = kept[column] }
      let sum = own.values.reduce(0, +)
      #expect(abs(sum - (here - there)) < 0.06 * max(1, abs(here - there)), "\(kind) \(node)")
      #expect(Set(own.keys) == Set(part.featureNames))
    }
  }

  @Test(
    "a node's surroundings give the score that the whole graph gives",
    arguments: [ModelKind.gcn, .sage, .gat])
  func surroundings(_ kind: ModelKind) throws {
    let (rows, network, _) = try Self.rows(kind)
    let graph = try #require(rows.graph)
    for node in [0, 11, 60, 119] {
      #expect(graph.surroundings(of: node, hops: network.reach).nodes.count < graph.nodeCount)
      let again = try #require(try rows.scores(of: node, without: [[]]))
      #expect(abs(again[0] - rows.scores[node]) < 1e-5)
    }
  }

  @Test("leaving a neighbour out is what the network says on a graph without that edge")
  func without() throws {
    let (rows, network, part) = try Self.rows(.sage)
    let graph = try #require(rows.graph)
    let node = 7
    let near = rows.nearNeighbours(of: node)
    #expect(near.count > 2)
    let gone = Set(near.prefix(2))
    let scores = try #require(try rows.scores(of: node, without: [[], gone, Set(near)]))
    // Rows of lists, made anew by hand.
    let relations = graph.relations.map { relation in
      let matrix = relation.neighbours
      var offsets: [UInt64] = [0]
      var targets: [UInt32] = []
      for row in 0..<graph.nodeCount {
        for entry in Int(matrix.offsets[row])..<Int(matrix.offsets[row + 1]) {
          let other = Int(matrix.targets[entry])
          let pair = row == node ? other : other == node ? row : -1
          if gone.contains(NearNeighbour(relation: relation.name, node: pair)) { continue }
          targets.append(UInt32(other))
        }
        offsets.append(UInt64(targets.count))
      }
      return NetworkGraph.Relation(
        name: relation.name,
        neighbours: SparseMatrix(
          columns: graph.nodeCount, offsets: Buffer(offsets), targets: Buffer(targets)),
        isSymmetric: relation.isSymmetric)
    }
    let whole = try network.predict(
      part.scaling.scaled(rows.columns[0]), NetworkGraph(relations: relations))
    let expected = rows.model.card.calibration.probability(of: Double(whole[node, 1]))
    #expect(abs(scores[1] - expected) < 1e-5)
    #expect(Set(scores).count == 3)
  }

  @Test("a model that judges rows alone hears nobody")
  func alone() throws {
    let (rows, _, _) = try Self.rows(.mlp)
    #expect(rows.nearNeighbours(of: 0).isEmpty)
    #expect(try rows.scores(of: 0, without: [[]]) == nil)
  }
}
