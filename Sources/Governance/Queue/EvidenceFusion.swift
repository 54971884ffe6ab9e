// One probability from three witnesses: a model, the group a node is in, and the rules it meets.
//
// Each witness is first made a probability of its own. The model's score is calibrated on rows it did not learn from. How
// often members of so suspicious a group are risky is read off those of whom it is known, the suspicion taken without
// the looks at labels and scores, so that no label vouches for itself. How often a rule is right is counted on those who
// met it. Then their log-odds are added to the model's: a witness that says more than the base rate says so much more,
// half of it, since the model has seen a part of the same facts. No witness lowers what another said: rules never hide.

import Communities
import Foundation
import Graph
import Learning

/// How witnesses beside the model count.
public struct EvidenceFusion: Sendable {
  /// The share of risky nodes among those of whom it is known.
  public let baseRate: Double
  let groupMap: Calibration?
  let ruleRates: [String: Double]

  /// How much of what a second witness says is news.
  static let newsShare = 0.5

  /// - known: nodes with a known answer, and what the witnesses say of them. Those with nothing beside the model help too.
  public init(known: [(isRisky: Bool, suspicion: Double?, rules: [String])]) {
    let risky = known.count { $0.isRisky }
    // As if one risky and nine cleared ones had been seen before all.
    baseRate = (Double(risky) + 1) / (Double(known.count) + 10)
    let inGroups = known.compactMap { one in one.suspicion.map { ($0, one.isRisky) } }
    let positives = inGroups.count { $0.1 }
    groupMap =
      positives >= 5 && inGroups.count - positives >= 5
      ? try? Calibration.fit(scores: inGroups.map(\.0), labels: inGroups.map(\.1)) : nil
    var counts: [String: (risky: Int, all: Int)] = [:]
    for one in known {
      for rule in one.rules {
        counts[rule, default: (0, 0)].all += 1
        if one.isRisky { counts[rule]!.risky += 1 }
      }
    }
    let base = baseRate
    // Few who met it say little: as if four at the base rate had.
    ruleRates = counts.mapValues { (Double($0.risky) + 4 * base) / (Double($0.all) + 4) }
  }

  /// The chance of being risky in a group that is so suspicious.
  public func probability(ofSuspicion suspicion: Double) -> Double {
    // Where too little is known of groups, half of the suspicion is believed.
    let own = groupMap?.probability(of: suspicion) ?? max(baseRate, suspicion * 0.5)
    return min(0.99, max(baseRate, own))
  }

  public func probability(ofRule name: String, severity: Rule.Severity) -> Double {
    if let rate = ruleRates[name] { return rate }
    // Nobody who met it is known: what its severity says.
    return switch severity {
    case .low: max(baseRate, 0.1)
    case .medium: max(baseRate, 0.25)
    case .high, .review: max(baseRate, 0.5)
    }
  }

  /// All together. Needs: the details' probabilities filled in. Shadow rules count for nothing.
  public func probability(_ details: FlagDetails) -> Double {
    var odds = logit(details.score ?? baseRate)
    let base = logit(baseRate)
    if let group = details.group {
      odds += EvidenceFusion.newsShare * max(0, logit(group.probability) - base)
    }
    // Of several rules the strongest: they often say the same thing twice.
    let rules = details.rules.filter { $0.mode == .live }.map { logit($0.probability) - base }
    if let strongest = rules.max() { odds += EvidenceFusion.newsShare * max(0, strongest) }
    return 1 / (1 + exp(-odds))
  }

  private func logit(_ p: Double) -> Double {
    let safe = min(1 - 1e-6, max(1e-6, p))
    return log(safe / (1 - safe))
  }

  /// A group's suspicion by what neither labels nor scores had a part in.
  static func suspicion(_ looks: [StoredLook]) -> Double {
    1 - looks.reduce(1.0) { $0 * (1 - (weights[$1.kind] ?? 0) * min(1, max(0, $1.strength))) }
  }

  /// One look at a group: what it looked at, and how strong it is.
  public struct StoredLook: Sendable {
    public var kind: String
    public var strength: Double

    public init(kind: String, strength: Double) { (self.kind, self.strength) = (kind, strength) }
  }

  private static let weights: [String: Double] = [
    SuspicionPart.Kind.sharing.rawValue: 0.5, SuspicionPart.Kind.synchrony.rawValue: 0.35,
    SuspicionPart.Kind.age.rawValue: 0.1, SuspicionPart.Kind.money.rawValue: 0.05,
  ]
}
