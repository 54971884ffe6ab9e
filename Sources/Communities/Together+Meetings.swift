import Compute
import Foundation
import Graph

/// A meeting of two actors over one thing or object, and how much it surprises.
struct ActorMeeting {
  /// The smaller actor in the upper half.
  var pair: UInt64
  /// The kind in the upper half; kinds of things come first.
  var over: UInt64
  var surprise: Float

  var a: UInt32 { UInt32(pair >> 32) }
  var b: UInt32 { UInt32(truncatingIfNeeded: pair) }
  var object: UInt32 { UInt32(truncatingIfNeeded: over) }
  var kind: Int { Int(over >> 32) }
}

extension Together {
  /// All meetings, each pair once over each thing and object, in order of pair and object.
  func surprises(
    _ meetings: ActorMeetings, memoryLimit: Int
  ) throws(CommunityError) -> (all: [ActorMeeting], thingKinds: Int) {
    var all: [ActorMeeting] = []
    for (kind, uses) in meetings.things.enumerated() {
      let cells = (0..<uses.columnCount).map { (object: UInt32($0), range: uses.columns.row($0)) }
      try add(
        cells, of: Array(uses.columns.targets), kind: kind, largest: largestThing,
        actorCount: meetings.actorCount, to: &all, memoryLimit: memoryLimit)
    }
    for (index, actions) in meetings.actions.enumerated() {
      // Windows overlap by half, so that no border parts two actions an instant apart.
      for shift in [0, max(1, windowSeconds / 2)] {
        let (cells, actors) = windows(of: actions, shift: shift)
        try add(
          cells, of: actors, kind: meetings.things.count + index, largest: largestCell,
          actorCount: meetings.actorCount, to: &all, memoryLimit: memoryLimit)
      }
    }
    all.sort { ($0.pair, $0.over, $1.surprise) < ($1.pair, $1.over, $0.surprise) }
    var kept = 0
    for index in all.indices {
      // The first of each pair and object surprises most.
      if kept > 0, all[kept - 1].pair == all[index].pair, all[kept - 1].over == all[index].over { continue }
      all[kept] = all[index]
      kept += 1
    }
    all.removeLast(all.count - kept)
    return (all, meetings.things.count)
  }

  /// Actions by object and window: each actor once in each cell.
  private func windows(
    of actions: [Action], shift: Int64
  ) -> (cells: [(object: UInt32, range: Range<Int>)], actors: [UInt32]) {
    struct Entry { var object: UInt32, actor: UInt32, bin: Int64 }
    let entries = actions.map { action in
      Entry(
        object: action.object, actor: action.actor,
        bin: floorDivide(action.seconds &+ shift, windowSeconds))
    }.sorted { ($0.object, $0.bin, $0.actor) < ($1.object, $1.bin, $1.actor) }
    var cells: [(object: UInt32, range: Range<Int>)] = []
    var actors: [UInt32] = []
    var start = 0
    for (index, entry) in entries.enumerated() {
      let isNew =
        index == 0 || entries[index - 1].object != entry.object || entries[index - 1].bin != entry.bin
      if isNew, index > 0 {
        cells.append((entries[index - 1].object, start..<actors.count))
        start = actors.count
      }
      if isNew || entries[index - 1].actor != entry.actor { actors.append(entry.actor) }
    }
    if let last = entries.last { cells.append((last.object, start..<actors.count)) }
    return (cells, actors)
  }

  /// All pairs of each cell with at most `largest` actors.
  private func add(
    _ cells: [(object: UInt32, range: Range<Int>)], of actors: [UInt32], kind: Int, largest: Int,
    actorCount: Int, to all: inout [ActorMeeting], memoryLimit: Int
  ) throws(CommunityError) {
    let usable = cells.filter { (2...largest).contains($0.range.count) }
    let pairs = usable.reduce(0) { $0 + $1.range.count * ($1.range.count - 1) / 2 }
    let bytes = (all.count + pairs) * MemoryLayout<ActorMeeting>.stride
    guard bytes <= memoryLimit else {
      throw .tooLarge(
        what: "Comparing \(grouped(pairs)) pairs that met", bytes: bytes, available: memoryLimit,
        remedy: "Take a shorter window (--window-days), or fewer actors in a cell (--max-degree).")
    }
    all.reserveCapacity(all.count + pairs)
    var activity = [Int32](repeating: 0, count: actorCount)
    for actor in actors { activity[Int(actor)] += 1 }
    let halfLogs = activity.map { $0 > 1 ? 0.5 * log(Double($0)) : 0 }
    let uses = Double(actors.count)
    for (object, range) in usable {
      let rarity = log(uses / Double(range.count))
      let over = UInt64(kind) << 32 | UInt64(object)
      for i in range {
        for j in (i + 1)..<max(i + 1, range.upperBound) {
          let surprise = rarity - halfLogs[Int(actors[i])] - halfLogs[Int(actors[j])]
          guard surprise > 0 else { continue }
          let (a, b) = (min(actors[i], actors[j]), max(actors[i], actors[j]))
          all.append(
            ActorMeeting(pair: UInt64(a) << 32 | UInt64(b), over: over, surprise: Float(surprise)))
        }
      }
    }
  }

  /// Pairs whose meetings are enough and surprise enough, and the meetings of those pairs.
  func ties(
    of met: (all: [ActorMeeting], thingKinds: Int), threshold: Double
  ) -> (ties: [ActorTie], kept: (meetings: [ActorMeeting], thingKinds: Int)) {
    var ties: [ActorTie] = []
    var kept: [ActorMeeting] = []
    var start = 0
    while start < met.all.count {
      var end = start
      var (sum, ofActions) = (0.0, 0.0)
      while end < met.all.count, met.all[end].pair == met.all[start].pair {
        sum += Double(met.all[end].surprise)
        if met.all[end].kind >= met.thingKinds { ofActions += Double(met.all[end].surprise) }
        end += 1
      }
      if end - start >= leastMeetings, sum >= threshold {
        let first = met.all[start]
        ties.append(ActorTie(a: first.a, b: first.b, surprise: sum, ofActions: ofActions))
        kept += met.all[start..<end]
      }
      start = end
    }
    return (ties, (kept, met.thingKinds))
  }
}

func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : -((b - 1 - a) / b) }
