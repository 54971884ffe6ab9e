// Areas under the two curves of a ranking.

extension Ranking {
  /// The chance that a random positive row is scored above a random negative one; equal scores count half.
  ///
  /// Fawcett: An introduction to ROC analysis (2006).
  public var areaUnderROC: Double {
    var above = 0
    var area = 0.0
    for group in scores.indices {
      area += Double(negatives[group]) * (Double(above) + Double(positives[group]) / 2)
      above += positives[group]
    }
    return area / (Double(positiveCount) * Double(negativeCount))
  }

  /// Average precision: the precision at each threshold, weighted by the recall that it adds. This is the area
  /// under the precision-recall curve without interpolation, which would flatter.
  ///
  /// Davis & Goadrich: The relationship between precision-recall and ROC curves (2006).
  public var averagePrecision: Double {
    var found = 0
    var looked = 0
    var area = 0.0
    for group in scores.indices {
      found += positives[group]
      looked += positives[group] + negatives[group]
      guard positives[group] > 0 else { continue }
      area += Double(positives[group]) * Double(found) / Double(looked)
    }
    return area / Double(positiveCount)
  }

  /// The curve of false against true positives, from (0, 0) to (1, 1), a point for each threshold.
  public var rocCurve: [(falsePositiveRate: Double, truePositiveRate: Double)] {
    var found = 0
    var wrong = 0
    var points = [(falsePositiveRate: 0.0, truePositiveRate: 0.0)]
    for group in scores.indices {
      found += positives[group]
      wrong += negatives[group]
      points.append((Double(wrong) / Double(negativeCount), Double(found) / Double(positiveCount)))
    }
    return points
  }

  /// Recall and precision for each threshold, from the strictest on.
  public var precisionRecallCurve: [(recall: Double, precision: Double)] {
    var found = 0
    var looked = 0
    return scores.indices.map { group in
      found += positives[group]
      looked += positives[group] + negatives[group]
      return (Double(found) / Double(positiveCount), Double(found) / Double(looked))
    }
  }
}
