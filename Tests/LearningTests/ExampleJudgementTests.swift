import Compute
import Features
import Foundation
import Graph
import Testing

@testable import Learning

@Suite("Judging and comparing models of examples")
struct ExampleJudgementTests {
  private static func training(_ kind: ModelKind = .trees) -> ExampleTraining {
    var training = ExampleTraining(kind, parts: [.own, .events])
    training.trees.rounds = 40
    training.trees.repeats = 1
    training.neighbourhoods = TimedNeighbourhoods(neighbours: [6, 2])
    return training
  }

  private static func settings(samples: Int = 40) -> EvaluationSettings {
    var settings = EvaluationSettings()
    settings.bootstrap.samples = samples
    return settings
  }

  /// The share of pairs of a good and a bad row of which the bad one has the higher score.
  private func pairsInOrder(_ scores: [Double], _ labels: [Bool]) -> Double {
    var (sum, count) = (0.0, 0.0)
    for (a, isBad) in labels.enumerated() where isBad {
      for (b, isBadToo) in labels.enumerated() where !isBadToo {
        sum += scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? 0.5 : 0
        count += 1
      }
    }
    return sum / count
  }

  @Test(
    "a kept model says of the rows for test what it said when it was trained, and of a table what it scores there",
    arguments: [ModelKind.trees, .auto, .sage])
  func kept(kind: ModelKind) throws {
    let market = try BurstMarket(buyers: 20)
    let events = try EventGraph(market.graph, target: "buyer")
    let fitted = try Self.training(kind).fit(market.examples, in: events)
    let before = try ExampleJudgement(fitted, settings: Self.settings())
    let folder = NSTemporaryDirectory() + "judged-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try ModelFolder(path: folder).save(fitted.model, name: kind.rawValue)
    let model = try ModelFolder(path: folder).load(target: "buyer", name: kind.rawValue)
    let own = try model.events(of: market.graph)

    let after = try ExampleJudgement(model, on: market.examples, in: own, settings: Self.settings())
    #expect(after.rows == .test && after.places == before.places && after.scores == before.scores)
    #expect(try after.measured().figures == before.measured().figures)
    #expect(after.notes.isEmpty)

    // Without its split every labelled row judges, and those of the training's time are told.
    let all = market.examples
    var labels = all.labels
    labels[3] = .nan
    let whole = ExampleTable(target: "buyer", nodes: all.nodes, asOf: all.asOf, labels: labels)
    let judged = try ExampleJudgement(model, on: whole, in: own, settings: Self.settings())
    #expect(judged.rows == .labelled && judged.rowName == "\(all.count - 1) labelled examples")
    #expect(!judged.places.contains(3))
    // Those for test are the latest, so every other labelled row is of the time that taught it.
    let taught = all.nodes.indices.count { all.splits![$0] != .test && !labels[$0].isNaN }
    #expect(judged.notes.count == 1 && judged.notes[0].hasPrefix("\(taught) of the judged"))
    let scores = try model.scores(of: whole, in: own)
    // A network sums over other batches of rows, so its last bits may differ.
    let slack = kind.seesGraph ? 1e-5 : 0
    #expect(zip(judged.scores, judged.places).allSatisfy { abs($0 - scores[$1]) <= slack })
    let answers = judged.places.map { labels[$0] == 1 }
    #expect(judged.labels == answers)
    #expect(abs(try judged.measured()["AUROC"]!.value - pairsInOrder(judged.scores, answers)) < 1e-12)
  }

  @Test("months are those of the as-of times, and each is measured on its own rows")
  func months() throws {
    let market = try BurstMarket(buyers: 30)
    let fitted = try Self.training(.logistic).fit(
      market.examples, in: EventGraph(market.graph, target: "buyer"))
    let judged = try ExampleJudgement(fitted, settings: Self.settings())
    let months = judged.months()
    var rows: [String: [Int]] = [:]
    for (row, place) in judged.places.enumerated() {
      let words = "\(Timestamp(seconds: market.examples.asOf[place]))"
      rows[words.split(separator: "-").prefix(2).joined(separator: "-"), default: []].append(row)
    }
    #expect(months.map(\.value) == rows.keys.sorted() && months.count > 1)
    for month in months {
      let own = rows[month.value]!
      #expect(month.rows == own.count && month.positives == own.count { judged.labels[$0] })
      let area = pairsInOrder(own.map { judged.scores[$0] }, own.map { judged.labels[$0] })
      #expect(abs(month.figures[0].estimate.value - area) < 1e-12)
    }
    let halves = try judged.parts(by: ["noise"])
    #expect(halves.reduce(0) { $0 + $1.rows } == judged.places.count)
    #expect(throws: FeatureError.self) { try judged.parts(by: ["nothing"]) }
  }

  @Test("where all rows have one label, they are scored and not measured")
  func oneClass() throws {
    let market = try BurstMarket(buyers: 30)
    let fitted = try Self.training(.logistic).fit(
      market.examples, in: EventGraph(market.graph, target: "buyer"))
    let bad = market.examples.nodes.indices.filter { market.examples.labels[$0] == 1 }
    let events = try fitted.model.events(of: market.graph)
    let judged = try ExampleJudgement(fitted.model, on: market.examples.rows(bad), in: events)
    #expect(judged.evaluation == nil && judged.scores.count == judged.places.count)
    #expect(judged.alarms == Double(judged.scores.count { $0 > 0.5 }) / Double(judged.scores.count))
    #expect { try judged.measured() } throws: { "\($0)".contains("have the label 1") }
  }

  @Test("what was compared is what each training alone would give, and the mean and spread of its seeds")
  func compared() throws {
    let market = try BurstMarket(buyers: 20)
    let events = try EventGraph(market.graph, target: "buyer")
    var like = Self.training()
    like.seed = Seed(7)
    let kinds: [ModelKind] = [.logistic, .gcn, .trees, .ensemble]
    let told = try ExampleComparison(kinds: kinds, like: like, seeds: 2, settings: Self.settings(samples: 20))
      .run(on: market.examples, in: events)
    #expect(told.rows.map(\.kind) == kinds && told.judged == .test)
    #expect(told.count == market.examples.places(.test).count)
    #expect(told.rows[1].runs.isEmpty && told.rows[1].failure?.contains("examples take trees") == true)
    for row in told.rows where row.kind != .gcn {
      var areas: [Double] = []
      for seed in [7, 8] as [UInt64] {
        var alone = Self.training(row.kind)
        alone.seed = Seed(seed)
        // From the table on, with columns of its own.
        let judged = try ExampleJudgement(
          alone.fit(market.examples, in: events), settings: Self.settings(samples: 20))
        areas.append(try judged.measured()["AUROC"]!.value)
      }
      #expect(row.runs.map { $0["AUROC"]!.value } == areas, "\(row.kind)")
      let found = try #require(row.mean("AUROC"))
      #expect(abs(found.mean - (areas[0] + areas[1]) / 2) < 1e-12)
      // Of two runs the standard deviation is their distance over the root of two.
      #expect(abs(found.spread - abs(areas[0] - areas[1]) / 2.0.squareRoot()) < 1e-12)
      #expect(
        row.ranking?.positiveCount == market.examples.places(.test).count { market.examples.labels[$0] == 1 })
    }
  }

  @Test(
    "what is fitted on columns that are there learns from them and computes none",
    arguments: [ModelKind.logistic, .trees])
  func given(kind: ModelKind) throws {
    let market = try BurstMarket(buyers: 12)
    let events = try EventGraph(market.graph, target: "buyer")
    let own = try ExampleTraining(kind, parts: [.own]).inputs(of: market.examples, in: events)
    // In the place of noise stands the answer, which no computation would put there.
    var answers = Matrix(rows: own.matrix.rows, columns: 1, columnNames: own.matrix.columnNames)
    for row in 0..<answers.rows { answers[row, 0] = market.examples.labels[row] }
    let told = ExampleInputs(
      examples: own.examples, events: events, columns: own.columns, matrix: answers, training: own.training,
      validation: own.validation)
    let judged = try ExampleJudgement(Self.training(kind).fit(told), settings: Self.settings())
    #expect(try judged.measured()["AUROC"]!.value == 1)
  }

  @Test("a model is only asked what it learned to answer")
  func otherQuestions() throws {
    let market = try BurstMarket(buyers: 30)
    let events = try EventGraph(market.graph, target: "buyer")
    var fitted = try Self.training(.logistic).fit(market.examples, in: events).model
    let empty = try MarketGraphBuilder(
      Schema(name: "other", nodeTypes: [NodeType(name: "shop")], relations: [])
    ).finished()
    #expect { try fitted.events(of: empty) } throws: {
      "\($0)".contains("There is no node type \"buyer\"") && "\($0)".contains("train a model on this graph")
    }
    // A buyer without orders has not what the columns are of.
    var builder = MarketGraphBuilder(
      Schema(
        name: "other", nodeTypes: [NodeType(name: "buyer", columns: [ColumnType("noise", .number)])],
        relations: []))
    try builder.addNodes("buyer", keys: ["B0", "B1"], columns: ["noise": .numbers([1, 2])])
    let bare = try builder.finished()
    let table = ExampleTable(target: "buyer", nodes: [0, 1], asOf: [5, 5], labels: [0, 1])
    #expect(throws: (any Error).self) {
      try ExampleJudgement(fitted, on: table, in: fitted.events(of: bare))
    }
    fitted.card.examples = nil
    #expect(throws: TaskError.notOfExamples(model: "buyer/logistic")) {
      try ExampleJudgement(fitted, on: market.examples, in: events)
    }
  }

  @Test("auto takes what is best on validation, and says so")
  func auto() throws {
    let market = try BurstMarket(buyers: 30)
    let events = try EventGraph(market.graph, target: "buyer")
    let inputs = try Self.training().inputs(of: market.examples, in: events)
    let kinds: [ModelKind] = [.ensemble, .trees, .logistic]
    let cards = try kinds.map { try Self.training($0).fit(inputs).model.card }
    let worths = cards.map { $0.metrics["validation AUROC"]! + $0.metrics["validation AUPRC"]! }
    let best = worths.indices.reduce(0) { worths[$1] > worths[$0] ? $1 : $0 }
    let chosen = try Self.training(.auto).fit(inputs).model.card
    #expect(chosen.kind == .auto && chosen.parts == cards[best].parts)
    #expect(chosen.calibration == cards[best].calibration && chosen.threshold == cards[best].threshold)
    let note = try #require(chosen.notes.first { $0.hasPrefix("Tried") })
    #expect(note.hasSuffix("Chosen by it: \(kinds[best].rawValue)."))
    for kind in kinds {
      #expect(note.contains(kind.rawValue + " 0.") || note.contains(kind.rawValue + " 1."))
    }
  }

  @Test("of blends the best is taken, of equals the fixed one, and that too where validation cannot tell")
  func choice() throws {
    func member(_ kind: ModelKind, _ said: [Double]) -> ExampleTraining.Member {
      ExampleTraining.Member(
        part: ModelCard.Part(
          kind: kind, file: kind.rawValue, features: FeatureSet(target: "", features: []),
          scaling: ColumnScaling(training: [])), body: .propagation(LabelPropagation()), validation: said)
    }
    let truth = [false, true, false, true]
    let good = member(.logistic, [0.1, 0.9, 0.2, 0.8])
    let poor = member(.trees, [0.9, 0.1, 0.8, 0.2])
    let both = ExampleTraining.Blend(poor, good)
    #expect(zip(both.validation, [0.66, 0.34, 0.62, 0.38]).allSatisfy { abs($0 - $1) < 1e-12 })
    let others = [ExampleTraining.Blend([poor]), ExampleTraining.Blend([good])]
    #expect(both.orBetter(others, truth: truth).name == "logistic")
    let same = ExampleTraining.Blend(good, good).orBetter([.init([good])], truth: truth)
    #expect(same.name == "ensemble" && same.notes[0].contains("ensemble 1.000, logistic 1.000"))
    for truth in [[], [false, false, false, false]] {
      let taken = both.orBetter(others, truth: truth)
      #expect(taken.name == "ensemble" && taken.notes[0].contains("nothing was chosen"))
    }
  }

  @Test(
    "without validation rows auto and the blend are still trained", arguments: [ModelKind.auto, .ensemble])
  func noValidation(kind: ModelKind) throws {
    let market = try BurstMarket(buyers: 12)
    let all = market.examples
    let table = ExampleTable(
      target: "buyer", nodes: all.nodes, asOf: all.asOf, labels: all.labels,
      splits: all.splits!.map { $0 == .test ? .test : .train })
    let fitted = try Self.training(kind).fit(table, in: EventGraph(market.graph, target: "buyer"))
    #expect(fitted.model.card.parts.count == 2 && fitted.model.card.calibration == .none)
    #expect(fitted.model.card.notes.contains { $0.contains("scores are not calibrated") })
    #expect(try ExampleJudgement(fitted).measured()["AUROC"]!.value > 0.8)
  }
}
