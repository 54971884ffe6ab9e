// What a threshold decides right and wrong.

/// The four counts of a decision between two classes.
public struct Confusion: Sendable, Equatable {
  public var truePositives = 0
  public var falsePositives = 0
  public var falseNegatives = 0
  public var trueNegatives = 0

  public var precision: Double { ratio(truePositives, truePositives + falsePositives) }
  public var recall: Double { ratio(truePositives, truePositives + falseNegatives) }
  /// The harmonic mean of precision and recall; 0 where nothing right was flagged.
  public var f1: Double { ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives) }
  public var accuracy: Double {
    ratio(truePositives + trueNegatives, truePositives + trueNegatives + falsePositives + falseNegatives)
  }
}

extension Ranking {
  /// What happens when every row scored `threshold` or more is flagged.
  public func confusion(at threshold: Double) -> Confusion {
    var result = Confusion()
    for group in scores.indices {
      if scores[group] >= threshold {
        result.truePositives += positives[group]
        result.falsePositives += negatives[group]
      } else {
        result.falseNegatives += positives[group]
        result.trueNegatives += negatives[group]
      }
    }
    return result
  }

  public func f1(at threshold: Double = 0.5) -> Double { confusion(at: threshold).f1 }

  /// The threshold with the highest F1, the highest of equals. Choose it on validation, not on test.
  public var bestThreshold: (threshold: Double, f1: Double) {
    var best = (threshold: scores[0], f1: -1.0)
    var counts = Confusion(falseNegatives: positiveCount, trueNegatives: negativeCount)
    for group in scores.indices {
      counts.truePositives += positives[group]
      counts.falseNegatives -= positives[group]
      counts.falsePositives += negatives[group]
      counts.trueNegatives -= negatives[group]
      if counts.f1 > best.f1 { best = (scores[group], counts.f1) }
    }
    return best
  }
}

private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
