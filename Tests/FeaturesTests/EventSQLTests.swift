import Compute
import Foundation
import Graph
import Tables
import Testing

@testable import Features

/// The engine against DuckDB, which computes every column from its own SQL.
@Suite("Event features and their SQL", .enabled(if: (try? Database.libraryInUse()) != nil))
struct EventSQLTests {
  @Test("features of every kind are what their SQL says, at the edges of windows too", arguments: 0..<6)
  func everyFeature(seed: Int) throws {
    let own = seed % 2 == 1
    let events = RandomEvents(seed: UInt64(seed), rows: 250, exampleCount: 60, ownEvents: own)
    let features = events.everyFeature(ownEvents: own)
    let columns = try EventEngine(table: events.table, features: features).columns(for: events.examples)
    let database = try Database(threads: 1)
    try load(events.table, into: database)
    try load(events.examples.nodes, events.examples.asOf, events.examples.rows, into: database)
    for (column, feature) in features.enumerated() {
      try expect(columns, column, isWhat: feature.sql, saysOf: feature.name, in: database)
    }
  }

  @Test("the default columns of an event with verdicts are what their SQL says", arguments: [1, 3])
  func defaults(seed: Int) throws {
    let events = RandomEvents(seed: UInt64(seed), rows: 250, exampleCount: 40, ownEvents: true)
    var chance = Seed(UInt64(seed)).generator(for: "known")
    let known = Buffer(events.table.times.map { $0 + Int64(chance.unit() * 500) - 50 })
    var source = EventSource(table: events.table, label: events.table.numbers[1].values, known: known)
    source.batches = ["product"]
    let question = EventQuestion(events: try #require(events.examples.rows), of: events.table)
    let definitions = EventColumns(for: question, from: [source], trainingEnd: .max)
    let columns = try definitions.matrix(for: question, from: [source])
    #expect(Set(definitions.names).count == definitions.names.count)
    #expect(columns.columnNames == definitions.names)

    let database = try Database(threads: 1)
    let verdicts = try #require(source.verdicts)
    try load(events.table, into: database, name: "order rows")
    let numbers = try #require(definitions.derived.first)
    try database.run("CREATE TABLE \"order\" AS " + DerivedNumber.select(numbers, from: "order rows"))
    try load(verdicts, into: database)
    let rows = try #require(events.examples.rows)
    var column = 0
    for end in events.table.ends {
      try load(
        Buffer(rows.map { end.nodes[Int($0)] }), question.asOf, rows, into: database, name: "x_\(end.name)")
    }
    for feature in (definitions.events + definitions.verdicts).joined() {
      try expect(
        columns, column, isWhat: feature.sql, saysOf: feature.name, in: database,
        examples: "x_\(feature.participant.ends[0])")
      column += 1
    }
    for feature in definitions.partners.joined() {
      try expect(
        columns, column, isWhat: feature.sql(verdicts: verdicts.name), saysOf: feature.name, in: database,
        examples: "x_\(feature.end)")
      column += 1
    }
    for feature in definitions.siblings.joined() {
      try expect(
        columns, column, isWhat: feature.sql, saysOf: feature.name, in: database,
        examples: "x_\(feature.batch)")
      column += 1
    }
    #expect(column == columns.columns)
  }

  private func expect(
    _ columns: Matrix, _ column: Int, isWhat sql: String, saysOf name: String, in database: Database,
    examples: String = "x_examples"
  ) throws {
    let expected = try database.columns(
      "SELECT x.example, (\(sql))::DOUBLE AS answer FROM \(SQL.name(examples)) x ORDER BY x.example"
    ).double("answer")
    var wrong: [String] = []
    for row in 0..<columns.rows {
      let (mine, theirs) = (Double(columns[row, column]), expected[row])
      if mine.isNaN != theirs.isNaN || abs(mine - theirs) > 1e-5 * max(1, abs(theirs)) {
        wrong.append("example \(row): \(mine), by SQL \(theirs)")
      }
    }
    #expect(wrong.isEmpty, "\(name): \(wrong.prefix(3).joined(separator: "; "))")
  }

  private func load(_ table: EventTable, into database: Database, name: String? = nil) throws {
    let name = SQL.name(name ?? table.name)
    let ends = table.ends.map { "\(SQL.name($0.name)) BIGINT" }
    let numbers = table.numbers.map { "\(SQL.name($0.name)) DOUBLE" }
    let categories = table.categories.map { "\(SQL.name($0.name)) VARCHAR" }
    let types = ["row BIGINT", "seen BIGINT"] + ends + numbers + categories
    try database.run("CREATE TABLE \(name) (\(types.joined(separator: ", ")))")
    let places = [String](repeating: "?", count: types.count).joined(separator: ", ")
    try database.run("BEGIN")
    for row in 0..<table.rowCount {
      var cells: [Binding] = [.integer(Int64(row)), .integer(table.times[row])]
      cells += table.ends.map { node($0.nodes[row]) }
      cells += table.numbers.map { $0.values[row].isNaN ? .null : .number(Double($0.values[row])) }
      cells += table.categories.map {
        $0.codes[row] == Column.missingCode ? .null : .text($0.levels[Int($0.codes[row])])
      }
      try database.run("INSERT INTO \(name) VALUES (\(places))", cells)
    }
    try database.run("COMMIT")
  }

  private func load(
    _ nodes: Buffer<UInt32>, _ asOf: Buffer<Int64>, _ rows: Buffer<UInt32>?, into database: Database,
    name: String = "x_examples"
  ) throws {
    try database.run("CREATE TABLE \(SQL.name(name)) (example BIGINT, node BIGINT, as_of BIGINT, row BIGINT)")
    try database.run("BEGIN")
    for example in 0..<nodes.count {
      try database.run(
        "INSERT INTO \(SQL.name(name)) VALUES (?, ?, ?, ?)",
        [
          .integer(Int64(example)), node(nodes[example]), .integer(asOf[example]),
          rows.map { .integer(Int64($0[example])) } ?? .null,
        ])
    }
    try database.run("COMMIT")
  }

  private func node(_ node: UInt32) -> Binding {
    node == EventTable.End.nobody ? .null : .integer(Int64(node))
  }
}
