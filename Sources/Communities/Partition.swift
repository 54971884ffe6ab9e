import Compute

/// A division of nodes into communities, in its one canonical form: communities are numbered by their first member.
///
///     Partition([7, 7, 3, 7]) == Partition([0, 0, 1, 0])      // true: the same division
///     Partition([7, 7, 3, 7]).communityCount                  // 2
///
/// Equal divisions are equal values with one hash, whatever the labels were that they came from.
public struct Partition: Sendable, Hashable {
  /// For each node the number of its community.
  public let membership: Buffer<UInt32>
  public let communityCount: Int
  /// A fingerprint of the division, the same on every machine.
  public let fingerprint: UInt64

  /// Any labels; equal labels are one community. Costs one pass, and a hash table of the labels.
  public init(_ labels: some Collection<UInt32>) {
    var numbers: [UInt32: UInt32] = [:]
    var canonical: [UInt32] = []
    canonical.reserveCapacity(labels.count)
    for label in labels {
      let number = numbers[label] ?? UInt32(numbers.count)
      if Int(number) == numbers.count { numbers[label] = number }
      canonical.append(number)
    }
    self.init(canonical: Buffer(canonical), communityCount: numbers.count)
  }

  /// Each node alone.
  public static func singletons(_ count: Int) -> Partition {
    Partition(canonical: Buffer((0..<UInt32(count)).lazy.map { $0 }), communityCount: count)
  }

  /// Labels below `labelBound`: two passes with an array as table.
  package init(labels: UnsafeBufferPointer<UInt32>, labelBound: Int) {
    let unseen = UInt32.max
    let numbers = UnsafeMutablePointer<UInt32>.allocate(capacity: max(1, labelBound))
    numbers.initialize(repeating: unseen, count: max(1, labelBound))
    defer { numbers.deallocate() }
    var next: UInt32 = 0
    let membership = Buffer<UInt32>(count: labels.count) { canonical in
      for node in 0..<labels.count {
        let place = numbers + Int(labels[node])
        if place.pointee == unseen {
          place.pointee = next
          next &+= 1
        }
        canonical[node] = place.pointee
      }
    }
    self.init(canonical: membership, communityCount: Int(next))
  }

  private init(canonical: Buffer<UInt32>, communityCount: Int) {
    self.membership = canonical
    self.communityCount = communityCount
    self.fingerprint = canonical.withUnsafeBufferPointer { members in
      var hash: UInt64 = splitMix(UInt64(members.count))
      for community in members { hash = (hash ^ UInt64(community)) &* 0x9e37_79b9_7f4a_7c15 ^ (hash >> 29) }
      return splitMix(hash)
    }
  }

  public var nodeCount: Int { membership.count }

  public subscript(node: Int) -> Int { Int(membership[node]) }

  /// How many members each community has.
  public func sizes() -> [Int] {
    var sizes = [Int](repeating: 0, count: communityCount)
    membership.withUnsafeBufferPointer { for community in $0 { sizes[Int(community)] &+= 1 } }
    return sizes
  }

  /// The members of every community, each list rising. One counting sort.
  public func members() -> Members { Members(self) }

  public static func == (a: Partition, b: Partition) -> Bool {
    a.fingerprint == b.fingerprint && a.membership == b.membership
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }

  /// The fingerprint as people compare it: 16 hexadecimal digits.
  public var fingerprintText: String {
    let digits = String(fingerprint, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// The communities of a partition as lists of nodes.
public struct Members: Sendable, RandomAccessCollection {
  private let starts: [Int]
  private let nodes: [UInt32]

  init(_ partition: Partition) {
    var starts = [Int](repeating: 0, count: partition.communityCount + 1)
    for (community, size) in partition.sizes().enumerated() {
      starts[community + 1] = starts[community] + size
    }
    var cursors = starts
    var nodes = [UInt32](repeating: 0, count: partition.nodeCount)
    for node in 0..<partition.nodeCount {
      let community = partition[node]
      nodes[cursors[community]] = UInt32(node)
      cursors[community] += 1
    }
    self.starts = starts
    self.nodes = nodes
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { starts.count - 1 }
  public subscript(community: Int) -> ArraySlice<UInt32> { nodes[starts[community]..<starts[community + 1]] }
}
