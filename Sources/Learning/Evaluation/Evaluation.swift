// What a model is worth: figures with intervals on rows that had no say in it, the same against a model without the graph, and
// the figures of parts of the rows.

import Compute
import Graph

/// Figures of one model on judged rows.
public struct Evaluation: Sendable {
  public struct Figure: Sendable, Equatable {
    public let name: String
    public let estimate: Estimate

    public init(_ name: String, _ estimate: Estimate) {
      self.name = name
      self.estimate = estimate
    }
  }

  /// The figures of a part of the rows: of one category, say, or one month.
  public struct Part: Sendable {
    public let by: String
    public let value: String
    public let rows: Int
    public let positives: Int
    /// Empty where a part has not both classes.
    public var figures: [Figure]
    public var graphAdds: [Figure]
  }

  public let rows: Int
  public let positives: Int
  public let figures: [Figure]
  /// What the model has more than the same model without the graph; empty where there is none to compare with.
  public let graphAdds: [Figure]
  public var parts: [Part] = []
  /// Of two classes, for curves; nil for many.
  public let ranking: Ranking?
  public var curves: Curves? { ranking.map { Curves($0) } }

  public subscript(name: String) -> Estimate? { figures.first { $0.name == name }?.estimate }

  /// Two classes. `baseline` are the scores without the graph for the same rows.
  public init(
    scores: [Double], baseline: [Double]? = nil, labels: [Bool], settings: EvaluationSettings
  ) throws(LearningError) {
    let measures = settings.measures
    figures = zip(measures, try settings.bootstrap.estimates(scores: scores, labels: labels, measures)).map {
      Figure($0.name, $1)
    }
    graphAdds = try Evaluation.gains(scores, baseline, labels, settings)
    rows = labels.count
    positives = labels.count { $0 }
    ranking = try Ranking(scores: scores, labels: labels)
  }

  /// Many classes: accuracy and macro-F1.
  public init(
    probabilities: Matrix, classes: [Int], classCount: Int, settings: EvaluationSettings
  ) throws(LearningError) {
    let chosen = highestClass((0..<probabilities.rows).map { probabilities.row($0) })
    let table = try ClassTable(predicted: chosen, truth: classes, classes: classCount)
    let stream = settings.bootstrap.seed.stream(for: "bootstrap of classes")
    var samples: [(Double, Double)] = []
    for sample in 0..<settings.bootstrap.samples {
      var numbers = stream.generator(item: sample)
      let drawn = classes.map { _ in Int.random(in: 0..<classes.count, using: &numbers) }
      let own = try ClassTable(
        predicted: drawn.map { chosen[$0] }, truth: drawn.map { classes[$0] }, classes: classCount)
      samples.append((own.accuracy, own.macroF1))
    }
    figures = [
      Figure("accuracy", settings.bootstrap.interval(value: table.accuracy, samples.map(\.0))),
      Figure("macro-F1", settings.bootstrap.interval(value: table.macroF1, samples.map(\.1))),
    ]
    graphAdds = []
    rows = classes.count
    positives = 0
    ranking = nil
  }

  static func gains(
    _ scores: [Double], _ baseline: [Double]?, _ labels: [Bool], _ settings: EvaluationSettings
  ) throws(LearningError) -> [Figure] {
    guard let baseline else { return [] }
    let measures = RankingMeasure.gains(budget: settings.budget)
    let found = try settings.bootstrap.differences(
      scores: scores, baseline: baseline, labels: labels, measures)
    return zip(measures, found).map { Figure($0.name, $1) }
  }

  /// Whether the graph surely adds something, by the first of its gains; nil where that was not measured.
  public var graphSurelyAdds: Bool? { graphAdds.first.map { $0.estimate.low > 0 } }

  /// A sentence on what the graph adds, loud where it is nothing.
  public var verdict: String {
    guard let surely = graphSurelyAdds else { return "There is no model without the graph to compare with." }
    let told = graphAdds.map { "\($0.name) \($0.estimate)" }.joined(separator: ", ")
    if surely { return "The graph adds: \(told)." }
    let least = graphAdds[0].estimate
    return least.high < 0
      ? "THE GRAPH MAKES IT WORSE: \(told). Use the model without it."
      : "THE GRAPH DOES NOT SURELY ADD ANYTHING: \(told)."
  }
}

/// What is measured, and how.
public struct EvaluationSettings: Sendable {
  /// The share of nodes that can be reviewed.
  public var budget = 0.05
  /// How many of the first are looked at.
  public var top = 100
  public var atPrecision = 0.9
  public var atRecall = 0.5
  /// For F1; chosen on validation, never on the rows that are judged.
  public var threshold: Double?
  public var bootstrap = Bootstrap(samples: 500)

  public init() {}

  var measures: [RankingMeasure] {
    RankingMeasure.standard(
      budget: budget, top: top, threshold: threshold, atPrecision: atPrecision, atRecall: atRecall)
  }
}
