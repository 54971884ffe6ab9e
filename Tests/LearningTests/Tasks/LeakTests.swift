import Compute
import Features
import Foundation
import Graph
import Testing

@testable import Learning

/// Merchants and devices. A third of the merchants turn bad on a day between 100 and 300; own columns say a little of it.
struct LeakyMarket {
  static let day: Int64 = 86_400
  let n = 600
  var isBad: [Bool] = []
  var known: [Int64] = []
  var columns: [String: Column] = [:]
  var flagged: [(merchant: Int, device: Int)] = []
  var times: [Int64] = []

  init() {
    var numbers = Seed(11).generator(for: "leaky market")
    for _ in 0..<n {
      isBad.append(numbers.unit() < 0.33)
      known.append(isBad.last! ? Int64(100 + numbers.unit() * 200) * LeakyMarket.day : Column.missingTime)
    }
    columns["age"] = .number(Buffer((0..<n).map { _ in Float(numbers.unit()) }))
    columns["orders"] = .number(
      Buffer((0..<n).map { Float(numbers.normal()) + (isBad[$0] ? 0.5 : 0) }))
    // What is in order: each merchant logs in from one of many devices.
    for merchant in 0..<n {
      draw(merchant, Int(numbers.unit() * 200), at: Int64(merchant % 90) * LeakyMarket.day)
    }
  }

  mutating func draw(_ merchant: Int, _ device: Int, at time: Int64 = 0) {
    flagged.append((merchant, device))
    times.append(time)
  }

  func leaks(asOf day: Int64 = 400) throws -> [Leak] {
    let relation = RelationType(
      name: "flag_device", from: "merchant", to: "device",
      columns: [ColumnType("at", .time)], clocks: Clocks(happened: "at"))
    let type = NodeType(
      name: "merchant",
      columns: columns.keys.sorted().map { name in
        switch columns[name]! {
        case .text: ColumnType(name, .text)
        case .time: ColumnType(name, .time)
        default: ColumnType(name, .number)
        }
      } + [ColumnType("bad", .number)],
      labels: [LabelType(column: "bad", known: "known")])
    var builder = MarketGraphBuilder(
      Schema(name: "leaky", nodeTypes: [type, NodeType(name: "device")], relations: [relation]))
    try builder.addNodes(
      "merchant", keys: (0..<n).map { "m\($0)" },
      columns: columns.merging([
        "bad": .number(Buffer(isBad.map { $0 ? 1 : 0 })), "known": .time(Buffer(known)),
      ]) { $1 })
    try builder.addNodes("device", keys: (0...200).map { "d\($0)" })
    try builder.addEdges(
      "flag_device", from: flagged.map { "m\($0.merchant)" }, to: flagged.map { "d\($0.device)" },
      columns: ["at": .time(Buffer(times))])
    let task = try NodeTask.inTime(
      builder.finished(), target: "merchant", asOf: Timestamp(seconds: day * LeakyMarket.day))
    let settings = TreeSettings(rounds: 2, patience: 2)
    return try ModelTraining(.trees, hops: 1, trees: settings).fit(task).card.leaks
  }
}

@Suite("The look for leaks")
struct LeakTests {
  @Test("finds nothing but remarks where there is nothing")
  func innocent() throws {
    let leaks = try LeakyMarket().leaks()
    #expect(leaks.allSatisfy { $0.weight == .remark }, "\(leaks)")
  }

  @Test("finds edges that only risky merchants have from the first day on, though most turn bad later")
  func edgeFromTheFirstDay() throws {
    var market = LeakyMarket()
    // Each to a device of their own kind, so that only having the edge tells.
    for merchant in 0..<market.n where market.isBad[merchant] {
      for device in 0..<3 { market.draw(merchant, (merchant * 7 + device * 31) % 200) }
    }
    let leaks = try market.leaks()
    #expect(leaks.contains { $0.kind == .edge && $0.isSevere && $0.what.contains("flag_device") }, "\(leaks)")
  }

  @Test("names the one neighbour that marks the risky")
  func marker() throws {
    var market = LeakyMarket()
    // Only half of the risky carry the mark: no column orders all rows, yet who has it is risky for certain.
    for merchant in 0..<market.n where market.isBad[merchant] && merchant % 2 == 0 {
      market.draw(merchant, 200)
    }
    let leaks = try market.leaks()
    #expect(leaks.contains { $0.kind == .edge && $0.isSevere && $0.what.contains("device:d200") }, "\(leaks)")
  }

  @Test(
    "finds a column that gives the label away, one filled for one class only, and columns it was computed from"
  )
  func columns() throws {
    var market = LeakyMarket()
    let n = market.n
    var numbers = Seed(3).generator(for: "noise")
    market.columns["verdict"] = .number(
      Buffer(market.isBad.map { ($0 ? 1 : 0) + Float(numbers.unit()) * 0.9 }))
    market.columns["payout_stopped"] = .number(Buffer(market.isBad.map { $0 ? 1 : .nan }))
    // Neither tells alone: their ratio is the label.
    let votes = (0..<n).map { _ in Float(1 + numbers.unit() * 50) }
    market.columns["votes"] = .number(Buffer(votes))
    market.columns["helpful_votes"] = .number(
      Buffer((0..<n).map { votes[$0] * Float(market.isBad[$0] ? 0.25 : 0.85) }))
    let severe = try market.leaks().filter { $0.kind == .column && $0.isSevere }.map(\.what)
    for name in ["verdict", "payout_stopped"] {
      #expect(severe.contains { $0.contains(name) }, "\(severe)")
    }
    market.columns["verdict"] = nil
    market.columns["payout_stopped"] = nil
    let together = try market.leaks().filter { $0.kind == .column && $0.isSevere }.map(\.what)
    #expect(together.contains { $0.contains("helpful_votes") && $0.contains("together") }, "\(together)")
  }

  @Test("counts what is newer than the as-of time, and says what has no time at all")
  func newer() throws {
    var market = LeakyMarket()
    for merchant in 0..<25 { market.draw(merchant, 3, at: 500 * LeakyMarket.day) }
    let leaks = try market.leaks(asOf: 260)
    #expect(leaks.contains { $0.kind == .time && $0.what.contains("25 edges of flag_device are newer") })
    // Several relations in one sentence, not a line each.
    #expect(
      NodeTask.newerEdges([("a", 5), ("b", 70), ("c", 2), ("d", 1_000)], Timestamp("2026-06-01")!)
        == "1,077 edges of 4 relations (1,000 of d, 70 of b, 5 of a, …) are newer than 2026-06-01: they were left out."
    )
    #expect(
      leaks.contains { $0.kind == .time && $0.what.contains("labels of merchant were known only from") })
  }

  @Test("finds the same entity on both sides of a split, by its columns and by a text")
  func twins() throws {
    let n = 300
    var numbers = Seed(8).generator(for: "twins")
    var rows = (0..<n).map { _ in (0..<4).map { _ in Float(numbers.unit()) } }
    var taxes = (0..<n).map { "T\($0)" }
    // Test rows are every third: forty of them are training rows under another key.
    for place in 0..<40 {
      rows[3 * place] = rows[3 * place + 1]
      taxes[3 * place] = taxes[3 * place + 1]
    }
    var columns: [String: Column] = [
      "label": .number(Buffer((0..<n).map { Float($0 % 2) })), "tax": .text(TextArray(taxes)),
      "split": .category(
        codes: Buffer((0..<n).map { UInt32($0 % 3 == 0 ? 1 : 0) }), levels: TextArray(["train", "test"])),
    ]
    for column in 0..<4 { columns["c\(column)"] = .number(Buffer(rows.map { $0[column] })) }
    let type = NodeType(
      name: "shop",
      columns: columns.keys.sorted().map {
        ColumnType($0, $0 == "tax" ? .text : $0 == "split" ? .category : .number)
      }, labels: [LabelType(column: "label")])
    var builder = MarketGraphBuilder(Schema(name: "twins", nodeTypes: [type], relations: []))
    try builder.addNodes("shop", keys: (0..<n).map { "s\($0)" }, columns: columns)
    let task = try NodeTask.split(builder.finished(), target: "shop", by: "split")
    let model = try ModelTraining(.trees, usesGraph: false, trees: TreeSettings(rounds: 2)).fit(task)
    let found = model.card.leaks.filter { $0.kind == .twins && $0.isSevere }.map(\.what)
    #expect(found.contains { $0.contains("40 of 100 rows") && $0.contains("every own column") }, "\(found)")
    #expect(found.contains { $0.contains("same tax") }, "\(found)")
  }
}
