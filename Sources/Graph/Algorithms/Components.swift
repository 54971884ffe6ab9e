// Connected components: Afforest.
//
// 1. Every node is its own root. Link each with its first neighbours only, two rounds: in real graphs that already
//    joins nearly all of the largest component.
// 2. Find that component by looking at a sample of nodes.
// 3. Link the remaining neighbours of the nodes outside it; the largest one's edges are never looked at.
//
// A link always hangs the greater root below the smaller, so a component's root is its smallest node whatever the
// order of the links: the result is the same on any number of threads.
//
// Sutton, Ben-Nun, Barak: Optimizing parallel graph connectivity computation via subgraph sampling (2018).

import CKernels
import Compute

extension Projection {
  /// For each node the smallest node of its connected component.
  ///
  /// Touches each edge at most once, most not at all; one number a node.
  public func components(parallel: Parallel = .machine) -> Buffer<UInt32> {
    csr.components(parallel: parallel)
  }
}

extension CSR {
  /// For each row the smallest row of its component. Needs: as many rows as targets may name, each edge in both rows.
  package func components(parallel: Parallel = .machine) -> Buffer<UInt32> {
    let rows = rowCount
    precondition(rows == targetCount, "components need a square adjacency")
    let blocks = balancedRows()
    return Buffer<UInt32>(count: rows) { parents in
      for row in 0..<rows { parents[row] = UInt32(row) }
      guard rows > 0 else { return }
      let parents = parents.baseAddress!
      withUnsafeRows { offsets, targets, _ in
        for round in 0..<2 {
          parallel.forEach(blocks: blocks.count) {
            let block = blocks[$0]
            rg_components_link(
              offsets, targets, parents, block.lowerBound, block.upperBound, round, round + 1, .max)
          }
          parallel.forEach(rows: rows) { rg_components_compress(parents, $0.lowerBound, $0.upperBound) }
        }
        let largest = mostFrequentRoot(parents, rows)
        parallel.forEach(blocks: blocks.count) {
          let block = blocks[$0]
          rg_components_link(
            offsets, targets, parents, block.lowerBound, block.upperBound, 2, Int.max, largest)
        }
        parallel.forEach(rows: rows) { rg_components_compress(parents, $0.lowerBound, $0.upperBound) }
      }
    }
  }
}

/// The root that most of a thousand nodes, spread evenly, have. A wrong guess costs time, not correctness.
private func mostFrequentRoot(_ parents: UnsafePointer<UInt32>, _ rows: Int) -> UInt32 {
  var counts: [UInt32: Int] = [:]
  for sample in 0..<min(rows, 1024) { counts[parents[sample * rows / min(rows, 1024)], default: 0] += 1 }
  return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }!.key
}

/// How many components there are and how large each is, largest first.
public struct ComponentSizes: Sendable, Equatable {
  public let count: Int
  /// The component's smallest node and its size.
  public let largestFirst: [(node: UInt32, size: Int)]

  public init(of components: Buffer<UInt32>) {
    var sizes = [Int](repeating: 0, count: components.count)
    for root in components { sizes[Int(root)] += 1 }
    largestFirst = sizes.indices.filter { sizes[$0] > 0 }
      .map { (UInt32($0), sizes[$0]) }
      .sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }
    count = largestFirst.count
  }

  public static func == (a: ComponentSizes, b: ComponentSizes) -> Bool {
    a.count == b.count && a.largestFirst.elementsEqual(b.largestFirst) { $0 == $1 }
  }
}
