import CKernels
import Compute
import Graph

/// One graph of the hierarchy, as the kernels read it: whole-number weights, no self-loops, no zero weights.
///
/// What self-loops and contracted edges weigh lives on in the nodes' masses.
struct SearchLevel {
  let raw: rg_level
  let nodeCount: Int
  let width: Width
  /// How many nodes of the first graph each node holds; nil: one each.
  let nodeSizes: UnsafeMutablePointer<UInt32>?
  /// What keeps the memory behind the pointers.
  private let owners: [any Sendable]

  init(
    width: Width, instructionSet: Int32, nodeCount: Int, starts: UnsafePointer<UInt64>,
    ends: UnsafePointer<UInt64>, targets: UnsafePointer<UInt32>, weights: UnsafeRawPointer?,
    masses: UnsafeRawPointer, nodeSizes: UnsafeMutablePointer<UInt32>?, owners: [any Sendable]
  ) {
    self.raw = rg_level(
      width: width.rawValue, instruction_set: instructionSet, node_count: UInt32(nodeCount), starts: starts,
      ends: ends, targets: targets, weights: weights, masses: masses)
    self.nodeCount = nodeCount
    self.width = width
    self.nodeSizes = nodeSizes
    self.owners = owners
  }

  @inline(__always)
  func row(_ node: Int) -> Range<Int> { Int(raw.starts[node])..<Int(raw.ends[node]) }

  func isIsolated(_ node: Int) -> Bool { raw.starts[node] == raw.ends[node] }

  func mass(_ node: Int) -> UInt64 {
    width == .wide
      ? raw.masses.assumingMemoryBound(to: UInt64.self)[node]
      : UInt64(raw.masses.assumingMemoryBound(to: UInt32.self)[node])
  }

  func weight(_ entry: Int) -> UInt64 {
    switch width {
    case .unit: 1
    case .narrow: UInt64(raw.weights.assumingMemoryBound(to: UInt32.self)[entry])
    case .wide: raw.weights.assumingMemoryBound(to: UInt64.self)[entry]
    }
  }
}

/// The first graph of the hierarchy, made from a projection, and what its whole numbers mean.
struct SearchGraph {
  let level: SearchLevel
  let entryCount: Int
  /// All degrees together, in units.
  let totalDegree: UInt64
  /// How many units a weight of one is.
  let scale: Double
  /// What the kernels multiply masses with.
  let penalty: Double

  /// Reads each edge once; copies it only where there are weights or self-loops.
  init(_ graph: Projection, settings: SearchSettings) throws(CommunityError) {
    let csr = graph.csr
    let count = csr.rowCount
    guard count <= Int(Int32.max) else { throw .tooManyNodes(count) }
    let parallel = settings.parallel
    let isPlain =
      csr.weights == nil && csr.entryCount < Int(UInt32.max) && !SearchGraph.hasSelfLoop(csr, parallel)
    let rows = isPlain ? nil : try WholeRows(csr, parallel: parallel)
    let width = rows?.width ?? .unit
    let starts = rows?.offsets.start ?? UnsafeMutablePointer(mutating: csr.offsets.pointer)
    let masses = Sums(count, width)
    let degrees = SearchGraph.degrees(count, rows: rows, offsets: csr.offsets.pointer, parallel)
    totalDegree = degrees.total
    switch settings.quality {
    case .modularity(let resolution):
      parallel.forEach(rows: count) { for node in $0 { masses[node] = degrees.of(node) } }
      penalty = totalDegree == 0 ? 0 : resolution / Double(totalDegree)
    case .constantPotts(let resolution):
      parallel.forEach(rows: count) { for node in $0 { masses[node] = 1 } }
      penalty = resolution * (rows?.scale ?? 1)
    }
    scale = rows?.scale ?? 1
    entryCount = rows.map { Int($0.offsets.start[count]) } ?? csr.entryCount
    level = SearchLevel(
      width: width, instructionSet: settings.instructionSet, nodeCount: count, starts: starts,
      ends: starts + 1,
      targets: rows.map { UnsafePointer($0.targets.start) } ?? csr.targets.pointer,
      weights: rows.map { UnsafeRawPointer($0.weights.raw) }, masses: masses.raw, nodeSizes: nil,
      owners: [csr, masses, rows as (any Sendable)?].compactMap { $0 })
  }

  private static func hasSelfLoop(_ csr: CSR, _ parallel: Parallel) -> Bool {
    let offsets = csr.offsets.pointer
    let targets = csr.targets.pointer
    return parallel.map(rows: csr.rowCount, atLeast: 4096) { rows in
      var found = false
      for row in rows {
        let node = UInt32(truncatingIfNeeded: row)
        for entry in Int(offsets[row])..<Int(offsets[row + 1]) where targets[entry] == node { found = true }
      }
      return found
    }.contains(true)
  }

  private static func degrees(
    _ count: Int, rows: WholeRows?, offsets: UnsafePointer<UInt64>, _ parallel: Parallel
  ) -> (of: (Int) -> UInt64, total: UInt64) {
    guard let rows else { return ({ offsets[$0 + 1] - offsets[$0] }, offsets[count]) }
    let total = parallel.map(rows: count) { $0.reduce(UInt64(0)) { $0 + rows.degrees[$1] } }.reduce(0, +)
    return ({ rows.degrees[$0] }, total)
  }
}

extension Room: @unchecked Sendable {}
extension Sums: @unchecked Sendable {}
