import Compute
import Foundation
import Testing

@testable import Features

@Suite("Event features")
struct EventEngineTests {
  @Test("the same columns on any number of threads, to the bit", arguments: [2, 3, 4])
  func threads(_ threads: Int) throws {
    let events = RandomEvents(seed: 8, rows: 3000, exampleCount: 3000)
    let engine = try EventEngine(table: events.table, features: events.everyFeature(ownEvents: false))
    func bits(_ matrix: Matrix) -> [[UInt32]] { (0..<matrix.rows).map { matrix.row($0).map(\.bitPattern) } }
    #expect(
      bits(engine.columns(for: events.examples, parallel: Parallel(threads: 1)))
        == bits(engine.columns(for: events.examples, parallel: Parallel(threads: threads))))
  }

  @Test("an event at the as-of second is the future; one at the window's first second counts")
  func edges() throws {
    let table = EventTable(
      name: "order", times: [100, 200, 300], ends: [("buyer", "buyer", [0, 0, 0], 1)],
      numbers: [.init(name: "amount", values: [1, 2, 4])])
    let features = [
      EventFeature(table: "order", end: "buyer", measure: .count(.ever)),
      EventFeature(table: "order", end: "buyer", measure: .count(.last(seconds: 100))),
      EventFeature(table: "order", end: "buyer", measure: .number("amount", .sum, .last(seconds: 100))),
    ]
    let examples = EventExamples(nodes: [0, 0, 0, 0], asOf: [300, 301, 200, 100])
    let columns = try EventEngine(table: table, features: features).columns(for: examples)
    #expect(columns.row(0) == [2, 1, 2])
    #expect(columns.row(1) == [3, 1, 4])
    #expect(columns.row(2) == [1, 1, 1])
    #expect(columns.row(3) == [0, 0, 0])
  }

  @Test("what comes after an example's instant does not touch its columns")
  func future() throws {
    let events = RandomEvents(seed: 3)
    let features = events.everyFeature(ownEvents: false)
    let instant = events.table.times.sorted()[200]
    let early = EventExamples(
      nodes: events.examples.nodes, asOf: Buffer(repeating: instant, count: events.examples.count))
    let whole = try EventEngine(table: events.table, features: features)
    let past = (0..<events.table.rowCount).filter { events.table.times[$0] < instant }
    let cut = EventTable(
      name: "order", times: Buffer(past.map { events.table.times[$0] }),
      ends: events.table.ends.map { end in
        (end.name, end.type, Buffer(past.map { end.nodes[$0] }), end.nodeCount)
      },
      numbers: events.table.numbers.map { number in
        .init(name: number.name, values: Buffer(past.map { number.values[$0] }))
      },
      categories: events.table.categories.map { category in
        .init(name: category.name, codes: Buffer(past.map { category.codes[$0] }), levels: category.levels)
      })
    let a = whole.columns(for: early)
    let b = try EventEngine(table: cut, features: features).columns(for: early)
    for row in 0..<a.rows {
      for (column, name) in (a.columnNames ?? []).enumerated() {
        let (x, y) = (a[row, column], b[row, column])
        #expect((x.isNaN && y.isNaN) || abs(x - y) <= 1e-5 * max(1, abs(x)), "\(name)")
      }
    }
  }

  @Test("the default recipe suits any table, and each of its columns has a name of its own")
  func recipe() throws {
    let events = RandomEvents(seed: 5, ownEvents: true)
    let features = EventRecipe().features(for: events.table, end: events.table.ends[0], isOwnEvent: true)
    #expect(Set(features.map(\.name)).count == features.count)
    #expect(features.count > 40)
    let columns = try EventEngine(table: events.table, features: features)
      .columns(for: events.examples)
    #expect(columns.columns == features.count)
    let stored = try JSONDecoder().decode([EventFeature].self, from: JSONEncoder().encode(features))
    #expect(stored == features)
  }

  @Test("a feature that asks for what is not there is refused with what there is")
  func unknown() {
    let events = RandomEvents(seed: 1)
    let feature = EventFeature(table: "order", end: "buyer", measure: .number("amonut", .mean, .ever))
    #expect { try EventEngine(table: events.table, features: [feature]) } throws: {
      "\($0)".contains("amonut") && "\($0)".contains("amount, bad")
    }
  }
}
