// Isotonic regression: the rising step function nearest to what was seen.
//
// Walk the scores upwards, each with its share of positives. Where a share is lower than the one before, the two
// pool into one block with their common mean, and so on backwards until the blocks rise again: pool adjacent violators.
// Between blocks the fitted function goes straight, beyond the ends it is flat.
//
// Barlow, Bartholomew, Bremner, Brunk: Statistical inference under order restrictions (1972);
// Zadrozny & Elkan: Transforming classifier scores into accurate multiclass probability estimates (2002).

import Compute

/// A rising map from scores to probabilities, fitted without assuming a shape. Wants some hundreds of rows.
///
///     let calibration = try IsotonicCalibration.fit(scores: scores, labels: labels)
///     calibration.probability(of: 0.7)
public struct IsotonicCalibration: Sendable, Equatable, Codable {
  /// Rising scores, and the probability at each.
  public let scores: [Double]
  public let probabilities: [Double]

  /// Costs a sort. Needs both labels.
  public static func fit(scores: [Double], labels: [Bool]) throws(LearningError) -> IsotonicCalibration {
    let ranking = try Ranking(scores: scores, labels: labels)
    var blocks: [Block] = []
    for group in ranking.scores.indices.reversed() {
      blocks.append(
        Block(
          low: ranking.scores[group], high: ranking.scores[group], positives: ranking.positives[group],
          count: ranking.positives[group] + ranking.negatives[group]))
      while blocks.count > 1, blocks[blocks.count - 1].mean <= blocks[blocks.count - 2].mean {
        let upper = blocks.removeLast()
        blocks[blocks.count - 1].pool(upper)
      }
    }
    var xs: [Double] = []
    var ys: [Double] = []
    for block in blocks {
      xs.append(block.low)
      ys.append(block.mean)
      if block.high > block.low {
        xs.append(block.high)
        ys.append(block.mean)
      }
    }
    return IsotonicCalibration(scores: xs, probabilities: ys)
  }

  /// A binary search and a straight line.
  public func probability(of score: Double) -> Double {
    let low = scores.indices.partitionPoint { scores[$0] <= score }
    if low == 0 { return probabilities[0] }
    if low == scores.count { return probabilities[low - 1] }
    let share = (score - scores[low - 1]) / (scores[low] - scores[low - 1])
    return probabilities[low - 1] + share * (probabilities[low] - probabilities[low - 1])
  }

  private struct Block {
    var low: Double
    var high: Double
    var positives: Int
    var count: Int
    var mean: Double { Double(positives) / Double(count) }

    mutating func pool(_ upper: Block) {
      high = upper.high
      positives += upper.positives
      count += upper.count
    }
  }
}
