// Triangles: each is found once, from its corner of least degree.
//
// Nodes are renumbered from the highest degree down, and every edge leads to its end of higher degree. Then no node has
// many edges going out, hubs included, and a triangle is a path u → v → w whose end u leads to as well: u's targets
// are marked, and the targets of its targets looked up among the marks. The hubs, which are looked up most, stand
// together at the beginning of the marks and stay in the cache.
//
// Latapy: Main-memory triangle computations for very large (sparse (power-law)) graphs (2008).

import CKernels
import Compute

/// How many triangles each node is a corner of, and how many there are.
public struct Triangles: Sendable {
  public let ofNode: Buffer<UInt32>
  public let count: Int

  /// The share of pairs of a node's neighbours that are joined; 0 with fewer than two neighbours.
  public func clustering(_ node: Int, degree: Int) -> Double {
    degree < 2 ? 0 : 2 * Double(ofNode[node]) / (Double(degree) * Double(degree - 1))
  }
}

extension Projection {
  /// Needs: no parallel edges (a projection has none), fewer than 2³² triangles at one node. Self-loops do not count,
  /// nor do weights.
  ///
  /// Time grows with the edges times the edges going out of a node, at most √(2 m); five bytes a node and thread.
  public func triangles(parallel: Parallel = .machine) -> Triangles {
    let rows = nodeCount
    guard rows > 0 else { return Triangles(ofNode: [], count: 0) }
    let (upward, rank) = csr.directedToHubs(parallel: parallel)
    // A thread takes every so-manieth block; sums of integers do not mind who counted what.
    let blocks = upward.balancedRows(blocks: 1024)
    var totals = [UInt64](repeating: 0, count: parallel.threads)
    var counts = [UInt32](repeating: 0, count: rows * parallel.threads)
    upward.withUnsafeRows { offsets, targets, _ in
      totals.withUnsafeMutableBufferPointer { totals in
        let totals = totals
        counts.withUnsafeMutableBufferPointer { counts in
          let counts = counts
          parallel.forEach(blocks: parallel.threads) { thread in
            var marks = [UInt8](repeating: 0, count: rows)
            for block in stride(from: thread, to: blocks.count, by: parallel.threads) {
              totals[thread] += rg_triangles(
                offsets, targets, blocks[block].lowerBound, blocks[block].upperBound, &marks,
                counts.baseAddress! + thread * rows)
            }
          }
        }
      }
    }
    let ofNode = Buffer<UInt32>(count: rows) { ofNode in
      for node in 0..<rows {
        let place = Int(rank[node])
        ofNode[node] = (0..<parallel.threads).reduce(0) { $0 + counts[$1 * rows + place] }
      }
    }
    return Triangles(ofNode: ofNode, count: Int(totals.reduce(0, +)))
  }
}

extension CSR {
  /// The same graph with rows in the order of falling degree, each edge kept only in its later row; and the new place of
  /// each row.
  fileprivate func directedToHubs(parallel: Parallel) -> (CSR, rank: [UInt32]) {
    let rows = rowCount
    // A counting sort by degree, highest first, ties in the old order.
    let highest = (0..<rows).reduce(0) { Swift.max($0, degree($1)) }
    var starts = [Int](repeating: 0, count: highest + 2)
    for row in 0..<rows { starts[highest - degree(row) + 1] += 1 }
    for place in 0...highest { starts[place + 1] += starts[place] }
    var rank = [UInt32](repeating: 0, count: rows)
    var rowAt = [Int](repeating: 0, count: rows)
    for row in 0..<rows {
      let place = starts[highest - degree(row)]
      starts[highest - degree(row)] += 1
      rank[row] = UInt32(place)
      rowAt[place] = row
    }
    return withUnsafeRows { offsets, targets, _ in
      rank.withUnsafeBufferPointer { rank in
        let counts = Buffer<UInt64>(count: rows + 1) { counts in
          let counts = counts
          counts[0] = 0
          parallel.forEach(rows: rows) { block in
            for place in block {
              let row = rowAt[place]
              var count: UInt64 = 0
              for entry in Int(offsets[row])..<Int(offsets[row + 1])
              where rank[Int(targets[entry])] < UInt32(place) {
                count += 1
              }
              counts[place + 1] = count
            }
          }
          for place in 0..<rows { counts[place + 1] += counts[place] }
        }
        let kept = Buffer<UInt32>(count: Int(counts[rows])) { kept in
          let kept = kept
          parallel.forEach(rows: rows) { block in
            for place in block {
              let row = rowAt[place]
              var next = Int(counts[place])
              for entry in Int(offsets[row])..<Int(offsets[row + 1]) {
                let target = rank[Int(targets[entry])]
                if target < UInt32(place) {
                  kept[next] = target
                  next += 1
                }
              }
            }
          }
        }
        return (CSR(targetCount: rows, offsets: counts, targets: kept), Array(rank))
      }
    }
  }
}
