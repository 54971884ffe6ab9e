import Compute
import Graph

/// What the recipe asks of those who take part besides a node: how new and how busy they were, and the rest of a batch.
extension EventRecipe {
  /// What is written beside each event of a table: how those at one end stood just before it. Only that of the other ends
  /// is then pooled over a node's history: the share of first-time users among a product's reviews.
  func derived(for table: EventTable, outcomes: Set<String>, trainingEnd: Int64) -> [DerivedNumber] {
    guard table.ends.count > 1 else { return [] }
    let hasHours = table.hasHours(before: trainingEnd)
    return table.ends.flatMap { end -> [DerivedNumber] in
      let gap = max(1, table.medianGap(at: end, before: trainingEnd))
      var measures: [EventFeature.Measure] = [.logCount, .isNew, .logSinceLast(unit: gap)]
      if hasHours { measures.append(.soonAfter(seconds: 300)) }
      measures += table.numbers.filter { !outcomes.contains($0.name) }.map {
        .deviation($0.name, .fromMean, widening: 0)
      }
      return measures.map { DerivedNumber(EventFeature(table: table.name, end: end.name, measure: $0)) }
    }
  }

  /// Features at one end of what was written beside the events about those at the others.
  func features(
    of derived: [DerivedNumber], for table: EventTable, end: EventTable.End, trainingEnd: Int64
  ) -> [EventFeature] {
    let gap = max(1, table.medianGap(at: end, before: trainingEnd))
    let windows = windows(gap: gap)
    let window = windows[min(2, windows.count - 1)]
    let stretches: [EventFeature.Window] = [.ever, .lastEvents(5), .lastEvents(20), .last(seconds: window)]
    return derived.filter { $0.feature.participant != .end(end.name) }.flatMap { number in
      stretches.map {
        EventFeature(table: table.name, end: end.name, measure: .number(number.name, .mean, $0))
      }
    }
  }

  /// Features of the other events of a declared batch.
  func siblingFeatures(for source: EventSource, batch: EventTable.End, trainingEnd: Int64) -> [SiblingFeature]
  {
    let table = source.table
    func feature(_ value: SiblingFeature.Value?, _ statistic: SiblingFeature.Statistic) -> SiblingFeature {
      SiblingFeature(table: table.name, batch: batch.name, value: value, statistic: statistic)
    }
    var features = [feature(nil, .mean)]
    for number in table.numbers where !source.outcomes.contains(number.name) {
      // What is the same for all of a batch says nothing of one among them.
      guard let spread = spreadWithin(batch, number, table, trainingEnd), spread > 0 else { continue }
      let value = SiblingFeature.Value.number(number.name)
      features += [.mean, .spread, .difference, .standardized(widening: 0.05 * spread + 1e-9), .rank].map {
        feature(value, $0)
      }
    }
    for end in table.ends where end.name != batch.name {
      let gap = max(1, table.medianGap(at: end, before: trainingEnd))
      let windows = windows(gap: gap)
      let window = windows[min(2, windows.count - 1)]
      var measures: [EventFeature.Measure] = [
        .logCount, .count(.last(seconds: window)), .sinceLast, .sinceFirst,
      ]
      for number in table.numbers {
        measures += [.number(number.name, .mean, .ever), .number(number.name, .mean, .lastEvents(20))]
      }
      measures += table.ends.filter { $0.name != end.name }.map { .distinct($0.name) }
      var histories = measures.map { EventFeature(table: table.name, end: end.name, measure: $0) }
      if let verdicts = source.verdicts {
        let label = EventTable.labelColumn
        histories += [.count(.ever), .smoothedRate(label, strength: 10, .ever), .number(label, .sum, .ever)]
          .map {
            EventFeature(table: verdicts.name, end: end.name, measure: $0)
          }
      }
      for history in histories { features += [.mean, .greatest].map { feature(.history(history), $0) } }
    }
    return features
  }

  /// The spread of a number over the training rows if it ever differs within a batch, else nil.
  private func spreadWithin(
    _ batch: EventTable.End, _ number: EventTable.Number, _ table: EventTable, _ trainingEnd: Int64
  ) -> Double? {
    var differs = false
    var facts = Spread()
    for node in 0..<batch.nodeCount {
      var last: (time: Int64, value: Float)?
      for place in Int(batch.offsets[node])..<Int(batch.offsets[node + 1]) {
        let row = Int(batch.rows[place])
        let value = number.values[row]
        guard table.times[row] < trainingEnd, value == value else { continue }
        facts.add(Double(value))
        if let last, last.time == table.times[row], last.value != value { differs = true }
        last = (table.times[row], value)
      }
    }
    return differs ? facts.deviation : nil
  }
}

/// Welford's running mean and scatter, which keep their digits.
struct Spread {
  private(set) var count = 0.0
  private var mean = 0.0
  private var scatter = 0.0

  mutating func add(_ value: Double) {
    count += 1
    let step = value - mean
    mean += step / count
    scatter += step * (value - mean)
  }

  var deviation: Double { count > 0 ? (scatter / count).squareRoot() : 0 }
}
