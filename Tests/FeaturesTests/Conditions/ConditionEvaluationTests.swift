import Compute
import Features
import Graph
import Testing

@Suite("Conditions asked of a graph")
struct ConditionEvaluationTests {
  typealias Truth = (SmallShop, Int, Int64) -> Bool?

  /// Each with what it means, worked out from the rows.
  static var truths: [(String, Truth)] {
    [
      ("refund_rate > 0.2", { shop, m, _ in shop.merchants[m].rate.map { $0 > 0.2 } }),
      ("refund_rate = 0.2", { shop, m, _ in shop.merchants[m].rate.map { $0 == 0.2 } }),
      ("refund_rate in (0.1, 30%)", { shop, m, _ in shop.merchants[m].rate.map { $0 == 0.1 || $0 == 0.3 } }),
      ("is_verified", { shop, m, _ in shop.merchants[m].verified }),
      ("is_verified = false", { shop, m, _ in shop.merchants[m].verified.map { !$0 } }),
      ("not is_verified", { shop, m, _ in shop.merchants[m].verified.map { !$0 } }),
      ("country != CN", { shop, m, _ in shop.merchants[m].country.map { $0 != "CN" } }),
      (#"country = "o'\"clock""#, { shop, m, _ in shop.merchants[m].country.map { $0 == "o'\"clock" } }),
      ("country is missing", { shop, m, _ in shop.merchants[m].country == nil }),
      (
        "title contains 'shop'",
        { shop, m, _ in
          shop.merchants[m].title.isEmpty ? nil : shop.merchants[m].title.lowercased().contains("shop")
        }
      ),
      ("risky = 1", { shop, m, asOf in shop.risky(m, asOf) }),
      ("risky is missing", { shop, m, asOf in shop.risky(m, asOf) == nil }),
      (
        "risky_known_at is not missing",
        { shop, m, asOf in shop.merchants[m].riskyKnown.map { $0 < asOf } ?? false }
      ),
      ("age(opened_at) < 10d", { shop, m, asOf in asOf - shop.merchants[m].opened < 10 * 86_400 }),
      ("count(orders) >= 6", { shop, m, asOf in shop.orders(of: m, asOf).count >= 6 }),
      ("count(orders, 7d) >= 2", { shop, m, asOf in shop.orders(of: m, asOf, days: 7).count >= 2 }),
      (
        "distinct(orders, 14d) > 2",
        { shop, m, asOf in Set(shop.orders(of: m, asOf, days: 14).map(\.buyer)).count > 2 }
      ),
      (
        "sum(orders.amount, 14d) > 100",
        { shop, m, asOf in
          shop.orders(of: m, asOf, days: 14).compactMap(\.amount).map(Double.init).reduce(0, +) > 100
        }
      ),
      (
        "mean(orders.amount) > 40",
        { shop, m, asOf in
          let known = shop.orders(of: m, asOf).compactMap(\.amount).map(Double.init)
          return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count) > 40
        }
      ),
      (
        "max(orders.amount) >= 87.25",
        { shop, m, asOf in
          shop.orders(of: m, asOf).compactMap(\.amount).max().map { $0 >= 87.25 }
        }
      ),
      (
        "count(orders where amount > 50 and payment = card) > 1",
        { shop, m, asOf in
          shop.orders(of: m, asOf).filter { ($0.amount ?? -1000) > 50 && $0.payment == "card" }.count > 1
        }
      ),
      (
        "share(orders where payment = cash, 30d) > 40%",
        { shop, m, asOf in
          let known = shop.orders(of: m, asOf, days: 30).compactMap(\.payment)
          return known.isEmpty ? nil : Double(known.filter { $0 == "cash" }.count) / Double(known.count) > 0.4
        }
      ),
      ("count(logs.in) >= 2", { shop, m, asOf in shop.logins(of: m, asOf).count >= 2 }),
      (
        "count(logs.in where device.kind = emulator) >= 1",
        { shop, m, asOf in
          shop.logins(of: m, asOf).contains { shop.devices[$0.device].kind == "emulator" }
        }
      ),
      (
        "count(logs.in where device.distinct(logs.in) >= 4) >= 1",
        { shop, m, asOf in
          shop.logins(of: m, asOf).contains {
            Set(shop.logins(on: $0.device, asOf).map(\.merchant)).count >= 4
          }
        }
      ),
      (
        "count(logs.in where device.count(logs.in where other.risky = 1 and merchant.refund_rate > 0.3) >= 1) >= 1",
        { shop, m, asOf in
          shop.logins(of: m, asOf).contains {
            shop.logins(on: $0.device, asOf).contains {
              shop.risky($0.merchant, asOf) == true && (shop.merchants[$0.merchant].rate ?? 0) > 0.3
            }
          }
        }
      ),
      (
        "count(copies where other.refund_rate > own.refund_rate) >= 1",
        { shop, m, asOf in
          shop.copies.contains {
            guard let own = shop.merchants[m].rate, let other = shop.merchants[$0.to].rate else {
              return false
            }
            return $0.from == m && $0.at < asOf && shop.merchants[$0.to].opened < asOf && other > own
          }
        }
      ),
      (
        "count(copies.into, 20d) >= 1",
        { shop, m, asOf in
          shop.copies.contains {
            $0.to == m && $0.at < asOf && $0.at >= asOf - 20 * 86_400 && shop.merchants[$0.from].opened < asOf
          }
        }
      ),
      (
        "max(orders.ordered_at) - opened_at > 20d",
        { shop, m, asOf in
          shop.orders(of: m, asOf).map(\.at).max().map { $0 - shop.merchants[m].opened > 20 * 86_400 }
        }
      ),
      (
        "refund_rate > 0.4 and is_verified",
        { shop, m, _ in
          let (a, b) = (shop.merchants[m].rate.map { $0 > 0.4 }, shop.merchants[m].verified)
          return a == false || b == false ? false : a == nil || b == nil ? nil : true
        }
      ),
      (
        "refund_rate > 0.4 or not is_verified",
        { shop, m, _ in
          let (a, b) = (shop.merchants[m].rate.map { $0 > 0.4 }, shop.merchants[m].verified.map { !$0 })
          return a == true || b == true ? true : a == nil || b == nil ? nil : false
        }
      ),
      ("count(orders) / count(knows) > 1", { _, _, _ in nil }),
    ]
  }

  @Test("say what the rows say, for every instant", arguments: 0..<truths.count)
  func rows(place: Int) throws {
    let (text, truth) = ConditionEvaluationTests.truths[place]
    let condition = try Condition(text, of: "merchant", in: SmallShop.schema)
    var seen: Set<Bool?> = []
    for seed in 1...4 {
      let shop = try SmallShop(seed: UInt64(seed))
      for day in stride(from: 5, to: 61, by: 5) {
        let asOf = SmallShop.start + Int64(day) * SmallShop.day
        let bound = try condition.bound(to: shop.graph.view(asOf: Timestamp(seconds: asOf)))
        for merchant in shop.merchants.indices {
          let expected = shop.merchants[merchant].opened < asOf ? truth(shop, merchant, asOf) : nil
          let answer = bound.holds(for: NodeID(UInt32(merchant)))
          seen.insert(answer)
          #expect(answer == expected, "\(text): merchant \(merchant), day \(day), seed \(seed)")
        }
      }
    }
    if !text.contains("knows") {
      #expect(seen.isSuperset(of: [true, false]), "the test tries both: \(text)")
    }
  }

  @Test("without an instant are asked as of the last second that anything bears")
  func noInstant() throws {
    let shop = try SmallShop(seed: 5)
    let last =
      ([shop.orders.map(\.at).max()!, shop.logins.map(\.at).max()!, shop.copies.map(\.at).max()!]
      + shop.merchants.map(\.opened) + shop.devices.map(\.seen)).max()!
    for text in ["count(orders, 7d) >= 2", "age(opened_at) < 20d"] {
      let condition = try Condition(text, of: "merchant", in: SmallShop.schema)
      let free = try condition.bound(to: shop.graph.view())
      let bound = try condition.bound(to: shop.graph.view(asOf: Timestamp(seconds: last + 1)))
      #expect(free.nodes() == bound.nodes())
      #expect(!free.nodes().isEmpty)
    }
  }

  @Test("find the same nodes on one thread and on many")
  func threads() throws {
    let shop = try SmallShop(seed: 3)
    let bound = try Condition("count(orders) > 3 or is_verified", of: "merchant", in: SmallShop.schema)
      .bound(to: shop.graph.view())
    #expect(bound.nodes(parallel: Parallel(threads: 1)) == bound.nodes(parallel: Parallel(threads: 4)))
  }

  @Test("a measure gives its number")
  func measures() throws {
    let shop = try SmallShop(seed: 2)
    let asOf = SmallShop.start + 40 * SmallShop.day
    let view = shop.graph.view(asOf: Timestamp(seconds: asOf))
    let sum = try Measure("sum(orders.amount, 30d) * 2 + 1", of: "merchant", in: SmallShop.schema).bound(
      to: view)
    for merchant in shop.merchants.indices where shop.merchants[merchant].opened < asOf {
      let amounts = shop.orders(of: merchant, asOf, days: 30).compactMap(\.amount).map(Double.init)
      let expected = amounts.reduce(0, +) * 2 + 1
      let answer = try #require(sum.value(of: NodeID(UInt32(merchant))))
      #expect(abs(answer - expected) < 1e-9)
    }
  }
}
