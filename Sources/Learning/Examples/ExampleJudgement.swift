import Compute
import Features

/// What a model that was fitted on examples is worth on those for test, or else on those for validation.
public struct ExampleJudgement: Sendable {
  public let rowName: String
  /// The judged examples' places in the table, with their calibrated scores.
  public let places: [Int]
  public let scores: [Double]
  public private(set) var figures: [(String, Estimate)] = []
  /// The share of judged examples whose probability is above a half.
  public let alarms: Double
  /// What is to be known before anybody trusts the scores.
  public let warning: String?

  public init(_ fitted: ExampleTraining.Fitted) throws {
    let table = fitted.examples
    var places = table.places(.test)
    let isTest = !places.isEmpty
    if !isTest { places = table.places(.validation) }
    guard !places.isEmpty else {
      throw ExampleError.noRows(
        split: "test", reason: "there are none for validation either, so nothing can be measured")
    }
    rowName = "\(places.count) \(isTest ? "test" : "validation") examples"
    self.places = places
    let card = fitted.model.card
    let raw =
      card.neighbourhoods == nil
      ? try fitted.model.rawScores(fitted.matrix.rows(at: places))
      : try fitted.model.rawScores(of: table.rows(places), in: fitted.events)
    scores = raw.map { card.calibration.probability(of: $0) }
    alarms = Double(scores.lazy.filter { $0 > 0.5 }.count) / Double(scores.count)
    warning = card.regime?.finding(on: fitted.matrix, rows: places)?.warning
    let labels = places.map { table.labels[$0] == 1 }
    guard labels.contains(true), labels.contains(false) else { return }
    let bootstrap = Bootstrap(samples: 500)
    let measures: [(String, @Sendable (Ranking) -> Double)] = [
      ("AUROC", { $0.areaUnderROC }), ("AUPRC", { $0.averagePrecision }),
      ("recall at 5 % reviewed", { $0.recall(atBudget: 0.05) }),
      ("precision at 5 % reviewed", { $0.precision(atBudget: 0.05) }),
    ]
    // The blend's own order: calibration's steps would tie what it tells apart.
    for (name, measure) in measures {
      figures.append((name, try bootstrap.estimate(scores: raw, labels: labels, measure)))
    }
  }
}
