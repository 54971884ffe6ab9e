import Compute
import Graph

extension Together {
  /// Ties from both ends of each tie to the objects that they met over.
  func objectTies(
    _ kept: (meetings: [ActorMeeting], thingKinds: Int), actorCount: Int
  ) -> [(UInt32, UInt32, Float)] {
    guard objectShare > 0 else { return [] }
    return kept.meetings.filter { $0.kind >= kept.thingKinds }.flatMap { meeting in
      let weight = meeting.surprise * Float(objectShare)
      return [(meeting.a, meeting.object, weight), (meeting.b, meeting.object, weight)].filter {
        $0.0 != $0.1
      }
    }
  }

  /// Objects join the group that met over them, and users the group that owns what they use. Only who is in no group
  /// of three or more moves.
  func join(
    _ core: Partition, _ meetings: ActorMeetings, _ kept: (meetings: [ActorMeeting], thingKinds: Int)
  ) -> (partition: Partition, edges: [(UInt32, UInt32, Float)]) {
    var labels = Array(core.membership)
    let sizes = core.sizes()
    var isGrouped = labels.map { sizes[Int($0)] >= 3 }
    joinObjects(core, sizes, kept, &labels, &isGrouped)
    let edges = joinUsers(meetings, &labels, &isGrouped)
    return (Partition(labels), edges)
  }

  /// An object joins the group of which most members met over it: three at least, and a fifth of the group.
  private func joinObjects(
    _ core: Partition, _ sizes: [Int], _ kept: (meetings: [ActorMeeting], thingKinds: Int),
    _ labels: inout [UInt32], _ isGrouped: inout [Bool]
  ) {
    struct Visit: Hashable { var object: UInt32, group: UInt32, member: UInt32 }
    var visits: Set<Visit> = []
    for meeting in kept.meetings where meeting.kind >= kept.thingKinds {
      let group = core[Int(meeting.a)]
      guard group == core[Int(meeting.b)], sizes[group] >= 3, !isGrouped[Int(meeting.object)] else {
        continue
      }
      for member in [meeting.a, meeting.b] {
        visits.insert(Visit(object: meeting.object, group: UInt32(group), member: member))
      }
    }
    var counts: [UInt64: Int] = [:]
    for visit in visits { counts[UInt64(visit.object) << 32 | UInt64(visit.group), default: 0] += 1 }
    for (key, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      let (object, group) = (Int(key >> 32), UInt32(truncatingIfNeeded: key))
      guard !isGrouped[object], count >= 3, count * 5 >= sizes[Int(group)] else { continue }
      labels[object] = group
      isGrouped[object] = true
    }
  }

  private func joinUsers(
    _ meetings: ActorMeetings, _ labels: inout [UInt32], _ isGrouped: inout [Bool]
  ) -> [(UInt32, UInt32, Float)] {
    var edges: [(UInt32, UInt32, Float)] = []
    // Who owns what is settled before anybody joins.
    let (owners, wasGrouped) = (labels, isGrouped)
    for uses in meetings.things {
      for thing in 0..<uses.columnCount where (3...largestThing).contains(uses.columns.degree(thing)) {
        let users = uses.columns.row(thing).map { uses.columns.targets[$0] }
        var counts: [UInt32: Int] = [:]
        for user in users where wasGrouped[Int(user)] { counts[owners[Int(user)], default: 0] += 1 }
        guard let (owner, count) = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), count >= 2,
          count * 2 >= users.count,
          let host = users.first(where: { owners[Int($0)] == owner && wasGrouped[Int($0)] })
        else { continue }
        for user in users where !isGrouped[Int(user)] {
          labels[Int(user)] = owner
          isGrouped[Int(user)] = true
          edges.append((min(user, host), max(user, host), 1))
        }
      }
    }
    return edges
  }
}
