// Triangles: each is found once, from its node of least degree.
//
// Every edge is directed from the end of lower degree to the other (ties by number). Then no node has many edges
// going out, hubs included, and a triangle is an edge u → v together with a common target of both.
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
  /// Needs: no parallel edges (a projection has none). Self-loops do not count, nor do weights.
  ///
  /// Time grows with the edges times the largest number of edges going out of a node, at most √(2 m).
  public func triangles(parallel: Parallel = .machine) -> Triangles {
    let rows = nodeCount
    guard rows > 0 else { return Triangles(ofNode: [], count: 0) }
    let upward = csr.directedByDegree(parallel: parallel)
    let blocks = upward.balancedRows(blocks: 1024)
    var total = 0
    let counts = Buffer<UInt32>(count: rows) { counts in
      counts.initialize(repeating: 0)
      let counts = counts.baseAddress!
      upward.withUnsafeRows { offsets, targets, _ in
        var found = [UInt64](repeating: 0, count: blocks.count)
        found.withUnsafeMutableBufferPointer { found in
          let found = found
          parallel.forEach(blocks: blocks.count) { block in
            for row in blocks[block] {
              let own = targets + Int(offsets[row])
              let ownCount = Int(offsets[row + 1] - offsets[row])
              var ofRow: UInt64 = 0
              for place in 0..<ownCount {
                let other = Int(own[place])
                let common = rg_count_common(
                  own, ownCount, targets + Int(offsets[other]), Int(offsets[other + 1] - offsets[other]),
                  counts)
                if common > 0 { rg_add(counts + other, UInt32(common)) }
                ofRow += common
              }
              if ofRow > 0 { rg_add(counts + row, UInt32(ofRow)) }
              found[block] += ofRow
            }
          }
        }
        total = Int(found.reduce(0, +))
      }
    }
    return Triangles(ofNode: counts, count: total)
  }
}

extension CSR {
  /// Keeps of each edge the entry that leads to the end of higher degree.
  fileprivate func directedByDegree(parallel: Parallel) -> CSR {
    let rows = rowCount
    return withUnsafeRows { offsets, targets, _ in
      func precedes(_ a: Int, _ b: Int) -> Bool {
        let (x, y) = (offsets[a + 1] - offsets[a], offsets[b + 1] - offsets[b])
        return x != y ? x < y : a < b
      }
      let starts = Buffer<UInt64>(count: rows + 1) { starts in
        let starts = starts
        starts[0] = 0
        parallel.forEach(rows: rows) { block in
          for row in block {
            var count: UInt64 = 0
            for entry in offsets[row]..<offsets[row + 1] where precedes(row, Int(targets[Int(entry)])) {
              count += 1
            }
            starts[row + 1] = count
          }
        }
        for row in 0..<rows { starts[row + 1] += starts[row] }
      }
      let kept = Buffer<UInt32>(count: Int(starts[rows])) { kept in
        let kept = kept
        parallel.forEach(rows: rows) { block in
          for row in block {
            var place = Int(starts[row])
            for entry in offsets[row]..<offsets[row + 1] where precedes(row, Int(targets[Int(entry)])) {
              kept[place] = targets[Int(entry)]
              place += 1
            }
          }
        }
      }
      return CSR(targetCount: rows, offsets: starts, targets: kept)
    }
  }
}
