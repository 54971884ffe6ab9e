import Features
import Graph
import Testing

@Suite("A condition written out")
struct ConditionWordsTests {
  @Test(
    "reads back to the same condition, and says what it means",
    arguments: [
      (
        "refund_rate > 0.2 and count(orders, 7d) >= 20 and risky = 1",
        "refund rate is more than 0.2, and the number of orders in the last 7 days is at least 20, and risky is 1"
      ),
      ("refund_rate>20%", "refund rate is more than 0.2"),
      (
        "not (is_verified or country in (CN, 'o\\'\"clock'))",
        #"it is not so that (is verified, or country is one of "CN", "o'"clock")"#
      ),
      (
        "is_verified = false and age(opened_at) < 30d",
        "is verified is false, and the time since opened at is less than 30 days"
      ),
      (
        "count(logs.in where device.count(logs.in) >= 3 and device.kind = emulator) >= 1",
        "the number of logs.in where (the number of logs.in of the device is at least 3, and the device's kind is \"emulator\") is at least 1"
      ),
      (
        "mean(orders.amount, 36h) / (1 - refund_rate) - -2 * 3 > 1",
        "(the mean of amount over orders in the last 36 hours divided by (1 less refund rate)) less (-2 times 3) is more than 1"
      ),
      (
        "count(copies.into where other.refund_rate > own.refund_rate) > distinct(copies)",
        "the number of copies against their direction where (the merchant's refund rate is more than refund rate) is more than the number of different merchant nodes in copies"
      ),
      (
        "title contains 'shop' and opened_at is not missing and opened_at < 2026-03-01",
        "title contains \"shop\", and opened at is known, and opened at is less than 2026-03-01"
      ),
      (
        "max(orders.ordered_at) - opened_at > 5d",
        "the largest ordered at of orders less opened at is more than 5 days"
      ),
    ])
  func roundTrip(text: String, words: String) throws {
    let condition = try Condition(text, of: "merchant", in: SmallShop.schema)
    #expect(condition.words == words)
    let again = try Condition(condition.description, of: "merchant", in: SmallShop.schema)
    #expect(again == condition)
    #expect(again.description == condition.description)
  }

  @Test("shows the numbers it compares, and each reads back to the same number")
  func measures() throws {
    let condition = try Condition(
      "refund_rate > 0.2 and not (count(orders, 7d) < 20 or refund_rate > sum(orders.amount) / 2) and is_verified",
      of: "merchant", in: SmallShop.schema)
    #expect(
      condition.measures.map(\.description) == [
        "refund_rate", "count(orders, 7d)", "sum(orders.amount) / 2", "is_verified",
      ])
    for measure in condition.measures {
      #expect(try Measure(measure.description, of: "merchant", in: SmallShop.schema) == measure)
    }
  }

  @Test("doubts a level that the graph does not have")
  func levels() throws {
    let shop = try SmallShop(seed: 1)
    let condition = try Condition(
      "country = UZ or count(orders where payment in (card, csh)) > 1", of: "merchant", in: SmallShop.schema)
    let doubts = condition.unknownLevels(in: shop.graph)
    #expect(doubts.count == 2)
    #expect(doubts.last == #"no payment of orders is "csh" so far. Did you mean cash?"#)
  }
}
