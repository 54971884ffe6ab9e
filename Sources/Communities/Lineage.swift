// What became of communities from one snapshot to the next, and names that last.
//
// Two communities are kin when they share members: their likeness is shared by all members of either, counted over the
// nodes that both snapshots have. Pairs are matched greedily by likeness: the best pair first, each community once.
// Matched communities keep their name. One whose members mostly went into a matched community has merged into it; one
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

  public let kind: Kind
  /// The name that lasts.
  public let name: String
  /// Its number before and after; nil where it was not, or is not any more.
  public let before: Int?
  public let after: Int?
  public let sizeBefore: Int
  public let sizeAfter: Int
  /// How many members stayed; for split and merged, how many came from or went into `other`.
  public let shared: Int
  /// The name of what it split off, or merged into.
  public let other: String?

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
    let kin = kinships(next, place)
    let (sizes, nextSizes) = (partition.sizes(), next.sizes())
    var successor = [Int?](repeating: nil, count: sizes.count)
    var ancestor = [Int?](repeating: nil, count: nextSizes.count)
    for pair in kin.sorted(by: Kinship.isCloser) where pair.likeness >= leastLikeness {
      guard successor[pair.before] == nil, ancestor[pair.after] == nil else { continue }
      successor[pair.before] = pair.after
      ancestor[pair.after] = pair.before
    }
    var newNames = [String](repeating: "", count: nextSizes.count)
    var number = nextNumber
    let order = nextSizes.indices.sorted { (-nextSizes[$0], $0) < (-nextSizes[$1], $1) }
    for community in order {
      if let before = ancestor[community] {
        newNames[community] = names[before]
      } else {
        newNames[community] = "C\(number)"
        number += 1
      }
    }
    var sharedOf: [Int: [Kinship]] = [:]
    var sharedInto: [Int: [Kinship]] = [:]
    for pair in kin {
      sharedOf[pair.before, default: []].append(pair)
      sharedInto[pair.after, default: []].append(pair)
    }
    var changes: [CommunityChange] = []
    for community in order {
      let size = nextSizes[community]
      let largest = (sharedInto[community] ?? []).max { ($0.shared, -$0.before) < ($1.shared, -$1.before) }
      if let before = ancestor[community] {
        let shared = sharedOf[before]!.first { $0.after == community }!.shared
        let kind: CommunityChange.Kind =
          size == sizes[before] ? .kept : size > sizes[before] ? .grown : .shrunk
        changes.append(
          CommunityChange(
            kind: kind, name: names[before], before: before, after: community, sizeBefore: sizes[before],
            sizeAfter: size, shared: shared, other: nil))
      } else if let largest, largest.shared * 2 >= size, successor[largest.before] != nil {
        changes.append(
          CommunityChange(
            kind: .split, name: newNames[community], before: nil, after: community, sizeBefore: 0,
            sizeAfter: size,
            shared: largest.shared, other: names[largest.before]))
      } else {
        changes.append(
          CommunityChange(
            kind: .born, name: newNames[community], before: nil, after: community, sizeBefore: 0,
            sizeAfter: size,
            shared: 0, other: nil))
      }
    }
    for before in sizes.indices where successor[before] == nil {
      let largest = (sharedOf[before] ?? []).max { ($0.shared, -$0.after) < ($1.shared, -$1.after) }
      let isMerged = largest.map { $0.shared * 2 >= sizes[before] } ?? false
      changes.append(
        CommunityChange(
          kind: isMerged ? .merged : .gone, name: names[before], before: before, after: nil,
          sizeBefore: sizes[before], sizeAfter: 0, shared: isMerged ? largest!.shared : 0,
          other: isMerged ? newNames[largest!.after] : nil))
    }
    return (NamedPartition(next, names: newNames, nextNumber: number), changes)
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

  private func kinships(_ next: Partition, _ place: (Int) -> Int?) -> [Kinship] {
    var shared: [UInt64: Int] = [:]
    var survivors = [Int](repeating: 0, count: partition.communityCount)
    var known = [Int](repeating: 0, count: next.communityCount)
    for node in 0..<partition.nodeCount {
      guard let now = place(node) else { continue }
      let (before, after) = (partition[node], next[now])
      survivors[before] += 1
      known[after] += 1
      shared[UInt64(before) << 32 | UInt64(after), default: 0] += 1
    }
    return shared.sorted { $0.key < $1.key }.map { key, count in
      let (before, after) = (Int(key >> 32), Int(key & 0xffff_ffff))
      let either = survivors[before] + known[after] - count
      return Kinship(before: before, after: after, shared: count, likeness: Double(count) / Double(either))
    }
  }
}
