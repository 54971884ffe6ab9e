/// A group of one of two snapshots whose groups are to be matched.
public struct LineageGroup: Sendable, Equatable {
  /// Nil where it has none yet.
  public var name: String?
  /// Members that can be in both snapshots, numbered alike in both; each once.
  public var members: [UInt32]
  /// All its members, those that are gone by now included.
  public var size: Int
  /// How many of its members the other snapshot can know of.
  public var known: Int

  public init(name: String? = nil, members: [UInt32], size: Int? = nil, known: Int? = nil) {
    self.name = name
    self.members = members
    self.size = size ?? members.count
    self.known = known ?? members.count
  }
}

/// Names for the groups of a later snapshot, the next free number, and what happened to each group.
///
/// Groups may overlap, and need not cover all nodes. Every group before has a name; one after that bears the name of one
/// before is that one, whatever else has become of it.
///
///     lineage(from: [LineageGroup(name: "C1", members: [0, 1, 2])], to: [LineageGroup(members: [1, 2, 3])],
///       nextNumber: 2).names        // ["C1"]
///
/// Linear in the memberships, and in how often members of one group are in several of the other snapshot.
public func lineage(
  from before: [LineageGroup], to after: [LineageGroup], nextNumber: Int, leastLikeness: Double = 0.1
) -> (names: [String], nextNumber: Int, changes: [CommunityChange]) {
  let kin = kinships(before, after)
  var successor = [Int?](repeating: nil, count: before.count)
  var ancestor = [Int?](repeating: nil, count: after.count)
  var shared: [Int: [Int: Int]] = [:]
  for pair in kin { shared[pair.before, default: [:]][pair.after] = pair.shared }
  let named = Dictionary(
    before.enumerated().compactMap { place, group in group.name.map { ($0, place) } }, uniquingKeysWith: min)
  for (place, group) in after.enumerated() {
    guard let name = group.name, let same = named[name], successor[same] == nil else { continue }
    successor[same] = place
    ancestor[place] = same
  }
  for pair in kin.sorted(by: Kinship.isCloser) where pair.likeness >= leastLikeness {
    guard successor[pair.before] == nil, ancestor[pair.after] == nil else { continue }
    // Two names are two groups.
    guard after[pair.after].name == nil else { continue }
    successor[pair.before] = pair.after
    ancestor[pair.after] = pair.before
  }

  var names = after.map { $0.name ?? "" }
  var number = nextNumber
  let order = after.indices.sorted { (-after[$0].size, $0) < (-after[$1].size, $1) }
  for place in order where names[place].isEmpty {
    if let before = ancestor[place].flatMap({ before[$0].name }) {
      names[place] = before
    } else {
      names[place] = "C\(number)"
      number += 1
    }
  }

  var changes: [CommunityChange] = []
  var closest = [Kinship?](repeating: nil, count: after.count)
  var goal = [Kinship?](repeating: nil, count: before.count)
  for pair in kin {
    if pair.shared > closest[pair.after]?.shared ?? 0 { closest[pair.after] = pair }
    if pair.shared > goal[pair.before]?.shared ?? 0 { goal[pair.before] = pair }
  }
  for place in order {
    let size = after[place].size
    var change = CommunityChange(
      kind: .born, name: names[place], before: nil, after: place, sizeBefore: 0, sizeAfter: size, shared: 0,
      other: nil)
    if let old = ancestor[place] {
      let oldSize = before[old].size
      change.kind = size == oldSize ? .kept : size > oldSize ? .grown : .shrunk
      (change.before, change.sizeBefore, change.shared) = (old, oldSize, shared[old]?[place] ?? 0)
    } else if let origin = closest[place], origin.shared * 2 >= size, successor[origin.before] != nil {
      (change.kind, change.shared, change.other) = (.split, origin.shared, before[origin.before].name)
    }
    changes.append(change)
  }
  for old in before.indices where successor[old] == nil {
    let heir = goal[old].flatMap { $0.shared * 2 >= before[old].size ? $0 : nil }
    changes.append(
      CommunityChange(
        kind: heir == nil ? .gone : .merged, name: before[old].name ?? "", before: old, after: nil,
        sizeBefore: before[old].size, sizeAfter: 0, shared: heir?.shared ?? 0,
        other: heir.map { names[$0.after] }))
  }
  return (names, number, changes)
}

private struct Kinship {
  let before: Int
  let after: Int
  let shared: Int
  let likeness: Double

  static func isCloser(_ a: Kinship, _ b: Kinship) -> Bool {
    (-a.likeness, -a.shared, a.before, a.after) < (-b.likeness, -b.shared, b.before, b.after)
  }
}

/// All pairs that share members, by the group before, then after.
private func kinships(_ before: [LineageGroup], _ after: [LineageGroup]) -> [Kinship] {
  let bound = max(
    before.map { $0.members.max() ?? 0 }.max() ?? 0, after.map { $0.members.max() ?? 0 }.max() ?? 0)
  // The groups after of each node, one after another.
  var starts = [Int](repeating: 0, count: Int(bound) + 2)
  for group in after { for member in group.members { starts[Int(member) + 1] += 1 } }
  for node in 1..<starts.count { starts[node] += starts[node - 1] }
  var cursors = starts
  var groups = [Int](repeating: 0, count: starts[starts.count - 1])
  for (place, group) in after.enumerated() {
    for member in group.members {
      groups[cursors[Int(member)]] = place
      cursors[Int(member)] += 1
    }
  }
  var counts = [Int](repeating: 0, count: after.count)
  var kin: [Kinship] = []
  for (place, group) in before.enumerated() {
    var seen: [Int] = []
    for member in group.members {
      for other in groups[starts[Int(member)]..<starts[Int(member) + 1]] {
        if counts[other] == 0 { seen.append(other) }
        counts[other] += 1
      }
    }
    for other in seen.sorted() {
      let either = group.members.count + after[other].known - counts[other]
      kin.append(
        Kinship(
          before: place, after: other, shared: counts[other],
          likeness: Double(counts[other]) / Double(max(1, either))))
      counts[other] = 0
    }
  }
  return kin
}
