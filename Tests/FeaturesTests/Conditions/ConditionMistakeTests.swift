import Compute
import Features
import Graph
import Testing

private func problems(_ text: String, of type: String = "merchant") -> [String] {
  do {
    _ = try Condition(text, of: type, in: SmallShop.schema)
    return []
  } catch { return error.problems.map(\.description) }
}

@Suite("Mistakes in a condition")
struct ConditionMistakeTests {
  @Test(
    "are named with line, column and the nearest name",
    arguments: [
      ("refund_rat > 0.2", #"1:1: merchant has no column "refund_rat". Did you mean refund_rate?"#),
      (
        "is_verified and\n  count(order, 7d) > 1", #"2:9: there is no relation "order". Did you mean orders?"#
      ),
      ("cuont(orders) > 1", "1:1: there is no cuont(…). Did you mean count?"),
      (
        "count(orders where amout > 1) > 1",
        #"1:20: the edges of orders have no column "amout". Did you mean amount?"#
      ),
      (
        "count(logs.in where kind = phone) > 1",
        #"1:21: the edges of logs.in have no column "kind". The column of the node at its other end is device.kind."#
      ),
      (
        "count(logs.in where devise.kind = phone) > 1",
        #"1:21: "devise" is neither end of logs.in. Did you mean device?"#
      ),
      (
        "count(logs.in where count(logs.in) > 1) > 1",
        "1:21: whose count? Inside where, say device.count(…) or own.count(…)"
      ),
      ("refund_rate >", "1:14: here a name or a value is missing; here stands the end"),
      ("refund_rate", "1:1: this is a number, not a condition; compare it with something, such as > 0"),
      ("refund_rate > 'x'", "1:15: a number cannot be compared with a text"),
      ("country < 'x'", "1:1: only = and != go with a text"),
      (
        "opened_at > '2026-02-30'",
        #"1:13: "2026-02-30" is no date; write 2026-03-01 or 2026-03-01T08:30:00Z"#
      ),
      ("age(refund_rate) > 3d", "1:5: age needs a time; refund_rate is a number"),
      ("count(knows, 7d) > 1", "1:14: knows has no clock, so it has no last 7d"),
      ("count(orders, 7x) > 1", #"1:15: "7x": a time span is a number and w, d, h, min or s, such as 7d"#),
      ("share(orders) > 1", "1:7: share needs to know of what: share(orders where …)"),
      (
        "sum(orders) > 1",
        "1:5: sum takes a column of the edges, or of the nodes they lead to: sum(orders.amount)"
      ),
      ("1 < refund_rate < 2", "1:17: comparisons do not follow each other; join them with and"),
      ("(is_verified", #"1:13: ")" is missing to close what opens at 1:1; here stands the end"#),
      (
        "is_verified is_verified",
        #"1:13: here stands "is_verified", where the condition could have ended; join with and or or"#
      ),
      ("country = 'x", "1:11: what begins here with ' does not end on its line"),
      ("country = x; drop table nodes", #"1:12: the character ";" means nothing here"#),
      ("refund_rate > 1e999", #"1:15: "1e999" is no number"#),
      ("", "1:1: the condition is empty"),
      ("age(opened_at) > 30", "1:1: a time span cannot be compared with a number"),
      ("refund_rate + country > 1", "1:1: a number + a text makes no sense"),
    ])
  func named(text: String, problem: String) {
    #expect(problems(text) == [problem])
  }

  @Test("are all gathered, in the order of their places")
  func gathered() {
    #expect(
      problems("refund_rat > 1 and contry = CN or count(orders) > 2").map { String($0.prefix(5)) } == [
        "1:1: ", "1:20:",
      ])
  }

  @Test("an unknown type of node is named too")
  func unknownType() {
    #expect(
      problems("x > 1", of: "merchnt") == [
        #"1:1: there is no type of node "merchnt". Did you mean merchant?"#
      ])
  }

  @Test("a place inside a file counts from where the condition begins")
  func insideFile() throws {
    let error = #expect(throws: ConditionError.self) {
      try Condition(
        "is_verified and\nx", of: "merchant", in: SmallShop.schema, startingAt: TextPlace(line: 7, column: 13)
      )
    }
    #expect(error?.problems.first?.place == TextPlace(line: 8, column: 1))
  }

  @Test("deep nesting, long texts and strange characters are refused, not crashed on")
  func hostile() {
    #expect(problems(String(repeating: "(", count: 10_000)).count == 1)
    #expect(problems(String(repeating: "-", count: 10_000) + "1 > 0").count == 1)
    #expect(problems(String(repeating: "not ", count: 4000) + "is_verified").isEmpty)
    #expect(problems(String(repeating: "is_verified and ", count: 4000) + "is_verified").count == 1)
    #expect(problems("country = \u{1b}[2J").first == #"1:11: the character "U+1B" means nothing here"#)
    let deep = (0..<5).reduce("device.count(logs.in) > 1") { inner, depth in
      "\(depth == 4 ? "" : depth % 2 == 0 ? "merchant." : "device.")count(logs.in where \(inner)) > 1"
    }
    #expect(problems(deep).count >= 1)
  }

  @Test("whatever a text is, reading it ends in a condition or in a named mistake")
  func fuzz() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var numbers = Seed(seed).generator(for: "fuzz")
    let pieces = [
      "refund_rate", "count(", "orders", ")", "(", " and ", " or ", "not ", ">", "=", "7d", ",", "'x'", "0.2",
      ".",
      "where ", "device", "`", "\"", "\\", "-", "2026-01-01", "%", "\n", "é", "\u{0}", "in", "is missing",
    ]
    for _ in 0..<3000 {
      let text = (0..<Int(numbers.unit() * 12)).map { _ in pieces[Int(numbers.unit() * Double(pieces.count))]
      }.joined()
      do {
        let condition = try Condition(text, of: "merchant", in: SmallShop.schema)
        let again = try Condition(condition.description, of: "merchant", in: SmallShop.schema)
        #expect(again == condition, "seed \(seed): \(text)")
      } catch { #expect(!error.problems.isEmpty) }
    }
  }
}
