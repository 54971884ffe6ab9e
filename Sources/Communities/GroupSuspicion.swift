// How suspicious a group is: several independent looks, each with its number, what chance would give, and how it counts.
//
// A look's strength is between 0 and 1. For what is compared with chance it is the evidence against chance: a tenth of
// the p-value's decimals, after correction for the number of groups looked at (Bonferroni), so that a p of 1e-10 or less
// is full strength. The score is the chance that not all looks err, each trusted by its weight: 1 - ∏ (1 - weight · strength).

import Compute
import Foundation

/// One look at a group.
public struct SuspicionPart: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case together, density, scores, labels, sharing, synchrony, age, money, camouflage
  }

  public let kind: Kind
  public let value: Double
  /// What the number is compared with: the population, or degree-matched random groups.
  public let comparison: Double
  /// How improbable by chance, after correction for the number of groups; nil where it is no test.
  public let pValue: Double?
  /// From 0 to 1.
  public let strength: Double
  /// The look in a sentence, with both numbers; `{thing}` stands for the instrument that it is about.
  public let template: String
  public let thing: Thing?

  /// An instrument that a look is about: by kind and place, and as people call it.
  public struct Thing: Sendable, Equatable {
    public let kind: Int
    public let instrument: Int
    public let name: String
  }

  init(
    kind: Kind, value: Double, comparison: Double, pValue: Double?, strength: Double, says template: String,
    thing: Thing? = nil
  ) {
    self.kind = kind
    self.value = value
    self.comparison = comparison
    self.pValue = pValue
    self.strength = strength
    self.template = template
    self.thing = thing
  }

  /// The look in a sentence, with both numbers.
  public var says: String { template.replacing("{thing}", with: thing?.name ?? "one thing") }
}

public struct GroupSuspicion: Sendable, Equatable {
  public let community: Int
  public let members: [UInt32]
  /// From 0 to 1.
  public let score: Double
  public let parts: [SuspicionPart]

  public func part(_ kind: SuspicionPart.Kind) -> SuspicionPart? { parts.first { $0.kind == kind } }
}

/// What is known of the members, as far as it is known; a list that is empty is not looked at.
public struct MemberFacts: Sendable {
  /// A model's score from 0 to 1; NaN where there is none.
  public var scores: [Double] = []
  /// Known verdicts; nil where nobody knows.
  public var labels: [Bool?] = []
  /// Since when each exists, in seconds; `Int64.min` where nobody knows.
  public var since: [Int64] = []
  /// The money through each.
  public var money: [Double] = []
  /// What an instrument is called, by kind and place: for sentences. Places without.
  public var instrumentName: @Sendable (_ kind: Int, _ instrument: Int) -> String = { "\($1)" }

  public init() {}
}

/// Looks at groups.
///
///     let judged = SuspicionJudge(shared, facts).groups(partition)      // the most suspicious first
public struct SuspicionJudge: Sendable {
  public let shared: SharedInstruments
  public let facts: MemberFacts
  public var smallest = 3
  /// A group's rate is shrunk as if so many members of the population's rate were in it.
  public var shrinkage = 4.0
  /// How much a look is trusted.
  public var weights = SuspicionJudge.usualWeights
  public static let usualWeights: [SuspicionPart.Kind: Double] = [
    .scores: 0.6, .labels: 0.7, .sharing: 0.5, .synchrony: 0.35, .age: 0.1, .money: 0.05, .camouflage: 0,
  ]
  /// What each look counts where ties of actors are known: acting together tells a ring from an agency, which shares as
  /// much; the other looks are shown.
  public static let weightsWithTies: [SuspicionPart.Kind: Double] = [
    .together: 0.6, .scores: 0.6, .labels: 0.6,
  ]
  /// Who acts together beyond chance, and the least surprise of such a tie, where that was looked for.
  public var ties: (list: [ActorTie], threshold: Double)?
  /// Members that came within this time came together.
  public var windowSeconds: Int64 = 7 * 86_400

  let population: Population

  public init(_ shared: SharedInstruments, _ facts: MemberFacts = MemberFacts()) {
    self.shared = shared
    self.facts = facts
    self.population = Population(shared, facts)
  }

  /// All communities of at least `smallest` members, the most suspicious first.
  public func groups(_ partition: Partition) -> [GroupSuspicion] {
    precondition(partition.nodeCount == shared.memberCount, "a partition of other members")
    let candidates = partition.members().enumerated().filter { $0.element.count >= smallest }
    let sums = ties.map { TieSums($0.list, partition) }
    return candidates.map { community, members in
      judge(community, Array(members), groupCount: candidates.count, sums)
    }.sorted { ($0.score, $0.members.count, $1.community) > ($1.score, $1.members.count, $0.community) }
  }

  func judge(
    _ community: Int, _ members: [UInt32], groupCount: Int, _ sums: TieSums? = nil
  ) -> GroupSuspicion {
    let parts = [
      sums.flatMap { together(community, members, groupCount, $0) }, scores(members),
      labels(members, groupCount), sharing(members, groupCount),
      synchrony(members, groupCount),
      age(members), money(members), camouflage(members),
    ].compactMap { $0 }
    return GroupSuspicion(community: community, members: members, score: score(of: parts), parts: parts)
  }

  /// The chance that not all looks err.
  func score(of parts: [SuspicionPart]) -> Double {
    1 - parts.reduce(1.0) { $0 * (1 - (weights[$1.kind] ?? 0) * $1.strength) }
  }

  /// What all members together have: taken once.
  struct Population: Sendable {
    let meanScore: Double
    let labelRate: Double
    let sortedSince: [Int64]
    let meanMoney: Double
    /// For each kind the chance that two random edges lead to one instrument.
    let meetingChance: [Double]

    init(_ shared: SharedInstruments, _ facts: MemberFacts) {
      let known = facts.scores.filter { $0.isFinite }
      meanScore = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
      let labels = facts.labels.compactMap { $0 }
      labelRate = labels.isEmpty ? 0 : Double(labels.count { $0 }) / Double(labels.count)
      sortedSince = facts.since.filter { $0 != .min }.sorted()
      let money = facts.money.filter { $0.isFinite }
      meanMoney = money.isEmpty ? 0 : money.reduce(0, +) / Double(money.count)
      meetingChance = shared.kinds.map { kind in
        let edges = Double(kind.uses.edgeCount)
        guard edges > 1 else { return 0 }
        return (0..<kind.uses.columnCount).reduce(0.0) {
          let degree = Double(kind.uses.columns.degree($1))
          return $0 + degree * (degree - 1) / (edges * (edges - 1))
        }
      }
    }
  }

  /// A corrected p-value and the strength it makes, from the logarithm of an uncorrected one.
  static func strength(logP: Double, groupCount: Int) -> (p: Double, strength: Double) {
    let corrected = min(0, logP + log(Double(max(1, groupCount))))
    return (exp(corrected), min(1, max(0, -corrected / log(10) / 10)))
  }
}

/// The logarithm of the chance that a Poisson number of this mean is at least `count`.
func logPoissonTail(atLeast count: Int, mean: Double) -> Double {
  guard count > 0 else { return 0 }
  guard mean > 0 else { return -.infinity }
  if Double(count) <= mean {
    // The tail is most of it: one less what lies below.
    var term = exp(-mean)
    var below = term
    for number in stride(from: 1, to: count, by: 1) {
      term *= mean / Double(number)
      below += term
    }
    return log(max(1e-300, 1 - below))
  }
  let first = Double(count) * log(mean) - mean - lgamma(Double(count) + 1)
  var (sum, term, number) = (1.0, 1.0, Double(count))
  while term > sum * 1e-16 {
    number += 1
    term *= mean / number
    sum += term
  }
  return min(0, first + log(sum))
}
