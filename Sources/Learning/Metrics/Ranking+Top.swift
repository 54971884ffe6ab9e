// What a reviewer who reads the ranking from the top finds.

extension Ranking {
  /// How many positives are among the first `k` rows. Where equal scores straddle the end, the number to be
  /// expected if chance decides which of them are read.
  public func found(inTop k: Int) -> Double {
    var left = min(max(0, k), count)
    var found = 0.0
    for group in scores.indices where left > 0 {
      let size = positives[group] + negatives[group]
      guard size > 0 else { continue }
      let read = min(size, left)
      found += Double(positives[group]) * Double(read) / Double(size)
      left -= read
    }
    return found
  }

  /// The share of positives among the first `k` rows. With fewer rows than `k`, among all.
  public func precision(atTop k: Int) -> Double {
    let read = min(max(0, k), count)
    return read == 0 ? 0 : found(inTop: read) / Double(read)
  }

  /// The share of all positives that is among the first `k` rows.
  public func recall(atTop k: Int) -> Double { found(inTop: k) / Double(positiveCount) }

  /// How many rows a budget allows: a share of all rows, at least one.
  public func rows(atBudget share: Double) -> Int {
    max(1, Int((share * Double(count)).rounded()))
  }

  /// Precision when a share of all rows can be reviewed: `precision(atBudget: 0.05)` for five in a hundred.
  public func precision(atBudget share: Double) -> Double { precision(atTop: rows(atBudget: share)) }

  public func recall(atBudget share: Double) -> Double { recall(atTop: rows(atBudget: share)) }

  /// The most that can be found while at least `precision` of what is flagged is right; 0 where no threshold gets there.
  public func recall(atPrecision precision: Double) -> Double {
    precisionRecallCurve.reduce(0) { $1.precision >= precision ? max($0, $1.recall) : $0 }
  }

  /// The best precision of a threshold that finds at least the share `recall` of the positives.
  public func precision(atRecall recall: Double) -> Double {
    precisionRecallCurve.reduce(0) { $1.recall >= recall ? max($0, $1.precision) : $0 }
  }
}
