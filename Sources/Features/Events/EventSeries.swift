// What an event history is made of: series that run along the events, the block of events that is being taken in, who
// was met how often, and where on the clock.

import Compute
import Foundation

/// Running values: entry 0 is the start, entry `i` speaks of the first `i` events. Entries beyond those are left over.
struct Series<Value> {
  private var entries: [Value]

  init(_ start: Value) { entries = [start] }

  subscript(_ place: Int) -> Value { entries[place] }

  /// Goes on by events: `step` gives the next value from the one before and an event's place among them.
  @inline(__always)
  mutating func extend(_ events: Range<Int>, _ step: (Value, Int) -> Value) {
    makeRoom(in: &entries, for: events.upperBound + 1, entries[0])
    entries.withUnsafeMutableBufferPointer { entries in
      var value = entries[events.lowerBound]
      for event in 0..<events.count {
        value = step(value, event)
        entries[events.lowerBound + event + 1] = value
      }
    }
  }
}

/// Makes an array at least so long, and by half again, so that it seldom has to.
@inline(__always)
func makeRoom<Value>(in values: inout [Value], for count: Int, _ filler: Value) {
  guard values.count < count else { return }
  values += repeatElement(filler, count: count + count / 2 - values.count)
}

/// The events that are being taken in: their times, their distances, and one number of each.
struct EventBlock {
  private var rows = UnsafeBufferPointer<UInt32>(start: nil, count: 0)
  private(set) var times: [Int64] = []
  /// Each event's distance to the one before; `max` for the very first, which nothing was before.
  private(set) var gaps: [Int64] = []
  private(set) var cells: [Float] = []

  mutating func take(_ rows: UnsafeBufferPointer<UInt32>, of table: EventTable, after last: Int64?) {
    self.rows = rows
    makeRoom(in: &times, for: rows.count, 0)
    makeRoom(in: &gaps, for: rows.count, 0)
    var last = last
    table.times.withUnsafeBufferPointer { seen in
      for (event, row) in rows.enumerated() {
        let time = seen[Int(row)]
        gaps[event] = last.map { time - $0 } ?? .max
        times[event] = time
        last = time
      }
    }
  }

  mutating func take(_ values: Buffer<Float>) {
    makeRoom(in: &cells, for: rows.count, 0)
    values.withUnsafeBufferPointer { values in
      for (event, row) in rows.enumerated() { cells[event] = values[Int(row)] }
    }
  }
}

/// How often each partner was met: a table with open places and linear probing.
///
/// Forgetting costs nothing: what was written in an earlier round counts as free.
struct Meetings {
  private var slots = [Slot](repeating: Slot(), count: 16)
  private var round: UInt32 = 1
  private var used = 0

  private struct Slot {
    var partner: UInt32 = 0
    var round: UInt32 = 0
    var times: Int32 = 0
  }

  /// Counts one more meeting, and says how many there were before.
  mutating func meet(_ partner: UInt32) -> Int32 {
    if 2 * used >= slots.count { grow() }
    let place = place(of: partner)
    if slots[place].round != round {
      slots[place] = Slot(partner: partner, round: round, times: 0)
      used += 1
    }
    slots[place].times += 1
    return slots[place].times - 1
  }

  mutating func forget() {
    used = 0
    round &+= 1
    // After four thousand million rounds old marks would speak again.
    if round == 0 { self = Meetings() }
  }

  /// Where the partner stands, or would.
  private func place(of partner: UInt32) -> Int {
    let mask = slots.count - 1
    var place = Int((UInt64(partner) &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while slots[place].round == round, slots[place].partner != partner { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: 2 * old.count)
    for slot in old where slot.round == round { slots[place(of: slot.partner)] = slot }
  }
}

/// Where seconds stand on a dial of a day or a week, by two small tables and the sum of angles instead of a sine each.
struct ClockAngles: Sendable {
  static let day = ClockAngles(period: 86_400)
  static let week = ClockAngles(period: 7 * 86_400)

  /// The sum of unit vectors.
  struct Sum: Sendable {
    var x = 0.0
    var y = 0.0
  }

  private let period: Int64
  /// Of every 256 seconds, and of the seconds among those.
  private let coarse: [Sum]
  private let fine: [Sum]

  private init(period: Int64) {
    self.period = period
    func angle(_ second: Int64) -> Sum {
      let angle = 2 * Double.pi * Double(second) / Double(period)
      return Sum(x: cos(angle), y: sin(angle))
    }
    coarse = (0...period / 256).map { angle($0 * 256) }
    fine = (0..<256).map { angle($0) }
  }

  /// 1970 began on a Thursday; the angle's origin does not matter to the length of a sum.
  @inline(__always)
  func adding(_ time: Int64, to sum: Sum) -> Sum {
    let second = Int(((time % period) + period) % period)
    let (a, b) = (coarse[second >> 8], fine[second & 255])
    return Sum(x: sum.x + a.x * b.x - a.y * b.y, y: sum.y + a.y * b.x + a.x * b.y)
  }
}
