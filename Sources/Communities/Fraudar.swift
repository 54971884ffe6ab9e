// Fraudar: the block of rows and columns whose edges weigh most by member, whatever its members hide behind.
//
// An edge weighs less the more popular its column is: 1 / log(degree + 5). So buying from well-known shops, at random
// or by their popularity, does not make an account look honest: those edges weigh little, and a column's weight does
// not depend on which rows camouflage with it.
//
// Peel: take away the node with the least weight left, again and again; of all the sets passed on the way keep the one
// with the most weight by node. It has at least half of what the best set has. Then take its edges out and peel again.
//
// Weights are whole numbers, and nodes wait in buckets by weight (by its leading bits, 64 to each doubling), of which
// the lowest that is not empty is taken: linear in the edges, and within 1.6 % the node with the least.
//
// Hooi, Song, Beutel, Shah, Shin, Faloutsos: FRAUDAR (2016).

import Compute
import Foundation
import Graph

/// Dense blocks by greedy peeling that resists camouflage.
///
///     let blocks = Fraudar().blocks(in: purchases, count: 20)
public struct Fraudar: Sendable {
  /// What an edge weighs by its column's degree.
  public enum ColumnWeight: Sendable {
    /// 1 / log(degree + 5).
    case logarithmic
    case equal
  }

  public var columnWeight = ColumnWeight.logarithmic
  /// How suspicious each row and column is by itself, added to the block's weight; empty for none. Not negative.
  public var rowSuspicion: [Double] = []
  public var columnSuspicion: [Double] = []
  /// Blocks whose score is below this share of the first one's are not worth reporting.
  public var leastShare = 0.05

  public init() {}

  /// At most `count` blocks, one after another, each without the edges of those before.
  ///
  /// Each costs a pass over the edges that are left, from both sides.
  public func blocks(
    in graph: BipartiteGraph, count: Int = 1, progress: ProgressSink = .silent, stop: StopRequest? = nil
  ) throws(CommunityError) -> [DenseBlock] {
    let rowSuspicion = try FraudarPeeling.units(rowSuspicion, count: graph.rowCount)
    let columnSuspicion = try FraudarPeeling.units(columnSuspicion, count: graph.columnCount)
    var peeling = FraudarPeeling(
      graph, weights: edgeWeights(graph), suspicions: rowSuspicion + columnSuspicion)
    let step = progress.step("Dense blocks", total: count, unit: "blocks")
    defer { step.finish() }
    var blocks: [DenseBlock] = []
    while blocks.count < count {
      if stop?.isWanted == true { throw .stopped }
      guard let block = peeling.nextBlock() else { break }
      if let first = blocks.first, block.score < first.score * leastShare { break }
      blocks.append(block)
      step.advance()
    }
    return blocks
  }

  /// The weight of any edge of each column, in units.
  private func edgeWeights(_ graph: BipartiteGraph) -> [UInt32] {
    (0..<graph.columnCount).map { column in
      switch columnWeight {
      case .equal: UInt32(FraudarPeeling.unit)
      case .logarithmic: UInt32(FraudarPeeling.unit / log(Double(graph.columns.degree(column)) + 5))
      }
    }
  }
}

/// The state of peeling: which edges are left, and what each node's edges weigh together.
///
/// Nodes are numbered together: first rows, then columns.
struct FraudarPeeling {
  static let unit = 0x1p20

  let graph: BipartiteGraph
  let weights: [UInt32]
  let suspicions: [UInt64]
  /// The block that an edge was taken out with shares both its ends' block numbers: an edge is gone where both ends
  /// have been in one block. Blocks seldom overlap, so each node keeps a short list.
  private var blocksOfNode: [Int: [Int32]] = [:]
  private var blockCount: Int32 = 0

  init(_ graph: BipartiteGraph, weights: [UInt32], suspicions: [UInt64]) {
    self.graph = graph
    self.weights = weights
    self.suspicions = suspicions
  }

  static func units(_ suspicion: [Double], count: Int) throws(CommunityError) -> [UInt64] {
    guard !suspicion.isEmpty else { return [UInt64](repeating: 0, count: count) }
    precondition(suspicion.count == count, "a suspicion for each node")
    var units: [UInt64] = []
    for (node, value) in suspicion.enumerated() {
      guard value >= 0, value.isFinite, value < 0x1p30 else { throw .badSuspicion(node: node, value: value) }
      units.append(UInt64(value * unit))
    }
    return units
  }

  /// The best block among the edges that are left, which it takes out; nil where none is left.
  mutating func nextBlock() -> DenseBlock? {
    let (order, start, score) = peel()
    guard score > 0 else { return nil }
    let members = order[start...].sorted()
    let rows = members.prefix { $0 < graph.rowCount }.map { UInt32($0) }
    let columns = members.dropFirst(rows.count).map { UInt32($0 - graph.rowCount) }
    let edges = edgesBetween(rows, columns)
    for node in members { blocksOfNode[node, default: []].append(blockCount) }
    blockCount += 1
    return edges > 0 ? DenseBlock(rows: rows, columns: columns, score: score, edges: edges) : nil
  }

  private func edgesBetween(_ rows: [UInt32], _ columns: [UInt32]) -> Int {
    var isIn = [Bool](repeating: false, count: graph.columnCount)
    for column in columns { isIn[Int(column)] = true }
    var edges = 0
    for row in rows {
      for entry in graph.rows.row(Int(row)) {
        let column = Int(graph.rows.targets[entry])
        if isIn[column], !isTaken(Int(row), graph.rowCount + column) { edges += 1 }
      }
    }
    return edges
  }

  private func isTaken(_ a: Int, _ b: Int) -> Bool {
    guard !blocksOfNode.isEmpty, let first = blocksOfNode[a], let second = blocksOfNode[b] else {
      return false
    }
    return first.contains { second.contains($0) }
  }

  /// All nodes in the order in which they were taken away, where in it the best set begins, and its score.
  private func peel() -> (order: [Int], start: Int, score: Double) {
    let rowCount = graph.rowCount
    let count = rowCount + graph.columnCount
    var priorities = suspicions
    var total: UInt64 = suspicions.reduce(0, +)
    let isFirst = blocksOfNode.isEmpty
    // Nodes that have been in a block are the only ones whose edges may be gone.
    var wasInBlock = [Bool](repeating: false, count: count)
    for node in blocksOfNode.keys { wasInBlock[node] = true }
    for row in 0..<rowCount {
      for entry in graph.rows.row(row) {
        let column = Int(graph.rows.targets.pointer[entry])
        let node = rowCount + column
        if !isFirst, wasInBlock[row], wasInBlock[node], isTaken(row, node) { continue }
        let weight = UInt64(weights[column])
        priorities[row] &+= weight
        priorities[node] &+= weight
        total &+= weight
      }
    }
    var queue = BucketQueue(priorities)
    var order: [Int] = []
    order.reserveCapacity(count)
    var isGone = [Bool](repeating: false, count: count)
    var (bestStart, bestScore) = (0, count == 0 ? 0 : Double(total) / Double(count))
    while let node = queue.popLeast() {
      total &-= queue.priority(node)
      isGone[node] = true
      order.append(node)
      let isRow = node < rowCount
      let csr = isRow ? graph.rows : graph.columns
      for entry in csr.row(isRow ? node : node - rowCount) {
        let target = Int(csr.targets.pointer[entry])
        let other = isRow ? rowCount + target : target
        if isGone[other] { continue }
        if !isFirst, wasInBlock[node], wasInBlock[other], isTaken(node, other) { continue }
        queue.lower(other, by: UInt64(weights[isRow ? target : node - rowCount]))
      }
      let left = count - order.count
      if left > 0, Double(total) / Double(left) > bestScore {
        bestScore = Double(total) / Double(left)
        bestStart = order.count
      }
    }
    return (order, bestStart, bestScore / FraudarPeeling.unit)
  }
}
