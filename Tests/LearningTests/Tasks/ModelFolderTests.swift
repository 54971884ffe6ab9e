import Compute
import Foundation
import Graph
import Testing

@testable import Learning

@Suite("Models on disk")
struct ModelFolderTests {
  @Test("a promoted version is loaded where none is named, and one that is removed is no longer promoted")
  func promotion() throws {
    let task = try NodeTask.inTime(timedMarket(), target: "shop", asOf: Timestamp(seconds: 400 * 86_400))
    let training = ModelTraining(.trees, hops: 1, trees: TreeSettings(rounds: 3))
    let model = try training.fit(task)
    let plain = try training.withoutGraph.fit(task)
    let path = NSTemporaryDirectory() + "riskgraph-models-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = ModelFolder(path: path)
    #expect(throws: TaskError.nothingPromoted(target: nil, known: [])) { try folder.named(nil) }
    try folder.save(model, name: "trees", withoutGraph: plain)
    try folder.save(model, name: "trees")
    #expect(throws: TaskError.self) { try folder.promote(target: "shop", name: "trees", version: 9) }
    try folder.promote(target: "shop", name: "trees", version: 1)
    #expect(try folder.load(target: "shop", name: "trees").card.version == 1)
    #expect(try folder.load(target: "shop", name: "trees", version: 2).card.version == 2)
    #expect(try folder.named(nil) == ("shop", "trees"))
    #expect(try folder.named("shop") == ("shop", "trees"))
    #expect(folder.names().map { "\($0.target)/\($0.name)" } == ["shop/trees"])
    let kept = try folder.loadWithoutGraph(target: "shop", name: "trees", version: 1)
    #expect(try #require(kept).scores(task.sights[0]) == plain.scores(task.sights[0]))
    let none = try folder.loadWithoutGraph(target: "shop", name: "trees", version: 2)
    #expect(none.map { _ in true } == nil)
    try folder.remove(target: "shop", name: "trees", version: 1)
    #expect(folder.promotion(of: "shop") == nil)
    #expect(try folder.load(target: "shop", name: "trees").card.version == 2)
  }
}
