/// The curves of a ranking as points, ready to be drawn or written down.
public struct Curves: Sendable, Equatable {
  public struct Point: Sendable, Equatable, Codable {
    public let x: Double
    public let y: Double
  }

  /// False positive rate against true positive rate, from (0, 0) to (1, 1).
  public let roc: [Point]
  /// Recall against precision, from the strictest threshold on.
  public let precisionRecall: [Point]
  /// Mean score against share of positives, for bins of equal width; and how many rows each holds.
  public let calibration: [CalibrationBin]

  /// At most about `points` points a curve: of more, those evenly spaced along it, and always the ends.
  public init(_ ranking: Ranking, points: Int = 400) {
    roc = Curves.thinned(
      ranking.rocCurve.map { Point(x: $0.falsePositiveRate, y: $0.truePositiveRate) }, points)
    precisionRecall = Curves.thinned(
      ranking.precisionRecallCurve.map { Point(x: $0.recall, y: $0.precision) }, points)
    calibration = ranking.calibration()
  }

  private static func thinned(_ all: [Point], _ count: Int) -> [Point] {
    guard all.count > count, count >= 2 else { return all }
    return (0..<count).map { all[$0 * (all.count - 1) / (count - 1)] }
  }
}
