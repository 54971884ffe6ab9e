import Graph
import Testing

@testable import Governance

@Suite("Rule files") struct RuleTests {
  @Test("are read, with comments, conditions over several lines, and careful defaults")
  func read() throws {
    let book = try RuleBook(
      """
      # The policy's rules.
      rule a of merchant
        when refund_rate > 20%   # a comment, isn't it
             and country in (CN, "a # b")
        severity high
        policy   4.2 Seller's refunds
        mode     live

      rule b of merchant
        when count(orders, 7d) > 3
      """, in: Shop.schema)
    #expect(book.rules.map(\.name) == ["a", "b"])
    #expect(book.rules[0].condition.description == #"refund_rate > 0.2 and country in ("CN", "a # b")"#)
    #expect(book.rules[0].severity == .high && book.rules[0].mode == .live)
    #expect(book.rules[0].policy == "4.2 Seller's refunds")
    #expect(
      book.rules[1].severity == .medium && book.rules[1].mode == .shadow,
      "a new rule first shows what it would do")
  }

  @Test("every mistake is named with line and column")
  func mistakes() throws {
    let error = #expect(throws: RuleFileError.self) {
      try RuleBook(
        """
        rule a of merchant
          when refund_rat > 20%
               and contry = CN
          severty high
          mode lve
        rule a of merchnt
          when x > 1
        rule c of merchant
        mode live
        rule
        when 1 > 0
        """, file: "rules.txt", in: Shop.schema)
    }
    #expect(
      error?.description == """
        rules.txt:2:8: merchant has no column "refund_rat". Did you mean refund_rate?
        rules.txt:3:12: merchant has no column "contry". Did you mean country?
        rules.txt:4:3: "severty" begins nothing; a rule has when, severity, policy and mode. Did you mean severity?
        rules.txt:5:8: mode is one of shadow, live, not "lve". Did you mean live?
        rules.txt:6:1: there is no type of node "merchnt". Did you mean merchant?
        rules.txt:6:6: there are two rules a
        rules.txt:8:1: rule c does not say when
        rules.txt:10:1: a rule begins with: rule NAME of TYPE
        rules.txt:11:1: when stands outside a rule; begin with: rule NAME of TYPE
        """)
  }

  @Test("a back-test counts whom a rule met, and how right it was by what is known now")
  func backtest() throws {
    let shop = try Shop()
    let graph = try shop.store.graph().with([
      Verdict(
        key: NodeKey(type: "merchant", key: "m5"), isRisky: true, since: Shop.day(10), caseNumber: 1,
        isDisputed: false),
      Verdict(
        key: NodeKey(type: "merchant", key: "m10"), isRisky: true, since: Shop.day(40), caseNumber: 1,
        isDisputed: false),
      Verdict(
        key: NodeKey(type: "merchant", key: "m15"), isRisky: false, since: Shop.day(40), caseNumber: 1,
        isDisputed: false),
      Verdict(
        key: NodeKey(type: "merchant", key: "m3"), isRisky: true, since: Shop.day(9), caseNumber: 1,
        isDisputed: false),
    ])
    let results = try RuleBook(Shop.rules, in: Shop.schema).backtest(on: graph, asOf: Shop.day(30))
    #expect(results[0].flagged == 3)
    #expect(results[0].risky == 2 && results[0].cleared == 1 && results[0].newlyFound == 1)
    #expect(results[0].recall == 2.0 / 3)
    #expect(results[1].flagged == 4, "m0 to m3 share a device")
    // Wilson's interval for 2 of 3, by hand: (0.2077, 0.9385).
    #expect(
      abs(results[0].interval.lowerBound - 0.2077) < 1e-3
        && abs(results[0].interval.upperBound - 0.9385) < 1e-3)
  }
}
