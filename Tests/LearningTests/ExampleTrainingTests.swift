import Compute
import Features
import Foundation
import Graph
import Testing

@testable import Learning

/// Buyers of whom some order in bursts, and are found bad a while later.
struct BurstMarket {
  let graph: MarketGraph
  let examples: ExampleTable

  init(seed: UInt64 = 1, buyers: Int = 60) throws {
    var chance = Seed(seed).generator(for: "bursts")
    let schema = Schema(
      name: "bursts",
      nodeTypes: [NodeType(name: "buyer", columns: [ColumnType("noise", .number)]), NodeType(name: "shop")],
      relations: [
        RelationType(
          name: "orders", from: "buyer", to: "shop", columns: [ColumnType("amount", .number)],
          clocks: Clocks(happened: "at"))
      ])
    var (from, to, times, amounts): ([String], [String], [Timestamp?], [Float?]) = ([], [], [], [])
    var (nodes, asOf, labels): ([UInt32], [Int64], [Float]) = ([], [], [])
    for buyer in 0..<buyers {
      for month in 0..<10 {
        let start = Int64(month) * 30 * 86_400
        let isBursting = chance.unit() < 0.3
        for order in 0..<8 {
          // A burst is eight orders within minutes, quiet trade is spread over the month.
          let offset = isBursting ? 20 * 86_400 + Int64(order) * 60 : Int64(chance.unit() * 29 * 86_400)
          from.append("B\(buyer)")
          to.append("S\(Int(chance.unit() * 5))")
          times.append(Timestamp(seconds: start + offset))
          amounts.append(Float(chance.unit() * 50))
        }
        nodes.append(UInt32(buyer))
        asOf.append(start + 30 * 86_400)
        labels.append(isBursting ? 1 : 0)
      }
    }
    var builder = MarketGraphBuilder(schema)
    try builder.addNodes(
      "buyer", keys: (0..<buyers).map { "B\($0)" },
      columns: ["noise": .numbers((0..<buyers).map { _ in Float(chance.unit()) })])
    try builder.addNodes("shop", keys: (0..<5).map { "S\($0)" })
    try builder.addEdges(
      "orders", from: from, to: to, columns: ["amount": .numbers(amounts), "at": .times(times)])
    graph = try builder.finished()
    examples = ExampleTable(target: "buyer", nodes: nodes, asOf: asOf, labels: labels)
      .split(.init(validation: 0.2, test: 0.3))
  }
}

@Suite("Training on examples")
struct ExampleTrainingTests {
  private func training(
    _ kind: ModelKind = .trees, _ parts: Set<ExampleColumns.Part> = [.own, .events]
  ) -> ExampleTraining {
    var training = ExampleTraining(kind, parts: parts)
    training.trees.rounds = 60
    training.trees.repeats = 1
    return training
  }

  @Test("behaviour that own columns do not show is found in events, on months never seen")
  func learns() throws {
    let market = try BurstMarket()
    let events = try EventGraph(market.graph, target: "buyer")
    let fitted = try training().fit(market.examples, in: events)
    let judged = try ExampleJudgement(fitted)
    #expect(try judged.measured()["AUROC"]!.value > 0.95)
    #expect(judged.rowName.hasSuffix("test examples"))
    let own = try ExampleJudgement(try training(.trees, [.own]).fit(market.examples, in: events))
    #expect(try own.measured()["AUROC"]!.value < 0.65)
    #expect(judged.warning == nil, "the same trade every month is no other regime")
  }

  @Test("a saved model gives the same scores to the bit", arguments: [ModelKind.trees, .ensemble])
  func saved(kind: ModelKind) throws {
    let market = try BurstMarket()
    let events = try EventGraph(market.graph, target: "buyer")
    let fitted = try training(kind).fit(market.examples, in: events)
    let path = NSTemporaryDirectory() + "examples-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ModelFolder(path: path).save(fitted.model, name: kind.rawValue)
    let loaded = try ModelFolder(path: path).load(target: "buyer", name: kind.rawValue)
    let again = try loaded.scores(of: market.examples, in: try loaded.events(of: market.graph))
    #expect(again == (try fitted.model.scores(of: market.examples, in: events)))
    // Scoring everybody as of one time asks the same questions.
    let last = try #require(market.examples.asOf.max())
    let sight = try NodeTask.sight(of: loaded.card, market.graph, asOf: Timestamp(seconds: last))
    let everybody = try loaded.scores(sight)
    for place in market.examples.nodes.indices where market.examples.asOf[place] == last {
      #expect(abs(everybody[Int(market.examples.nodes[place])] - again[place]) < 1e-6)
    }
  }

  @Test("a table without training rows is refused")
  func noRows() throws {
    let market = try BurstMarket(buyers: 5)
    let events = try EventGraph(market.graph, target: "buyer")
    let table = ExampleTable(
      target: "buyer", nodes: [0, 1], asOf: [1, 1], labels: [0, 1], splits: [.test, .test])
    #expect { try training().fit(table, in: events) } throws: { "\($0)".contains("training") }
  }

  @Test("another regime is noticed, and the drift that there always was is not")
  func regime() throws {
    var chance = Seed(3).generator(for: "regimes")
    /// Ten columns of which all grow slowly; in another regime half of them jump.
    func rows(_ count: Int, age: Float, jump: Float) -> [[Float]] {
      (0..<count).map { _ in (0..<10).map { Float(chance.unit()) + age + ($0 < 5 ? jump : 0) } }
    }
    let known = Matrix(rows(600, age: 0, jump: 0) + rows(300, age: 0.1, jump: 0))
    let watch = try #require(RegimeWatch(known, training: Array(0..<600), validation: Array(600..<900)))
    #expect(watch.finding(on: Matrix(rows(400, age: 0.12, jump: 0)))?.warning == nil)
    let finding = try #require(watch.finding(on: Matrix(rows(400, age: 0.12, jump: 3))))
    #expect(finding.moved == 0.5 && finding.warning?.contains("50 %") == true)
    #expect(watch.finding(on: Matrix(rows(50, age: 9, jump: 9))) == nil, "fifty rows say too little")
    #expect(RegimeWatch(known, training: [1, 2], validation: [3]) == nil)
  }
}
