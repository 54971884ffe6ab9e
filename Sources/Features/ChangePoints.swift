// When did the behaviour change? Exactly, and with odds.
//
// A series of days is cut into stretches, each made by one behaviour; a day begins a new stretch with a small
// probability, independently. One sweep from the end gives the evidence of all 2^(n-1) divisions together:
//
//   Q(t) = P(t..<n) · quiet(n - t) + Σ_s P(t..<s) · quiet(s - t - 1 days) · p · Q(s)
//
// where P is a stretch's marginal likelihood. The same sweep with a maximum for the sum gives the most probable
// division. Against the one stretch without a change this gives the odds that anything changed at all.
//
// Fearnhead: Exact and efficient Bayesian inference for multiple changepoint problems (2006).

import Foundation

/// A day on which behaviour changed, from what to what.
public struct ChangePoint: Sendable, Equatable {
  /// The first day of the new behaviour.
  public let day: Int
  /// Means a day in the stretches before and after.
  public let before: Double
  public let after: Double

  public init(day: Int, before: Double, after: Double) {
    self.day = day
    self.before = before
    self.after = after
  }
}

/// What a search for changes found.
public struct ChangePointReport: Sendable, Equatable {
  /// The most probable division's changes, in order of time; none where no division beats the whole.
  public let changes: [ChangePoint]
  /// The natural logarithm of the Bayes factor of "something changed" against "nothing did": above 3 is strong
  /// (20 to 1), above 5 decisive (150 to 1).
  public let logOdds: Double

  public var latest: ChangePoint? { changes.last }
}

/// Finds all changes of behaviour in a series of days.
///
///     changePoints(in: DailyCounts([2, 1, 3, 2, 2, 14, 17, 12, 15])).latest?.day     // 5
///
/// `expectedDays` is how long a behaviour lasts a priori. Time grows with the square of the days: 365 take about a
/// millisecond. Give it a window of a few hundred.
public func changePoints(in model: some SegmentModel, expectedDays: Double = 120) -> ChangePointReport {
  let n = model.dayCount
  guard n > 1 else { return ChangePointReport(changes: [], logOdds: 0) }
  let start = log(1 / max(2, expectedDays))
  let stay = log(1 - 1 / max(2, expectedDays))

  var total = [Double](repeating: 0, count: n + 1)
  var best = [Double](repeating: 0, count: n + 1)
  var next = [Int](repeating: n, count: n + 1)
  for t in stride(from: n - 1, through: 0, by: -1) {
    let last = model.logEvidence(t..<n) + Double(n - t - 1) * stay
    var sum = last
    best[t] = last
    for s in stride(from: t + 1, to: n, by: 1) {
      let stretch = model.logEvidence(t..<s) + Double(s - t - 1) * stay + start
      sum = logAdded(sum, stretch + total[s])
      if stretch + best[s] > best[t] {
        best[t] = stretch + best[s]
        next[t] = s
      }
    }
    total[t] = sum
  }

  var changes: [ChangePoint] = []
  var t = 0
  while next[t] < n {
    let day = next[t]
    changes.append(
      ChangePoint(day: day, before: model.mean(t..<day), after: model.mean(day..<next[day])))
    t = day
  }

  // Evidence given that something changed, against evidence given that nothing did: priors divided out.
  let unchanged = Double(n - 1) * stay
  let changed = log(-expm1(unchanged))
  let evidenceOfNone = model.logEvidence(0..<n)
  let gain = total[0] - (evidenceOfNone + unchanged)
  // log((total - none) / (1 - prior of none)) - log(evidence of none)
  let logOdds = gain > 1e-12 ? gain + log(-expm1(-gain)) + unchanged - changed : -.infinity
  return ChangePointReport(changes: changes, logOdds: logOdds)
}

private func logAdded(_ a: Double, _ b: Double) -> Double {
  let high = max(a, b)
  return high + log1p(exp(min(a, b) - high))
}
