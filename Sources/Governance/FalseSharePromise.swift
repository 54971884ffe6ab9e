// As many flags as keep a promise: of those flagged, at most a share q are innocent.
//
// Innocents whose cases were decided, and whom the model was not trained on, show how high innocents score. A
// candidate's p-value is the share of them that score at least as high (counting the candidate itself): if the candidate
// were one more innocent, it would be small only by chance. Benjamini & Hochberg's step-up rule then takes the
// longest prefix of the ranking whose k-th p-value is at most q k / m.
//
// The promise: the expected share of innocents among the flagged is at most q times the share of innocents among
// the candidates. It holds whatever the model, as long as decided innocents are exchangeable with the innocents among
// the candidates: decided at random, or by a rule that does not look at the score. `warnings` says where they are not.
//
// Bates, Candès, Lei, Romano, Sesia: Testing for outliers with conformal p-values (2023).
// Benjamini, Hochberg: Controlling the false discovery rate (1995).

import Compute
import Foundation

/// Scores of innocents that were decided on: what a promise about false flags is calibrated with.
public struct FalseSharePromise: Sendable {
  /// Rising.
  private let innocentScores: [Double]

  /// Needs: scores of held-out cases that were found innocent; the model must not have learned from them.
  public init(innocentScores: [Double]) {
    self.innocentScores = innocentScores.filter(\.isFinite).sorted()
  }

  /// The share of innocents that score at least as high, the candidate itself counted: never 0. One binary search.
  public func pValue(of score: Double) -> Double {
    guard score.isFinite else { return 1 }
    let below = innocentScores.indices.partitionPoint { innocentScores[$0] < score }
    return Double(innocentScores.count - below + 1) / Double(innocentScores.count + 1)
  }

  /// The candidates to flag, highest score first, so that the expected share of innocents among them is at most `share`.
  ///
  ///     promise.flagged(scores, share: 0.1).places       // indices into `scores`
  ///
  /// Time of a sort.
  public func flagged(_ scores: [Double], share: Double) -> FalseShareSelection {
    precondition(share > 0 && share < 1, "a share lies between 0 and 1")
    let ranked = scores.indices.sorted {
      scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1
    }
    var count = 0
    for (place, candidate) in ranked.enumerated()
    where pValue(of: scores[candidate]) <= share * Double(place + 1) / Double(scores.count) {
      count = place + 1
    }
    // Ties with the last one taken are taken or left together: their p-values are the same.
    while count > 0, count < ranked.count, scores[ranked[count]] == scores[ranked[count - 1]] { count += 1 }
    return FalseShareSelection(
      places: Array(ranked.prefix(count)), share: share,
      warnings: warnings(candidates: scores, share: share, taken: count))
  }

  private func warnings(candidates: [Double], share: Double, taken: Int) -> [FalseShareSelection.Warning] {
    var warnings: [FalseShareSelection.Warning] = []
    // The smallest p-value there can be must clear the bar for some plausible number of flags, or nothing ever does.
    let smallest = 1 / Double(innocentScores.count + 1)
    let least = smallest * Double(candidates.count) / share
    if taken == 0, least > Double(candidates.count) / 20 {
      let needed = Int((20 / share).rounded(.up))
      warnings.append(.tooFewDecided(count: innocentScores.count, needed: needed))
    }
    // Half of all candidates lie above their median. Of the innocents among them fewer do, since the risky lie above:
    // with up to three in ten risky, between two and five in ten. Cases that were picked for high scores lie higher.
    if innocentScores.count >= 20, candidates.count >= 20 {
      let sorted = candidates.filter(\.isFinite).sorted()
      let median = sorted[sorted.count / 2]
      let above = innocentScores.reduce(0) { $0 + ($1 > median ? 1.0 : $1 == median ? 0.5 : 0) }
      let share = above / Double(innocentScores.count)
      // Four standard deviations of a fair coin.
      let scatter = 2 / Double(innocentScores.count).squareRoot()
      if share > 0.5 + scatter || share < 0.2 / 0.7 - scatter {
        warnings.append(.decidedUnlikeCandidates(shareAboveMedian: share))
      }
    }
    return warnings
  }
}

/// Who is to be flagged under a promise, and what speaks against the promise.
public struct FalseShareSelection: Sendable, Equatable {
  public enum Warning: Sendable, Equatable, CustomStringConvertible {
    case tooFewDecided(count: Int, needed: Int)
    case decidedUnlikeCandidates(shareAboveMedian: Double)

    public var description: String {
      switch self {
      case .tooFewDecided(let count, let needed):
        "Only \(count) innocent cases were decided: too few to promise anything. About \(needed) are needed; "
          + "let the exploration share of the queue bring them."
      case .decidedUnlikeCandidates(let share):
        "Innocents that were decided on do not score like today's candidates "
          + "(\(Int((share * 100).rounded())) % of them lie above the candidates' median; 29 to 50 % should): they were "
          + "picked for their scores, or the market has changed. The promise may not hold; use cases decided at random."
      }
    }
  }

  /// Indices of the candidates, highest score first.
  public let places: [Int]
  public let share: Double
  public let warnings: [Warning]

  /// Whether the promise stands: nothing speaks against its assumption.
  public var isPromised: Bool { warnings.isEmpty }
}
