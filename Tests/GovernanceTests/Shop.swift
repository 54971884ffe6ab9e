import Foundation
import Graph
import Store

@testable import Governance

/// A store of a few merchants, in a folder that goes away with the value.
final class Shop {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("govern-\(UUID().uuidString)")
    .path
  let store: Store
  var path: String { folder + "/shop.rg" }

  static let day: Int64 = 86_400
  static let start = Timestamp("2026-01-01")!
  static func day(_ number: Int) -> Timestamp { Timestamp(seconds: start.seconds + Int64(number) * day) }

  static let schema = Schema(
    name: "shop",
    nodeTypes: [
      NodeType(
        name: "merchant",
        columns: [
          ColumnType("refund_rate", .number), ColumnType("country", .category), ColumnType("risky", .flag),
        ], clocks: Clocks(happened: "opened_at"), labels: [LabelType(column: "risky", known: "known_at")]),
      NodeType(name: "buyer"), NodeType(name: "device"),
    ],
    relations: [
      RelationType(
        name: "orders", from: "buyer", to: "merchant", columns: [ColumnType("amount", .number)],
        clocks: Clocks(happened: "at")),
      RelationType(name: "logs_in", from: "merchant", to: "device", clocks: Clocks(happened: "at")),
    ])

  /// Merchants m0, m1, …: every fifth has a high refund rate; m0 to m3 share a device. Buyer b0 orders of each, so many
  /// times as the merchant's number. Hostile keys come last.
  init(merchants: Int = 20, hostile: [String] = []) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    store = try Store.create(at: folder + "/shop.rg", schema: Shop.schema)
    var merchantRows = RowBatch(of: Shop.schema.nodeType("merchant")!)
    let names = Shop.schema.nodeType("merchant")!.tableColumns.map(\.name)
    func row(_ values: [String: RowBatch.Value]) -> [RowBatch.Value] { names.map { values[$0] ?? .missing } }
    let keys = (0..<merchants).map { "m\($0)" } + hostile
    for (number, key) in keys.enumerated() {
      merchantRows.add(
        keys: [key],
        values: row([
          "refund_rate": .number(number % 5 == 0 ? 0.5 : 0.1),
          "country": .text(number % 2 == 0 ? "CN" : "US"),
          "opened_at": .time(Shop.start),
        ]))
    }
    try store.append(nodeType: "merchant", rows: merchantRows)
    let appender = try store.appender(unknownKeys: .create)
    var orders = RowBatch(of: Shop.schema.relation("orders")!)
    for (number, key) in keys.enumerated() {
      for order in 0..<number {
        orders.add(
          keys: ["b\(order % 3)", key],
          values: Shop.schema.relation("orders")!.tableColumns.map {
            $0.name == "at" ? .time(Shop.day(1 + order % 20)) : .number(10)
          })
      }
    }
    try appender.append(relation: "orders", orders)
    var logins = RowBatch(of: Shop.schema.relation("logs_in")!)
    for key in keys.prefix(4) { logins.add(keys: [key, "d0"], values: [.time(Shop.day(2))]) }
    try appender.append(relation: "logs_in", logins)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func book(day: Int = 40) -> CaseBook {
    var book = CaseBook(store)
    book.now = { Shop.day(day) }
    return book
  }

  static let rules = """
    # Reviewed whatever a model says.
    rule many-refunds of merchant
      when refund_rate > 20% and count(orders) >= 5   # a few is chance
      severity review
      policy 4.2 Refunds
      mode live
    rule shared-device of merchant
      when count(logs_in where device.count(logs_in) >= 3) >= 1
      severity high
    """

  /// A queue made by rules alone.
  @discardableResult
  func flag(
    day: Int = 30, budget: Int = 10, exploration: Double = 0
  ) throws -> (run: Int, outcome: FlagOutcome) {
    var settings = FlagSettings(targets: ["merchant"], budget: budget)
    settings.exploration = exploration
    var flagging = Flagging(store)
    flagging.book = book(day: day)
    let outcome = try flagging.plan(
      settings, rules: try RuleBook(Shop.rules, in: Shop.schema), asOf: Shop.day(day))
    return (try flagging.write(outcome), outcome)
  }

  /// Opens one case as a queue would. Its number.
  func open(_ one: PlannedCase, day: Int = 30) throws -> Int {
    var flagging = Flagging(store)
    flagging.book = book(day: day)
    let settings = FlagSettings(targets: [one.members[0].key.type], budget: 1)
    var plan = QueuePlan([], settings: settings)
    plan.cases = [one]
    try flagging.write(
      FlagOutcome(
        plan: plan, evidence: [:], asOf: Shop.day(day), settings: settings, rules: .none, groupRun: nil,
        data: QueueData(mark: store.dataMark(), lastEntry: 0), notes: [], candidateCount: one.members.count))
    return try book().cases(in: [.open])[0].number
  }
}
