// From candidates to the day's queue.
//
// 1. Whoever lies above the line, or meets a rule that forces a review, is wanted; a promise about false flags, where one
//    is asked for, decides instead of the line.
// 2. They are ranked by what a review is worth: the harm that it is expected to prevent, less the harm that a false flag
//    does to the innocent. A line l says that a false flag costs l / (1 - l) of a missed one, each in proportion to the
//    money and people exposed; so with the probability p a review is worth exposure · (p - l) / (1 - l), and nothing
//    on the line. Of two with the same expected harm the surer goes first.
// 3. Members of one suspicious group make one case, worth what all its members are.
// 4. Cases are taken from the top while quotas and the budget allow, less what is kept for exploration and golden cases.
// 5. Exploration draws at random from all who were not taken; golden cases and draws are dealt among the others by
//    chance, so that a reviewer cannot tell them apart.

import Compute
import Graph

/// A case to be.
public struct PlannedCase: Sendable, Equatable {
  public var reason: FlagReason
  public var members: [FlagCandidate]
  public var golden: Bool?

  public var harm: Double { members.reduce(0) { $0 + $1.harm } }

  /// What its review is worth: see `FlagCandidate.worth`.
  public func worth(over line: Double) -> Double { members.reduce(0) { $0 + $1.worth(over: line) } }

  var type: String { members[0].key.type }
}

public struct QueuePlan: Sendable, Equatable {
  /// In the order of the queue.
  public var cases: [PlannedCase]
  /// How many lay above the line, and how many of them found no place.
  public var wanted: Int
  public var leftOut: Int
  /// Of each target what a promise says, where one was asked for.
  public var promises: [String: FalseShareSelection]

  /// - promised: for each target those whom a promise lets flag; the line decides without.
  public init(
    _ candidates: [FlagCandidate], golden: [(FlagCandidate, isRisky: Bool)] = [],
    promises: [String: FalseShareSelection] = [:], promised: Set<NodeKey>? = nil, settings: FlagSettings
  ) {
    let line = settings.line
    let ranked = candidates.sorted { a, b in
      if a.forcesReview != b.forcesReview { return a.forcesReview }
      let (x, y) = (a.worth(over: line), b.worth(over: line))
      return x != y ? x > y : (b.harm, b.probability, a.key) < (a.harm, a.probability, b.key)
    }
    let wanted = ranked.filter { one in
      if one.forcesReview { return true }
      return promised.map { $0.contains(one.key) } ?? (one.probability >= settings.line)
    }
    let goldenCount =
      golden.isEmpty ? 0 : min(golden.count, Int((settings.golden * Double(settings.budget)).rounded(.up)))
    let drawnCount = Int((settings.exploration * Double(settings.budget)).rounded())
    let room = max(1, settings.budget - goldenCount - drawnCount)

    var taken: [PlannedCase] = []
    var left = QuotaCount(settings.quotas)
    var leftOut = 0
    for one in QueuePlan.gathered(wanted, settings) {
      guard taken.count < room, left.take(one) else {
        leftOut += one.members.count
        continue
      }
      taken.append(one)
    }
    var numbers = Seed(settings.seed).generator(for: "queue")
    let inQueue = Set(taken.flatMap { $0.members.map(\.key) })
    let others = ranked.filter { !inQueue.contains($0.key) }.sorted { $0.key < $1.key }
    let draws = QueuePlan.drawn(min(drawnCount, settings.budget - taken.count), of: others, &numbers)
    let tests = QueuePlan.drawn(goldenCount, of: golden.map { $0 }, &numbers)
    var hidden = draws.map { one -> PlannedCase in
      var one = one
      one.details.drawnShare = Double(draws.count) / Double(max(1, others.count))
      return PlannedCase(reason: .exploration, members: [one])
    }
    hidden += tests.map { PlannedCase(reason: .golden, members: [$0.0], golden: $0.isRisky) }
    for one in hidden {
      // Anywhere but before what is surely most urgent.
      let place = taken.isEmpty ? 0 : min(taken.count, 1 + Int(numbers.unit() * Double(taken.count)))
      taken.insert(one, at: place)
    }
    cases = taken
    self.wanted = wanted.count
    self.leftOut = leftOut
    self.promises = promises
  }

  /// Members of one group together, where its first member stands, in the order of all members' worth.
  private static func gathered(_ ranked: [FlagCandidate], _ settings: FlagSettings) -> [PlannedCase] {
    var cases: [PlannedCase] = []
    var place: [String: Int] = [:]
    for one in ranked {
      let reason = one.forcesReview && one.probability < settings.line ? FlagReason.rule : .harm
      if let group = one.details.group, group.suspicion >= settings.gatheringSuspicion {
        let name = "\(one.key.type) \(group.name)"
        if let at = place[name], cases[at].members.count < settings.mostMembers {
          cases[at].members.append(one)
          if reason == .harm { cases[at].reason = .harm }
          continue
        }
        place[name] = cases.count
      }
      cases.append(PlannedCase(reason: reason, members: [one]))
    }
    return cases.enumerated().sorted { a, b in
      let (x, y) = (a.element, b.element)
      let (forced, otherForced) = (
        x.members.contains { $0.forcesReview }, y.members.contains { $0.forcesReview }
      )
      if forced != otherForced { return forced }
      let (own, other) = (x.worth(over: settings.line), y.worth(over: settings.line))
      return own != other ? own > other : a.offset < b.offset
    }.map(\.element)
  }

  /// So many of them, each with the same chance, in their own order.
  private static func drawn<Item>(
    _ count: Int, of items: [Item], _ numbers: inout CounterGenerator
  ) -> [Item] {
    var result: [Item] = []
    for (place, item) in items.enumerated() where result.count < count {
      // Knuth's selection sampling: the chance of the next is what is still wanted over what is left.
      if numbers.unit() * Double(items.count - place) < Double(count - result.count) { result.append(item) }
    }
    return result
  }
}

/// How much room quotas leave.
private struct QuotaCount {
  private var left: [(quota: FlagSettings.Quota, left: Int)]

  init(_ quotas: [FlagSettings.Quota]) { left = quotas.map { ($0, $0.most) } }

  /// Takes the room of a case if every quota has some.
  mutating func take(_ one: PlannedCase) -> Bool {
    let touched = left.indices.filter { place in
      let quota = left[place].quota
      guard let column = quota.column else { return quota.value == one.type }
      return one.members[0].region[column] == quota.value
    }
    guard touched.allSatisfy({ left[$0].left > 0 }) else { return false }
    for place in touched { left[place].left -= 1 }
    return true
  }
}
