// How well scores do as probabilities.

/// One bin of a calibration plot: rows whose scores lie near each other.
public struct CalibrationBin: Sendable, Equatable {
  public let meanScore: Double
  public let positiveShare: Double
  public let count: Int
}

extension Ranking {
  /// The mean squared distance between score and label. Needs scores between 0 and 1 to mean anything.
  ///
  /// Brier: Verification of forecasts expressed in terms of probability (1950).
  public var brierScore: Double {
    var sum = 0.0
    for group in scores.indices {
      let score = scores[group]
      sum += Double(positives[group]) * (1 - score) * (1 - score) + Double(negatives[group]) * score * score
    }
    return sum / Double(count)
  }

  /// Bins of equal width over 0...1; empty ones are left out. A score on a border belongs to the upper bin, 1 to the last.
  public func calibration(bins: Int = 10) -> [CalibrationBin] {
    let bins = max(1, bins)
    var sums = [Double](repeating: 0, count: bins)
    var found = [Int](repeating: 0, count: bins)
    var sizes = [Int](repeating: 0, count: bins)
    for group in scores.indices {
      let bin = min(bins - 1, Int(max(0, min(1, scores[group])) * Double(bins)))
      let size = positives[group] + negatives[group]
      sums[bin] += scores[group] * Double(size)
      found[bin] += positives[group]
      sizes[bin] += size
    }
    return (0..<bins).filter { sizes[$0] > 0 }.map {
      CalibrationBin(
        meanScore: sums[$0] / Double(sizes[$0]), positiveShare: Double(found[$0]) / Double(sizes[$0]),
        count: sizes[$0])
    }
  }

  /// Expected calibration error: how far mean score and share of positives lie apart, on average over the rows.
  ///
  /// Naeini, Cooper, Hauskrecht: Obtaining well calibrated probabilities using Bayesian binning (2015).
  public func calibrationError(bins: Int = 10) -> Double {
    calibration(bins: bins).reduce(0) {
      $0 + Double($1.count) / Double(count) * abs($1.meanScore - $1.positiveShare)
    }
  }
}
