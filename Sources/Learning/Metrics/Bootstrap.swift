// How sure a figure is: the bootstrap.
//
// Draw as many rows as there are, with replacement, and measure again; the spread of the figures so got is the
// spread that other rows of the same kind would have given. Positives and negatives are drawn apart, so that a sample
// always has both. To compare two models the same rows are drawn for both: what they share then cancels.
//
// Efron & Tibshirani: An introduction to the bootstrap (1993).

import Compute

/// A figure with the range that holds it with the given confidence.
public struct Estimate: Sendable, Equatable, CustomStringConvertible {
  public let value: Double
  public let low: Double
  public let high: Double

  public init(value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// `0.871 (0.858 to 0.884)`
  public var description: String { "\(thousandths(value)) (\(thousandths(low)) to \(thousandths(high)))" }
}

/// `0.871`
func thousandths(_ number: Double) -> String {
  guard number.isFinite, abs(number) < 1e15 else { return "\(number)" }
  let thousandths = Int((abs(number) * 1000).rounded())
  let digits = String(thousandths % 1000)
  let sign = number < 0 && thousandths > 0 ? "-" : ""
  return "\(sign)\(thousandths / 1000).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
}

/// Draws samples and measures them. The same seed gives the same intervals on any number of threads.
public struct Bootstrap: Sendable {
  public var samples: Int
  public var confidence: Double
  public var seed: Seed
  public var parallel: Parallel

  public init(
    samples: Int = 1000, confidence: Double = 0.95, seed: Seed = Seed(1), parallel: Parallel = .machine
  ) {
    self.samples = max(1, samples)
    self.confidence = confidence
    self.seed = seed
    self.parallel = parallel
  }

  /// A metric of one scorer with its interval.
  ///
  ///     try Bootstrap().estimate(scores: scores, labels: labels) { $0.areaUnderROC }
  public func estimate(
    scores: [Double], labels: [Bool], _ metric: @Sendable (Ranking) -> Double
  ) throws(LearningError) -> Estimate {
    let (ranking, groups) = try Ranking.grouping(scores: scores, labels: labels)
    let figures = figures(labels: labels) { draw in metric(ranking.resampled(draw, groups)) }
    return interval(value: metric(ranking), figures)
  }

  /// How much more `scores` achieves than `baseline` on the same rows.
  public func difference(
    scores: [Double], baseline: [Double], labels: [Bool], _ metric: @Sendable (Ranking) -> Double
  ) throws(LearningError) -> Estimate {
    let (a, groupsOfA) = try Ranking.grouping(scores: scores, labels: labels)
    let (b, groupsOfB) = try Ranking.grouping(scores: baseline, labels: labels)
    let figures = figures(labels: labels) { draw in
      metric(a.resampled(draw, groupsOfA)) - metric(b.resampled(draw, groupsOfB))
    }
    return interval(value: metric(a) - metric(b), figures)
  }

  func figures<Figure: Sendable>(labels: [Bool], _ measure: @Sendable (Draw) -> Figure) -> [Figure] {
    let positives = labels.indices.filter { labels[$0] }
    let negatives = labels.indices.filter { !labels[$0] }
    let stream = seed.stream(for: "bootstrap")
    return parallel.map(rows: samples, atLeast: 1) { range in
      range.map { sample in
        var numbers = stream.generator(item: sample)
        let draw = Draw(
          positives: positives.map { _ in positives[Int.random(in: 0..<positives.count, using: &numbers)] },
          negatives: negatives.map { _ in negatives[Int.random(in: 0..<negatives.count, using: &numbers)] })
        return measure(draw)
      }
    }.flatMap { $0 }
  }

  func interval(value: Double, _ figures: [Double]) -> Estimate {
    let sorted = figures.sorted()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let lower = Int(place)
      let upper = min(lower + 1, sorted.count - 1)
      return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
    }
    let tail = (1 - confidence) / 2
    return Estimate(value: value, low: quantile(tail), high: quantile(1 - tail))
  }
}

/// The rows of one sample, with repetitions.
struct Draw {
  let positives: [Int]
  let negatives: [Int]
}

extension Ranking {
  func resampled(_ draw: Draw, _ groupOfRow: [Int32]) -> Ranking {
    var positives = [Int](repeating: 0, count: scores.count)
    var negatives = positives
    for row in draw.positives { positives[Int(groupOfRow[row])] += 1 }
    for row in draw.negatives { negatives[Int(groupOfRow[row])] += 1 }
    return Ranking(scores: scores, positives: positives, negatives: negatives)
  }
}
