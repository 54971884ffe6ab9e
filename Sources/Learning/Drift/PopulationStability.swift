// How much a distribution has moved: the population stability index.
//
// PSI = Σ (now - then) · ln(now / then) over the bins' shares: 0 where nothing moved, always at least 0. Credit scoring calls
// less than 0.1 stable, 0.1 to 0.25 a change to be looked at, more a change to act on. But small samples move by chance:
// where nothing has changed, PSI / (1/n + 1/m) is about a chi-squared variable with one degree of freedom less than there
// are bins, which gives a p-value beside the index.
//
// Siddiqi: Credit risk scorecards (2006), for the index and its rule of thumb;
// Yurdakul & Naranjo: Statistical properties of the population stability index (2020), for its distribution.

import Foundation

/// The index with its p-value.
public struct PopulationStability: Sendable, Equatable {
  public enum Verdict: String, Sendable, Comparable {
    case stable, moved, drifted

    public static func < (a: Verdict, b: Verdict) -> Bool { a.rank < b.rank }
    private var rank: Int { self == .stable ? 0 : self == .moved ? 1 : 2 }
  }

  public let index: Double
  public let pValue: Double

  /// Needs: counts of the same bins. Half a case is added to each bin, so that an empty one is improbable, not impossible.
  ///
  ///     PopulationStability(then: [500, 300, 200], now: [400, 300, 300]).index      // about 0.063
  public init(then: [Int], now: [Int]) {
    precondition(then.count == now.count, "counts of the same bins")
    let (n, m) = (Double(then.reduce(0, +)), Double(now.reduce(0, +)))
    let used = then.indices.filter { then[$0] + now[$0] > 0 }
    guard n > 0, m > 0, used.count > 1 else {
      (index, pValue) = (0, 1)
      return
    }
    let half = 0.5 * Double(used.count)
    let index = used.reduce(0.0) { sum, bin in
      let (a, b) = ((Double(then[bin]) + 0.5) / (n + half), (Double(now[bin]) + 0.5) / (m + half))
      return sum + (b - a) * log(b / a)
    }
    self.index = index
    pValue = chiSquaredTail(index / (1 / n + 1 / m), degrees: used.count - 1)
  }

  /// What to call it, when `tests` of them were looked at together: a move counts only if chance alone would hardly bring one
  /// like it in a hundred such looks.
  public func verdict(among tests: Int = 1) -> Verdict {
    guard pValue * Double(max(1, tests)) < 0.01 else { return .stable }
    return index >= 0.25 ? .drifted : index >= 0.1 ? .moved : .stable
  }
}
