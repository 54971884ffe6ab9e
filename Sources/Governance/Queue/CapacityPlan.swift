// Where to draw the line: how many reviews a team can do, what a missed risk and a needless review cost, and calibrated
// probabilities say which cases are worth looking at and what to expect.

import Foundation

/// What is to be expected at a line.
public struct LineOutlook: Sendable, Equatable {
  /// The least probability that is reviewed.
  public let line: Double
  public let reviews: Int
  public let precision: Double
  /// 95 %, from the chance in each probability; that they are calibrated is taken for granted.
  public let precisionInterval: (low: Double, high: Double)
  /// The share of all risky ones that are caught.
  public let caught: Double
  /// Cost avoided less the cost of needless reviews.
  public let value: Double
  public let valueInterval: (low: Double, high: Double)

  public static func == (a: LineOutlook, b: LineOutlook) -> Bool {
    a.line == b.line && a.reviews == b.reviews && a.precision == b.precision && a.caught == b.caught
      && a.value == b.value
  }
}

public struct CapacityPlan: Sendable, Equatable {
  /// Where reviewing one more costs more than it is worth: cost of false over both costs.
  public let worthwhileLine: Double
  public let reviewsPerDay: Int
  /// The line to draw: the worthwhile one, or where the day is full.
  public let chosen: LineOutlook
  /// What would be at other numbers of reviews.
  public let alternatives: [LineOutlook]
  /// Whether there are more worthwhile cases than reviews.
  public let isFull: Bool

  /// - probabilities: calibrated, of all candidates.
  ///
  /// Needs: positive costs. Costs a sort.
  public init(
    probabilities: [Double], reviewsPerDay: Int, costOfMissing: Double, costOfFalse: Double
  ) throws(GovernanceError) {
    guard reviewsPerDay > 0 else {
      throw .badSetting(name: "--reviewers", reason: "somebody has to review something")
    }
    guard costOfMissing > 0, costOfFalse >= 0 else {
      throw .badSetting(name: "--cost-of-missing", reason: "costs are positive numbers")
    }
    let sorted = probabilities.filter { $0.isFinite }.sorted(by: >)
    let all = sorted.reduce(0, +)
    let line = costOfFalse / (costOfMissing + costOfFalse)
    func outlook(_ reviews: Int) -> LineOutlook {
      let taken = sorted.prefix(reviews)
      let hits = taken.reduce(0, +)
      // A sum of unequal coins: its variance is the sum of theirs.
      let spread = 1.959964 * taken.reduce(0) { $0 + $1 * (1 - $1) }.squareRoot()
      let count = Double(max(1, taken.count))
      func value(_ hits: Double) -> Double {
        hits * costOfMissing - (Double(taken.count) - hits) * costOfFalse
      }
      let (low, high) = (max(0, hits - spread), min(Double(taken.count), hits + spread))
      return LineOutlook(
        line: taken.last ?? 1, reviews: taken.count, precision: hits / count,
        precisionInterval: (low / count, high / count),
        caught: all > 0 ? hits / all : 0, value: value(hits), valueInterval: (value(low), value(high)))
    }
    let worthwhile = sorted.count { $0 >= line }
    worthwhileLine = line
    self.reviewsPerDay = reviewsPerDay
    isFull = worthwhile > reviewsPerDay
    chosen = outlook(min(worthwhile, reviewsPerDay))
    let counts = [0.25, 0.5, 1, 1.5, 2, 4].map { Int((Double(reviewsPerDay) * $0).rounded()) }
    alternatives = Set(counts.filter { $0 > 0 && $0 <= sorted.count }).sorted().map { outlook($0) }
  }
}
