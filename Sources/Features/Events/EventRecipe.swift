import Compute
import Graph

/// Which event features suit a table, chosen from its shape alone: no name and no data set is known here.
///
/// Windows are multiples of the table's own median gap between one node's events, so they suit days, seconds and
/// ranks alike. All constants come from rows before `trainingEnd`.
public struct EventRecipe: Sendable {
  public var windowGaps: [Double] = [1, 4, 16, 64]
  /// Windows in seconds, instead of those in gaps.
  public var windowSeconds: [Int64]?
  /// Whether to look for changes in the events a day of each example: a quarter of a millisecond each.
  public var seesChanges = false
  public var halfLifeGaps: [Double] = [2, 8, 32]
  /// A category with more values than this gives columns for its eight most frequent only.
  public var mostLevels = 12

  public init() {}

  /// Features of the events of a node at `end`. With `isOwnEvent` the examples are rows of the table themselves, so
  /// their own numbers can be compared with the history.
  public func features(
    for table: EventTable, end: EventTable.End, isOwnEvent: Bool, outcomes: Set<String> = [],
    trainingEnd: Int64 = .max
  ) -> [EventFeature] {
    let gap = max(1, table.medianGap(at: end, before: trainingEnd))
    let windows = windows(gap: gap)
    var measures: [EventFeature.Measure] = [.count(.ever)]
    measures += windows.map { .count(.last(seconds: $0)) }
    measures += timing(gap: gap, windows: windows, hasHours: table.hasHours(before: trainingEnd))
    for number in table.numbers {
      let facts = NumberFacts(number.values, times: table.times, before: trainingEnd)
      let compares = isOwnEvent && !outcomes.contains(number.name)
      measures += numbers(number.name, facts, windows: windows, isOwnEvent: compares)
    }
    for category in table.categories {
      measures += frequentLevels(category, table.times, before: trainingEnd).map {
        .share(category.name, level: $0)
      }
    }
    for other in table.ends where other.name != end.name {
      measures += [.distinct(other.name), .repeats(other.name), .concentration(other.name)]
      measures += windows.dropFirst().prefix(2).map { .newcomers(other.name, .last(seconds: $0)) }
    }
    return measures.map { EventFeature(table: table.name, participant: .end(end.name), measure: $0) }
  }

  /// Features of the verdicts known on a participant of a table that `EventTable.verdicts` made.
  ///
  /// A `light` set is for groups that are many: pairs, ranges.
  public func labelFeatures(
    for verdicts: EventTable, participant: EventFeature.Participant, gap: Double, light: Bool = false
  ) -> [EventFeature] {
    let label = EventTable.labelColumn
    var measures: [EventFeature.Measure] = [
      .count(.ever), .smoothedRate(label, strength: 10, .ever), .number(label, .mean, .lastEvents(5)),
      .number(label, .mean, .lastEvents(20)),
    ]
    if !light {
      measures += [
        .number(label, .sum, .ever), .number(label, .last, .ever), .smoothedRate(label, strength: 1, .ever),
        .sinceLastHigh(label),
      ]
      measures += halfLifeGaps.dropFirst().map { .decayedRate(label, halfLife: $0 * gap) }
    }
    return measures.map { EventFeature(table: verdicts.name, participant: participant, measure: $0) }
  }

  /// Features of the events of the same pair of nodes.
  public func pairFeatures(
    for table: EventTable, _ a: String, _ b: String, outcomes: Set<String> = []
  ) -> [EventFeature] {
    var measures: [EventFeature.Measure] = [.count(.ever), .sinceLast]
    measures += table.numbers.filter { !outcomes.contains($0.name) }.map {
      .deviation($0.name, .fromMean, widening: 0)
    }
    return measures.map { EventFeature(table: table.name, participant: .pair(a, b), measure: $0) }
  }

  /// Seven edges that cut a number's training rows into eight parts of equal size.
  public func edges(of number: EventTable.Number, times: Buffer<Int64>, trainingEnd: Int64) -> [Float] {
    let known = (0..<times.count)
      .filter { times[$0] < trainingEnd && number.values[$0].isFinite }
      .map { number.values[$0] }
      .sorted()
    guard !known.isEmpty else { return [] }
    var edges: [Float] = []
    for part in 1..<8 {
      let edge = known[known.count * part / 8]
      if edge != edges.last { edges.append(edge) }
    }
    return edges
  }

  /// The windows, shortest first, for a node whose events are so many seconds apart.
  func windows(gap: Double) -> [Int64] {
    if let windowSeconds, !windowSeconds.isEmpty { return windowSeconds.map { max(1, $0) }.sorted() }
    return windowGaps.map { max(1, Int64($0 * gap)) }.sorted()
  }

  private func timing(gap: Double, windows: [Int64], hasHours: Bool) -> [EventFeature.Measure] {
    let short = windows[min(2, windows.count - 1)]
    let long = max(windows.last!, short + 1)
    var measures: [EventFeature.Measure] = [
      .sinceLast, .sinceFirst, .sinceNth(3), .sinceNth(10), .gapMean, .gapVariation(smoothing: gap / 1000),
      .overdue(smoothing: gap / 100), .trend(short: short, long: long), .trendOfLife(short: short),
      .burst(seconds: hasHours ? 60 : 0),
    ]
    measures += halfLifeGaps.map { .decayedCount(halfLife: $0 * gap) }
    if hasHours { measures += [.hourConcentration, .weekdayConcentration] }
    return measures
  }

  private func numbers(
    _ name: String, _ facts: NumberFacts, windows: [Int64], isOwnEvent: Bool
  ) -> [EventFeature.Measure] {
    var measures: [EventFeature.Measure] = [
      .number(name, .mean, .ever), .number(name, .spread, .ever), .number(name, .least, .ever),
      .number(name, .greatest, .ever), .number(name, .last, .ever), .number(name, .sum, .ever),
      .number(name, .mean, .lastEvents(5)), .recentShift(name),
    ]
    measures += windows.dropFirst().map { .number(name, .mean, .last(seconds: $0)) }
    if facts.missingShare > 0.01 {
      measures += [.number(name, .missingShare, .ever), .number(name, .missingShare, .lastEvents(5))]
    }
    if isOwnEvent {
      let widening = 0.1 * facts.spread + 1e-9
      measures += EventFeature.Deviation.allCases.filter { $0 != .fromMean }.map {
        .deviation(name, $0, widening: widening)
      }
    }
    return measures
  }

  private func frequentLevels(
    _ category: EventTable.Category, _ times: Buffer<Int64>, before instant: Int64
  ) -> [String] {
    var counts = [Int](repeating: 0, count: category.levels.count)
    for row in 0..<times.count where times[row] < instant && category.codes[row] != Column.missingCode {
      counts[Int(category.codes[row])] += 1
    }
    let present = category.levels.indices.filter { counts[$0] > 0 }
    if present.count <= mostLevels { return present.map { category.levels[$0] } }
    let ranked = present.sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
    return ranked.prefix(8).map { category.levels[$0] }
  }
}

extension EventTable {
  /// Whether any instant before `instant` lies inside a day; a table that knows dates only says nothing of hours.
  func hasHours(before instant: Int64) -> Bool {
    times.withUnsafeBufferPointer { times in times.contains { $0 < instant && $0 % 86_400 != 0 } }
  }
}

/// What the recipe has to know of a column of numbers.
private struct NumberFacts {
  let missingShare: Double
  let spread: Double

  init(_ values: Buffer<Float>, times: Buffer<Int64>, before instant: Int64) {
    var rows = 0.0
    var facts = Spread()
    values.withUnsafeBufferPointer { values in
      times.withUnsafeBufferPointer { times in
        for row in 0..<values.count where times[row] < instant {
          rows += 1
          if values[row].isFinite { facts.add(Double(values[row])) }
        }
      }
    }
    missingShare = rows > 0 ? 1 - facts.count / rows : 0
    spread = facts.deviation
  }
}
