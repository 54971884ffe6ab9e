// Several figures from the same samples: drawing costs more than measuring.

import Compute

extension Bootstrap {
  /// Several metrics of one scorer, each with its interval.
  public func estimates(
    scores: [Double], labels: [Bool], _ measures: [RankingMeasure]
  ) throws(LearningError) -> [Estimate] {
    let (ranking, groups) = try Ranking.grouping(scores: scores, labels: labels)
    let figures = figures(labels: labels) { draw in
      let sample = ranking.resampled(draw, groups)
      return measures.map { $0.value(sample) }
    }
    return measures.indices.map { place in
      interval(value: measures[place].value(ranking), figures.map { $0[place] })
    }
  }

  /// How much more `scores` achieves than `baseline` on the same rows, by several metrics.
  public func differences(
    scores: [Double], baseline: [Double], labels: [Bool], _ measures: [RankingMeasure]
  ) throws(LearningError) -> [Estimate] {
    let (a, groupsOfA) = try Ranking.grouping(scores: scores, labels: labels)
    let (b, groupsOfB) = try Ranking.grouping(scores: baseline, labels: labels)
    let figures = figures(labels: labels) { draw in
      let (one, other) = (a.resampled(draw, groupsOfA), b.resampled(draw, groupsOfB))
      return measures.map { $0.value(one) - $0.value(other) }
    }
    return measures.indices.map { place in
      interval(
        value: measures[place].value(a) - measures[place].value(b), figures.map { $0[place] })
    }
  }
}
