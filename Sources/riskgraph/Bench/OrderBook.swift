import Compute
import Features
import Foundation
import Graph
import Tables

/// Orders of accounts at shops, as many as wanted: what `bench features` measures on.
struct OrderBook {
  let table: EventTable
  let source: EventSource
  let question: EventQuestion
  let columns: EventColumns

  /// A hundred orders an account, few accounts with many; two years of seconds.
  init(events: Int, examples: Int, parallel: Parallel) {
    let accounts = max(2, events / 100)
    let shops = max(2, events / 1000)
    let stream = Seed(7).stream(for: "orders")
    let start: Int64 = 1_700_000_000
    let span = 2 * 365 * 86_400.0
    let rows = UnfinishedOrders(count: events)
    nonisolated(unsafe) let cells = rows
    parallel.forEach(rows: events, atLeast: 65_536) { block in
      var numbers = stream.generator(item: block.lowerBound)
      for row in block {
        let (a, b) = (numbers.unit(), numbers.unit())
        cells.accounts[row] = UInt32(Double(accounts) * a * a.squareRoot())
        cells.shops[row] = UInt32(Double(shops) * b * b)
        // In the order of time, as tables of events come.
        cells.times[row] = start + Int64(span * (Double(row) + numbers.unit()) / Double(events))
        cells.amounts[row] = Float(numbers.unit() * numbers.unit() * 400).rounded() / 4 + 1
        cells.kinds[row] = UInt32(numbers.unit() * 4)
      }
    }
    table = EventTable(
      name: "order", times: Buffer(rows.times),
      ends: [
        ("account", "account", Buffer(rows.accounts), accounts), ("shop", "shop", Buffer(rows.shops), shops),
      ],
      numbers: [.init(name: "amount", values: Buffer(rows.amounts))],
      categories: [
        .init(name: "kind", codes: Buffer(rows.kinds), levels: ["card", "transfer", "wallet", "cash"])
      ], parallel: parallel)
    rows.deallocate()
    source = EventSource(table: table)
    var chance = Seed(8).generator(for: "examples")
    let nodes = (0..<examples).map { _ in UInt32(chance.unit() * Double(accounts)) }
    let asOf = (0..<examples).map { _ in start + Int64(span * (0.3 + 0.7 * chance.unit())) }
    question = EventQuestion(asOf: Buffer(asOf), nodes: ["account": Buffer(nodes)])
    columns = EventColumns(for: question, from: [source], trainingEnd: .max)
  }

  private struct UnfinishedOrders {
    let accounts, shops, kinds: UnsafeMutableBufferPointer<UInt32>
    let times: UnsafeMutableBufferPointer<Int64>
    let amounts: UnsafeMutableBufferPointer<Float>

    init(count: Int) {
      accounts = .allocate(capacity: count)
      shops = .allocate(capacity: count)
      kinds = .allocate(capacity: count)
      times = .allocate(capacity: count)
      amounts = .allocate(capacity: count)
    }

    func deallocate() {
      accounts.deallocate()
      shops.deallocate()
      kinds.deallocate()
      times.deallocate()
      amounts.deallocate()
    }
  }

  /// The table, what is written beside it, and the result.
  func bytes(columns count: Int) -> Int {
    let derived = columns.derived.reduce(0) { $0 + $1.count }
    return table.rowCount * (8 + 4 * (2 + 2 + 2 + derived)) + question.asOf.count * count * 8
  }

  // MARK: For others

  func load(into database: Database) throws {
    let folder = NSTemporaryDirectory() + "bench-orders-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write(to: folder)
    try database.run(
      "CREATE TABLE \"order rows\" AS SELECT row_number() OVER () - 1 AS row, * FROM read_parquet(\(SQL.text(folder + "/orders.parquet")))"
    )
    try database.run(
      "CREATE TABLE x_examples AS SELECT row_number() OVER () - 1 AS example, * FROM read_parquet(\(SQL.text(folder + "/examples.parquet")))"
    )
  }

  func write(to folder: String) throws {
    let orders = try TableWriter(
      path: folder + "/orders.parquet",
      columns: [
        ("seen", .integer), ("account", .integer), ("shop", .integer), ("amount", .float), ("kind", .text),
      ])
    for start in stride(from: 0, to: table.rowCount, by: 100_000) {
      let rows = start..<min(table.rowCount, start + 100_000)
      try orders.append([
        .integer(table.times.view(rows)), .integer(Buffer(rows.map { Int64(table.ends[0].nodes[$0]) })),
        .integer(Buffer(rows.map { Int64(table.ends[1].nodes[$0]) })),
        .float(table.numbers[0].values.view(rows)),
        .text(TextArray(rows.map { table.categories[0].levels[Int(table.categories[0].codes[$0])] })),
      ])
    }
    try orders.finish()
    let examples = try TableWriter(
      path: folder + "/examples.parquet", columns: [("node", .integer), ("as_of", .integer)])
    try examples.append([
      .integer(Buffer(question.nodes["account"]!.map { Int64($0) })), .integer(question.asOf),
    ])
    try examples.finish()
  }

  /// What featuretools has primitives for.
  var simpleFeatures: [EventFeature] {
    let measures: [EventFeature.Measure] = [
      .count(.ever), .number("amount", .mean, .ever), .number("amount", .sum, .ever),
      .number("amount", .least, .ever), .number("amount", .greatest, .ever), .distinct("shop"),
    ]
    return measures.map { EventFeature(table: "order", end: "account", measure: $0) }
  }

  /// The greatest difference, relative where numbers are large; infinite where one is missing and the other is not.
  func difference(_ mine: Matrix, _ theirs: TableColumns) -> Double {
    var greatest = 0.0
    for column in 0..<mine.columns {
      let values = theirs["c\(column)"]
      for row in 0..<mine.rows {
        let other: Double
        switch values {
        case .double(let values)?: other = values[row]
        case .float(let values)?: other = Double(values[row])
        case .integer(let values)?: other = values[row] == .min ? .nan : Double(values[row])
        default: other = .nan
        }
        greatest = max(greatest, apart(Double(mine[row, column]), other))
      }
    }
    return greatest
  }

  func difference(_ mine: Matrix, _ theirs: [[Double?]]) -> Double {
    var greatest = 0.0
    for row in 0..<mine.rows {
      for column in 0..<mine.columns {
        greatest = max(greatest, apart(Double(mine[row, column]), theirs[row][column] ?? .nan))
      }
    }
    return greatest
  }

  private func apart(_ a: Double, _ b: Double) -> Double {
    if a.isNaN && b.isNaN { return 0 }
    if a.isNaN != b.isNaN { return .infinity }
    return abs(a - b) / max(1, abs(b))
  }
}
