import Compute
import Features
import Foundation
import Graph
import Testing

@testable import Learning

@Suite("Honest evaluation")
struct EvaluationTests {
  static let day: Int64 = 86_400
  let quick = TreeSettings(
    rounds: 40, learningRate: 0.2, depth: 3, leafWeight: 2, columnShare: 1, patience: 20)

  /// Scores of rows of which a third are positive, the better the larger `signal` is.
  func scored(_ n: Int, signal: Double, seed: UInt64) -> (scores: [Double], labels: [Bool]) {
    var numbers = Seed(seed).generator(for: "scored")
    let labels = (0..<n).map { _ in numbers.unit() < 0.3 }
    return (labels.map { sigmoid(numbers.normal() + ($0 ? signal : 0)) }, labels)
  }

  @Test("several figures of the same samples are those of one at a time")
  func many() throws {
    let (scores, labels) = scored(200, signal: 1, seed: 1)
    let (other, _) = scored(200, signal: 0.2, seed: 2)
    let bootstrap = Bootstrap(samples: 50)
    let measures: [RankingMeasure] = [.areaUnderROC, .averagePrecision, .recall(atBudget: 0.1)]
    let together = try bootstrap.estimates(scores: scores, labels: labels, measures)
    let apart = try measures.map { try bootstrap.estimate(scores: scores, labels: labels, $0.value) }
    #expect(together == apart)
    let gains = try bootstrap.differences(scores: scores, baseline: other, labels: labels, measures)
    #expect(
      gains
        == (try measures.map {
          try bootstrap.difference(scores: scores, baseline: other, labels: labels, $0.value)
        }))
  }

  @Test("a graph that adds is said to, one that does not is said loudly, one that harms most loudly")
  func verdicts() throws {
    let (good, labels) = scored(400, signal: 2, seed: 3)
    var numbers = Seed(4).generator(for: "noise")
    let poor = good.map { _ in numbers.unit() }
    var settings = EvaluationSettings()
    settings.bootstrap.samples = 60
    func verdict(_ scores: [Double], _ baseline: [Double]?) throws -> String {
      try Evaluation(scores: scores, baseline: baseline, labels: labels, settings: settings).verdict
    }
    #expect(try verdict(good, poor).hasPrefix("The graph adds: AUPRC 0."))
    #expect(try verdict(good, good).hasPrefix("THE GRAPH DOES NOT SURELY ADD ANYTHING"))
    #expect(try verdict(poor, good).hasPrefix("THE GRAPH MAKES IT WORSE"))
    #expect(try verdict(good, nil).hasPrefix("There is no model without the graph"))
  }

  @Test("curves are thinned along their length and keep their ends")
  func curves() throws {
    let (scores, labels) = scored(3000, signal: 1, seed: 5)
    let ranking = try Ranking(scores: scores, labels: labels)
    let curves = Curves(ranking, points: 100)
    #expect(curves.roc.count == 100 && curves.precisionRecall.count == 100)
    #expect(curves.roc.first == .init(x: 0, y: 0) && curves.roc.last == .init(x: 1, y: 1))
    #expect(curves.precisionRecall.last?.x == 1)
    // The trapezoids under so many points are nearly the area.
    let area = zip(curves.roc, curves.roc.dropFirst()).reduce(0.0) {
      $0 + ($1.1.x - $1.0.x) * ($1.1.y + $1.0.y) / 2
    }
    #expect(abs(area - ranking.areaUnderROC) < 0.002)
  }

  /// Five shops: when each opened and when its badness was known, in days; categories; and deeds by the truth.
  func fiveShops() throws -> MarketGraph {
    let none = Column.missingTime
    let type = NodeType(
      name: "shop",
      columns: [ColumnType("opened", .time), ColumnType("bad", .number), ColumnType("category", .category)],
      clocks: Clocks(happened: "opened"), labels: [LabelType(column: "bad", known: "known")])
    var builder = MarketGraphBuilder(Schema(name: "five", nodeTypes: [type], relations: []))
    try builder.addNodes(
      "shop", keys: ["early", "caught", "found", "late", "unborn"],
      columns: [
        "opened": .time(Buffer([0, 0, 0, 0, 150].map { $0 * EvaluationTests.day })),
        "bad": .number(Buffer([.nan, 1, 1, 1, 1])),
        "known": .time(Buffer([none, 50 * Self.day, 120 * Self.day, 300 * Self.day, 160 * Self.day])),
        "category": .category(codes: Buffer([0, 0, 1, 1, 0]), levels: TextArray(["toys", "pens"])),
      ])
    return try builder.finished()
  }

  @Test("judged are those visible then of whom nothing was known, by what became known within the time")
  func window() throws {
    let graph = try fiveShops()
    let labels = try NodeLabels(graph.nodes["shop"]!)
    let (from, to) = (Timestamp(seconds: 100 * Self.day), Timestamp(seconds: 200 * Self.day))
    let rows = try JudgedRows(labels, in: graph, from: from, to: to)
    // Caught before, so not asked about; late came out too late to count; the unborn was not there.
    #expect(rows.nodes == [0, 2, 3])
    #expect(rows.labels == [false, true, false])
    #expect(rows.sight.labels.classes == [-1, 1, -1, -1, -1])
    #expect(try rows.values(of: "category") == ["toys", "pens", "pens"])
    #expect(try rows.ages() == ["90 to 180 days", "90 to 180 days", "90 to 180 days"])
  }

  @Test("by the truth, who was at it within the time is positive, and whose deeds were over is left out")
  func truth() throws {
    let graph = try fiveShops()
    let labels = try NodeLabels(graph.nodes["shop"]!)
    func deed(_ from: Int64, _ to: Int64) -> Truth.Deed {
      .init(kind: "fakes", from: Timestamp(seconds: from * Self.day), to: Timestamp(seconds: to * Self.day))
    }
    let truth = Truth(deeds: ["early": deed(10, 90), "found": deed(250, 260), "late": deed(80, 400)])
    let rows = try JudgedRows(
      labels, in: graph, from: Timestamp(seconds: 100 * Self.day), to: Timestamp(seconds: 200 * Self.day),
      truth: truth)
    #expect(rows.nodes == [2, 3])
    #expect(rows.labels == [false, true])
    #expect(rows.kinds == [nil, "fakes"])
  }

  @Test("months start on the first, over the turn of a year")
  func months() {
    let starts = Timestamp("2025-11-15")!.monthStarts(before: Timestamp("2026-02-01T00:00:01Z")!)
    #expect(starts.map(\.description) == ["2025-12-01", "2026-01-01", "2026-02-01"])
    #expect(Timestamp("2025-11-01")!.monthStarts(before: Timestamp("2025-12-01")!).isEmpty)
  }

  @Test("parts hold all rows, and each kind of risk is told from all good rows")
  func parts() throws {
    let (scores, labels) = scored(300, signal: 2, seed: 6)
    let all = Scored(scores: scores, baseline: nil, labels: labels)
    var settings = EvaluationSettings()
    settings.bootstrap.samples = 30
    settings.budget = 0.3
    let whole = try Evaluation(scores: scores, labels: labels, settings: settings)
    let values = labels.indices.map { $0 % 3 == 0 ? "a" : $0 % 50 == 1 ? "rare" : nil }
    let parts = whole.parts(by: "category", values, all, settings)
    #expect(parts.map(\.value) == ["unknown", "a", "others"])
    #expect(parts.reduce(0) { $0 + $1.rows } == 300)
    #expect(parts.reduce(0) { $0 + $1.positives } == whole.positives)
    let places = labels.indices.filter { $0 % 3 == 0 }
    let own = try Ranking(scores: places.map { scores[$0] }, labels: places.map { labels[$0] })
    #expect(parts[1].figures[0].estimate.value == own.areaUnderROC)

    let kinds = labels.indices.map { labels[$0] ? ($0 % 2 == 0 ? "even" : "odd") : nil }
    let told = whole.kinds(kinds, all, settings)
    #expect(told.map(\.value) == ["even", "odd"] && told.reduce(0) { $0 + $1.rows } == whole.positives)
    // What the budget finds of all is what it finds of the kinds, together.
    let found = told.reduce(0.0) { $0 + $1.figures[2].estimate.value * Double($1.positives) }
    #expect(abs(found - whole["recall at 30 % reviewed"]!.value * Double(whole.positives)) < 1e-9)
  }

  @Test("a model is judged from month to month beside the one without the graph")
  func model() throws {
    let graph = try timedMarket(leakKnownAtOnce: true)
    let task = try NodeTask.inTime(graph, target: "shop", asOf: Timestamp(seconds: 200 * Self.day))
    let training = ModelTraining(.trees, hops: 1, trees: quick)
    let (model, plain) = (try training.fit(task), try training.withoutGraph.fit(task))
    #expect(model.usesGraph && !plain.usesGraph)
    var settings = EvaluationSettings()
    settings.bootstrap.samples = 40
    let judge = ModelEvaluation(model, withoutGraph: plain, settings: settings)
    let told = try judge.between(
      Timestamp(seconds: 200 * Self.day), Timestamp(seconds: 310 * Self.day), in: graph)
    #expect(told.overall["AUROC"]!.value > 0.97)
    #expect(told.overall.graphSurelyAdds == true)
    #expect(told.months.count == 5 && told.months.filter { !$0.graphAdds.isEmpty }.count >= 3)
    // Nobody found before a month is asked about in it.
    #expect(told.months.map(\.rows) == told.months.map(\.rows).sorted(by: >))
    #expect(throws: LearningError.self) {
      try judge.between(Timestamp(seconds: 10), Timestamp(seconds: 10), in: graph)
    }
  }
}
