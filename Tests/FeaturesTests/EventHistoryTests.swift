import Compute
import Foundation
import Testing

@testable import Features

@Suite("The history of a node's events")
struct EventHistoryTests {
  @Test("events that arrive one by one leave the state that they leave at once, to the bit")
  func stream() throws {
    let events = RandomEvents(seed: 17, rows: 2000)
    let engine = try EventEngine(table: events.table, features: events.everyFeature(ownEvents: true))
    var surroundings = EventQuery.Surroundings(
      ownNumbers: events.table.numbers.map { _ in 3 }, priors: engine.plan.numbers.map { _ in 0.1 })
    surroundings.ownNumbers[0] = 12
    var atOnce = EventHistory(plan: engine.plan, gapUnit: engine.gapUnit)
    var oneByOne = EventHistory(plan: engine.plan, gapUnit: engine.gapUnit)
    var (room, otherRoom) = (EventBlock(), EventBlock())
    for node in 0..<3 {
      let own = Int(engine.end.offsets[node])..<Int(engine.end.offsets[node + 1])
      atOnce.reset()
      oneByOne.reset()
      engine.end.rows.withUnsafeBufferPointer { rows in
        atOnce.append(UnsafeBufferPointer(rebasing: rows[own]), of: events.table, through: &room)
        for place in own {
          oneByOne.append(
            UnsafeBufferPointer(rebasing: rows[place..<place + 1]), of: events.table, through: &otherRoom)
          // What a new event is scored with now is what the whole history says of this place.
          let asOf = events.table.times[Int(rows[place])] + 5
          for query in engine.queries {
            let now = oneByOne.answer(query, asOf: asOf, position: oneByOne.count, surroundings)
            let then = atOnce.answer(query, asOf: asOf, position: place - own.lowerBound + 1, surroundings)
            #expect(now.bitPattern == then.bitPattern, "\(query)")
          }
        }
      }
      #expect(oneByOne.count == own.count)
    }
  }

  @Test("meetings are counted as a dictionary counts them, round after round")
  func meetings() {
    var chance = Seed(5).generator(for: "meetings")
    var meetings = Meetings()
    for _ in 0..<50 {
      var counts: [UInt32: Int32] = [:]
      let partners = 1 + chance.unit() * 300
      for _ in 0..<400 {
        let partner = UInt32(chance.unit() * partners) &* 65_536
        #expect(meetings.meet(partner) == counts[partner, default: 0])
        counts[partner, default: 0] += 1
      }
      meetings.forget()
    }
  }

  @Test("hands of the clock stand where sine and cosine say, before 1970 too")
  func clock() {
    for (clock, period) in [(ClockAngles.day, 86_400.0), (ClockAngles.week, 604_800.0)] {
      for time in stride(from: Int64(-2_000_000), to: 3_000_000_000, by: 12_345_679) {
        let hand = clock.adding(time, to: .init())
        let angle = 2 * Double.pi * (Double(time) / period - (Double(time) / period).rounded(.down))
        #expect(abs(hand.x - cos(angle)) < 1e-9 && abs(hand.y - sin(angle)) < 1e-9)
      }
    }
  }
}
