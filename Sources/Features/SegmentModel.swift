import Foundation

/// What a change-point search needs to know of its data: how probable a stretch of days is, if one behaviour
/// made all of it, whatever that behaviour was.
///
/// The parameters are integrated out, so a model of two stretches is punished for being richer by itself.
public protocol SegmentModel: Sendable {
  var dayCount: Int { get }
  /// The logarithm of the marginal likelihood of the days in `days`; 0 for no days. Needs constant time.
  func logEvidence(_ days: Range<Int>) -> Double
  /// What the behaviour in these days was: the mean a day, as the model measures it.
  func mean(_ days: Range<Int>) -> Double
}

/// Counts a day: Poisson with a rate of its own for each stretch, the rate Gamma distributed.
///
/// Real counts scatter more than Poisson's. The dispersion φ is measured from day to day, where a change of
/// behaviour hardly shows, and the evidence of each day counts 1/φ (a power likelihood), so that bursts which are
/// ordinary for this node are not called changes.
public struct DailyCounts: SegmentModel {
  /// How many times a Poisson's the variance is; at least 1.
  public let dispersion: Double
  private let sums: [Double]
  private let exposures: [Double]
  private let shape: Double
  private let rate: Double

  /// `exposure` says how much of an ordinary day each day was (a Sunday 0.6, a festival 3); 1 each without.
  /// Needs: as many exposures as counts, each above 0.
  public init(_ counts: [Int], exposure: [Double]? = nil) {
    let exposure = exposure ?? [Double](repeating: 1, count: counts.count)
    precondition(exposure.count == counts.count, "one exposure for each day")
    precondition(
      exposure.allSatisfy { $0 > 0 } && counts.allSatisfy { $0 >= 0 }, "a negative count or exposure")
    var sums = [0.0]
    var exposures = [0.0]
    for (count, share) in zip(counts, exposure) {
      sums.append(sums.last! + Double(count))
      exposures.append(exposures.last! + share)
    }
    self.sums = sums
    self.exposures = exposures
    let mean = counts.isEmpty ? 0 : sums.last! / exposures.last!
    // A Gamma prior worth one event, whose mean is that of the whole series.
    self.shape = 1
    self.rate = 1 / max(mean, 1e-6)

    // Var(x[i] - x[i - 1]) is φ (μ[i] + μ[i - 1]): the ratio of sums is φ without weighting quiet days up.
    var scatter = 0.0
    var expected = 0.0
    for day in counts.indices.dropFirst() {
      let rates = (Double(counts[day]) / exposure[day], Double(counts[day - 1]) / exposure[day - 1])
      let weight = exposure[day] * exposure[day - 1] / (exposure[day] + exposure[day - 1])
      scatter += weight * (rates.0 - rates.1) * (rates.0 - rates.1)
      expected += (rates.0 + rates.1) / 2
    }
    self.dispersion = expected > 0 ? max(1, scatter / expected) : 1
  }

  public var dayCount: Int { sums.count - 1 }

  public func logEvidence(_ days: Range<Int>) -> Double {
    // Both the events and the exposure are worth 1/φ; factorials are the same for every division into stretches.
    let events = (sums[days.upperBound] - sums[days.lowerBound]) / dispersion
    let exposure = (exposures[days.upperBound] - exposures[days.lowerBound]) / dispersion
    return shape * log(rate) - lgamma(shape) + lgamma(shape + events)
      - (shape + events) * log(rate + exposure)
  }

  public func mean(_ days: Range<Int>) -> Double {
    let exposure = exposures[days.upperBound] - exposures[days.lowerBound]
    return exposure > 0 ? (sums[days.upperBound] - sums[days.lowerBound]) / exposure : 0
  }
}

/// Amounts, one a day (a mean, a logarithm of a sum): normal with a mean and a variance of its own for each stretch,
/// under a Normal–Gamma prior. A day without a finite amount says nothing.
public struct DailyAmounts: SegmentModel {
  private let counts: [Double]
  private let sums: [Double]
  private let squares: [Double]
  private let center: Double
  private let scale: Double

  public init(_ amounts: [Double]) {
    let known = amounts.filter(\.isFinite)
    let center = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
    let variance = known.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(max(1, known.count))
    self.center = center
    // Scatter from one day to the next is hardly touched by a change of level: the prior's idea of the variance.
    let steps = zip(known, known.dropFirst()).map { ($0 - $1) * ($0 - $1) / 2 }
    let local = steps.isEmpty ? variance : steps.reduce(0, +) / Double(steps.count)
    self.scale = max(local, 1e-12, variance * 1e-9)
    var counts = [0.0]
    var sums = [0.0]
    var squares = [0.0]
    for amount in amounts {
      let value = amount.isFinite ? amount - center : 0
      counts.append(counts.last! + (amount.isFinite ? 1 : 0))
      sums.append(sums.last! + value)
      squares.append(squares.last! + value * value)
    }
    self.counts = counts
    self.sums = sums
    self.squares = squares
  }

  public var dayCount: Int { counts.count - 1 }

  public func logEvidence(_ days: Range<Int>) -> Double {
    let n = counts[days.upperBound] - counts[days.lowerBound]
    guard n > 0 else { return 0 }
    let sum = sums[days.upperBound] - sums[days.lowerBound]
    let square = squares[days.upperBound] - squares[days.lowerBound]
    // Normal–Gamma(0, κ, α, β): a tenth of a day's worth of mean, three days' worth of variance.
    let kappa = 0.1
    let alpha = 1.5
    let beta = alpha * scale
    let mean = sum / n
    let scatter = max(0, square - sum * mean)
    let posteriorBeta = beta + scatter / 2 + kappa * n * mean * mean / (2 * (kappa + n))
    return lgamma(alpha + n / 2) - lgamma(alpha) + alpha * log(beta) - (alpha + n / 2) * log(posteriorBeta)
      + 0.5 * log(kappa / (kappa + n)) - n / 2 * log(2 * .pi)
  }

  public func mean(_ days: Range<Int>) -> Double {
    let n = counts[days.upperBound] - counts[days.lowerBound]
    return n > 0 ? (sums[days.upperBound] - sums[days.lowerBound]) / n + center : .nan
  }
}
