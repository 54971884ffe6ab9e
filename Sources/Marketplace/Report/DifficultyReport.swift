import Compute
import Foundation
import Graph
import Learning
import Tables

// How hard a market is to learn from, measured as a platform would live it: learn on the labels that were known at the
// as-of time, from what was visible then, and judge by the truth of the time after it. Merchants who were labelled by then
// have taught and are not judged; nor are those whose deeds were over.

/// How well the risky merchants of a written market can be told.
public struct DifficultyReport: Sendable {
  /// The merchants who taught, the risky among them, and likewise those who are judged.
  public var taught = 0
  public var taughtRisky = 0
  public var judged = 0
  public var judgedRisky = 0
  /// The areas under the ROC curve.
  public var bestColumn = ("", 0.5)
  public var logisticOwn = 0.5
  public var treesOwn = 0.5
  public var treesNeighbours = 0.5
  /// Of a classifier that sees the key's letters, the row's place and the digits of the opening time alone: taught by the
  /// truth itself on four fifths of all merchants and judged on the fifth, in turn. As many positives as there are, since
  /// chance moves such an area by 0.29 over the root of their number.
  public var treesKeys = 0.5

  /// What is promised of `medium` with the default settings, and whether it holds.
  public var promises: [(promise: String, holds: Bool)] {
    [
      ("no single own column above 0.75", bestColumn.1 <= 0.75),
      ("logistic regression on own columns 0.68 to 0.80", (0.68...0.80).contains(logisticOwn)),
      ("trees on own columns 0.72 to 0.86", (0.72...0.86).contains(treesOwn)),
      ("neighbours bring at least 0.06", treesNeighbours - treesOwn >= 0.06),
      ("nobody reaches 0.985", max(logisticOwn, treesOwn, treesNeighbours) < 0.985),
      ("keys, order and digits 0.50 ± 0.02", abs(treesKeys - 0.5) <= 0.02),
    ]
  }

  /// Reads a market that was written to `folder`, and learns as of a time (the start of the last quarter); `medium` takes some twenty seconds.
  public init(
    folder: String, format: GeneratorOptions.Format,
    asOf: Timestamp? = nil,
    progress: ProgressSink = .silent, stop: StopRequest = StopRequest()
  ) throws {
    let table = try MerchantTable(
      folder: folder, format: format, asOf: asOf ?? Timestamp(seconds: Calendar.lastQuarter), stop: stop)
    let own = table.matrix { $0.hasPrefix("own_") }
    let all = table.matrix { $0.hasPrefix("own_") || $0.hasPrefix("near_") }
    let keys = table.matrix { $0.hasPrefix("key_") }
    taught = table.taught.count
    taughtRisky = table.labels.count { $0 == 1 }
    judged = table.judged.count
    judgedRisky = table.truth.count { $0 }
    guard taughtRisky >= 5, taughtRisky < taught, judgedRisky >= 5, judgedRisky < judged else {
      throw MarketplaceError.cannotReport(
        reason:
          "only \(taughtRisky) risky merchants were known at the as-of time and \(judgedRisky) came after it; "
          + "make a larger market, or one with more risk or label coverage")
    }
    for column in 0..<own.columns {
      let values = LogisticRegression.filled(table.judged.map { own[$0, column] })
      let area = try Ranking(scores: values, labels: table.truth).areaUnderROC
      if max(area, 1 - area) > bestColumn.1 {
        bestColumn = (String(own.columnNames![column].dropFirst(4)), max(area, 1 - area))
      }
    }
    logisticOwn = try area(
      of: LogisticRegression(own.rows(at: table.taught), labels: table.labels).scores(
        own.rows(at: table.judged)),
      table)
    treesOwn = try treesArea(own, table, progress, stop)
    treesNeighbours = try treesArea(all, table, progress, stop)
    treesKeys = try treesKeysArea(keys, table.everRisky, progress, stop)
  }

  private static let folds = 5

  private func treesKeysArea(
    _ keys: Matrix, _ isRisky: [Bool], _ progress: ProgressSink, _ stop: StopRequest
  ) throws -> Double {
    // Rows come in the order of their keys, which are random letters: every fifth row is a random fifth.
    var sum = 0.0
    for fold in 0..<DifficultyReport.folds {
      let kept = isRisky.indices.filter { $0 % DifficultyReport.folds != fold }
      let judged = isRisky.indices.filter { $0 % DifficultyReport.folds == fold }
      let rows = LabelledRows(columns: keys.rows(at: kept), classes: kept.map { isRisky[$0] ? 1 : 0 })
      let model = try Trees(DifficultyReport.settings(repeats: 1)).fit(rows, progress: progress, stop: stop)
      sum += try Ranking(scores: model.scores(keys.rows(at: judged)), labels: judged.map { isRisky[$0] })
        .areaUnderROC
    }
    return sum / Double(DifficultyReport.folds)
  }

  /// Few positives: small, many and cautious trees.
  private static func settings(repeats: Int) -> TreeSettings {
    TreeSettings(
      rounds: 400, learningRate: 0.03, depth: 3, leafWeight: 8, rowShare: 0.7, columnShare: 0.3, l2: 6,
      repeats: repeats)
  }

  private func area(of scores: [Float], _ table: MerchantTable) throws -> Double {
    try Ranking(scores: scores, labels: table.truth).areaUnderROC
  }

  private func treesArea(
    _ columns: Matrix, _ table: MerchantTable, _ progress: ProgressSink, _ stop: StopRequest
  ) throws -> Double {
    let rows = LabelledRows(columns: columns.rows(at: table.taught), classes: table.labels)
    // Three runs with other seeds, averaged.
    let model = try Trees(DifficultyReport.settings(repeats: 3)).fit(rows, progress: progress, stop: stop)
    return try area(of: model.scores(columns.rows(at: table.judged)), table)
  }
}
