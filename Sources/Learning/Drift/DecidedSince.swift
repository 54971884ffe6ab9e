// What came out since a model was trained, judged by the scores that it gave before.

import Compute
import Features
import Graph

/// Nodes whose label became known after a moment, with the scores of that moment: nothing that came later had a say in them.
public struct DecidedSince: Sendable {
  public let from: Timestamp
  public let scores: [Double]
  public let labels: [Bool]
  /// Whether good ones are marked, too. If not, everybody visible who was not marked bad counts as good.
  public let marksGood: Bool
  /// How many were known to be bad before.
  public let badBefore: Int
  /// nil where only one class came out.
  public let areaUnderROC: Estimate?
  public let calibration: CalibrationTest
  public let bins: [CalibrationBin]

  public var badSince: Int { labels.count { $0 } }

  /// Scores everybody as of `from`. `to` ends what is known; nil: all that there is. Needs: a model of two classes.
  public init(
    _ model: TrainedModel, in graph: MarketGraph, from: Timestamp, to: Timestamp? = nil,
    bootstrap: Bootstrap = Bootstrap(samples: 300), progress: ProgressSink = .silent
  ) throws {
    let sight = try NodeTask.sight(of: model.card, graph, asOf: from)
    let table = try sight.view.nodes(of: model.card.target)
    let labels = try NodeLabels(table, column: model.card.label)
    guard labels.classNames.count <= 2 else {
      throw TaskError.notTwoClasses(column: labels.column, classes: labels.classNames.count)
    }
    let marksGood = labels.classNames.count == 2 && labels.classes.contains(0)
    let all = try model.scores(sight, progress: progress)
    var (scores, truth, before) = ([Double](), [Bool](), 0)
    for node in try sight.view.visibleNodes(of: model.card.target) {
      if labels.isKnown(node, before: from) {
        if labels.isBad(node) { before += 1 }
        // A good one without a day was never looked at: it may still turn out bad, and counts as good until then.
        let isUndated = labels.known.map { $0[node] == Column.missingTime } ?? false
        if labels.isBad(node) || !isUndated { continue }
      }
      let isKnown = labels.isKnown(node, before: to)
      guard isKnown || !marksGood else { continue }
      scores.append(all[node])
      truth.append(isKnown && labels.isBad(node))
    }
    self.from = from
    self.scores = scores
    self.labels = truth
    self.marksGood = marksGood
    badBefore = before
    calibration = CalibrationTest(probabilities: scores, labels: truth)
    let ranking = try? Ranking(scores: scores, labels: truth)
    bins = ranking?.calibration() ?? []
    areaUnderROC = try ranking.map { _ in
      try bootstrap.estimate(scores: scores, labels: truth) { $0.areaUnderROC }
    }
  }

  /// The share of bad ones among the `count` highest scores, with a bootstrap interval; nil where only one class came out.
  public func precision(inTop count: Int, bootstrap: Bootstrap = Bootstrap(samples: 300)) -> Estimate? {
    try? bootstrap.estimate(scores: scores, labels: labels) { $0.precision(atTop: count) }
  }
}

extension NodeLabels {
  /// Of two classes the second is the bad one.
  func isBad(_ node: Int) -> Bool { classes[node] == 1 }
}
