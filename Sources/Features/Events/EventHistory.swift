import Compute
import Foundation

/// All that happened to one node through one end so far, in a form that answers every event feature at any instant.
///
/// Events are taken in in the order of time; questions may be asked of any instant. Whether the events come a node at a
/// time from a table or one by one from a stream makes no difference: this is the state, `EventEngine` only feeds it.
///
/// Every series has one entry more than there are events: entry `i` speaks of the first `i` events, so that a window
/// from event `a` to event `b` is a difference of two entries. Events are taken in a block at a time and a series at a
/// time: each loop touches one column and one series.
struct EventHistory {
  /// What has to be kept, found once from the features that are wanted.
  struct Plan: Sendable {
    var numbers: [NumberPlan] = []
    /// Category column and level, one running count each.
    var levels: [(category: Int, code: UInt32)] = []
    /// Ends whose nodes are partners.
    var partners: [Int] = []
    var halfLives: [Double] = []
    var burstSeconds: [Int64] = []
    var needsClock = false

    struct NumberPlan: Sendable {
      let column: Int
      /// Taken off before squaring, so that large numbers with small spread keep their digits.
      let center: Double
      var halfLives: [Double] = []
      var needs: Needs = []
    }

    /// What is kept of a number besides its counts and sums: a number of which only means are asked costs little.
    struct Needs: OptionSet, Sendable {
      let rawValue: UInt8
      static let values = Needs(rawValue: 1)
      static let squares = Needs(rawValue: 2)
      static let extremes = Needs(rawValue: 4)
      static let last = Needs(rawValue: 8)
      static let high = Needs(rawValue: 16)
    }
  }

  struct NumberState {
    var values: [Float] = []
    var counts = Series<Int32>(0)
    var sums = Series(0.0)
    var squares = Series(0.0)
    var least = Series(Float.nan)
    var greatest = Series(Float.nan)
    var last = Series(Float.nan)
    var lastHigh = Series(Int64.min)
    /// For each half-life the decayed sum of values and of known values, as of the event's own time.
    var decayedSums: [Series<Double>] = []
    var decayedCounts: [Series<Double>] = []
  }

  struct PartnerState {
    /// How many different partners, and the sum of squares of how often each was met.
    var distinct = Series<Int32>(0)
    var squares = Series(0.0)
    var met = Meetings()
    /// How often each partner of a block had been met before; -1 for nobody.
    var meetings: [Int32] = []
  }

  let plan: Plan
  let gapUnit: Double
  private(set) var count = 0
  /// Of each event; what stands beyond `count` is left over from another node.
  private(set) var times: [Int64] = []
  private(set) var numbers: [NumberState]
  private(set) var levels: [Series<Int32>]
  private(set) var partners: [PartnerState]
  private(set) var decayed: [Series<Double>]
  private(set) var bursts: [Series<Int32>]
  /// Sum of squared gaps, in units of `gapUnit`.
  private(set) var gapSquares = Series(0.0)
  private(set) var hours = Series(ClockAngles.Sum())
  private(set) var weekdays = Series(ClockAngles.Sum())

  init(plan: Plan, gapUnit: Double) {
    self.plan = plan
    self.gapUnit = max(gapUnit, 1)
    numbers = plan.numbers.map { number in
      var state = NumberState()
      state.decayedSums = number.halfLives.map { _ in Series(0) }
      state.decayedCounts = number.halfLives.map { _ in Series(0) }
      return state
    }
    levels = plan.levels.map { _ in Series(0) }
    partners = plan.partners.map { _ in PartnerState() }
    decayed = plan.halfLives.map { _ in Series(0) }
    bursts = plan.burstSeconds.map { _ in Series(0) }
  }

  /// Forgets everything but the memory it took.
  mutating func reset() {
    count = 0
    for index in partners.indices { partners[index].met.forget() }
  }

  /// Takes in more events: rows of a table with the plan's columns, in the order of time, none before the last so far.
  ///
  /// `block` is room to work in; give the same again.
  mutating func append(
    _ rows: UnsafeBufferPointer<UInt32>, of table: EventTable, through block: inout EventBlock
  ) {
    guard !rows.isEmpty else { return }
    block.take(rows, of: table, after: count > 0 ? times[count - 1] : nil)
    let added = count..<count + rows.count
    makeRoom(in: &times, for: added.upperBound, 0)
    for event in rows.indices { times[added.lowerBound + event] = block.times[event] }
    for (index, number) in plan.numbers.enumerated() {
      block.take(table.numbers[number.column].values)
      numbers[index].extend(added, by: block, number)
    }
    for (index, level) in plan.levels.enumerated() {
      table.categories[level.category].codes.withUnsafeBufferPointer { codes in
        levels[index].extend(added) { $0 + (codes[Int(rows[$1])] == level.code ? 1 : 0) }
      }
    }
    for (index, end) in plan.partners.enumerated() {
      partners[index].extend(added, by: rows, table.ends[end].nodes)
    }
    for (index, halfLife) in plan.halfLives.enumerated() {
      decayed[index].extend(added) { $0 * fading(block.gaps[$1], halfLife) + 1 }
    }
    for (index, seconds) in plan.burstSeconds.enumerated() {
      bursts[index].extend(added) { $0 + (block.gaps[$1] <= seconds ? 1 : 0) }
    }
    let unit = gapUnit
    gapSquares.extend(added) { sum, event in
      let gap = block.gaps[event] == .max ? 0 : Double(block.gaps[event]) / unit
      return sum + gap * gap
    }
    if plan.needsClock {
      hours.extend(added) { ClockAngles.day.adding(block.times[$1], to: $0) }
      weekdays.extend(added) { ClockAngles.week.adding(block.times[$1], to: $0) }
    }
    count = added.upperBound
  }
}

extension EventHistory.NumberState {
  fileprivate mutating func extend(
    _ added: Range<Int>, by block: EventBlock, _ plan: EventHistory.Plan.NumberPlan
  ) {
    let center = plan.center
    func isKnown(_ event: Int) -> Bool { block.cells[event] == block.cells[event] }
    func shifted(_ event: Int) -> Double { isKnown(event) ? Double(block.cells[event]) - center : 0 }
    counts.extend(added) { $0 + (isKnown($1) ? 1 : 0) }
    sums.extend(added) { $0 + shifted($1) }
    if plan.needs.contains(.values) {
      makeRoom(in: &values, for: added.upperBound, 0)
      for (event, place) in added.enumerated() { values[place] = block.cells[event] }
    }
    if plan.needs.contains(.squares) { squares.extend(added) { $0 + shifted($1) * shifted($1) } }
    // Comparisons with NaN are false: what is missing never takes a place, and the first that is known does.
    if plan.needs.contains(.extremes) {
      least.extend(added) { block.cells[$1] < $0 || $0 != $0 ? block.cells[$1] : $0 }
      greatest.extend(added) { block.cells[$1] > $0 || $0 != $0 ? block.cells[$1] : $0 }
    }
    if plan.needs.contains(.last) {
      last.extend(added) { isKnown($1) ? block.cells[$1] : $0 }
    }
    if plan.needs.contains(.high) {
      lastHigh.extend(added) { block.cells[$1] > 0.5 ? block.times[$1] : $0 }
    }
    for (decay, halfLife) in plan.halfLives.enumerated() {
      let left = (0..<added.count).map { fading(block.gaps[$0], halfLife) }
      decayedSums[decay].extend(added) { $0 * left[$1] + (isKnown($1) ? Double(block.cells[$1]) : 0) }
      decayedCounts[decay].extend(added) { $0 * left[$1] + (isKnown($1) ? 1 : 0) }
    }
  }
}

extension EventHistory.PartnerState {
  fileprivate mutating func extend(
    _ added: Range<Int>, by rows: UnsafeBufferPointer<UInt32>, _ nodes: Buffer<UInt32>
  ) {
    makeRoom(in: &meetings, for: rows.count, 0)
    nodes.withUnsafeBufferPointer { nodes in
      for (event, row) in rows.enumerated() {
        let partner = nodes[Int(row)]
        meetings[event] = partner == EventTable.End.nobody ? -1 : met.meet(partner)
      }
    }
    let before = meetings
    distinct.extend(added) { $0 + (before[$1] == 0 ? 1 : 0) }
    squares.extend(added) { before[$1] < 0 ? $0 : $0 + Double(2 * before[$1] + 1) }
  }
}

/// What is left of 1 after a gap; nothing where there was nothing before.
private func fading(_ gap: Int64, _ halfLife: Double) -> Double {
  gap == .max ? 0 : exp2(-Double(gap) / halfLife)
}
