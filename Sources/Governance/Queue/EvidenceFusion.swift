// One probability from three witnesses: a model, the group a node is in, and the rules it meets.
//
// What each says is put as log-odds: the model's score; how far the verdicts on a node's group mates lie above the base
// rate, and how suspicious the group is by what neither labels nor scores had a part in; how far the rate of the rules it
// meets lies above the base rate. A weighted sum of them is the log-odds of all together. The weights are learned from
// verdicts that came after the rows that the model learned from (on those its score flatters itself), and stay near what
// experience suggests while such verdicts are few. A node's own verdict has no part in what is said of it, and no rule
// lowers what a model says.

import Communities
import Foundation
import Graph
import Learning
import Store

/// How the witnesses count together.
public struct EvidenceFusion: Sendable {
  /// What the witnesses say of a node whose answer is known.
  public struct Known: Sendable {
    public var isRisky: Bool
    /// The model's score; nil where there is none, or where the model learned from this very answer.
    public var score: Double?
    public var group: GroupSays?
    public var rules: [String]

    public init(isRisky: Bool, score: Double? = nil, group: GroupSays? = nil, rules: [String] = []) {
      (self.isRisky, self.score, self.group, self.rules) = (isRisky, score, group, rules)
    }
  }

  /// What a node's group says of it.
  public struct GroupSays: Sendable, Equatable {
    public var suspicion: Double
    /// Verdicts on the other members.
    public var risky: Int
    public var judged: Int

    public init(suspicion: Double, risky: Int = 0, judged: Int = 0) {
      (self.suspicion, self.risky, self.judged) = (suspicion, risky, judged)
    }
  }

  /// The share of risky nodes among those of whom it is known.
  public let baseRate: Double
  /// Of a constant, the model, verdicts in the group, its suspicion, the strongest rule.
  public let weights: [Double]
  let ruleRates: [String: Double]

  /// What experience suggests before any verdict is seen. Half of what groups and rules say is news to a model, which has
  /// seen a part of the same facts.
  private static let prior: [WitnessWeights.Prior] = [
    .init(mean: 0, deviation: 1), .init(mean: 1, deviation: 0.5), .init(mean: 0.5, deviation: 1),
    .init(mean: 1, deviation: 1), .init(mean: 0.5, deviation: 0.5),
  ]
  /// So many verdicts of either kind are needed to learn from.
  private static let fewest = 5

  /// - shadow: rules that count for nothing; how often they are right is counted all the same.
  public init(known: [Known], shadow: Set<String> = []) {
    let risky = known.count { $0.isRisky }
    // As if one risky and nine cleared ones had been seen before all.
    let base = (Double(risky) + 1) / (Double(known.count) + 10)
    baseRate = base
    var counts: [String: (risky: Int, all: Int)] = [:]
    for one in known {
      for rule in one.rules {
        counts[rule, default: (0, 0)].all += 1
        if one.isRisky { counts[rule]!.risky += 1 }
      }
    }
    // Few who met it say little: as if four at the base rate had.
    func rate(_ risky: Int, _ all: Int) -> Double { (Double(risky) + 4 * base) / (Double(all) + 4) }
    ruleRates = counts.mapValues { rate($0.risky, $0.all) }

    let usable = known.filter { $0.score != nil }
    let positives = usable.count { $0.isRisky }
    guard min(positives, usable.count - positives) >= EvidenceFusion.fewest else {
      weights = EvidenceFusion.prior.map(\.mean)
      return
    }
    let rows = usable.map { one in
      // Without one's own answer.
      let rules = one.rules.filter { !shadow.contains($0) }.map { name in
        logit(rate(counts[name]!.risky - (one.isRisky ? 1 : 0), counts[name]!.all - 1))
      }
      return EvidenceFusion.row(one.score!, one.group, strongest: rules.max(), base)
    }
    var learned = WitnessWeights(
      prior: EvidenceFusion.prior, rows: rows, isRisky: usable.map(\.isRisky)
    ).weights
    // Evidence of risk may be worth nothing, but never less.
    for place in 1..<learned.count { learned[place] = max(0, learned[place]) }
    weights = learned
  }

  private static func row(
    _ score: Double?, _ group: GroupSays?, strongest rule: Double?, _ base: Double
  ) -> [Double] {
    [
      1, logit(score ?? base), group.map { lift($0, base) } ?? 0, group?.suspicion ?? 0,
      rule.map { max(0, $0 - logit(base)) } ?? 0,
    ]
  }

  /// How far the verdicts on the others lie above the base rate, or below; drawn to it where they are few.
  private static func lift(_ group: GroupSays, _ base: Double) -> Double {
    logit((Double(group.risky) + 2 * base) / (Double(group.judged) + 2)) - logit(base)
  }

  /// The chance of being risky by what the group says alone.
  public func probability(of group: GroupSays) -> Double {
    sigmoid(
      logit(baseRate) + weights[2] * EvidenceFusion.lift(group, baseRate) + weights[3] * group.suspicion)
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

  /// All together. Needs: the rules' probabilities filled in. Shadow rules count for nothing.
  public func probability(_ details: FlagDetails) -> Double {
    // Of several rules the strongest: they often say the same thing twice.
    let rule = details.rules.filter { $0.mode == .live }.map { logit($0.probability) }.max()
    let row = EvidenceFusion.row(details.score, details.group?.says, strongest: rule, baseRate)
    return sigmoid(WitnessWeights.product(row, weights))
  }

  /// A group's suspicion by what neither labels nor scores had a part in, each look trusted as when the group was judged.
  static func suspicion(_ looks: [StoredGroup.Part]) -> Double {
    let together = SuspicionPart.Kind.together.rawValue
    let trust =
      looks.contains { $0.kind == together } ? SuspicionJudge.weightsWithTies : SuspicionJudge.usualWeights
    return 1
      - looks.reduce(1.0) { left, look in
        guard let kind = SuspicionPart.Kind(rawValue: look.kind), kind != .labels, kind != .scores else {
          return left
        }
        return left * (1 - (trust[kind] ?? 0) * min(1, max(0, look.strength)))
      }
  }
}

private func logit(_ p: Double) -> Double {
  // No witness is so sure that nothing else counts.
  let safe = min(1 - 1e-4, max(1e-4, p))
  return log(safe / (1 - safe))
}
