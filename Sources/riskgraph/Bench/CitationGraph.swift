import Compute
import Foundation
import Graph
import Learning

/// A graph of the size and the skew of ogbn-arxiv, which benchmarks of graph networks are run on: 169,343 nodes and
/// 2.5 M entries, self-loops with them. One end of each edge is drawn evenly, the other by a power law.
enum CitationGraph {
  static let nodeCount = 169_343

  /// With several relations each edge belongs to one of them, drawn evenly.
  static func make(
    seed: Seed = Seed(1), relations: Int = 1, parallel: Parallel
  ) throws -> NetworkGraph {
    let edgeCount = 1_166_243
    var numbers = seed.generator(for: "citation graph")
    var sums = [0.0]
    sums.reserveCapacity(nodeCount + 1)
    for _ in 0..<nodeCount { sums.append(sums.last! + pow(1 - numbers.unit(), -1 / 1.8)) }
    let all = sums.last!
    var sources = [UInt32]()
    var targets = [UInt32]()
    for _ in 0..<edgeCount {
      let wanted = numbers.unit() * all
      var (low, high) = (0, nodeCount - 1)
      while low < high {
        let middle = (low + high + 1) / 2
        if sums[middle] <= wanted { low = middle } else { high = middle - 1 }
      }
      sources.append(UInt32(low))
      targets.append(UInt32.random(in: 0..<UInt32(nodeCount), using: &numbers))
    }
    return NetworkGraph(
      relations: try (0..<relations).map { relation in
        let mine = sources.indices.filter { $0 % relations == relation }
        let edges = EdgeList(
          nodeCount: nodeCount, sources: Buffer(mine.map { sources[$0] }),
          targets: Buffer(mine.map { targets[$0] }))
        let csr = try CSRBuilder(edges, duplicates: .sum, selfLoops: .drop, parallel: parallel).symmetric()
        // Patterns count, not how often an edge was drawn.
        return .init(
          name: relations == 1 ? "cites" : "cites\(relation)",
          neighbours: SparseMatrix(columns: nodeCount, offsets: csr.offsets, targets: csr.targets),
          isSymmetric: true)
      })
  }

  /// Features that are cheap to make: as many as wanted, between -1 and 1.
  static func features(_ width: Int) -> Matrix {
    var matrix = Matrix(rows: nodeCount, columns: width)
    matrix.withUnsafeMutableBufferPointer { values in
      for index in values.indices {
        values[index] = Float(splitMix(UInt64(index)) >> 40) / Float(1 << 23) - 1
      }
    }
    return matrix
  }
}
