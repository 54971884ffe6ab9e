// Core numbers: peel the graph like an onion.
//
// Level by level: every node that has only `level` neighbours left is taken away, which lowers its neighbours'
// degrees and may bring them down to the level too; those follow at once, from the same thread's queue. What is left
// after a level is the next core. A node's core number is the level at which it went, whoever took it away.
//
// Kabir, Madduri: Parallel k-core decomposition on multicore platforms (2017).

import CKernels
import Compute

extension Projection {
  /// For each node its core number: the largest k so that it belongs to a part of the graph in which everybody
  /// has k neighbours. Self-loops do not count, nor do weights.
  ///
  /// Touches each edge twice at most; three numbers a node.
  public func coreNumbers(parallel: Parallel = .machine) -> Buffer<UInt32> {
    csr.coreNumbers(parallel: parallel)
  }
}

extension CSR {
  /// As `Projection.coreNumbers`. Needs: a square, symmetric adjacency without parallel edges.
  package func coreNumbers(parallel: Parallel = .machine) -> Buffer<UInt32> {
    let rows = rowCount
    precondition(rows == targetCount, "core numbers need a square adjacency")
    return Buffer<UInt32>(count: rows) { degrees in
      guard rows > 0 else { return }
      let degrees = degrees.baseAddress!
      withUnsafeRows { offsets, targets, _ in
        parallel.forEach(rows: rows) { block in
          for row in block {
            var degree = offsets[row + 1] - offsets[row]
            for entry in offsets[row]..<offsets[row + 1] where targets[Int(entry)] == UInt32(row) {
              degree -= 1
            }
            degrees[row] = UInt32(degree)
          }
        }
        var alive = (0..<UInt32(rows)).map { $0 }
        var queues = Scratch<UInt32>(count: rows * parallel.threads)
        var level: UInt32 = 0
        while !alive.isEmpty {
          // As many parts as threads: who peels a node does not matter to its number.
          let parts = Swift.min(parallel.threads, alive.count)
          var filled = [Int](repeating: 0, count: parts)
          queues.withUnsafeMutableBufferPointer { queues in
            let queues = queues.baseAddress!
            filled.withUnsafeMutableBufferPointer { filled in
              let filled = filled
              alive.withUnsafeBufferPointer { alive in
                parallel.forEach(blocks: parts) { part in
                  filled[part] = rg_core_find(
                    degrees, alive.baseAddress!, alive.count * part / parts, alive.count * (part + 1) / parts,
                    level, queues + part * rows)
                }
              }
              parallel.forEach(blocks: parts) { part in
                rg_core_peel(offsets, targets, degrees, level, queues + part * rows, filled[part])
              }
            }
          }
          // What is left has a higher degree; the next level that peels anything is the least of them.
          var next = UInt32.max
          var kept = 0
          alive.withUnsafeMutableBufferPointer { alive in
            for node in alive where degrees[Int(node)] > level {
              alive[kept] = node
              kept += 1
              next = Swift.min(next, degrees[Int(node)])
            }
          }
          alive.removeLast(alive.count - kept)
          level = next
        }
      }
    }
  }
}
