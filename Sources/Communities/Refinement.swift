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
  let places: Room<rg_place>
  let parts: Sums
  let joined: Room<UInt8>
  let parents: Room<UInt32>
  /// The result: for each node the part that it belongs to, named by one of its nodes.
  let part: Room<UInt32>

  init(nodeCount: Int, width: Width) {
    places = Room(nodeCount)
    parts = Sums(2 * nodeCount, width)
    joined = Room(nodeCount)
    parents = Room(nodeCount)
    part = Room(nodeCount)
  }
}

extension SearchState {
  /// Leaves in `room.part` the part that each node belongs to.
  func refine(_ level: SearchLevel, in room: RefinementRoom) throws(CommunityError) {
    let order = NodeOrder.pair(for: level, seed: settings.seed)[0]
    let refining = rg_refining(
      places: room.places.start, totals: totals.raw, parts: room.parts.raw, joined: room.joined.start,
      penalty: penalty)
    withUnsafePointer(to: level.raw) { raw in
      withUnsafePointer(to: refining) { refining in
        nonisolated(unsafe) let (raw, refining) = (raw, refining)
        parallel.forEach(rows: level.nodeCount) { nodes in
          rg_begin_refining(
            raw, community.start, refining, UInt32(nodes.lowerBound), UInt32(nodes.upperBound))
        }
      }
    }
    let chunks = (order.positionsPerBatch + BatchRoom.chunk - 1) / BatchRoom.chunk
    for number in 0..<order.batchCount {
      forEach(chunks: chunks, isLittle: order.positionsPerBatch < 256) { worker, chunk in
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
    parallel.forEach(rows: level.nodeCount) { nodes in
      for node in nodes { room.part.start[node] = room.places.start[node].part }
    }
    try settings.checkStop()
  }

  /// Leaves in `room.part` the connected pieces of those nodes that share both a community and a group, each named by
  /// its smallest node: parts like those of `refine`, where groups that were grown greedily are known already.
  func takePieces(of groups: Room<UInt32>, _ level: SearchLevel, in room: RefinementRoom) {
    let parents = room.parents.start
    parallel.forEach(rows: level.nodeCount) { nodes in
      for node in nodes {
        room.places.start[node] = rg_place(community: community.start[node], part: groups.start[node])
        parents[node] = UInt32(truncatingIfNeeded: node)
      }
    }
    withUnsafePointer(to: level.raw) { raw in
      nonisolated(unsafe) let raw = raw
      parallel.forEach(rows: level.nodeCount) { nodes in
        rg_link_pieces(
          raw, room.places.start, UInt32(nodes.lowerBound), UInt32(nodes.upperBound), parents)
      }
    }
    parallel.forEach(rows: level.nodeCount) { nodes in
      rg_find_roots(UInt32(nodes.lowerBound), UInt32(nodes.upperBound), parents, room.part.start)
    }
  }
}
