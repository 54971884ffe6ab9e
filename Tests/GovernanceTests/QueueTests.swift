import Compute
import Foundation
import Graph
import Store
import Testing

@testable import Governance

private func candidate(
  _ name: String, _ probability: Double, harm: Double, type: String = "merchant", group: String? = nil,
  country: String? = nil
) -> FlagCandidate {
  var details = FlagDetails()
  details.group = group.map {
    FlagDetails.Group(name: $0, suspicion: 0.6, size: 5, judged: 0, risky: 0, probability: 0.5)
  }
  var one = FlagCandidate(
    key: NodeKey(type: type, key: name), probability: probability, harm: harm, details: details)
  if let country { one.region["country"] = country }
  return one
}

private func settings(_ budget: Int, exploration: Double = 0) -> FlagSettings {
  var settings = FlagSettings(targets: ["merchant"], budget: budget)
  settings.exploration = exploration
  return settings
}

@Suite("The day's queue") struct QueuePlanTests {
  @Test("is ranked by what a review prevents less what a false flag does, above the line, within the budget")
  func ranked() {
    // Exposed are 1000, 50, 250 and 25; over a line of one half they are worth 1000 · 0.1 / 0.5 = 200, 40, nothing and 15.
    let all = [
      candidate("a", 0.6, harm: 600), candidate("b", 0.9, harm: 45), candidate("c", 0.4, harm: 100),
      candidate("d", 0.8, harm: 20),
    ]
    let plan = QueuePlan(all, settings: settings(2))
    #expect(plan.cases.map { $0.members[0].key.key } == ["a", "b"])
    #expect(
      abs(plan.cases[0].worth(over: 0.5) - 200) < 1e-9 && abs(plan.cases[1].worth(over: 0.5) - 40) < 1e-9)
    // As much expected harm, but surer: first. Without a price on false flags harm alone ranks.
    let two = [candidate("sure", 0.95, harm: 38), candidate("vague", 0.55, harm: 44)]
    #expect(QueuePlan(two, settings: settings(1)).cases[0].members[0].key.key == "sure")
    var free = settings(1)
    free.line = 0
    #expect(QueuePlan(two, settings: free).cases[0].members[0].key.key == "vague")
    #expect(plan.wanted == 3)
    #expect(plan.leftOut == 1)
    #expect(QueuePlan([candidate("c", 0.4, harm: 99)], settings: settings(5)).cases.isEmpty, "a quiet day")
  }

  @Test("members of one suspicious group make one case, ranked by all of them")
  func gathered() {
    var all = (0..<5).map { candidate("g\($0)", 0.7, harm: 8, group: "C1") }
    all.append(candidate("single", 0.9, harm: 20))
    let plan = QueuePlan(all, settings: settings(2))
    #expect(plan.cases.map(\.members.count) == [5, 1])
    var few = settings(10)
    few.mostMembers = 2
    #expect(QueuePlan(all, settings: few).cases.map(\.members.count).sorted() == [1, 1, 2, 2])
  }

  @Test("quotas hold by type and by a column")
  func quotas() {
    let all = (0..<20).map { number -> FlagCandidate in
      candidate("m\(number)", 0.9, harm: Double(50 - number), country: number % 2 == 0 ? "CN" : "US")
    }
    var few = settings(10)
    few.quotas = [.init(column: "country", value: "CN", most: 2)]
    let plan = QueuePlan(all, settings: few)
    #expect(plan.cases.count == 10)
    #expect(plan.cases.count { $0.members[0].region["country"] == "CN" } == 2)
    few.quotas = [.init(value: "merchant", most: 3)]
    #expect(QueuePlan(all, settings: few).cases.count == 3)
  }

  @Test("exploration draws each of the others with the same chance, and says the chance")
  func exploration() throws {
    let all = (0..<40).map { candidate("m\($0)", $0 < 4 ? 0.9 : 0.01, harm: 1) }
    var counts: [String: Int] = [:]
    let rounds = 2000
    for seed in 0..<rounds {
      var one = settings(12, exploration: 0.5)
      one.seed = UInt64(seed)
      let drawn = QueuePlan(all, settings: one).cases.filter { $0.reason == .exploration }
      #expect(drawn.count == 6)
      for test in drawn {
        counts[test.members[0].key.key, default: 0] += 1
        #expect(test.members[0].details.drawnShare == 6.0 / 36)
      }
    }
    #expect(counts.count == 36)
    // Each is drawn with the chance 1/6: within five standard deviations.
    let mean = Double(rounds) / 6
    let spread = (Double(rounds) * (1.0 / 6) * (5.0 / 6)).squareRoot()
    for (key, count) in counts { #expect(abs(Double(count) - mean) < 5 * spread, "\(key): \(count)") }
  }

  @Test(
    "a rule that forces a review is first in the queue, however low the score; a shadow rule changes nothing")
  func forced() {
    var forced = candidate("forced", 0.01, harm: 0.1)
    forced.details.rules = [
      .init(name: "r", severity: .review, mode: .live, policy: nil, probability: 0.01)
    ]
    var shadow = candidate("shadow", 0.01, harm: 99)
    shadow.details.rules = [
      .init(name: "s", severity: .review, mode: .shadow, policy: nil, probability: 0.9)
    ]
    let plan = QueuePlan([candidate("a", 0.9, harm: 50), forced, shadow], settings: settings(5))
    #expect(plan.cases.map { $0.members[0].key.key } == ["forced", "a"])
    #expect(plan.cases[0].reason == .rule)
  }

  @Test("is the same for the same seed, and does not depend on the order of the candidates")
  func deterministic() {
    let all = (0..<50).map { number -> FlagCandidate in
      let group = number % 3 == 0 ? "C1" : nil
      return candidate("m\(number)", Double(number % 10) / 10, harm: Double(number % 7), group: group)
    }
    let one = QueuePlan(all, settings: settings(20, exploration: 0.3))
    #expect(one == QueuePlan(all.reversed(), settings: settings(20, exploration: 0.3)))
  }
}

@Suite("Flagging a store") struct FlaggingTests {
  @Test("rules find who they are meant to find; the written queue is the planned one")
  func byRules() throws {
    let shop = try Shop()
    let (run, outcome) = try shop.flag()
    // Refund rate 0.5 and at least five orders: m5, m10, m15, the most exposed first. By day 30 each has all orders.
    #expect(outcome.plan.cases.map { $0.members[0].key.key } == ["m15", "m10", "m5"])
    let flags = try QueueStore(shop.store).flags(of: run)
    #expect(flags.map(\.key) == outcome.plan.cases.flatMap(\.members).map(\.key))
    #expect(flags.map(\.probability) == outcome.plan.cases.flatMap(\.members).map(\.probability))
    #expect(flags.allSatisfy { $0.details != nil && $0.reason == .rule })
    // Shadow rules are shown, and flag nobody.
    #expect(!flags.contains { $0.key.key == "m1" })
    let money = try #require(flags[0].details?.money)
    #expect(money == 150, "m15 has 15 orders of 10 within 30 days")
    #expect(flags[0].details?.people == 3)
  }

  @Test("whoever is in an open case, or has an answer, is not flagged again; who was cleared is not either")
  func onlyOnce() throws {
    let shop = try Shop()
    try shop.flag()
    #expect(try shop.flag().outcome.plan.cases.isEmpty)
    let book = shop.book(day: 31)
    let number = try book.claimNext(by: "ana").number
    try book.decide(number, .allow, by: "ana", because: "fine")
    #expect(try shop.flag(day: 33).outcome.plan.cases.isEmpty)
    try book.undo(number, by: "ana", because: "not fine")
    try book.release(number, by: "ana")
    #expect(try shop.flag(day: 33).outcome.plan.cases.isEmpty, "it is open again")
  }

  @Test("sees nothing of what comes later")
  func noFuture() throws {
    let shop = try Shop()
    // m5 has its fifth order on day 5: on day 5 it cannot be seen yet.
    #expect(try shop.flag(day: 5).outcome.plan.cases.isEmpty)
    #expect(try shop.flag(day: 6).outcome.plan.cases.count == 3)
  }

  @Test("without a model, groups or rules it says what is missing")
  func nothingToGoBy() throws {
    let shop = try Shop()
    #expect(throws: GovernanceError.noModel(target: "merchant")) {
      try Flagging(shop.store).plan(FlagSettings(targets: ["merchant"], budget: 5))
    }
  }

  @Test("a promise that cannot be given is refused with the reason")
  func noPromise() throws {
    let shop = try Shop()
    var settings = FlagSettings(targets: ["merchant"], budget: 5)
    settings.maxFalse = 0.1
    let outcome = try Flagging(shop.store).plan(settings, rules: RuleBook(Shop.rules, in: Shop.schema))
    #expect(outcome.plan.promises["merchant"]?.isPromised == false)
    #expect(outcome.summary.contains("CANNOT BE PROMISED"))
  }

  @Test("a decision replays to the same probability, reasons and place, also after a compact and more rows")
  func replay() throws {
    let shop = try Shop()
    try shop.flag(exploration: 0.2)
    let book = shop.book(day: 31)
    let number = try book.claimNext(by: "ana").number
    let entry = try book.decide(number, .delist, by: "ana", because: "x")
    let replay = try Flagging(shop.store).replay(decision: entry.number)
    #expect(replay.isExact && replay.isSame)
    try shop.store.compact()
    let later = try Flagging(shop.store).replay(decision: entry.number)
    #expect(!later.isExact && later.isSame)
    #expect(throws: GovernanceError.noSuchDecision(1)) { try Flagging(shop.store).replay(decision: 1) }
  }

  @Test("hostile keys and names change nothing but what they are")
  func hostile() throws {
    let names = [
      "'; drop table cases; --", "<script>alert(1)</script>", "\u{1b}[2J", "\" or 1=1", "a\u{0}b",
      "é\u{202e}x", "%s%n",
    ]
    let shop = try Shop(merchants: 4, hostile: names)
    var settings = FlagSettings(targets: ["merchant"], budget: 50)
    settings.exploration = 0
    let rules = try RuleBook(
      "rule all of merchant\n when refund_rate >= 0\n severity review\n mode live\n policy '; drop table flags; --",
      in: Shop.schema)
    var flagging = Flagging(shop.store)
    flagging.book = shop.book()
    let run = try flagging.write(try flagging.plan(settings, rules: rules, asOf: Shop.day(30)))
    let flagged = Set(try QueueStore(shop.store).flags(of: run).map(\.key.key))
    #expect(flagged.isSuperset(of: names))
    let one = try flagging.book.claimNext(by: "'; delete from cases; --")
    try flagging.book.decide(one.number, .warn, by: "'; delete from cases; --", because: "\u{1b}[31m")
    #expect(try flagging.book.case(one.number).entries.last?.why == "\u{1b}[31m")
    #expect(try flagging.book.verified().flaws == [])
  }
}
