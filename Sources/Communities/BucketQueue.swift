// A queue of nodes by priorities that only fall, in buckets by the priority's leading bits: 64 buckets to each doubling.
//
// A bucket is a doubly linked list, so lowering a priority costs a few writes. The least bucket that is not empty is
// searched upwards from where the last one was; a lowered node may pull it down again.

import Compute

struct BucketQueue {
  private var priorities: [UInt64]
  private var heads: [Int32]
  private var next: [Int32]
  private var previous: [Int32]
  private var least: Int

  private static let none: Int32 = -1

  init(_ priorities: [UInt64]) {
    self.priorities = priorities
    heads = [Int32](repeating: BucketQueue.none, count: 64 * 64)
    next = [Int32](repeating: BucketQueue.none, count: priorities.count)
    previous = next
    least = 0
    // From the end, so that of equals the smaller node stands in front.
    for node in priorities.indices.reversed() { insert(node, BucketQueue.bucket(priorities[node])) }
  }

  func priority(_ node: Int) -> UInt64 { priorities[node] }

  /// Exact below 64, then the 6 bits behind the leading one.
  @inline(__always)
  private static func bucket(_ priority: UInt64) -> Int {
    guard priority >= 64 else { return Int(priority) }
    let exponent = 63 - priority.leadingZeroBitCount
    return (exponent - 5) * 64 + Int(truncatingIfNeeded: (priority >> UInt64(exponent - 6)) & 63)
  }

  @inline(__always)
  private mutating func insert(_ node: Int, _ bucket: Int) {
    let head = heads[bucket]
    next[node] = head
    previous[node] = BucketQueue.none
    if head >= 0 { previous[Int(head)] = Int32(truncatingIfNeeded: node) }
    heads[bucket] = Int32(truncatingIfNeeded: node)
  }

  @inline(__always)
  private mutating func remove(_ node: Int, _ bucket: Int) {
    let (before, after) = (previous[node], next[node])
    if before >= 0 { next[Int(before)] = after } else { heads[bucket] = after }
    if after >= 0 { previous[Int(after)] = before }
  }

  /// Takes out a node of the lowest bucket.
  mutating func popLeast() -> Int? {
    while least < heads.count {
      let head = heads[least]
      if head >= 0 {
        remove(Int(head), least)
        return Int(head)
      }
      least += 1
    }
    return nil
  }

  /// Needs: a node that is still in the queue, and at most its priority.
  @inline(__always)
  mutating func lower(_ node: Int, by amount: UInt64) {
    let old = BucketQueue.bucket(priorities[node])
    priorities[node] &-= amount
    let new = BucketQueue.bucket(priorities[node])
    guard new != old else { return }
    remove(node, old)
    insert(node, new)
    least = min(least, new)
  }
}
