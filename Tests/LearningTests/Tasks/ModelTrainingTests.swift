import Compute
import Features
import Foundation
import Graph
import Testing

@testable import Learning

/// Forty shops of two kinds, mostly joined to their like, with a ready split; columns as a test wants them.
func splitMarket(
  _ columns: [String: [Float]] = [:], labels: ((Int) -> Float)? = nil, n: Int = 120
) throws -> MarketGraph {
  var numbers = Seed(21).generator(for: "split market")
  let label = labels ?? { Float($0 % 2) }
  var all = columns
  if columns.isEmpty {
    all["a"] = (0..<n).map { Float(numbers.normal()) + label($0) }
    all["b"] = (0..<n).map { _ in Float(numbers.normal()) }
  }
  let type = NodeType(
    name: "shop",
    columns: all.keys.sorted().map { ColumnType($0, .number) } + [
      ColumnType("bad", .number), ColumnType("split", .category),
    ], labels: [LabelType(column: "bad")])
  let relation = RelationType(name: "near", from: "shop", to: "shop", isDirected: false)
  var builder = MarketGraphBuilder(Schema(name: "split", nodeTypes: [type], relations: [relation]))
  var cells: [String: Column] = all.mapValues { .number(Buffer($0)) }
  cells["bad"] = .number(Buffer((0..<n).map(label)))
  cells["split"] = .category(
    codes: Buffer((0..<n).map { UInt32($0 % 10 < 5 ? 0 : $0 % 10 < 8 ? 1 : 2) }),
    levels: TextArray(["train", "val", "test"]))
  try builder.addNodes("shop", keys: (0..<n).map { "s\($0)" }, columns: cells)
  var ends: (from: [String], to: [String]) = ([], [])
  for _ in 0..<3 * n {
    let a = Int.random(in: 0..<n, using: &numbers)
    // Four of five edges stay within a kind.
    var b = Int.random(in: 0..<n, using: &numbers)
    if numbers.unit() < 0.8, (a - b) % 2 != 0 { b = (b + 1) % n }
    if a != b {
      ends.from.append("s\(a)")
      ends.to.append("s\(b)")
    }
  }
  try builder.addEdges("near", from: ends.from, to: ends.to)
  return try builder.finished()
}

@Suite("From a question to a model")
struct ModelTrainingTests {
  let quick = TreeSettings(
    rounds: 15, learningRate: 0.3, depth: 3, leafWeight: 1, columnShare: 0.5, patience: 5)

  func fit(
    _ kind: ModelKind, _ graph: MarketGraph, _ change: (inout ModelTraining) -> Void = { _ in }
  ) throws -> TrainedModel {
    var training = ModelTraining(kind, hops: 1, trees: quick)
    change(&training)
    return try training.fit(.split(graph, target: "shop", by: "split"))
  }

  @Test("auto says what it tried and what it chose; weights sum to one; a saved blend scores to the bit")
  func auto() throws {
    let graph = try splitMarket()
    let model = try fit(.auto, graph)
    let notes = model.card.notes.joined(separator: "\n")
    for name in [
      "trees ", "sage ", "gcn ", "logistic ", "labelprop ", "Chosen by validation", "Correct and smooth",
    ] {
      #expect(notes.contains(name), "\(name) in \(notes)")
    }
    #expect(abs(model.card.parts.reduce(0) { $0 + $1.weight } - 1) < 1e-9)
    let path = NSTemporaryDirectory() + "riskgraph-auto-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ModelFolder(path: path).save(model, name: "auto")
    let sight = try NodeTask.sight(of: model.card, graph, asOf: nil)
    #expect(
      try ModelFolder(path: path).load(target: "shop", name: "auto").scores(sight) == model.scores(sight))
  }

  @Test("a model that fails is left out of auto, with the reason in the card")
  func failing() throws {
    // No columns of their own: networks that start from them cannot be trained, trees on the neighbourhood can.
    let graph = try splitMarket(["constant": [Float](repeating: .nan, count: 120)])
    let model = try fit(.auto, graph) { $0.excluding = ["constant"] }
    let notes = model.card.notes.joined(separator: "\n")
    #expect(
      notes.contains("sage failed: sage cannot be trained here: shop has no columns of its own"), "\(notes)")
    #expect(!model.card.parts.isEmpty)
  }

  @Test("label propagation and smoothing are kept with the model")
  func propagation() throws {
    let graph = try splitMarket()
    let sight = try NodeTask.sight(of: try fit(.labelprop, graph).card, graph, asOf: nil)
    let path = NSTemporaryDirectory() + "riskgraph-lp-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = ModelFolder(path: path)
    let models = [try fit(.labelprop, graph), try fit(.logistic, graph) { $0.smooths = true }]
    for model in models {
      try folder.save(model, name: "m")
      #expect(try folder.load(target: "shop", name: "m").scores(sight) == model.scores(sight))
    }
    #expect(models[1].card.smoothing != nil)
    #expect(try models[1].scores(sight) != fit(.logistic, graph).scores(sight))
  }

  @Test("training that was stopped and resumed ends with the same bits")
  func resume() throws {
    let graph = try splitMarket()
    let path = NSTemporaryDirectory() + "riskgraph-resume-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func change(_ training: inout ModelTraining, stopping: Bool, resumes: Bool) {
      var network = Network.gcn(hidden: 8, depth: 1)
      network.training.epochs = 30
      training.network = network
      training.checkpoint = .init(folder: path, resumes: resumes, everyEpochs: 4)
    }
    let whole = try fit(.gcn, graph) { change(&$0, stopping: false, resumes: false) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
    // Stopped by its progress bar: after some epochs somebody presses Ctrl-C.
    let stop = StopRequest()
    var training = ModelTraining(.gcn, hops: 1)
    change(&training, stopping: true, resumes: false)
    let task = try NodeTask.split(graph, target: "shop", by: "split")
    let stopping = training
    #expect(throws: CancellationError.self) {
      try Self.fit(stopping, task, stopAfter: 9, stop)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [".checkpoint-gcn.safetensors"])
    let resumed = try fit(.gcn, graph) { change(&$0, stopping: false, resumes: true) }
    guard case .network(let a) = whole.bodies[0], case .network(let b) = resumed.bodies[0] else {
      Issue.record("no networks")
      return
    }
    #expect(a.weights == b.weights && a.history == b.history)
    let other = try fit(.gcn, graph) {
      change(&$0, stopping: false, resumes: false)
      $0.seed = Seed(2)
    }
    guard case .network(let c) = other.bodies[0] else { return }
    #expect(a.weights != c.weights)
  }

  /// Fits with a wish to stop that comes after some epochs.
  static func fit(
    _ training: ModelTraining, _ task: NodeTask, stopAfter epochs: Int, _ stop: StopRequest
  ) throws {
    var training = training
    training.afterEpoch = { epoch in if epoch >= epochs { stop.stop() } }
    _ = try training.fit(task, stop: stop)
  }

  @Test("the relational network takes neighbours' columns through projections of their own")
  func typedSources() throws {
    let model = try fit(.rgcn, splitMarket()) {
      var network = Network.relational(hidden: 8, depth: 1)
      network.training.epochs = 3
      $0.network = network
    }
    let sources = try #require(model.card.parts[0].architecture?.sources)
    #expect(sources.map(\.name) == ["own", "near"])
    #expect(sources.reduce(0) { $0 + $1.columns } == model.card.parts[0].featureNames.count)
    guard case .network(let network) = model.bodies[0] else { return }
    #expect(network.weights.prefix(3).map(\.name) == ["input.own", "input.near", "input.bias"])
  }

  // MARK: Bad input

  @Test(
    "empty, constant and infinite columns are handled and said in the card",
    arguments: [ModelKind.trees, .mlp, .gcn])
  func badColumns(kind: ModelKind) throws {
    var numbers = Seed(2).generator(for: "columns")
    let good = (0..<120).map { Float($0 % 2) + Float(numbers.normal()) }
    var infinite = good
    infinite[3] = .infinity
    infinite[4] = -.infinity
    let graph = try splitMarket([
      "good": good, "empty": [Float](repeating: .nan, count: 120), "same": [Float](repeating: 7, count: 120),
      "infinite": infinite,
    ])
    let model = try fit(kind, graph)
    let notes = model.card.notes.joined(separator: "\n")
    #expect(notes.contains("are empty on the training rows: empty"), "\(notes)")
    #expect(notes.contains("are the same on all training rows: same"), "\(notes)")
    #expect(notes.contains("2 infinite values of infinite were taken as missing"), "\(notes)")
    let scores = try model.scores(NodeTask.sight(of: model.card, graph, asOf: nil))
    #expect(scores.allSatisfy { $0.isFinite && $0 >= 0 && $0 <= 1 })
  }

  @Test(
    "a target without labels, one class only, and labels that all come later are refused with the way out")
  func badLabels() throws {
    #expect(throws: TaskError.unlabelled(type: "shop", column: "bad")) {
      try NodeTask.split(splitMarket(labels: { _ in .nan }), target: "shop", by: "split")
    }
    for only in [Float(0), 1] {
      #expect(
        throws: LearningError.oneClassOnly(what: "training rows", label: only == 0 ? "0" : "1", count: 60)
      ) {
        try NodeTask.split(
          splitMarket(["x": [Float](repeating: 1, count: 120)], labels: { _ in only }), target: "shop",
          by: "split")
      }
    }
    let error = #expect(throws: TaskError.self) {
      try NodeTask.inTime(timedMarket(onlyBad: true), target: "shop", asOf: Timestamp(seconds: 50 * 86_400))
    }
    #expect("\(error!)".contains("the first became known 1970-04-1"), "\(error!)")
  }

  @Test("a model trained on another schema names what is missing")
  func otherSchema() throws {
    let model = try fit(.trees, splitMarket()) { $0.usesGraph = false }
    let other = try splitMarket(["height": (0..<120).map { Float($0) }])
    let sight = try NodeTask.sight(of: model.card, other, asOf: nil)
    #expect(throws: FeatureError.otherSchema(feature: "a", reason: "shop has no column \"a\"")) {
      try model.scores(sight)
    }
  }

  @Test("weight files that are cut or changed are refused by name", arguments: [ModelKind.trees, .gcn])
  func damaged(kind: ModelKind) throws {
    let model = try fit(kind, splitMarket()) {
      var network = Network.gcn(hidden: 4, depth: 1)
      network.training.epochs = 2
      if kind == .gcn { $0.network = network }
    }
    let path = NSTemporaryDirectory() + "riskgraph-damage-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = ModelFolder(path: path)
    try folder.save(model, name: "m")
    let file = "\(path)/shop/m/1/\(model.card.parts[0].file)"
    let whole = try Data(contentsOf: URL(fileURLWithPath: file))
    for cut in [0, 1, whole.count / 2, whole.count - 1] {
      try whole.prefix(cut).write(to: URL(fileURLWithPath: file))
      #expect(throws: (any Error).self) { try folder.load(target: "shop", name: "m") }
    }
    try FileManager.default.removeItem(atPath: file)
    #expect(throws: (any Error).self) { try folder.load(target: "shop", name: "m") }
    try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(path)/shop/m/1/card.json"))
    let error = #expect(throws: TaskError.self) { try folder.load(target: "shop", name: "m") }
    #expect("\(error!)".contains("card.json cannot be read as a model"))
  }
}
