// In which order nodes take their turn.
//
// Nodes decide in batches: a whole batch looks at one frozen state, in parallel, so that nothing depends on who comes
// first. Too large a batch and neighbours decide without knowing of each other; so a batch holds at most 8,192 nodes,
// and there are at least 64 of them. Two orders take turns, sweep by sweep, or a pair of nodes would change places
// for ever.
//
// Large graphs: blocks of 64 nodes, strided over the graph in one sweep and side by side in the next, which keeps
// memory accesses near each other. Where ids follow the edges (a road map, a lattice), blocks would be full of
// neighbours: there, and in small graphs, single nodes are scattered by a multiplication modulo their number.

import CKernels
import Compute

struct NodeOrder {
  let raw: rg_order
  let positionsPerBatch: Int

  var batchCount: Int { Int(raw.batch_count) }

  /// The orders of even and of odd sweeps.
  static func pair(for level: SearchLevel, seed: Seed) -> [NodeOrder] {
    let count = level.nodeCount
    if count < 4096 {
      return [0, 1].map { scattered(count, batchSize: max(1, count / 512), turn: $0, seed: seed) }
    }
    if followsIds(level) {
      return [0, 1].map { scattered(count, batchSize: batchSize(count), turn: $0, seed: seed) }
    }
    return [blocks(count, sideBySide: false, seed: seed), blocks(count, sideBySide: true, seed: seed)]
  }

  static func batchSize(_ count: Int) -> Int { min(8192, max(1, count / 64)) }

  private static func blocks(_ count: Int, sideBySide: Bool, seed: Seed) -> NodeOrder {
    let shift = count >= 1 << 18 ? 6 : count >= 1 << 14 ? 4 : 3
    let blockCount = (count + (1 << shift) - 1) >> shift
    var batches = 1
    while batches * 8192 < count || batches < 64 { batches *= 2 }
    while batches > blockCount { batches /= 2 }
    let perBatch = (blockCount + batches - 1) / batches
    let flip = seed.generatedNumber("order of batches") & UInt64(batches - 1)
    return NodeOrder(
      raw: rg_order(
        node_count: UInt32(count), kind: sideBySide ? 1 : 0, shift: UInt32(shift),
        batch_count: UInt32(batches),
        block_count: UInt32(blockCount), blocks_per_batch: UInt32(perBatch), flip: UInt32(flip),
        multiplier: 1,
        inverse: 1),
      positionsPerBatch: perBatch << shift)
  }

  private static func scattered(_ count: Int, batchSize: Int, turn: Int, seed: Seed) -> NodeOrder {
    var batches = 1
    while batches * batchSize < count { batches *= 2 }
    // The golden section spreads neighbouring positions farthest; the seed moves it, and each turn has its own.
    let golden = turn == 0 ? 0.618_033_988_749_895 : 0.414_213_562_373_095
    let moved = UInt64(Double(count) * golden) &+ seed.generatedNumber("step, turn \(turn)") % 64
    var step = max(1, moved % UInt64(max(1, count)))
    while greatestCommonDivisor(step, UInt64(max(1, count))) != 1 { step += 1 }
    let flip = seed.generatedNumber("order of batches") & UInt64(batches - 1)
    return NodeOrder(
      raw: rg_order(
        node_count: UInt32(count), kind: 2, shift: 0, batch_count: UInt32(batches),
        block_count: UInt32(count),
        blocks_per_batch: UInt32(batchSize), flip: UInt32(flip), multiplier: step,
        inverse: inverse(of: step, modulo: UInt64(max(1, count)))),
      positionsPerBatch: batchSize)
  }

  /// Whether more than a twentieth of the edges join nodes whose ids are near: looked at in a sample of rows.
  private static func followsIds(_ level: SearchLevel) -> Bool {
    let step = max(1, level.nodeCount / 4096)
    var near = 0
    var seen = 0
    for node in stride(from: 0, to: level.nodeCount, by: step) {
      for entry in level.row(node).prefix(64) {
        seen += 1
        if abs(Int(level.raw.targets[entry]) - node) < 64 { near += 1 }
      }
    }
    return near * 20 > seen && level.nodeCount > 64 * 64
  }
}

extension Seed {
  fileprivate func generatedNumber(_ purpose: String) -> UInt64 {
    if value == 1 { return 0 }
    var numbers = generator(for: purpose)
    return numbers.next()
  }
}

private func greatestCommonDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}

/// By Euclid's extended algorithm. Needs: the two have no common divisor.
private func inverse(of number: UInt64, modulo: UInt64) -> UInt64 {
  var (r0, r1) = (Int64(modulo), Int64(number % modulo))
  var (t0, t1): (Int64, Int64) = (0, 1)
  while r1 != 0 {
    let quotient = r0 / r1
    (r0, r1) = (r1, r0 - quotient * r1)
    (t0, t1) = (t1, t0 - quotient * t1)
  }
  return UInt64(t0 < 0 ? t0 + Int64(modulo) : t0)
}
