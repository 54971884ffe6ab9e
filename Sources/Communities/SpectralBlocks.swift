// Spectral blocks: rows and columns that stand out together in one of the largest singular vectors.
//
// The largest singular vectors of the normalized matrix D_r^-½ A D_c^-½ point at its densest parts. Each vector names
// candidates from both ends; rows and columns are taken from it in falling order while the block's edges by member rise.
//
// Prakash and others: EigenSpokes (2010); the decomposition is the randomized one of Halko, Martinsson and Tropp (2011).

import Compute
import Foundation
import Graph

/// Dense blocks out of singular vectors: fast on large graphs, blind to small blocks that many others outweigh.
///
///     let blocks = SpectralBlocks(vectors: 16).blocks(in: purchases)
public struct SpectralBlocks: Sendable {
  public var vectors: Int
  /// Rows and columns of fewer edges are left out: two nodes that only know each other are a perfect block.
  public var leastDegree = 3
  public var seed: Seed

  public init(vectors: Int = 16, seed: Seed = Seed(1)) {
    self.vectors = vectors
    self.seed = seed
  }

  /// The best block of each vector, the densest by member first, without those that overlap a better one.
  public func blocks(in graph: BipartiteGraph, count: Int = 20) -> [DenseBlock] {
    guard graph.edgeCount > 0 else { return [] }
    let decomposition = decompose(graph)
    var found: [DenseBlock] = []
    for vector in decomposition.values.indices where decomposition.values[vector] > 1e-4 {
      for sign: Float in [1, -1] {
        let block = sweep(
          graph, rows: decomposition.u.column(vector).map { $0 * sign },
          columns: decomposition.v.column(vector).map { $0 * sign })
        if let block { found.append(block) }
      }
    }
    found.sort { ($0.score, $1.rows.first ?? 0) > ($1.score, $0.rows.first ?? 0) }
    var kept: [DenseBlock] = []
    var isTaken = [Bool](repeating: false, count: graph.rowCount)
    for block in found where kept.count < count {
      let overlap = block.rows.count { isTaken[Int($0)] }
      guard overlap * 2 < block.rows.count else { continue }
      for row in block.rows { isTaken[Int(row)] = true }
      kept.append(block)
    }
    return kept
  }

  private func decompose(_ graph: BipartiteGraph) -> TruncatedSVD {
    func scale(_ csr: CSR) -> Buffer<Float> {
      Buffer(
        (0..<csr.rowCount).map { csr.degree($0) >= leastDegree ? 1 / Float(csr.degree($0)).squareRoot() : 0 })
    }
    let (rowScale, columnScale) = (scale(graph.rows), scale(graph.columns))
    func matrix(_ csr: CSR, _ rows: Buffer<Float>, _ columns: Buffer<Float>) -> SparseMatrix {
      SparseMatrix(
        columns: csr.targetCount, offsets: csr.offsets, targets: csr.targets, weights: nil, rowScale: rows,
        columnScale: columns)
    }
    let forward = matrix(graph.rows, rowScale, columnScale)
    let backward = matrix(graph.columns, columnScale, rowScale)
    return LinearOperator(
      rows: graph.rowCount, columns: graph.columnCount, times: { forward.times($0) },
      transposedTimes: { backward.times($0) }
    ).randomizedSVD(rank: vectors, iterations: 4, seed: seed)
  }

  /// Takes nodes in falling order of their entries; the best prefix by edges per member is the block.
  private func sweep(_ graph: BipartiteGraph, rows: [Float], columns: [Float]) -> DenseBlock? {
    let largest = max(rows.max() ?? 0, columns.max() ?? 0)
    guard largest > 0 else { return nil }
    // A vector's small entries belong to other blocks; the sweep ends at a twentieth of the largest.
    var members: [(value: Float, node: Int)] = []
    for (row, value) in rows.enumerated() where value > largest / 20 { members.append((value, row)) }
    for (column, value) in columns.enumerated() where value > largest / 20 {
      members.append((value, graph.rowCount + column))
    }
    members.sort { ($0.value, $1.node) > ($1.value, $0.node) }
    var isIn = [Bool](repeating: false, count: graph.rowCount + graph.columnCount)
    var (edges, best, bestCount, bestEdges) = (0, 0.0, 0, 0)
    for (index, member) in members.enumerated() {
      let isRow = member.node < graph.rowCount
      let csr = isRow ? graph.rows : graph.columns
      for entry in csr.row(isRow ? member.node : member.node - graph.rowCount) {
        let target = Int(csr.targets[entry])
        if isIn[isRow ? graph.rowCount + target : target] { edges += 1 }
      }
      isIn[member.node] = true
      let score = Double(edges) / Double(index + 1)
      if score > best { (best, bestCount, bestEdges) = (score, index + 1, edges) }
    }
    let block = members.prefix(bestCount).map(\.node).sorted()
    let blockRows = block.prefix { $0 < graph.rowCount }.map { UInt32($0) }
    guard best > 0 else { return nil }
    return DenseBlock(
      rows: blockRows, columns: block.dropFirst(blockRows.count).map { UInt32($0 - graph.rowCount) },
      score: best,
      edges: bestEdges)
  }
}
