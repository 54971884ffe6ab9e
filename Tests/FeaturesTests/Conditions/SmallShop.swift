import Compute
import Features
import Foundation
import Graph

/// A random shop twice: as plain rows, and as a graph made of them. The rows are the truth.
struct SmallShop {
  struct Merchant {
    var key: String
    var opened: Int64
    var rate: Float?
    var verified: Bool?
    var country: String?
    var title: String
    var risky: Bool?
    var riskyKnown: Int64?
  }
  struct Device { var key: String; var kind: String?; var seen: Int64 }
  struct Order { var buyer: Int; var merchant: Int; var at: Int64; var amount: Float?; var payment: String? }
  struct Login { var merchant: Int; var device: Int; var at: Int64 }
  struct Copy { var from: Int; var to: Int; var at: Int64 }

  var merchants: [Merchant] = []
  var devices: [Device] = []
  var orders: [Order] = []
  var logins: [Login] = []
  var copies: [Copy] = []
  let graph: MarketGraph

  static let day: Int64 = 86_400
  static let start = Timestamp("2026-01-01")!.seconds

  static let schema = Schema(
    name: "shop",
    nodeTypes: [
      NodeType(
        name: "merchant",
        columns: [
          ColumnType("refund_rate", .number), ColumnType("is_verified", .flag),
          ColumnType("country", .category),
          ColumnType("title", .text), ColumnType("risky", .flag),
        ], clocks: Clocks(happened: "opened_at"),
        labels: [LabelType(column: "risky", known: "risky_known_at")]),
      NodeType(name: "buyer"),
      NodeType(
        name: "device", columns: [ColumnType("kind", .category)], clocks: Clocks(happened: "first_seen")),
    ],
    relations: [
      RelationType(
        name: "orders", from: "buyer", to: "merchant",
        columns: [ColumnType("amount", .number), ColumnType("payment", .category)],
        clocks: Clocks(happened: "ordered_at")),
      RelationType(name: "logs.in", from: "merchant", to: "device", clocks: Clocks(happened: "at")),
      RelationType(
        name: "copies", from: "merchant", to: "merchant", fromColumn: "a", toColumn: "b",
        clocks: Clocks(happened: "at")),
      RelationType(name: "knows", from: "merchant", to: "buyer"),
    ])

  init(seed: UInt64) throws {
    var numbers = Seed(seed).generator(for: "shop")
    func below(_ n: Int) -> Int { Int(numbers.unit() * Double(n)) }
    func time() -> Int64 {
      SmallShop.start + Int64(below(60)) * SmallShop.day + Int64([0, 0, 1, -1][below(4)])
    }
    func rarely<Value>(_ value: Value) -> Value? { below(5) == 0 ? nil : value }
    for i in 0..<12 {
      merchants.append(
        Merchant(
          key: "m\(i)", opened: time(), rate: rarely(Float(below(10)) / 10), verified: rarely(below(2) == 0),
          country: rarely(["CN", "US", "o'\"clock"][below(3)]),
          title: ["Best SHOP", "shop", "", "other"][below(4)],
          risky: rarely(below(2) == 0), riskyKnown: rarely(time())))
    }
    for i in 0..<5 {
      devices.append(Device(key: "d\(i)", kind: rarely(["phone", "emulator"][below(2)]), seen: time()))
    }
    for _ in 0..<150 {
      orders.append(
        Order(
          buyer: below(9), merchant: below(12), at: time(), amount: rarely(Float(below(400)) / 4 - 10),
          payment: rarely(["card", "cash"][below(2)])))
    }
    for _ in 0..<40 { logins.append(Login(merchant: below(12), device: below(5), at: time())) }
    for _ in 0..<30 { copies.append(Copy(from: below(12), to: below(12), at: time())) }

    var builder = MarketGraphBuilder(SmallShop.schema)
    func times(_ seconds: [Int64?]) -> Column { .times(seconds.map { $0.map { Timestamp(seconds: $0) } }) }
    try builder.addNodes(
      "merchant", keys: merchants.map(\.key),
      columns: [
        "refund_rate": .numbers(merchants.map(\.rate)), "is_verified": .flags(merchants.map(\.verified)),
        "country": .categories(merchants.map(\.country)), "title": .texts(merchants.map(\.title)),
        "risky": .flags(merchants.map(\.risky)), "opened_at": times(merchants.map(\.opened)),
        "risky_known_at": times(merchants.map(\.riskyKnown)),
      ])
    try builder.addNodes("buyer", keys: (0..<9).map { "b\($0)" })
    try builder.addNodes(
      "device", keys: devices.map(\.key),
      columns: ["kind": .categories(devices.map(\.kind)), "first_seen": times(devices.map(\.seen))])
    try builder.addEdges(
      "orders", from: orders.map { "b\($0.buyer)" }, to: orders.map { "m\($0.merchant)" },
      columns: [
        "amount": .numbers(orders.map(\.amount)), "payment": .categories(orders.map(\.payment)),
        "ordered_at": times(orders.map(\.at)),
      ], appended: 37)
    try builder.addEdges(
      "logs.in", from: logins.map { "m\($0.merchant)" }, to: logins.map { "d\($0.device)" },
      columns: ["at": times(logins.map(\.at))], appended: 11)
    try builder.addEdges(
      "copies", from: copies.map { "m\($0.from)" }, to: copies.map { "m\($0.to)" },
      columns: ["at": times(copies.map(\.at))], appended: 3)
    graph = try builder.finished()
  }

  // What can be seen of a merchant before an instant, from the rows.

  func orders(of merchant: Int, _ asOf: Int64, days: Int64? = nil) -> [Order] {
    orders.filter {
      $0.merchant == merchant && $0.at < asOf && merchants[merchant].opened < asOf
        && $0.at >= (days.map { asOf - $0 * SmallShop.day } ?? .min)
    }
  }

  func logins(of merchant: Int, _ asOf: Int64) -> [Login] {
    logins.filter {
      $0.merchant == merchant && $0.at < asOf && merchants[merchant].opened < asOf
        && devices[$0.device].seen < asOf
    }
  }

  func logins(on device: Int, _ asOf: Int64) -> [Login] {
    logins.filter {
      $0.device == device && $0.at < asOf && merchants[$0.merchant].opened < asOf
        && devices[device].seen < asOf
    }
  }

  func risky(_ merchant: Int, _ asOf: Int64) -> Bool? {
    let row = merchants[merchant]
    guard row.opened < asOf, let known = row.riskyKnown, known < asOf else { return nil }
    return row.risky
  }
}
