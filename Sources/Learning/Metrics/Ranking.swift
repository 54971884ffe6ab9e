// What a scorer achieved on rows of two classes, as counts along its ranking.
//
// Rows are sorted once by falling score, and rows with the same score make one group: no threshold can tell them
// apart, so every figure treats them together. A group is its score, its positives and its negatives, and every
// metric is a function of these groups. A bootstrap sample is then the same groups with other counts, and costs no
// further sort.

/// The groups of equal scores, from the highest down, with how many positive and negative rows each holds.
///
///     let ranking = try Ranking(scores: [0.9, 0.8, 0.8, 0.1], labels: [true, false, true, false])
///     ranking.areaUnderROC        // 0.875
///
/// Making one costs a sort; most metrics cost a pass over the groups.
public struct Ranking: Sendable {
  /// Falling, each once.
  public let scores: [Double]
  public let positives: [Int]
  public let negatives: [Int]
  public let positiveCount: Int
  public let negativeCount: Int

  /// Needs: a finite score for each label, and both labels at least once.
  public init(scores: [Double], labels: [Bool]) throws(LearningError) {
    let (ranking, _) = try Ranking.grouping(scores: scores, labels: labels)
    self = ranking
  }

  public init(scores: [Float], labels: [Bool]) throws(LearningError) {
    try self.init(scores: scores.map(Double.init), labels: labels)
  }

  init(scores: [Double], positives: [Int], negatives: [Int]) {
    self.scores = scores
    self.positives = positives
    self.negatives = negatives
    positiveCount = positives.reduce(0, +)
    negativeCount = negatives.reduce(0, +)
  }

  public var count: Int { positiveCount + negativeCount }

  /// The share of positive rows: what a ranking that knows nothing has as its precision everywhere.
  public var prevalence: Double { Double(positiveCount) / Double(count) }

  /// The ranking, and for each row the place of its group.
  static func grouping(
    scores: [Double], labels: [Bool]
  ) throws(LearningError) -> (ranking: Ranking, groupOfRow: [Int32]) {
    guard scores.count == labels.count else {
      throw .differentLengths(what: "scores", count: scores.count, other: "labels", otherCount: labels.count)
    }
    guard !scores.isEmpty else { throw .noRows(what: "rows to measure") }
    if let row = scores.firstIndex(where: { !$0.isFinite }) { throw .notFinite(what: "scores", row: row) }
    let order = scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
    var values: [Double] = []
    var positives: [Int] = []
    var negatives: [Int] = []
    var groupOfRow = [Int32](repeating: 0, count: scores.count)
    for row in order {
      if values.last != scores[row] {
        values.append(scores[row])
        positives.append(0)
        negatives.append(0)
      }
      if labels[row] { positives[values.count - 1] += 1 } else { negatives[values.count - 1] += 1 }
      groupOfRow[row] = Int32(values.count - 1)
    }
    let ranking = Ranking(scores: values, positives: positives, negatives: negatives)
    guard ranking.positiveCount > 0, ranking.negativeCount > 0 else {
      throw .oneClassOnly(
        what: "rows", label: ranking.positiveCount > 0 ? "1" : "0", count: ranking.count)
    }
    return (ranking, groupOfRow)
  }
}
