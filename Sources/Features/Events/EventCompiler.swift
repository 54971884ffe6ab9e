import Compute
import Graph

/// Turns features into queries, and finds what a history has to keep for them: each column once.
struct EventCompiler {
  let table: EventTable
  let participant: EventFeature.Participant
  private(set) var plan = EventHistory.Plan()
  /// The numbers of the plan whose rate over the whole table is asked for.
  private(set) var numbersWithPrior: Set<Int> = []

  init(table: EventTable, participant: EventFeature.Participant) {
    self.table = table
    self.participant = participant
  }

  mutating func compile(_ feature: EventFeature) throws(EventFeatureError) -> EventQuery {
    guard feature.table == table.name, feature.participant == participant else {
      throw .otherTable(feature: feature.name, table: table.name)
    }
    switch feature.measure {
    case .count(let window): return .count(window)
    case .decayedCount(let halfLife):
      return .decayedCount(decay: place(of: halfLife, in: &plan.halfLives), halfLife: halfLife)
    case .logCount: return .logCount
    case .isNew: return .isNew
    case .logSinceLast(let unit): return .logSinceLast(unit: unit)
    case .soonAfter(let seconds): return .soonAfter(seconds: seconds)
    case .sinceLast: return .sinceLast
    case .sinceFirst: return .sinceFirst
    case .sinceNth(let back): return .sinceNth(max(1, back))
    case .gapMean: return .gapMean
    case .gapVariation(let smoothing): return .gapVariation(smoothing: smoothing)
    case .overdue(let smoothing): return .overdue(smoothing: smoothing)
    case .burst(let seconds): return .burst(place(of: seconds, in: &plan.burstSeconds))
    case .trend(let short, let long): return .trend(short: short, long: max(long, short + 1))
    case .trendOfLife(let short): return .trendOfLife(short: max(1, short))
    case .hourConcentration:
      plan.needsClock = true
      return .hourConcentration
    case .weekdayConcentration:
      plan.needsClock = true
      return .weekdayConcentration
    case .number(let column, let statistic, let window):
      return .number(try number(column, feature, needs: statistic.needs(window)), statistic, window)
    case .recentShift(let column): return .recentShift(try number(column, feature))
    case .share(let column, let level): return .share(try self.level(column, level, feature))
    case .distinct(let partner): return .distinct(try self.partner(partner, feature))
    case .newcomers(let partner, let window): return .newcomers(try self.partner(partner, feature), window)
    case .repeats(let partner): return .repeats(try self.partner(partner, feature))
    case .concentration(let partner): return .concentration(try self.partner(partner, feature))
    case .smoothedRate(let column, let strength, let window):
      let number = try number(column, feature)
      numbersWithPrior.insert(number)
      return .smoothedRate(number, strength: strength, window)
    case .decayedRate(let column, let halfLife):
      let number = try number(column, feature)
      numbersWithPrior.insert(number)
      let decay = place(of: halfLife, in: &plan.numbers[number].halfLives)
      return .decayedRate(number, decay: decay, halfLife: halfLife)
    case .sinceLastHigh(let column): return .sinceLastHigh(try number(column, feature, needs: .high))
    case .deviation(let column, let deviation, let widening):
      let number = try number(column, feature, needs: deviation.needs)
      return .deviation(number, column: plan.numbers[number].column, deviation, widening: widening)
    }
  }

  private func place<T: Equatable>(of item: T, in items: inout [T]) -> Int {
    if let place = items.firstIndex(of: item) { return place }
    items.append(item)
    return items.count - 1
  }

  private mutating func number(
    _ name: String, _ feature: EventFeature, needs: EventHistory.Plan.Needs = []
  ) throws(EventFeatureError) -> Int {
    guard let column = table.numbers.firstIndex(where: { $0.name == name }) else {
      throw .unknownColumn(feature: feature.name, column: name, known: table.numbers.map(\.name))
    }
    if let place = plan.numbers.firstIndex(where: { $0.column == column }) {
      plan.numbers[place].needs.formUnion(needs)
      return place
    }
    plan.numbers.append(
      .init(column: column, center: mean(of: table.numbers[column].values), needs: needs))
    return plan.numbers.count - 1
  }

  private mutating func level(
    _ name: String, _ level: String, _ feature: EventFeature
  ) throws(EventFeatureError) -> Int {
    guard let category = table.categories.firstIndex(where: { $0.name == name }) else {
      throw .unknownColumn(feature: feature.name, column: name, known: table.categories.map(\.name))
    }
    // A level that this table never had is a share of nothing: a code that no row bears.
    let code = table.categories[category].levels.firstIndex(of: level).map { UInt32($0) } ?? .max - 1
    if let place = plan.levels.firstIndex(where: { $0 == (category, code) }) { return place }
    plan.levels.append((category, code))
    return plan.levels.count - 1
  }

  private mutating func partner(_ name: String, _ feature: EventFeature) throws(EventFeatureError) -> Int {
    let others = table.ends.map(\.name).filter { !participant.ends.contains($0) }
    guard others.contains(name), let partner = table.ends.firstIndex(where: { $0.name == name }) else {
      throw .unknownColumn(feature: feature.name, column: name, known: others)
    }
    return place(of: partner, in: &plan.partners)
  }
}

extension EventFeature.Statistic {
  /// What a history must keep to say it over a window.
  fileprivate func needs(_ window: EventFeature.Window) -> EventHistory.Plan.Needs {
    switch self {
    case .mean, .sum, .missingShare: []
    case .spread: .squares
    case .least, .greatest: window == .ever ? .extremes : [.extremes, .values]
    case .last: .last
    }
  }
}

extension EventFeature.Deviation {
  fileprivate var needs: EventHistory.Plan.Needs {
    switch self {
    case .standardized: .squares
    case .fromMean: []
    case .fromLast: .last
    case .fromGreatest: .extremes
    case .rank, .same: .values
    }
  }
}

private func mean(of values: Buffer<Float>) -> Double {
  values.withUnsafeBufferPointer { values in
    var sum = 0.0
    var count = 0.0
    for value in values where value.isFinite {
      sum += Double(value)
      count += 1
    }
    return count > 0 ? sum / count : 0
  }
}
