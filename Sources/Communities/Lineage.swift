// What became of communities from one snapshot to the next, and names that last.
//
// Two communities are kin when they share members: their likeness is shared by all members of either, counted over the
// nodes that both snapshots have. Those that bear one name already are matched; the rest greedily by likeness: the best
// pair first, each community once. Matched communities keep their name. One whose members mostly went into a matched community has merged into it; one
// whose members mostly came out of a matched community has split off it; otherwise it is gone, or born.
//
// Greene, Doyle, Cunningham: Tracking the evolution of communities in dynamic social networks (2010).

import Compute

/// What happened to one community between two snapshots.
public struct CommunityChange: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case born, kept, grown, shrunk
    /// Came out of another, which lives on.
    case split
    /// Went into another.
    case merged
    case gone
  }

  public internal(set) var kind: Kind
  /// The name that lasts.
  public internal(set) var name: String
  /// Its number before and after; nil where it was not, or is not any more.
  public internal(set) var before: Int?
  public internal(set) var after: Int?
  public internal(set) var sizeBefore: Int
  public internal(set) var sizeAfter: Int
  /// How many members stayed; for split and merged, how many came from or went into `other`.
  public internal(set) var shared: Int
  /// The name of what it split off, or merged into.
  public internal(set) var other: String?

  /// `C17 grew from 14 to 19 members; 13 stayed`.
  public var description: String {
    switch kind {
    case .born: "\(name) was born with \(sizeAfter) members"
    case .kept: "\(name) has \(sizeAfter) members as before; \(shared) stayed"
    case .grown: "\(name) grew from \(sizeBefore) to \(sizeAfter) members; \(shared) stayed"
    case .shrunk: "\(name) shrank from \(sizeBefore) to \(sizeAfter) members; \(shared) stayed"
    case .split: "\(name), \(sizeAfter) members, split off \(other ?? ""); \(shared) of them came from there"
    case .merged: "\(name), \(sizeBefore) members, merged into \(other ?? ""); \(shared) of them are there"
    case .gone: "\(name), \(sizeBefore) members, is gone"
    }
  }
}

/// The communities of one snapshot with names that last from snapshot to snapshot.
///
///     let monday = NamedPartition(partition)                       // C1, C2, …
///     let (tuesday, changes) = monday.followed(by: next) { old in sameNodeNow[old] }
public struct NamedPartition: Sendable, Equatable {
  public let partition: Partition
  /// A name for each community.
  public let names: [String]
  /// The number that the next new community gets; names are never used twice.
  public let nextNumber: Int

  /// Names by size: `C1` is the largest.
  public init(_ partition: Partition) {
    let sizes = partition.sizes()
    let order = sizes.indices.sorted { (-sizes[$0], $0) < (-sizes[$1], $1) }
    var names = [String](repeating: "", count: sizes.count)
    for (rank, community) in order.enumerated() { names[community] = "C\(rank + 1)" }
    self.init(partition, names: names, nextNumber: sizes.count + 1)
  }

  public init(_ partition: Partition, names: [String], nextNumber: Int) {
    precondition(names.count == partition.communityCount, "a name for each community")
    self.partition = partition
    self.names = names
    self.nextNumber = nextNumber
  }

  public func community(named name: String) -> Int? { names.firstIndex(of: name) }

  /// The next snapshot's partition with the names carried over, and what happened to each community.
  ///
  /// `place` tells where a node of this snapshot is in the next; nil where it is gone. Where none is given, nodes kept
  /// their places. A match needs `leastLikeness` of the members of either.
  public func followed(
    by next: Partition, leastLikeness: Double = 0.1, place: ((Int) -> Int?)? = nil
  ) -> (next: NamedPartition, changes: [CommunityChange]) {
    let place = place ?? { $0 < next.nodeCount ? $0 : nil }
    var known = [Int](repeating: 0, count: next.communityCount)
    for node in 0..<partition.nodeCount {
      if let now = place(node) { known[next[now]] += 1 }
    }
    let before = zip(partition.members(), names).map { members, name in
      LineageGroup(
        name: name, members: members.compactMap { place(Int($0)).map { UInt32($0) } }, size: members.count)
    }
    let after = zip(next.members(), known).map { members, known in
      LineageGroup(members: Array(members), size: members.count, known: known)
    }
    let (names, nextNumber, changes) = lineage(
      from: before, to: after, nextNumber: nextNumber, leastLikeness: leastLikeness)
    return (NamedPartition(next, names: names, nextNumber: nextNumber), changes)
  }
}
