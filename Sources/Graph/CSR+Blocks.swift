import Compute

extension CSR {
  /// Cuts the rows into consecutive ranges of about equally many entries (and rows), so that hubs do not stall a core.
  /// The cut depends on the graph alone, never on the threads. At most `blocks` ranges, none empty.
  package func balancedRows(blocks: Int = 256) -> [Range<Int>] {
    let rows = rowCount
    guard rows > 0 else { return [] }
    let work = entryCount + rows
    let wanted = Swift.max(1, Swift.min(blocks, work / 4096))
    var ranges: [Range<Int>] = []
    var start = 0
    for block in 1...wanted {
      // The first row whose entries and rows before it reach this block's share.
      let share = work / wanted * block + work % wanted * block / wanted
      var low = start
      var high = rows
      while low < high {
        let middle = (low + high) / 2
        if Int(offsets[middle]) + middle < share { low = middle + 1 } else { high = middle }
      }
      let end = block == wanted ? rows : low
      if end > start { ranges.append(start..<end) }
      start = end
    }
    return ranges
  }

  /// The buffers of the rows, for a hot loop.
  package func withUnsafeRows<Result>(
    _ body: (UnsafePointer<UInt64>, UnsafePointer<UInt32>, UnsafePointer<Float>?) throws -> Result
  ) rethrows -> Result {
    try offsets.withUnsafeBufferPointer { offsets in
      try targets.withUnsafeBufferPointer { targets in
        if let weights {
          return try weights.withUnsafeBufferPointer {
            try body(offsets.baseAddress!, targets.baseAddress!, $0.baseAddress!)
          }
        }
        return try body(offsets.baseAddress!, targets.baseAddress!, nil)
      }
    }
  }
}
