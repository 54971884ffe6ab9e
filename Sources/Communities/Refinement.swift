// Refinement: splits each community into well-connected parts, which the next level takes as its nodes.
//
// All nodes start alone. In batches, a node that is still alone joins the part of its community that it gains most
// by; it and the part must be well tied to the rest of the community. Only single nodes move, and never onto a single
// node of their own batch, so that whatever merges is connected.
//
// The second half of Leiden (Traag, Waltman, van Eck, 2019), which picks among the gains at random; the greedy choice
// is deterministic and was as good.

import CKernels
import Compute

struct RefinementRoom {
  let part: Room<UInt32>
  let totals: Sums
  let inner: Sums
  let joined: Room<UInt8>

  init(nodeCount: Int, width: Width) {
    part = Room(nodeCount)
    totals = Sums(nodeCount, width)
    inner = Sums(nodeCount, width)
    joined = Room(nodeCount)
  }
}

extension SearchState {
  /// Leaves in `room.part` the part that each node belongs to, named by one of its nodes.
  func refine(_ level: SearchLevel, in room: RefinementRoom) throws(CommunityError) {
    let order = NodeOrder.pair(for: level, seed: settings.seed)[0]
    let refining = rg_refining(
      community: community.start, totals: totals.raw, part: room.part.start, part_totals: room.totals.raw,
      inner: room.inner.raw, joined: room.joined.start, penalty: penalty)
    withUnsafePointer(to: level.raw) { raw in
      withUnsafePointer(to: refining) { refining in
        nonisolated(unsafe) let (raw, refining) = (raw, refining)
        parallel.forEach(rows: level.nodeCount) { nodes in
          room.totals.copy(nodes, from: level.raw.masses)
          for node in nodes {
            room.part.start[node] = UInt32(truncatingIfNeeded: node)
            room.joined.start[node] = 0
          }
          rg_inner_weights(raw, refining, UInt32(nodes.lowerBound), UInt32(nodes.upperBound))
        }
      }
    }
    let chunks = (order.positionsPerBatch + BatchRoom.chunk - 1) / BatchRoom.chunk
    let helpers = order.positionsPerBatch < 256 ? Parallel(threads: 1) : parallel
    for number in 0..<order.batchCount {
      helpers.forEach(chunks: chunks) { worker, chunk in
        let from = chunk * BatchRoom.chunk
        let to = min(order.positionsPerBatch, from + BatchRoom.chunk)
        withUnsafePointer(to: level.raw) { level in
          withUnsafePointer(to: refining) { refining in
            withUnsafePointer(to: order.raw) { order in
              withUnsafePointer(to: scratch[worker].raw) { scratch in
                batch.moveCounts.start[chunk] = Int(
                  rg_decide_merges(
                    level, refining, order, UInt32(number), UInt32(from), UInt32(to), scratch,
                    batch.merges.start + from))
              }
            }
          }
        }
      }
      withUnsafePointer(to: level.raw) { level in
        withUnsafePointer(to: refining) { refining in
          for chunk in 0..<chunks where batch.moveCounts.start[chunk] > 0 {
            rg_apply_merges(
              level, refining, batch.merges.start + chunk * BatchRoom.chunk,
              UInt32(batch.moveCounts.start[chunk]))
          }
        }
      }
    }
    try settings.checkStop()
  }
}
