import Compute
import Foundation
import Graph
import Testing

@testable import Features

@Suite("Tables of examples")
struct ExampleTests {
  private func checked(
    _ keys: [String], _ asOf: [String], labels: [String] = [], splits: [String] = [], weights: [String] = [],
    target: String = "merchant"
  ) throws -> ExampleTable {
    let events = try EventGraph(SmallMarket().graph, target: target)
    return try ExampleRows(
      file: "ex.csv", keys: keys, asOf: asOf, labels: labels, splits: splits, weights: weights
    ).checked(target: target, in: events)
  }

  @Test("an unknown key is refused with its row")
  func unknownKey() {
    #expect(
      throws: ExampleError.unknownKey(file: "ex.csv", row: 2, key: "M9", type: "merchant", more: 1)
    ) { try checked(["M0", "M9", "M8"], ["70", "70", "70"]) }
  }

  @Test(
    "a time that is none is refused with its row; dates, seconds and zones are understood",
    arguments: ["soon", "2026-13-01", "12.5", "2026-01-01T25:00:00Z", "99999999999999999"])
  func wrongTime(text: String) {
    #expect(throws: ExampleError.unreadableTime(file: "ex.csv", row: 1, text: text)) {
      try checked(["M0"], [text])
    }
  }

  @Test("dates, seconds and zones are understood")
  func times() throws {
    let table = try checked(["M0", "M1", "M2"], ["1970-01-02", "86400", "1970-01-02T02:00:00+02:00"])
    #expect(table.asOf == [86_400, 86_400, 86_400])
  }

  @Test("an example without a time is refused, unless it is an event that has one")
  func ownTime() throws {
    #expect(throws: ExampleError.missingTime(file: "ex.csv", row: 2, target: "merchant")) {
      try checked(["M0", "M1"], ["70", ""])
    }
    #expect(try checked(["R0", "R1"], [], target: "review").asOf == [30, 80])
    #expect(throws: ExampleError.missingTime(file: "ex.csv", row: 1, target: "review")) {
      try checked(["R2"], [], target: "review")
    }
  }

  @Test("an event asked about later than it happened is asked about as of its own time")
  func lateEvent() throws {
    let table = try checked(["R0"], ["500"], target: "review")
    #expect(table.asOf == [30])
    #expect(table.notes.contains { $0.hasPrefix("1 examples had an as-of time after the review itself") })
  }

  @Test("times outside the events' are kept and said")
  func outside() throws {
    let table = try checked(["M0", "M1", "M2"], ["1", "70", "5000"])
    #expect(table.count == 3)
    #expect(
      table.notes.contains { $0.hasPrefix("1 examples have an as-of time at or before the first event") })
    #expect(table.notes.contains { $0.hasPrefix("1 examples have an as-of time after the last event") })
  }

  @Test("the same example twice counts once, and is refused where the labels differ")
  func twice() throws {
    let table = try checked(["M0", "M1", "M0"], ["70", "70", "70"], labels: ["1", "0", "1"])
    #expect(table.nodes == [0, 1])
    #expect(table.notes.contains { $0.hasPrefix("1 examples stood in ex.csv more than once") })
    #expect { try checked(["M0", "M0"], ["70", "70"], labels: ["1", "0"]) } throws: {
      "\($0)".contains("rows 1 and 2") && "\($0)".contains("M0")
    }
  }

  @Test("a label has two values, whatever they are called")
  func labels() throws {
    #expect(
      try checked(["M0", "M1", "M2"], ["70", "70", "70"], labels: ["good", "", "bad"]).labels[0] == 1)
    #expect(try checked(["M0", "M1"], ["70", "70"], labels: ["10", "9"]).labels == [1, 0])
    #expect(throws: ExampleError.notTwoLabels(file: "ex.csv", values: ["0", "1", "2"])) {
      try checked(["M0", "M1", "M2"], ["70", "70", "70"], labels: ["1", "0", "2"])
    }
  }

  @Test("a split or a weight that is none is refused with its row")
  func cells() {
    #expect(throws: ExampleError.unreadableSplit(file: "ex.csv", row: 2, text: "tset")) {
      try checked(["M0", "M1"], ["70", "70"], splits: ["train", "tset"])
    }
    #expect(throws: ExampleError.unreadableWeight(file: "ex.csv", row: 1, text: "-1")) {
      try checked(["M0"], ["70"], weights: ["-1"])
    }
  }

  @Test("splits that overlap in time are said with how many examples they concern")
  func overlap() throws {
    let table = try checked(
      ["M0", "M1", "M2", "M0"], ["50", "60", "70", "80"], splits: ["train", "test", "train", "train"])
    #expect(
      table.notes.contains {
        $0.hasPrefix("The splits overlap in time: 2 train examples are not before the first test")
      })
  }

  @Test("a split by time leaves a gap as long as outcomes reach", arguments: [0, 25, 60])
  func split(gap: Int64) {
    let asOf = (0..<200).map { Int64($0 / 10 * 20) }
    let table = ExampleTable(
      target: "merchant", nodes: asOf.indices.map { UInt32($0) }, asOf: asOf,
      labels: asOf.indices.map { Float($0 % 2) })
    let split = table.split(.init(validation: 0.15, test: 0.25, gapSeconds: gap))
    let parts: [ExampleTable.Split: [Int64]] = Dictionary(
      grouping: asOf.indices, by: { split.splits![$0] }
    ).mapValues { $0.map { asOf[$0] } }
    let (train, validation, test) = (parts[.train]!, parts[.validation]!, parts[.test]!)
    #expect(train.max()! + gap <= validation.min()! && validation.max()! + gap <= test.min()!)
    #expect(test.count == 50)
    #expect((parts[.gap]?.isEmpty ?? true) == (gap <= 20))
  }

  @Test("a table without validation examples gets the latest training ones")
  func validation() {
    let asOf = (0..<40).map { Int64($0) }
    let table = ExampleTable(
      target: "merchant", nodes: asOf.indices.map { UInt32($0) }, asOf: asOf,
      labels: asOf.map { Float($0 % 2) }, splits: asOf.map { $0 < 30 ? .train : .test })
    let split = table.withValidation()
    #expect(split.places(.validation).count == 7 || split.places(.validation).count == 8)
    #expect(split.places(.train).map { asOf[$0] }.max()! < split.places(.validation).map { asOf[$0] }.min()!)
    #expect(split.places(.test).count == 10)
  }

  @Test("lengths of time are a number and a unit")
  func spans() {
    #expect(
      TimeSpan("60d")?.seconds == 5_184_000 && TimeSpan("30min")?.seconds == 1800
        && TimeSpan("2w")?.description == "14d")
    for text in ["", "60", "d", "0d", "-1d", "1.5d", "60 d", "9999999999999d"] {
      #expect(TimeSpan(text) == nil, "\(text)")
    }
  }
}

@Suite("Making examples")
struct ExampleMakerTests {
  @Test("a label becomes known within the horizon, and who was judged before is not asked about")
  func labels() throws {
    let events = try EventGraph(SmallMarket().graph, target: "merchant")
    let maker = ExampleMaker(becomes: .label(value: "risky"), within: TimeSpan(seconds: 10))
    let table = try maker.examples(at: [45, 50, 51, 60, 61, 1000], in: events)
    let asked = zip(zip(table.nodes, table.asOf), table.labels).map { "M\($0.0) \($0.1) \(Int($1))" }
    // M0 is cleared at 50, M2 found risky at 60, of M1 nothing is ever known.
    #expect(
      asked == [
        "M0 45 0", "M1 45 0", "M2 45 0", "M0 50 0", "M1 50 0", "M2 50 0", "M1 51 0", "M2 51 1", "M1 60 0",
        "M2 60 1", "M1 61 0",
      ])
    #expect(table.notes.contains { $0.hasPrefix("1 as-of times are left out") })
  }

  @Test("a condition holds as of the horizon's end, for those active before")
  func condition() throws {
    let events = try EventGraph(SmallMarket().graph, target: "merchant")
    let condition = try Condition("count(buys_from, 20s) = 0", of: "merchant", in: events.graph.schema)
    var maker = ExampleMaker(
      becomes: .condition(condition), within: TimeSpan(seconds: 20), active: TimeSpan(seconds: 30))
    maker.activeIn = ["orders"]
    let table = try maker.examples(at: [30, 60], in: events)
    // As of 30 M0 (at 10) and M1 (at 20) were active; until 50 neither has another order. At 60 nobody was.
    #expect(table.nodes == [0, 1] && table.labels == [1, 1])
    maker.outcome = .condition(
      try Condition("count(buys_from, 60s) = 0", of: "merchant", in: events.graph.schema))
    maker.within = TimeSpan(seconds: 60)
    #expect(try maker.examples(at: [25], in: events).labels == [0, 1])
  }

  @Test("an outcome that no node can have is refused with those there are")
  func unknown() throws {
    let events = try EventGraph(SmallMarket().graph, target: "merchant")
    let maker = ExampleMaker(becomes: .label(value: "7"), within: TimeSpan(seconds: 10))
    #expect { try maker.examples(at: [45], in: events) } throws: { "\($0)".contains("risky = 7") }
  }
}
