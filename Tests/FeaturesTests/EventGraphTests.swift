import Compute
import Foundation
import Graph
import Testing

@testable import Features

/// Merchants, devices and buyers: a table that was read into two relations, a relation that becomes known late, a review that is
/// an event of a product, and products that belong to merchants.
struct SmallMarket {
  let graph: MarketGraph

  static let schema = Schema(
    name: "market",
    nodeTypes: [
      NodeType(
        name: "merchant",
        columns: [ColumnType("size", .number), ColumnType("risky", .flag), ColumnType("known", .time)],
        labels: [LabelType(column: "risky", known: "known")]),
      NodeType(name: "buyer"), NodeType(name: "product"), NodeType(name: "device"),
      NodeType(
        name: "review", columns: [ColumnType("stars", .number), ColumnType("hidden", .flag)],
        clocks: Clocks(happened: "at"), labels: [LabelType(column: "hidden")]),
    ],
    relations: [
      RelationType(
        name: "orders", from: "buyer", to: "product", columns: [ColumnType("amount", .number)],
        clocks: Clocks(happened: "at")),
      RelationType(
        name: "buys_from", table: "orders", from: "buyer", to: "merchant",
        columns: [ColumnType("amount", .number)],
        clocks: Clocks(happened: "at")),
      RelationType(
        name: "uses", from: "merchant", to: "device", clocks: Clocks(happened: "at", known: "seen")),
      RelationType(name: "sells", from: "merchant", to: "product", clocks: Clocks(happened: "at")),
      RelationType(
        name: "review.buyer", table: "review", from: "review", to: "buyer", fromColumn: "id",
        toColumn: "buyer", clocks: Clocks(happened: "at")),
      RelationType(
        name: "review.product", table: "review", from: "review", to: "product", fromColumn: "id",
        toColumn: "product", clocks: Clocks(happened: "at")),
    ])

  init(riskyM2: Float? = 1) throws {
    func times(_ seconds: [Int64?]) -> Column { .times(seconds.map { $0.map { Timestamp(seconds: $0) } }) }
    var builder = MarketGraphBuilder(Self.schema)
    try builder.addNodes(
      "merchant", keys: ["M0", "M1", "M2"],
      columns: [
        "size": .numbers([5, 6, nil]), "risky": .numbers([0, nil, riskyM2]), "known": times([50, nil, 60]),
      ])
    try builder.addNodes("buyer", keys: ["B0", "B1"])
    try builder.addNodes("product", keys: ["P0", "P1", "P2"])
    try builder.addNodes("device", keys: ["D0", "D1"])
    try builder.addNodes(
      "review", keys: ["R0", "R1", "R2"],
      columns: ["stars": .numbers([5, 1, 3]), "hidden": .numbers([0, 1, nil]), "at": times([30, 80, nil])])
    let orders: [String: Column] = ["amount": .numbers([10, 20, 40, nil]), "at": times([10, 20, 70, 90])]
    let buyers = ["B0", "B0", "B1", "B1"]
    try builder.addEdges("orders", from: buyers, to: ["P0", "P1", "P0", "P2"], columns: orders)
    try builder.addEdges("buys_from", from: buyers, to: ["M0", "M1", "M0", "M2"], columns: orders)
    try builder.addEdges(
      "uses", from: ["M0", "M1", "M2"], to: ["D0", "D0", "D0"],
      columns: ["at": times([5, 6, 7]), "seen": times([5, 40, nil])])
    try builder.addEdges(
      "sells", from: ["M0", "M1", "M2"], to: ["P0", "P1", "P2"], columns: ["at": times([1, 2, 3])])
    try builder.addEdges(
      "review.buyer", from: ["R0", "R1", "R2"], to: ["B0", "B1", "B1"],
      columns: [
        "at": times([30, 80, nil])
      ])
    try builder.addEdges(
      "review.product", from: ["R0", "R1", "R2"], to: ["P0", "P0", "P1"],
      columns: [
        "at": times([30, 80, nil])
      ])
    graph = try builder.finished()
  }
}

@Suite("Tables of events from a graph")
struct EventGraphTests {
  @Test("relations that one table was read into are one table of events again, with all their ends")
  func sameTable() throws {
    let events = try EventGraph(SmallMarket().graph, target: "merchant")
    let orders = try #require(events.sources.first { $0.table.name == "orders" }?.table)
    #expect(!events.sources.contains { $0.table.name == "buys_from" })
    #expect(orders.ends.map(\.name) == ["buyer", "product", "merchant"])
    #expect(orders.numbers.map(\.name) == ["amount"])
    let rows = (0..<orders.rowCount).sorted { orders.times[$0] < orders.times[$1] }
    #expect(rows.map { orders.times[$0] } == [10, 20, 70, 90])
    #expect(rows.map { orders.end("merchant")!.nodes[$0] } == [0, 1, 0, 2])
    #expect(rows.map { orders.numbers[0].values[$0] }.prefix(3) == [10, 20, 40])
  }

  @Test("an event is visible when both its clocks have passed")
  func clocks() throws {
    let events = try EventGraph(SmallMarket().graph, target: "merchant")
    let uses = try #require(events.sources.first { $0.table.name == "uses" }?.table)
    let device = uses.ends[1]
    #expect(uses.eventCount(of: 0, at: device, from: 0, before: 40) == 2)
    #expect(uses.eventCount(of: 0, at: device, from: 0, before: 41) == 3)
  }

  @Test("a node with a clock and links is an event, and one without a time happened to nobody")
  func eventNodes() throws {
    let events = try EventGraph(SmallMarket().graph, target: "review")
    #expect(events.isOfEvents)
    let review = try #require(events.sources.first { $0.table.name == "review" })
    #expect(review.table.ends.map(\.name) == ["buyer", "product"])
    #expect(review.table.eventCount(of: 1, at: review.table.ends[0], from: .min + 1, before: .max) == 1)
    // The label is no column of the event, and known as a verdict when the event is.
    #expect(review.table.numbers.map(\.name) == ["stars"])
    let verdicts = try #require(review.verdicts)
    #expect(verdicts.times[0] == 30 && verdicts.times[1] == 80 && verdicts.times[2] == .max)
  }

  @Test("what happens to a merchant's product happens to the merchant that has it by then")
  func belongings() throws {
    let events = try EventGraph(SmallMarket().graph, target: "merchant")
    #expect(events.belongings == [.init(table: "review", end: "product", relation: "sells")])
    let review = try #require(events.sources.first { $0.table.name == "review" }?.table)
    let merchant = try #require(review.end("merchant"))
    #expect(review.eventCount(of: 0, at: merchant, from: 0, before: 81) == 2)
  }

  @Test(
    "another's label that becomes known changes a merchant's columns from then on, and its own never does")
  func ownLabel() throws {
    func columns(_ label: Float?, asOf: Int64) throws -> Matrix {
      let events = try EventGraph(SmallMarket(riskyM2: label).graph, target: "merchant")
      let table = ExampleTable(target: "merchant", nodes: [0, 1, 2], asOf: [asOf, asOf, asOf])
      let columns = try ExampleColumns(for: table, in: events, parts: [.own, .events])
      return try columns.matrix(for: table, in: events)
    }
    func same(_ a: [Float], _ b: [Float]) -> Bool {
      a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    }
    for asOf in [Int64(55), 60, 61, 100] {
      let (good, bad) = (try columns(0, asOf: asOf), try columns(1, asOf: asOf))
      #expect(same(good.row(2), bad.row(2)), "its own label reached M2 as of \(asOf)")
      // M0 and M1 share a device with M2; the label was known from 60 on.
      #expect(same(good.row(0), bad.row(0)) == (asOf <= 60), "M0 as of \(asOf)")
    }
  }

  @Test("nothing that bears the as-of second or comes later changes a column")
  func future() throws {
    let events = try EventGraph(SmallMarket().graph, target: "merchant")
    let table = ExampleTable(target: "merchant", nodes: [0, 0], asOf: [70, 71])
    let columns = try ExampleColumns(for: table, in: events, parts: [.events])
    let matrix = try columns.matrix(for: table, in: events)
    let count = try #require(columns.names.firstIndex(of: "orders by merchant: events"))
    let sum = try #require(columns.names.firstIndex(of: "orders by merchant: sum of amount"))
    #expect(matrix[0, count] == 1 && matrix[1, count] == 2)
    #expect(matrix[0, sum] == 10 && matrix[1, sum] == 50)
  }

  @Test("columns are stored and computed again from what was stored")
  func stored() throws {
    let events = try EventGraph(SmallMarket().graph, target: "review")
    let table = ExampleTable(target: "review", nodes: [0, 1], asOf: [30, 80], labels: [0, 1])
    var choice = FeatureChoice()
    choice.batches = ["review.product"]
    let columns = try ExampleColumns(for: table, in: events, choice: choice)
    let again = try JSONDecoder().decode(ExampleColumns.self, from: JSONEncoder().encode(columns))
    #expect(again == columns)
    #expect(columns.names.count == columns.count && columns.told.map(\.name) == columns.names)
    let (a, b) = (try columns.matrix(for: table, in: events), try again.matrix(for: table, in: events))
    #expect(
      (0..<2).allSatisfy { row in
        zip(a.row(row), b.row(row)).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
      })
    #expect(a.columnNames == columns.names)
  }

  @Test("a choice of columns leaves out, keeps only, and refuses what it does not know")
  func choice() throws {
    let events = try EventGraph(SmallMarket().graph, target: "merchant")
    let table = ExampleTable(target: "merchant", nodes: [0], asOf: [70])
    let all = try ExampleColumns(for: table, in: events).names
    var choice = try FeatureChoice(json: Data(#"{"leaveOut": ["mean of"]}"#.utf8), file: "f.json")
    #expect(
      try ExampleColumns(for: table, in: events, choice: choice).names
        == all.filter { !$0.contains("mean of") })
    choice = try FeatureChoice(json: Data(#"{"only": ["orders"], "windowDays": [7]}"#.utf8), file: "f.json")
    let few = try ExampleColumns(for: table, in: events, choice: choice).names
    #expect(few.contains("orders by merchant: events, last 7 d") && few.allSatisfy { $0.contains("orders") })
    #expect { try FeatureChoice(json: Data(#"{"windws": [7]}"#.utf8), file: "f.json") } throws: {
      "\($0)".contains("windws") && "\($0)".contains("windowDays") && "\($0)".contains("f.json")
    }
    #expect { try FeatureChoice(json: Data(#"{"windowDays": "x"}"#.utf8), file: "f.json") } throws: {
      "\($0)".contains("windowDays")
    }
    choice.batches = ["orders.shop"]
    #expect { try ExampleColumns(for: table, in: events, choice: choice) } throws: {
      "\($0)".contains("orders.shop") && "\($0)".contains("orders.merchant")
    }
  }

  @Test("a burst after quiet weeks is a change, with when it began; steady trade is none")
  func changes() throws {
    let schema = Schema(
      name: "changes", nodeTypes: [NodeType(name: "shop"), NodeType(name: "buyer")],
      relations: [RelationType(name: "orders", from: "buyer", to: "shop", clocks: Clocks(happened: "at"))])
    var (shops, times): ([String], [Timestamp?]) = ([], [])
    for day in 0..<100 {
      // Both have two orders a day; from day 90 on the first has fifteen.
      for order in 0..<(day < 90 ? 2 : 15) { (shops, times) = (shops + ["S0"], times + [at(day, order)]) }
      for order in 0..<2 { (shops, times) = (shops + ["S1"], times + [at(day, order)]) }
    }
    func at(_ day: Int, _ order: Int) -> Timestamp { Timestamp(seconds: Int64(day * 86_400 + order * 3600)) }
    var builder = MarketGraphBuilder(schema)
    try builder.addNodes("shop", keys: ["S0", "S1"])
    try builder.addNodes("buyer", keys: ["B"])
    try builder.addEdges("orders", from: shops.map { _ in "B" }, to: shops, columns: ["at": .times(times)])
    let events = try EventGraph(builder.finished(), target: "shop")
    let end = Int64(100 * 86_400)
    let table = ExampleTable(target: "shop", nodes: [0, 1, 0], asOf: [end, end, 90 * 86_400])
    let choice = try FeatureChoice(json: Data(#"{"changes": true, "only": ["chang"]}"#.utf8), file: "f.json")
    let columns = try ExampleColumns(for: table, in: events, choice: choice, parts: [.events])
    #expect(columns.count == 3)
    let matrix = try columns.matrix(for: table, in: events)
    #expect(matrix[0, 0] > 20 && matrix[1, 0] < 0 && matrix[2, 0] < 0)
    #expect(matrix[0, 1] == 10 && matrix[1, 1].isNaN)
    #expect(abs(matrix[0, 2] - Float(log(15.1 / 2.1))) < 0.1)
  }
}
