import Compute
import Features
import Foundation
import Graph
import Testing

@testable import Learning

@Suite("A model on a later day")
struct ModelWatchTests {
  let quick = TreeSettings(
    rounds: 40, learningRate: 0.2, depth: 3, leafWeight: 2, columnShare: 1, patience: 20)

  private func trained(asOf day: Int64) throws -> (ModelFolder, MarketGraph, TrainedModel) {
    let graph = try timedMarket()
    let task = try NodeTask.inTime(graph, target: "shop", asOf: Timestamp(seconds: day * 86_400))
    let model = try ModelTraining(.trees, hops: 1, trees: quick).fit(task)
    let folder = ModelFolder(
      path: NSTemporaryDirectory() + "riskgraph-watch-\(ProcessInfo.processInfo.processIdentifier)-\(day)")
    try folder.save(model, name: "trees")
    return (folder, graph, model)
  }

  @Test("what came out since is judged by the scores of before, and counts nobody who was known")
  func decided() throws {
    let (folder, graph, model) = try trained(asOf: 200)
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    let from = Timestamp(seconds: 200 * 86_400)
    let decided = try DecidedSince(model, in: graph, from: from)
    let labels = try NodeLabels(try VisibleGraph(graph, asOf: from).nodes(of: "shop"))
    // Counted the obvious way.
    let later = labels.classes.indices.count { labels.classes[$0] == 1 && !labels.isKnown($0, before: from) }
    let before = labels.classes.indices.count { labels.classes[$0] == 1 && labels.isKnown($0, before: from) }
    #expect(later > 20 && decided.badSince == later && decided.badBefore == before)
    #expect(decided.calibration.found == later && decided.calibration.cases == decided.labels.count)
    #expect(decided.labels.count == later + labels.classes.count { $0 == 0 })
    #expect(decided.areaUnderROC != nil)
    let nothing = try DecidedSince(model, in: graph, from: from, to: from)
    #expect(nothing.badSince == 0 && nothing.areaUnderROC == nil)
  }

  @Test("a kept distribution says the same as one computed again, and a damaged one is refused by name")
  func kept() throws {
    let (folder, graph, model) = try trained(asOf: 250)
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    let day = try #require(model.card.asOf.flatMap { Timestamp($0) })
    let computed = try ModelWatch(folder, target: "shop", name: "trees", in: graph)
    let distribution = try TrainingDistribution(
      of: model, in: NodeTask.sight(of: model.card, graph, asOf: day))
    try folder.save(distribution, target: "shop", name: "trees", version: 1)
    #expect(try folder.distribution(target: "shop", name: "trees", version: 1) == distribution)
    let watch = try ModelWatch(folder, target: "shop", name: "trees", in: graph)
    #expect(watch.drift?.columns.map(\.stability) == computed.drift?.columns.map(\.stability))
    #expect(watch.health.reasons == computed.health.reasons)
    #expect(watch.scores.count == 400)
    // At the day itself nothing has moved.
    let same = try DriftReport(
      model, since: distribution, in: NodeTask.sight(of: model.card, graph, asOf: day))
    #expect(same.columns.allSatisfy { $0.stability.index < 1e-9 && $0.smirnov.distance < 1e-9 })
    try Data("{".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/shop/trees/1/distribution.json"))
    #expect(throws: TaskError.self) { try ModelWatch(folder, target: "shop", name: "trees", in: graph) }
  }

  @Test("much that came out since is a reason to train again, and reasons stand in the order of their weight")
  func advice() throws {
    let (folder, graph, model) = try trained(asOf: 200)
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    var watch = try ModelWatch(folder, target: "shop", name: "trees", in: graph)
    #expect(watch.decided?.badSince ?? 0 >= 20)
    #expect(watch.health.advice == .retrain)
    #expect(watch.health.reasons.contains { $0.says.contains("There is much to learn from") })
    watch.add(.look, "later")
    let order = watch.health.reasons.map(\.advice)
    #expect(zip(order, order.dropFirst()).allSatisfy { $0 >= $1 })
    let quiet = ModelHealth(
      card: model.card,
      drift: DriftReport(
        since: TrainingDistribution(asOf: nil, nodes: 0, columns: [], scores: nil), nodes: 0, columns: [],
        scores: nil), decided: nil)
    #expect(quiet.advice == .keep && quiet.reasons.isEmpty)
  }
}
