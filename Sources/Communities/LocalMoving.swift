// Local moving: each node goes to the neighbouring community where it gains most, until that gains little.
//
// Batch by batch (see NodeOrder): *decide*, in parallel, on a frozen state; then *apply*, where movers change their
// community and integer sums, and the next batch's active nodes are collected. A node is active when a neighbour has
// moved to another community than its own since it last decided.
//
// The first half of Louvain (Blondel, Guillaume, Lambiotte, Lefebvre, 2008), with the pruning of Ozaki, Tezuka and
// Inaba (2016).

import CKernels
import Compute

/// What a search keeps from phase to phase and level to level.
struct SearchState {
  let settings: SearchSettings
  let penalty: Double
  let totalDegree: UInt64
  let community: Room<UInt32>
  let totals: Sums
  let active: Room<UInt8>
  /// Members of each community; only where there is a limit.
  let sizes: Room<UInt32>?
  let scratch: [Scratch]
  let crew: Crew
  let batch: BatchRoom

  init(_ graph: SearchGraph, settings: SearchSettings) {
    let count = graph.level.nodeCount
    self.settings = settings
    self.penalty = graph.penalty
    self.totalDegree = graph.totalDegree
    self.community = Room(count)
    self.totals = Sums(count, graph.level.width)
    self.active = Room(count)
    self.sizes = settings.sizes.upperBound < count ? Room(count) : nil
    self.scratch = (0..<settings.parallel.threads).map { _ in
      Scratch(nodeCount: count, width: graph.level.width)
    }
    self.crew = Crew(threads: settings.parallel.threads)
    self.batch = BatchRoom()
  }

  var parallel: Parallel { settings.parallel }

  /// Each node alone and active.
  func startAlone(_ level: SearchLevel) {
    parallel.forEach(rows: level.nodeCount, atLeast: 8192) { nodes in
      totals.copy(nodes, from: level.raw.masses)
      for node in nodes {
        community.start[node] = UInt32(truncatingIfNeeded: node)
        active.start[node] = 1
        sizes?.start[node] = level.nodeSizes?[node] ?? 1
      }
    }
  }

  /// The communities as they stand in `community`, with all nodes active, or those that `isActive` marks.
  func startFromCommunities(_ level: SearchLevel, activeOnly isActive: [Bool]? = nil) {
    let count = level.nodeCount
    parallel.forEach(rows: count, atLeast: 8192) { nodes in
      totals.clear(nodes)
      for node in nodes {
        active.start[node] = isActive.map { $0[node] ? 1 : 0 } ?? 1
        sizes?.start[node] = 0
      }
    }
    withUnsafePointer(to: level.raw) { raw in
      nonisolated(unsafe) let raw = raw
      parallel.forEach(rows: count, atLeast: 8192) { nodes in
        rg_add_masses(raw, community.start, UInt32(nodes.lowerBound), UInt32(nodes.upperBound), totals.raw)
      }
    }
    if let sizes {
      for node in 0..<count { sizes.start[Int(community.start[node])] += level.nodeSizes?[node] ?? 1 }
    }
  }
}

/// Room for one batch: who decides, and what was decided. Cut into chunks, one worker's task each.
struct BatchRoom {
  static let chunk = 256
  static let chunks = 64
  let nodes = Room<UInt32>(chunk * chunks)
  let moves = Room<rg_move>(chunk * chunks)
  let merges = Room<rg_merge>(chunk * chunks)
  let nodeCounts = Room<Int>(chunks)
  let moveCounts = Room<Int>(chunks)
  let gains = Room<Int64>(chunks)
}

extension SearchState {
  /// What moving nodes came to.
  struct Moved {
    var count = 0
    /// In quality, as a share of all weight.
    var gain = 0.0
  }

  /// Moves nodes until a sweep gains less than `tolerance` of all weight.
  @discardableResult
  func moveNodes(_ level: SearchLevel, tolerance: Double) throws(CommunityError) -> Moved {
    guard level.nodeCount > 1, totalDegree > 0 else { return Moved() }
    return try sweep(
      level, orders: NodeOrder.pair(for: level, seed: settings.seed), penalty: penalty, tie: 1, limit: 30
    ) { $0.count > 0 && $0.gain >= tolerance }
  }

  /// Sweeps over all batches while `goesOn` says so, which is told what the last sweep came to.
  @discardableResult
  func sweep(
    _ level: SearchLevel, orders: [NodeOrder], penalty: Double, tie: UInt32, limit: Int,
    _ goesOn: (Moved) -> Bool
  ) throws(CommunityError) -> Moved {
    let ones = sizes != nil && level.nodeSizes == nil ? [UInt32](repeating: 1, count: level.nodeCount) : []
    let nodeSizes = level.nodeSizes.map { UnsafePointer($0) }
    var total = Moved()
    for sweep in 0..<limit {
      try settings.checkStop()
      let order = orders[sweep % 2]
      var (gain, moves) = (Int64(0), 0)
      ones.withUnsafeBufferPointer { ones in
        let moving = rg_moving(
          community: community.start, totals: totals.raw, active: active.start,
          sizes: sizes.map { UnsafePointer($0.start) }, node_sizes: nodeSizes ?? ones.baseAddress,
          largest: UInt32(clamping: settings.sizes.upperBound), tie: tie, penalty: penalty,
          gain_unit: 0x1p40 / Double(totalDegree))
        collect(order, batch: 0)
        for number in 0..<order.batchCount {
          decide(level, moving, order, batch: number)
          for chunk in 0..<chunkCount(order) {
            gain += batch.gains.start[chunk]
            moves += batch.moveCounts.start[chunk]
          }
          apply(level, moving, order, collecting: number + 1)
        }
      }
      // Each edge was seen from one of its two ends.
      let moved = Moved(count: moves, gain: 2 * Double(gain) / 0x1p40)
      total.count += moved.count
      total.gain += moved.gain
      if !goesOn(moved) { break }
    }
    return total
  }

  private func chunkCount(_ order: NodeOrder) -> Int {
    (order.positionsPerBatch + BatchRoom.chunk - 1) / BatchRoom.chunk
  }

  private func collect(_ order: NodeOrder, batch number: Int) {
    for chunk in 0..<chunkCount(order) { collect(order, batch: number, chunk: chunk) }
  }

  private func collect(_ order: NodeOrder, batch number: Int, chunk: Int) {
    let from = chunk * BatchRoom.chunk
    let to = min(order.positionsPerBatch, from + BatchRoom.chunk)
    batch.nodeCounts.start[chunk] =
      number < order.batchCount
      ? Int(
        withUnsafePointer(to: order.raw) {
          rg_collect_active(
            $0, UInt32(number), UInt32(from), UInt32(to), active.start, batch.nodes.start + from)
        }) : 0
  }

  private func decide(_ level: SearchLevel, _ moving: rg_moving, _ order: NodeOrder, batch number: Int) {
    let chunks = chunkCount(order)
    var waiting = 0
    for chunk in 0..<chunks { waiting += batch.nodeCounts.start[chunk] }
    forEach(chunks: chunks, isLittle: waiting < 64) { worker, chunk in
      var gain: Int64 = 0
      let start = chunk * BatchRoom.chunk
      let count = batch.nodeCounts.start[chunk]
      var moved: UInt32 = 0
      if count > 0 {
        withUnsafePointer(to: level.raw) { level in
          withUnsafePointer(to: moving) { moving in
            withUnsafePointer(to: order.raw) { order in
              withUnsafePointer(to: scratch[worker].raw) { scratch in
                moved = rg_decide_moves(
                  level, moving, order, UInt32(number), batch.nodes.start + start, UInt32(count), scratch,
                  batch.moves.start + start, &gain)
              }
            }
          }
        }
      }
      batch.moveCounts.start[chunk] = Int(moved)
      batch.gains.start[chunk] = gain
    }
  }

  private func apply(_ level: SearchLevel, _ moving: rg_moving, _ order: NodeOrder, collecting next: Int) {
    let chunks = chunkCount(order)
    if let sizes {
      applyWithinLimit(level, chunks: chunks, sizes: sizes)
      collect(order, batch: next)
      return
    }
    forEach(chunks: chunks, isLittle: order.positionsPerBatch < 1024) { _, chunk in
      let count = batch.moveCounts.start[chunk]
      if count > 0 {
        withUnsafePointer(to: level.raw) { level in
          withUnsafePointer(to: moving) { moving in
            rg_apply_moves(level, moving, batch.moves.start + chunk * BatchRoom.chunk, UInt32(count))
          }
        }
      }
      collect(order, batch: next, chunk: chunk)
    }
  }

  /// Where communities have a largest size, movers are let in one after another while there is room.
  private func applyWithinLimit(_ level: SearchLevel, chunks: Int, sizes: Room<UInt32>) {
    let largest = UInt64(settings.sizes.upperBound)
    for chunk in 0..<chunks {
      for place in 0..<batch.moveCounts.start[chunk] {
        let move = batch.moves.start[chunk * BatchRoom.chunk + place]
        let node = Int(move.node)
        let (old, new) = (Int(community.start[node]), Int(move.community))
        let size = level.nodeSizes?[node] ?? 1
        guard UInt64(sizes.start[new]) + UInt64(size) <= largest else { continue }
        community.start[node] = move.community
        sizes.start[old] -= size
        sizes.start[new] += size
        totals[old] -= level.mass(node)
        totals[new] += level.mass(node)
      }
    }
  }

  /// One worker for what is too little to share.
  func forEach(chunks: Int, isLittle: Bool, _ body: (_ worker: Int, _ chunk: Int) -> Void) {
    if isLittle {
      for chunk in 0..<chunks { body(0, chunk) }
    } else {
      crew.forEach(chunks: chunks, body)
    }
  }
}
