import Compute
import Foundation

/// All that happened to one node through one end so far, in a form that answers every event feature at any instant.
///
/// Events are appended in the order of time; questions may be asked of any instant. Whether the events come from
/// a table or one by one from a stream makes no difference: this is the state, `EventEngine` only feeds it.
///
/// Every array has one entry more than there are events: entry `i` speaks of the first `i` events, so that a window
/// from event `a` to event `b` is a difference of two entries.
final class EventHistory {
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
    var counts: [Int32] = [0]
    var sums: [Double] = [0]
    var squares: [Double] = [0]
    var least: [Float] = [.nan]
    var greatest: [Float] = [.nan]
    var last: [Float] = [.nan]
    var lastHigh: [Int64] = [.min]
    /// For each half-life the decayed sum of values and of known values, as of the event's own time.
    var decayedSums: [[Double]] = []
    var decayedCounts: [[Double]] = []
  }

  struct PartnerState {
    /// How many different partners, and the sum of squares of how often each was met.
    var distinct: [Int32] = [0]
    var squares: [Double] = [0]
    var met: [UInt32: Int32] = [:]
  }

  let plan: Plan
  private(set) var times: [Int64] = []
  private(set) var numbers: [NumberState]
  private(set) var levels: [[Int32]]
  private(set) var partners: [PartnerState]
  private(set) var decayed: [[Double]]
  private(set) var bursts: [[Int32]]
  /// Sum of squared gaps, in units of `gapUnit`.
  private(set) var gapSquares: [Double] = [0]
  private(set) var hours: [(x: Double, y: Double)] = [(0, 0)]
  private(set) var weekdays: [(x: Double, y: Double)] = [(0, 0)]
  let gapUnit: Double

  init(plan: Plan, gapUnit: Double) {
    self.plan = plan
    self.gapUnit = max(gapUnit, 1)
    numbers = plan.numbers.map { number in
      var state = NumberState()
      state.decayedSums = number.halfLives.map { _ in [0] }
      state.decayedCounts = number.halfLives.map { _ in [0] }
      return state
    }
    levels = plan.levels.map { _ in [0] }
    partners = plan.partners.map { _ in PartnerState() }
    decayed = plan.halfLives.map { _ in [0] }
    bursts = plan.burstSeconds.map { _ in [0] }
  }

  var count: Int { times.count }

  /// Forgets everything but the memory it took.
  func reset() {
    times.removeAll(keepingCapacity: true)
    for index in numbers.indices {
      numbers[index].values.removeAll(keepingCapacity: true)
      truncate(&numbers[index].counts)
      truncate(&numbers[index].sums)
      truncate(&numbers[index].squares)
      truncate(&numbers[index].least)
      truncate(&numbers[index].greatest)
      truncate(&numbers[index].last)
      truncate(&numbers[index].lastHigh)
      for decay in numbers[index].decayedSums.indices {
        truncate(&numbers[index].decayedSums[decay])
        truncate(&numbers[index].decayedCounts[decay])
      }
    }
    for index in levels.indices { truncate(&levels[index]) }
    for index in partners.indices {
      truncate(&partners[index].distinct)
      truncate(&partners[index].squares)
      partners[index].met.removeAll(keepingCapacity: true)
    }
    for index in decayed.indices { truncate(&decayed[index]) }
    for index in bursts.indices { truncate(&bursts[index]) }
    truncate(&gapSquares)
    truncate(&hours)
    truncate(&weekdays)
  }

  private func truncate<T>(_ values: inout [T]) { values.removeSubrange(1...) }

  /// Takes in one more event. Needs: a time not before the last event's.
  ///
  /// `number`, `code` and `partner` give the event's cells by the indices of the plan's columns and ends.
  func append(
    time: Int64, number: (Int) -> Float, code: (Int) -> UInt32, partner: (Int) -> UInt32
  ) {
    let gap = times.last.map { time - $0 }
    for (index, item) in plan.numbers.enumerated() {
      append(
        number(item.column), center: item.center, halfLives: item.halfLives, needs: item.needs, time: time,
        gap: gap, to: index)
    }
    for (index, item) in plan.levels.enumerated() {
      levels[index].append(levels[index].last! + (code(item.category) == item.code ? 1 : 0))
    }
    for (index, end) in plan.partners.enumerated() { appendPartner(partner(end), to: index) }
    for (index, halfLife) in plan.halfLives.enumerated() {
      decayed[index].append(decayed[index].last! * fading(gap, halfLife) + 1)
    }
    for (index, seconds) in plan.burstSeconds.enumerated() {
      bursts[index].append(bursts[index].last! + (gap.map { $0 <= seconds } ?? false ? 1 : 0))
    }
    let scaled = Double(gap ?? 0) / gapUnit
    gapSquares.append(gapSquares.last! + scaled * scaled)
    if plan.needsClock {
      hours.append(turned(hours.last!, by: time, period: 86_400))
      weekdays.append(turned(weekdays.last!, by: time, period: 7 * 86_400))
    }
    times.append(time)
  }

  private func append(
    _ value: Float, center: Double, halfLives: [Double], needs: Plan.Needs, time: Int64, gap: Int64?,
    to index: Int
  ) {
    let isKnown = value == value
    let shifted = isKnown ? Double(value) - center : 0
    numbers[index].counts.append(numbers[index].counts.last! + (isKnown ? 1 : 0))
    numbers[index].sums.append(numbers[index].sums.last! + shifted)
    if needs.contains(.values) { numbers[index].values.append(value) }
    if needs.contains(.squares) {
      numbers[index].squares.append(numbers[index].squares.last! + shifted * shifted)
    }
    if needs.contains(.extremes) {
      let least = numbers[index].least.last!
      let greatest = numbers[index].greatest.last!
      numbers[index].least.append(isKnown && !(least <= value) ? value : least)
      numbers[index].greatest.append(isKnown && !(greatest >= value) ? value : greatest)
    }
    if needs.contains(.last) { numbers[index].last.append(isKnown ? value : numbers[index].last.last!) }
    if needs.contains(.high) {
      numbers[index].lastHigh.append(value > 0.5 ? time : numbers[index].lastHigh.last!)
    }
    for (decay, halfLife) in halfLives.enumerated() {
      let fade = fading(gap, halfLife)
      let sum = numbers[index].decayedSums[decay].last!
      let count = numbers[index].decayedCounts[decay].last!
      numbers[index].decayedSums[decay].append(sum * fade + (isKnown ? Double(value) : 0))
      numbers[index].decayedCounts[decay].append(count * fade + (isKnown ? 1 : 0))
    }
  }

  private func appendPartner(_ partner: UInt32, to index: Int) {
    let distinct = partners[index].distinct.last!
    let squares = partners[index].squares.last!
    guard partner != EventTable.End.nobody else {
      partners[index].distinct.append(distinct)
      partners[index].squares.append(squares)
      return
    }
    let times = partners[index].met[partner, default: 0]
    partners[index].met[partner] = times + 1
    partners[index].distinct.append(distinct + (times == 0 ? 1 : 0))
    partners[index].squares.append(squares + Double(2 * times + 1))
  }

  private func fading(_ gap: Int64?, _ halfLife: Double) -> Double {
    gap.map { exp2(-Double($0) / halfLife) } ?? 0
  }

  private func turned(_ sum: (x: Double, y: Double), by time: Int64, period: Int64) -> (x: Double, y: Double)
  {
    // 1970 began on a Thursday; the angle's origin does not matter to the length of a sum.
    let within = ((time % period) + period) % period
    let angle = 2 * Double.pi * Double(within) / Double(period)
    return (sum.x + cos(angle), sum.y + sin(angle))
  }
}
