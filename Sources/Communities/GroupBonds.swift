// What binds a group: each thing that several of its members share, who else uses it, and when.

import Graph

/// A thing that members of a group share.
public struct GroupBond: Sendable, Equatable {
  public let thing: NodeKey
  /// Which of the group's members use it, by their places in the group, rising.
  public let members: [Int]
  /// How many use it in all, of the types that the path joins.
  public let users: Int
  /// The first and the last use by a member; missing where uses bear no time.
  public let first: Timestamp
  public let last: Timestamp
}

extension GraphView {
  /// What at least `leastMembers` of a group share along a path, the most shared first, then the least used by others.
  ///
  /// Costs a look at every use by a member, and at every user of what is shared.
  public func bonds(
    of members: [NodeKey], along path: RelationPath, leastMembers: Int = 2
  ) throws(GraphError) -> [GroupBond] {
    guard case .shared(let steps) = path.form else { return [] }
    struct Uses {
      var members: [Int] = []
      var first = Timestamp(seconds: .max)
      var last = Timestamp.missing
    }
    var uses: [String: [NodeID: Uses]] = [:]
    for (place, key) in members.enumerated() {
      guard let node = try? node(key) else { continue }
      for step in steps where step.from == key.type {
        for neighbour in try neighbours(of: node, step.relation, step.direction) {
          var own = uses[step.to, default: [:]][neighbour.node] ?? Uses()
          if own.members.last != place { own.members.append(place) }
          if neighbour.time != .missing {
            own.first = min(own.first, neighbour.time)
            own.last = max(own.last, neighbour.time)
          }
          uses[step.to, default: [:]][neighbour.node] = own
        }
      }
    }
    var bonds: [GroupBond] = []
    for (type, things) in uses {
      let keys = try nodes(type).keys
      for (thing, own) in things where own.members.count >= leastMembers {
        bonds.append(
          GroupBond(
            thing: NodeKey(type: type, key: keys.key(thing)), members: own.members,
            users: try users(of: thing, type, steps), first: own.last == .missing ? .missing : own.first,
            last: own.last))
      }
    }
    return bonds.sorted {
      (-$0.members.count, $0.users, $0.thing) < (-$1.members.count, $1.users, $1.thing)
    }
  }

  private func users(
    of thing: NodeID, _ type: String, _ steps: [RelationPath.Step]
  ) throws(GraphError) -> Int {
    var users: Set<NodeKey> = []
    for step in steps where step.to == type {
      let back: Direction = step.direction == .out ? .into : .out
      for neighbour in try neighbours(of: thing, step.relation, back) {
        users.insert(NodeKey(type: step.from, key: String(neighbour.node.rawValue)))
      }
    }
    return users.count
  }
}
