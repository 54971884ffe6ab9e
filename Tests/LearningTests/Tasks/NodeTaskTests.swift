import Compute
import Features
import Foundation
import Graph
import Testing

@testable import Learning

/// Shops, some of which turn out bad on a day; joined shops share their fate. One column and one relation tell all, but only
/// from the day on which the badness became known.
func timedMarket(leakKnownAtOnce: Bool = false, onlyBad: Bool = false) throws -> MarketGraph {
  let n = 400
  var numbers = Seed(5).generator(for: "timed market")
  let day: Int64 = 86_400
  var labels: [Float] = []
  var known: [Int64] = []
  var own: [Float] = []
  for _ in 0..<n {
    let isBad = numbers.unit() < 0.4
    labels.append(isBad ? 1 : onlyBad ? .nan : 0)
    known.append(isBad ? Int64(100 + numbers.unit() * 200) * day : Column.missingTime)
    own.append(Float(numbers.unit()) + (isBad ? 0.4 : 0))
  }
  // Verdicts: an edge from a bad shop to node 0, on the very second at which it became known. Edges of the future.
  let bad = (0..<n).filter { labels[$0] == 1 }
  let list = EdgeList(
    nodes: n, bad.map { ($0, 0) }, times: bad.map { leakKnownAtOnce ? 0 : known[$0] })
  let type = NodeType(
    name: "shop",
    columns: [
      ColumnType("own", .number), ColumnType("bad", .number), ColumnType("known", .time),
      ColumnType("banned", .time),
    ],
    labels: [LabelType(column: "bad", known: "known")])
  let relation = RelationType(
    name: "verdict", from: "shop", to: "shop", clocks: Clocks(happened: "at"))
  let (out, into) = try CSRBuilder(list).adjacency(isDirected: true)
  return MarketGraph(
    schema: Schema(name: "timed", nodeTypes: [type], relations: [relation]),
    nodes: [
      "shop": NodeTable(
        type: type, keys: try KeyIndex(texts: TextArray((0..<n).map { "s\($0)" })),
        columns: [
          "own": .number(Buffer(own)), "bad": .number(Buffer(labels)), "known": .time(Buffer(known)),
          "banned": .time(Buffer(known)),
        ])
    ],
    relations: [
      "verdict": Relation(
        type: relation, out: Adjacency(snapshot: out), into: Adjacency(snapshot: into), columns: [:])
    ])
}

@Suite("Questions in time")
struct NodeTaskTests {
  let quick = TreeSettings(
    rounds: 40, learningRate: 0.2, depth: 3, leafWeight: 2, columnShare: 1, patience: 20)

  func validationAUROC(_ graph: MarketGraph) throws -> Double {
    let task = try NodeTask.inTime(graph, target: "shop", asOf: Timestamp(seconds: 400 * 86_400))
    #expect(task.sights.count > 1)
    return try ModelTraining(.trees, hops: 1, trees: quick).fit(task).card.metrics["validation AUROC"]!
  }

  @Test(
    "a column and an edge from the future do not help, though they would give all away if they could be seen")
  func future() throws {
    #expect(try validationAUROC(timedMarket()) < 0.9)
    #expect(try validationAUROC(timedMarket(leakKnownAtOnce: true)) > 0.97)
  }

  @Test("validation is later than training, and nothing known before a moment is asked about in it")
  func order() throws {
    let task = try NodeTask.inTime(timedMarket(), target: "shop", asOf: Timestamp(seconds: 400 * 86_400))
    let last = task.sights[task.validation[0].sight].view.asOf!
    for part in task.training { #expect(task.sights[part.sight].view.asOf! < last) }
    for part in task.training + task.validation {
      let moment = task.sights[part.sight].view.asOf!
      for (node, label) in zip(part.nodes, part.classes) where label == 1 {
        #expect(!task.labels.isKnown(node, before: moment))
      }
    }
  }

  @Test("nothing known yet is said with the day on which something was")
  func early() throws {
    #expect(throws: Error.self) {
      try NodeTask.inTime(timedMarket(), target: "shop", label: "height", asOf: nil)
    }
    #expect(throws: Error.self) { try NodeTask.split(timedMarket(), target: "shop", by: "split") }
  }

  @Test("a saved model gives the same scores to the bit, and a damaged one is refused")
  func saved() throws {
    let graph = try timedMarket()
    let task = try NodeTask.inTime(graph, target: "shop", asOf: Timestamp(seconds: 400 * 86_400))
    let model = try ModelTraining(.trees, hops: 1, trees: quick).fit(task)
    let path = NSTemporaryDirectory() + "riskgraph-models-\(ProcessInfo.processInfo.processIdentifier)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = ModelFolder(path: path)
    #expect(try folder.save(model, name: "trees") == 1)
    #expect(try folder.save(model, name: "trees") == 2)
    let read = try folder.load(target: "shop", name: "trees")
    let sight = task.sights[0]
    #expect(try read.scores(sight) == model.scores(sight))
    #expect(read.card.version == 2)
    try Data("{".utf8).write(to: URL(fileURLWithPath: "\(path)/shop/trees/2/trees.ubj"))
    #expect(throws: TreeError.self) { try folder.load(target: "shop", name: "trees") }
    #expect(throws: TaskError.self) { try folder.load(target: "shop", name: "gcn") }
  }
}
