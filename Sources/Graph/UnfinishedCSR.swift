import CKernels
import Compute
import Synchronization

/// A CSR whose entries have come to their buckets but are not sorted yet. `CSRBuilder`'s second and third pass.
struct UnfinishedCSR: ~Copyable {
  private let edges: EdgeList
  private let layout: BucketLayout
  private let starts: [UInt64]
  private let targets: UnfinishedBuffer<UInt32>
  /// The row within its bucket; empty where it is packed into the target.
  private let locals: UnfinishedBuffer<UInt16>
  private let rows: UnfinishedBuffer<UInt32>
  private let isPacked: Bool
  private let carriesRows: Bool

  /// Moves each edge's entries to their buckets.
  init(
    edges: EdgeList, layout: BucketLayout, counts: consuming BucketCounts, symmetric: Bool, dropsLoops: Bool,
    carriesRows: Bool, parallel: Parallel
  ) {
    let entries = Int(counts.starts.last ?? 0)
    let isPacked = layout.isPacked && !carriesRows
    self.edges = edges
    self.layout = layout
    self.isPacked = isPacked
    self.carriesRows = carriesRows
    targets = UnfinishedBuffer(capacity: entries)
    locals = UnfinishedBuffer(capacity: isPacked ? 0 : entries)
    rows = UnfinishedBuffer(capacity: carriesRows ? entries : 0)
    starts = counts.starts

    let (blocks, blockSize, buckets) = (counts.blocks, counts.blockSize, layout.buckets)
    nonisolated(unsafe) let (entryTargets, entryLocals) = (targets.elements, locals.elements)
    nonisolated(unsafe) let entryRows = carriesRows ? rows.elements.baseAddress : nil
    counts.places.withUnsafeMutableBufferPointer { places in
      edges.sources.withUnsafeBufferPointer { sources in
        edges.targets.withUnsafeBufferPointer { targets in
          nonisolated(unsafe) let places = places
          parallel.forEach(blocks: blocks) { block in
            let begin = block * blockSize
            let end = min(sources.count, begin + blockSize)
            if isPacked {
              rg_csr_scatter_packed(
                sources.baseAddress, targets.baseAddress, begin, end, Int32(layout.shift),
                Int32(layout.targetBits), symmetric ? 1 : 0, dropsLoops ? 1 : 0,
                places.baseAddress! + block * buckets, entryTargets.baseAddress)
            } else {
              rg_csr_scatter_wide(
                sources.baseAddress, targets.baseAddress, begin, end, Int32(layout.shift), symmetric ? 1 : 0,
                dropsLoops ? 1 : 0, places.baseAddress! + block * buckets, entryTargets.baseAddress,
                entryLocals.baseAddress, entryRows)
            }
          }
        }
      }
    }
  }

  /// Sorts every bucket, and spends the builder. Workers take buckets as they come, each with scratch of its own.
  consuming func finished(keepsEdgeRows: Bool, parallel: Parallel) -> CSR {
    let (layout, starts, edges, isPacked, carriesRows) = (layout, starts, edges, isPacked, carriesRows)
    let entryCount = targets.elements.count
    let offsets = UnfinishedBuffer<UInt64>(capacity: layout.rows + 1)
    let times = UnfinishedBuffer<Int64>(capacity: edges.times == nil ? 0 : entryCount)
    let weights = UnfinishedBuffer<Float>(capacity: edges.weights == nil ? 0 : entryCount)
    offsets.elements[layout.rows] = UInt64(entryCount)
    let largest = (0..<layout.buckets).map { Int(starts[$0 + 1] - starts[$0]) }.max() ?? 0
    let next = Atomic<Int>(0)
    do {
      nonisolated(unsafe) let (entryTargets, entryLocals) = (targets.elements, locals.elements)
      nonisolated(unsafe) let (entryRows, entryTimes) = (rows.elements, times.elements)
      nonisolated(unsafe) let (entryWeights, rowOffsets) = (weights.elements, offsets.elements)
      let scratchSize = largest * (carriesRows ? 16 : isPacked ? 4 : 8)
      parallel.forEach(blocks: min(parallel.threads, layout.buckets)) { _ in
        let scratch = (Memory(byteCount: scratchSize), Memory(byteCount: scratchSize))
        defer { withExtendedLifetime(scratch) {} }
        let (a, b) = (scratch.0.start, scratch.1.start)
        while case let bucket = next.wrappingAdd(1, ordering: .relaxed).oldValue, bucket < layout.buckets {
          let rows = layout.rows(of: bucket)
          let begin = Int(starts[bucket])
          let count = Int(starts[bucket + 1]) - begin
          let offsets = rowOffsets.baseAddress! + rows.lowerBound
          let targets = entryTargets.baseAddress! + begin
          if isPacked {
            rg_csr_sort_packed(
              targets, count, Int32(layout.targetBits), rows.count, UInt64(begin), offsets,
              a.assumingMemoryBound(to: UInt32.self), b.assumingMemoryBound(to: UInt32.self))
          } else if !carriesRows {
            rg_csr_sort_wide(
              targets, entryLocals.baseAddress! + begin, count, Int32(layout.targetBits), rows.count,
              UInt64(begin), offsets, a.assumingMemoryBound(to: UInt64.self),
              b.assumingMemoryBound(to: UInt64.self))
          } else {
            let edgeRows = entryRows.baseAddress! + begin
            edges.times.withUnsafeOptional { times in
              rg_csr_sort_rows(
                targets, entryLocals.baseAddress! + begin, edgeRows, times,
                times == nil ? nil : entryTimes.baseAddress! + begin, count, rows.count, UInt64(begin),
                offsets, a, b)
            }
            edges.weights.withUnsafeOptional { weights in
              guard let weights else { return }
              for entry in 0..<count { entryWeights[begin &+ entry] = weights[Int(edgeRows[entry])] }
            }
          }
        }
      }
    }
    // Read once more, so that it outlives the loop that wrote through its pointer.
    precondition(locals.elements.count == (isPacked ? 0 : entryCount))
    let edgeRows = rows.finished()
    return CSR(
      targetCount: edges.targetCount, offsets: offsets.finished(), targets: targets.finished(),
      weights: edges.weights == nil ? nil : weights.finished(),
      times: edges.times == nil ? nil : times.finished(),
      edgeRows: keepsEdgeRows && carriesRows ? edgeRows : nil)
  }
}

extension Optional {
  /// A pointer to the elements, or nil where there is no buffer.
  func withUnsafeOptional<Element>(_ body: (UnsafePointer<Element>?) -> Void)
  where Wrapped == Buffer<Element> {
    if let self {
      self.withUnsafeBufferPointer { body($0.baseAddress) }
    } else {
      body(nil)
    }
  }
}
