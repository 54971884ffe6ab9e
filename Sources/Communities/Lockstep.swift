// Lockstep: actors that do the same things in the same hours, again and again.
//
// An action is (actor, object, time). Actions on one object within one time bin fall into one cell, and all pairs in a
// cell have met there once. Counting pairs of all actors would be quadratic; only pairs that share a cell are counted,
// and cells fuller than a limit are left out: a sale that thousands joined says nothing of any two of them. Bins overlap
// by half, so that two actions an instant apart are not parted by a border; a pair counts once for each object.
//
// Pairs that met over enough objects, and whose likeness (met objects by objects of either) is high enough, are tied;
// the groups are the connected components of that graph.
//
// Beutel, Xu, Guruswami, Palow, Faloutsos: CopyCatch (2013). Cao, Yang, Yu, Palow: SynchroTrap (2014).

import Compute
import Graph

/// What an actor did to an object, and when.
public struct Action: Sendable, Hashable {
  public var actor: UInt32
  public var object: UInt32
  public var seconds: Int64

  public init(actor: UInt32, object: UInt32, seconds: Int64) {
    self.actor = actor
    self.object = object
    self.seconds = seconds
  }
}

/// A group in lockstep: its actors, the objects that at least two of them met over, and how alike they are.
public struct LockstepGroup: Sendable, Equatable {
  public let actors: [UInt32]
  public let objects: [UInt32]
  /// The mean share of objects that tied pairs met over.
  public let likeness: Double
  /// How many pairs are tied.
  public let ties: Int
}

public struct Lockstep: Sendable {
  /// Two actions on one object within this time are a meeting; those within half of it always are.
  public var windowSeconds: Int64 = 3600
  /// Over how many objects two actors must have met.
  public var leastObjects = 3
  /// Met objects by the objects of either.
  public var leastLikeness = 0.3
  /// Cells with more actors than this are left out.
  public var largestCell = 200

  public init() {}

  /// Groups of at least two actors, the largest first.
  ///
  /// Costs a sort of the actions, and a sort of the pairs in cells: at most `largestCell` times the actions. Where
  /// those pairs would not fit the memory, it says so before it counts them.
  public func groups(
    _ actions: [Action], memoryLimit: Int = affordableMemory()
  ) throws(CommunityError) -> [LockstepGroup] {
    guard windowSeconds > 0 else { throw .badWindow(windowSeconds) }
    let meetings = try meetings(actions, memoryLimit: memoryLimit)
    var objectCounts: [UInt32: Int] = [:]
    for (actor, _) in distinct(actions.map { ($0.actor, $0.object) }) { objectCounts[actor, default: 0] += 1 }
    var ties: [(a: UInt32, b: UInt32, likeness: Double, objects: Range<Int>)] = []
    var start = 0
    while start < meetings.count {
      var end = start + 1
      while end < meetings.count, meetings[end].pair == meetings[start].pair { end += 1 }
      let (a, b) = (UInt32(meetings[start].pair >> 32), UInt32(truncatingIfNeeded: meetings[start].pair))
      let met = end - start
      let likeness = Double(met) / Double(objectCounts[a]! + objectCounts[b]! - met)
      if met >= leastObjects, likeness >= leastLikeness { ties.append((a, b, likeness, start..<end)) }
      start = end
    }
    return groups(of: ties, meetings)
  }

  private typealias Meeting = (pair: UInt64, object: UInt32)

  /// Each pair of actors that met over an object, once for each object, in order.
  private func meetings(_ actions: [Action], memoryLimit: Int) throws(CommunityError) -> [Meeting] {
    let sorted = actions.sorted { ($0.object, $0.seconds, $0.actor) < ($1.object, $1.seconds, $1.actor) }
    let half = max(1, windowSeconds / 2)
    var cells: [Range<Int>] = []
    var pairs = 0
    for shift in [0, 1] as [Int64] {
      var start = 0
      func bin(_ action: Action) -> Int64 { floorDivide(action.seconds &+ shift * half, windowSeconds) }
      while start < sorted.count {
        var end = start + 1
        while end < sorted.count, sorted[end].object == sorted[start].object,
          bin(sorted[end]) == bin(sorted[start])
        {
          end += 1
        }
        if end - start > 1, end - start <= largestCell {
          cells.append(start..<end)
          pairs += (end - start) * (end - start - 1) / 2
        }
        start = end
      }
    }
    let bytes = pairs * MemoryLayout<Meeting>.stride
    guard bytes <= memoryLimit else {
      throw .tooLarge(
        what: "Counting \(grouped(pairs)) pairs of actors that met", bytes: bytes, available: memoryLimit,
        remedy: "Take a shorter window, or a smaller largest cell than \(largestCell).")
    }
    var meetings: [Meeting] = []
    meetings.reserveCapacity(pairs)
    for cell in cells {
      for i in cell {
        for j in (i + 1)..<max(cell.upperBound, i + 1) where sorted[i].actor != sorted[j].actor {
          let (a, b) = (min(sorted[i].actor, sorted[j].actor), max(sorted[i].actor, sorted[j].actor))
          meetings.append((UInt64(a) << 32 | UInt64(b), sorted[i].object))
        }
      }
    }
    return distinct(meetings.map { ($0.pair, $0.object) }).map { (pair: $0.0, object: $0.1) }
  }

  private func groups(
    of ties: [(a: UInt32, b: UInt32, likeness: Double, objects: Range<Int>)], _ meetings: [Meeting]
  ) -> [LockstepGroup] {
    var named: Set<UInt32> = []
    for tie in ties {
      named.insert(tie.a)
      named.insert(tie.b)
    }
    let actors = named.sorted()
    var place: [UInt32: Int] = [:]
    for (index, actor) in actors.enumerated() { place[actor] = index }
    var owner = Array(actors.indices)
    func root(_ node: Int) -> Int {
      var node = node
      while owner[node] != node {
        owner[node] = owner[owner[node]]
        node = owner[node]
      }
      return node
    }
    for tie in ties {
      let (a, b) = (root(place[tie.a]!), root(place[tie.b]!))
      owner[max(a, b)] = min(a, b)
    }
    var members: [Int: [UInt32]] = [:]
    for node in actors.indices { members[root(node), default: []].append(actors[node]) }
    var tiesOf: [Int: [Int]] = [:]
    for index in ties.indices { tiesOf[root(place[ties[index].a]!), default: []].append(index) }
    return members.map { group, actors in
      let own = tiesOf[group]!
      return LockstepGroup(
        actors: actors, objects: Set(own.flatMap { meetings[ties[$0].objects].map(\.object) }).sorted(),
        likeness: own.reduce(0) { $0 + ties[$1].likeness } / Double(own.count), ties: own.count)
    }.sorted { ($0.actors.count, $1.actors[0]) > ($1.actors.count, $0.actors[0]) }
  }
}

/// Sorted, each once.
private func distinct<A: Comparable, B: Comparable>(_ pairs: [(A, B)]) -> [(A, B)] {
  var result: [(A, B)] = []
  for pair in pairs.sorted(by: <) {
    if let last = result.last, last == pair { continue }
    result.append(pair)
  }
  return result
}
