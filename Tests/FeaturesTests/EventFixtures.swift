import Compute
import Features
import Foundation
import Graph

/// A random table of events with awkward corners: equal times, missing cells, nobody at an end, nodes without events.
struct RandomEvents {
  let table: EventTable
  let examples: EventExamples

  init(seed: UInt64, rows: Int = 400, exampleCount: Int = 120, ownEvents: Bool = false) {
    var numbers = Seed(seed).generator(for: "events")
    func below(_ n: Int) -> Int { Int(numbers.unit() * Double(n)) }
    let span = [40, 5000, 3_000_000][Int(seed % 3)]
    let times = (0..<rows).map { _ in Int64(1_700_000_000 + below(span)) }
    func nodes(_ count: Int) -> [UInt32] {
      (0..<rows).map { _ in below(20) == 0 ? EventTable.End.nobody : UInt32(below(count)) }
    }
    let amounts = (0..<rows).map { _ in below(10) == 0 ? Float.nan : Float(below(4000)) / 4 - 100 }
    let bad = (0..<rows).map { _ in below(4) == 0 ? Float.nan : Float(below(3) == 0 ? 1 : 0) }
    let codes = (0..<rows).map { _ in below(9) == 0 ? Column.missingCode : UInt32(below(3)) }
    let table = EventTable(
      name: "order", times: Buffer(times),
      ends: [("buyer", "buyer", Buffer(nodes(12)), 14), ("product", "product", Buffer(nodes(30)), 30)],
      numbers: [.init(name: "amount", values: Buffer(amounts)), .init(name: "bad", values: Buffer(bad))],
      categories: [.init(name: "payment", codes: Buffer(codes), levels: ["card", "o'clock", "\"cash\""])])
    self.table = table
    if ownEvents {
      let chosen = (0..<exampleCount).map { _ in below(rows) }
      examples = EventExamples(
        nodes: Buffer(chosen.map { table.ends[0].nodes[$0] }), asOf: Buffer(chosen.map { times[$0] }),
        rows: Buffer(chosen.map { UInt32($0) }))
    } else {
      // Some instants are those of events, some a window's length after one: the edges of what counts.
      let asOf = (0..<exampleCount).map { _ -> Int64 in
        let time = times[below(rows)]
        return [time, time + 1, time + 10, time + 3600, time - 5, time + 86_400][below(6)]
      }
      examples = EventExamples(
        nodes: Buffer((0..<exampleCount).map { _ in UInt32(below(14)) }), asOf: Buffer(asOf))
    }
  }

  /// One feature of every kind, with windows that end at other events.
  func everyFeature(ownEvents: Bool) -> [EventFeature] {
    let windows: [EventFeature.Window] = [.ever, .last(seconds: 10), .last(seconds: 3600), .lastEvents(5)]
    var measures: [EventFeature.Measure] = windows.map { .count($0) }
    measures += [
      .decayedCount(halfLife: 100), .sinceLast, .sinceFirst, .sinceNth(1), .sinceNth(3), .gapMean,
      .gapVariation(smoothing: 0.5), .overdue(smoothing: 2), .burst(seconds: 0), .burst(seconds: 60),
      .trend(short: 10, long: 3600), .trendOfLife(short: 10), .hourConcentration, .weekdayConcentration,
      .recentShift("amount"), .share("payment", level: "card"), .share("payment", level: "o'clock"),
      .share("payment", level: "\"cash\""), .share("payment", level: "never seen"), .distinct("product"),
      .newcomers("product", .last(seconds: 3600)), .newcomers("product", .lastEvents(5)), .repeats("product"),
      .concentration("product"), .smoothedRate("bad", strength: 10, .ever),
      .smoothedRate("bad", strength: 1, .last(seconds: 3600)), .decayedRate("bad", halfLife: 500),
      .sinceLastHigh("bad"), .logCount, .isNew, .logSinceLast(unit: 7), .soonAfter(seconds: 10),
    ]
    for statistic in EventFeature.Statistic.allCases where statistic != .last {
      measures += windows.map { .number("amount", statistic, $0) }
    }
    measures.append(.number("amount", .last, .ever))
    if ownEvents {
      measures += EventFeature.Deviation.allCases.map { .deviation("amount", $0, widening: 3) }
    }
    return measures.map { EventFeature(table: "order", end: "buyer", measure: $0) }
  }
}
