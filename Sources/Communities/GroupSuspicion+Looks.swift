import Compute
import Foundation

extension SuspicionJudge {
  /// The model's mean score, shrunk.
  func scores(_ members: [UInt32]) -> SuspicionPart? {
    guard !facts.scores.isEmpty else { return nil }
    let known = members.map { facts.scores[Int($0)] }.filter { $0.isFinite }
    let shrunk = (known.reduce(0, +) + shrinkage * population.meanScore) / (Double(known.count) + shrinkage)
    let room = max(1e-9, 1 - population.meanScore)
    return SuspicionPart(
      kind: .scores, value: shrunk, comparison: population.meanScore, pValue: nil,
      strength: min(1, max(0, (shrunk - population.meanScore) / room)),
      says: "The model's score is \(digits(shrunk, 2)) on average, shrunk from \(known.count) members; "
        + "of all members: \(digits(population.meanScore, 2))")
  }

  /// The share of known bad ones among those with a verdict, shrunk: one of three does not lead.
  func labels(_ members: [UInt32], _ groupCount: Int) -> SuspicionPart? {
    guard !facts.labels.isEmpty else { return nil }
    let known = members.compactMap { facts.labels[Int($0)] }
    let bad = known.count { $0 }
    let shrunk = (Double(bad) + shrinkage * population.labelRate) / (Double(known.count) + shrinkage)
    let room = max(1e-9, 1 - population.labelRate)
    return SuspicionPart(
      kind: .labels, value: shrunk, comparison: population.labelRate, pValue: nil,
      strength: min(1, max(0, (shrunk - population.labelRate) / room)),
      says:
        "\(bad) of \(known.count) members with a verdict are known to be bad, a shrunk rate of \(digits(shrunk, 2)); "
        + "of all: \(digits(population.labelRate, 2))")
  }

  /// How many uses of instruments repeat one inside the group, against a random graph with the same degrees.
  ///
  /// There, each use leads to an instrument by the instrument's share of all uses; how often two of the group's uses
  /// meet is about a Poisson number. Repeats are at most the meetings, so the p-value errs on the careful side. Each
  /// kind is tested by itself, or a kind with a hub would drown the others; the best is corrected for how many there are.
  func sharing(_ members: [UInt32], _ groupCount: Int) -> SuspicionPart? {
    guard !shared.kinds.isEmpty else { return nil }
    var (repeats, expected, kindsShared) = (0, 0.0, 0)
    var leastLogP = 0.0
    var best: (kind: Int, instrument: Int, count: Int, expected: Double)?
    for (place, kind) in shared.kinds.enumerated() {
      var counts: [UInt32: Int] = [:]
      var uses = 0
      for member in members {
        for entry in kind.uses.rows.row(Int(member)) {
          counts[kind.uses.rows.targets[entry], default: 0] += 1
          uses += 1
        }
      }
      let own = counts.values.reduce(0) { $0 + $1 - 1 }
      repeats += own
      if own > 0 { kindsShared += 1 }
      let meetings = Double(uses) * Double(uses - 1) / 2 * population.meetingChance[place]
      expected += meetings
      leastLogP = min(leastLogP, logPoissonTail(atLeast: own, mean: meetings))
      for (instrument, count) in counts.sorted(by: { $0.key < $1.key }) where count > max(1, best?.count ?? 1)
      {
        let degree = Double(kind.uses.columns.degree(Int(instrument)))
        best = (place, Int(instrument), count, Double(uses) * degree / Double(max(1, kind.uses.edgeCount)))
      }
    }
    let (p, evidence) = SuspicionJudge.strength(
      logP: leastLogP + log(Double(shared.kinds.count)), groupCount: groupCount)
    // Sharing one kind of thing has innocent reasons: an agency's office, a warehouse. Several kinds have fewer.
    let breadth = shared.kinds.count > 1 ? 0.4 + 0.6 * Double(kindsShared) / Double(shared.kinds.count) : 1
    var says =
      "Members repeat each other's instruments \(repeats) times, of \(kindsShared) "
      + "\(kindsShared == 1 ? "kind" : "kinds"); in degree-matched random groups: \(digits(expected, 1))"
    if let best {
      says =
        "\(best.count) of \(members.count) share {thing}; in degree-matched random groups: "
        + "\(digits(best.expected, 1)). " + says
    }
    return SuspicionPart(
      kind: .sharing, value: Double(repeats), comparison: expected, pValue: p, strength: evidence * breadth,
      says: says,
      thing: best.map {
        SuspicionPart.Thing(
          kind: $0.kind, instrument: $0.instrument,
          name: "\(shared.kinds[$0.kind].name) \(facts.instrumentName($0.kind, $0.instrument))")
      })
  }

  /// How many members came within one window, against how many of all members came in that window.
  func synchrony(_ members: [UInt32], _ groupCount: Int) -> SuspicionPart? {
    guard !population.sortedSince.isEmpty else { return nil }
    let times = members.map { facts.since[Int($0)] }.filter { $0 != .min }.sorted()
    guard times.count > 1 else { return nil }
    var (best, bestEnd, start) = (0, 0, 0)
    for end in times.indices {
      while times[end] - times[start] >= windowSeconds { start += 1 }
      if end - start + 1 > best { (best, bestEnd) = (end - start + 1, end) }
    }
    let last = times[bestEnd]
    let all = population.sortedSince
    let inWindow = lowerBound(all, last + 1) - lowerBound(all, last - windowSeconds + 1)
    let expected = Double(times.count) * Double(inWindow) / Double(all.count)
    // The window was chosen to fit: one of as many as there are members.
    let (p, strength) = SuspicionJudge.strength(
      logP: min(0, logPoissonTail(atLeast: best, mean: max(expected, 1e-9)) + log(Double(times.count))),
      groupCount: groupCount)
    return SuspicionPart(
      kind: .synchrony, value: Double(best), comparison: expected, pValue: p, strength: strength,
      says:
        "\(best) of \(times.count) came within \(windowSeconds / 86_400) days; of as many random members: "
        + digits(expected, 1))
  }

  /// How young the group is: the share of all members that are older than its median member.
  func age(_ members: [UInt32]) -> SuspicionPart? {
    let all = population.sortedSince
    guard !all.isEmpty else { return nil }
    let times = members.map { facts.since[Int($0)] }.filter { $0 != .min }.sorted()
    guard !times.isEmpty else { return nil }
    let older = Double(lowerBound(all, times[times.count / 2])) / Double(all.count)
    return SuspicionPart(
      kind: .age, value: older, comparison: 0.5, pValue: nil, strength: max(0, 2 * older - 1),
      says:
        "\(Int((older * 100).rounded())) % of all members are older than the group's median member; by chance: 50 %"
    )
  }

  /// The money through the group.
  func money(_ members: [UInt32]) -> SuspicionPart? {
    guard !facts.money.isEmpty else { return nil }
    let sum = members.map { facts.money[Int($0)] }.filter { $0.isFinite }.reduce(0, +)
    let expected = population.meanMoney * Double(members.count)
    let ratio = expected > 0 ? sum / expected : 0
    return SuspicionPart(
      kind: .money, value: sum, comparison: expected, pValue: nil, strength: min(1, max(0, (ratio - 1) / 9)),
      says:
        "\(digits(sum, 0)) in money went through it; through as many random members: \(digits(expected, 0))")
  }

  /// How much of what members use is shared with outsiders: what they may hide behind. Shown, and not counted.
  func camouflage(_ members: [UInt32]) -> SuspicionPart? {
    guard !shared.kinds.isEmpty else { return nil }
    let inside = Set(members)
    var (uses, withOutsiders) = (0, 0)
    for kind in shared.kinds {
      for member in members {
        for entry in kind.uses.rows.row(Int(member)) {
          uses += 1
          let instrument = Int(kind.uses.rows.targets[entry])
          if kind.uses.columns.row(instrument).contains(where: {
            !inside.contains(kind.uses.columns.targets[$0])
          }) {
            withOutsiders += 1
          }
        }
      }
    }
    let share = uses > 0 ? Double(withOutsiders) / Double(uses) : 0
    return SuspicionPart(
      kind: .camouflage, value: share, comparison: 0, pValue: nil, strength: share,
      says: "\(withOutsiders) of \(uses) uses are of instruments that outsiders use too")
  }
}

/// How many of sorted numbers are below `bound`.
private func lowerBound(_ sorted: [Int64], _ bound: Int64) -> Int {
  sorted.indices.partitionPoint { sorted[$0] < bound }
}
