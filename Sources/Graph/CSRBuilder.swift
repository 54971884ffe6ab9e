// Compressed rows from a list of edges, in three passes over memory.
//
// 1. Count how many entries go to each bucket, a bucket being 2^k neighbouring rows whose entries fit the cache.
// 2. Move each entry to its bucket's place in the finished array. Every block of edges knows where its share of
//    each bucket begins, so that threads never meet and the order of the edges is kept.
// 3. Sort each bucket where it lies: by row, then by time, target and place in the list.
//
// Where row-in-bucket and target fit 32 bits together, pass 2 needs no memory but the result's own.
// The result does not depend on blocks or threads: rows are sorted by what the edges are.

import CKernels
import Compute
import Synchronization

/// Makes CSRs out of a list of edges.
///
///     let csr = try CSRBuilder(EdgeList(nodes: 3, [(0, 1), (0, 2)])).symmetric()
///     csr.row(1)        // one entry: node 0
///
/// Costs time proportional to the edges and about a third of the result in scratch memory.
public struct CSRBuilder: Sendable {
  public var edges: EdgeList
  public var duplicates: RelationType.Duplicates
  public var selfLoops: RelationType.SelfLoops
  /// Whether entries bear the number of their edge in the list (`CSR.edgeRows`), to find its columns by.
  public var keepsEdgeRows: Bool
  public var parallel: Parallel

  public init(
    _ edges: EdgeList, duplicates: RelationType.Duplicates = .keep, selfLoops: RelationType.SelfLoops = .keep,
    keepsEdgeRows: Bool = false, parallel: Parallel = .machine
  ) {
    self.edges = edges
    self.duplicates = duplicates
    self.selfLoops = selfLoops
    self.keepsEdgeRows = keepsEdgeRows
    self.parallel = parallel
  }

  /// As the relation's type says. A loop needs both ends in one type: between two types none is seen.
  public init(_ edges: EdgeList, of type: RelationType, parallel: Parallel = .machine) {
    self.init(
      edges, duplicates: type.duplicates, selfLoops: type.from == type.to ? type.selfLoops : .keep,
      keepsEdgeRows: !type.columns.isEmpty, parallel: parallel)
  }

  /// The rows of the sources.
  public consuming func forward() throws(GraphError) -> CSR { try build(symmetric: false) }

  /// The rows of the targets: the same edges seen from their other ends, with the same edge rows.
  public consuming func backward() throws(GraphError) -> CSR {
    edges = EdgeList(
      sourceCount: edges.targetCount, targetCount: edges.sourceCount, sources: edges.targets,
      targets: edges.sources, weights: edges.weights, times: edges.times)
    do { return try build(symmetric: false) } catch {
      if case .duplicateEdge(let source, let target) = error {
        throw .duplicateEdge(source: target, target: source)
      }
      throw error
    }
  }

  /// Each edge in the rows of both its ends; a self-loop once. Needs: both ends of one type.
  public consuming func symmetric() throws(GraphError) -> CSR {
    precondition(edges.sourceCount == edges.targetCount, "both ends of an undirected edge are of one type")
    return try build(symmetric: true)
  }

  /// Both directions, as a relation has them; an undirected relation has one symmetric CSR for both.
  public consuming func adjacency(isDirected: Bool) throws(GraphError) -> (out: CSR, into: CSR) {
    guard isDirected else {
      let both = try symmetric()
      return (both, both)
    }
    let into = copy self
    return (try forward(), try into.backward())
  }
}

extension CSRBuilder {
  private func build(symmetric: Bool) throws(GraphError) -> CSR {
    guard edges.count <= Int(UInt32.max) / 2 else { throw .tooManyEdges(count: edges.count) }
    if selfLoops == .refuse, edges.sourceCount == edges.targetCount {
      if let row = zip(edges.sources, edges.targets).enumerated().first(where: { $1.0 == $1.1 })?.offset {
        throw .selfLoop(row: row, node: edges.sources[row])
      }
    }
    let layout = BucketLayout(
      rows: edges.sourceCount, targets: edges.targetCount, entries: edges.count * (symmetric ? 2 : 1))
    var counting = BucketCounts(layout: layout, edges: edges.count)
    try counting.count(
      edges, symmetric: symmetric, dropsLoops: selfLoops == .drop, parallel: parallel)
    let carriesRows = keepsEdgeRows || edges.weights != nil || edges.times != nil
    let unfinished = UnfinishedCSR(
      edges: edges, layout: layout, counts: counting, symmetric: symmetric, dropsLoops: selfLoops == .drop,
      carriesRows: carriesRows, parallel: parallel)
    let csr = unfinished.finished(keepsEdgeRows: keepsEdgeRows, parallel: parallel)
    switch duplicates {
    case .keep: return csr
    case .refuse:
      if let pair = csr.firstDuplicate(parallel: parallel) {
        throw .duplicateEdge(source: pair.source, target: pair.target)
      }
      return csr
    case .sum: return csr.withDuplicatesSummed(keepsEdgeRows: keepsEdgeRows, parallel: parallel)
    }
  }
}

/// How rows are cut into buckets.
struct BucketLayout: Sendable {
  let rows: Int
  /// A bucket holds 2^shift rows.
  let shift: Int
  let targetBits: Int

  /// Entries of a bucket that the cache holds twice over.
  static let entriesPerBucket = 48 << 10

  init(rows: Int, targets: Int, entries: Int) {
    self.rows = rows
    targetBits = Int.bitWidth - max(0, targets - 1).leadingZeroBitCount
    var shift = 0
    while shift < 13, rows >> shift > max(16, entries / BucketLayout.entriesPerBucket) { shift += 1 }
    self.shift = shift
  }

  var buckets: Int { (rows + (1 << shift) - 1) >> shift }
  var isPacked: Bool { targetBits + shift <= 32 }

  func rows(of bucket: Int) -> Range<Int> { bucket << shift..<min(rows, (bucket + 1) << shift) }
}

/// How many entries each block of edges has for each bucket, and then where they go.
struct BucketCounts {
  let layout: BucketLayout
  let blockSize: Int
  let blocks: Int
  /// Block after block, each with a number for each bucket.
  var places: [UInt64]
  /// Where each bucket begins among the entries; one more than there are buckets.
  var starts: [UInt64]

  init(layout: BucketLayout, edges: Int) {
    self.layout = layout
    blockSize = max(1 << 16, (edges + 63) / 64)
    blocks = (edges + blockSize - 1) / blockSize
    places = []
    starts = []
  }

  func edges(of block: Int, count: Int) -> Range<Int> {
    block * blockSize..<min(count, (block + 1) * blockSize)
  }

  mutating func count(
    _ edges: EdgeList, symmetric: Bool, dropsLoops: Bool, parallel: Parallel
  ) throws(GraphError) {
    let buckets = layout.buckets
    let (blocks, shift) = (blocks, Int32(layout.shift))
    var counts = [UInt32](repeating: 0, count: blocks * buckets)
    var firstBad = [Int64](repeating: -1, count: blocks)
    counts.withUnsafeMutableBufferPointer { counts in
      firstBad.withUnsafeMutableBufferPointer { firstBad in
        edges.sources.withUnsafeBufferPointer { sources in
          edges.targets.withUnsafeBufferPointer { targets in
            nonisolated(unsafe) let (counts, firstBad) = (counts, firstBad)
            parallel.forEach(blocks: blocks) { block in
              let range = self.edges(of: block, count: sources.count)
              var loops: UInt64 = 0
              firstBad[block] = rg_csr_count(
                sources.baseAddress, targets.baseAddress, range.lowerBound, range.upperBound,
                UInt32(clamping: edges.sourceCount), UInt32(clamping: edges.targetCount), shift,
                symmetric ? 1 : 0, dropsLoops ? 1 : 0, counts.baseAddress! + block * buckets, &loops)
            }
          }
        }
      }
    }
    if let row = firstBad.first(where: { $0 >= 0 }).map({ Int($0) }) {
      let isSource = Int(edges.sources[row]) >= edges.sourceCount
      throw .nodeOutOfRange(
        row: row, node: isSource ? edges.sources[row] : edges.targets[row],
        count: isSource ? edges.sourceCount : edges.targetCount)
    }
    places = [UInt64](repeating: 0, count: counts.count)
    starts = [UInt64](repeating: 0, count: buckets + 1)
    var sum: UInt64 = 0
    for bucket in 0..<buckets {
      starts[bucket] = sum
      for block in 0..<blocks {
        places[block * buckets + bucket] = sum
        sum += UInt64(counts[block * buckets + bucket])
      }
    }
    starts[buckets] = sum
  }
}
