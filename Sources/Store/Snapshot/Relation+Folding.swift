// Folding the second layer of a relation into the first: each row's two sorted halves are merged, and the columns are
// put into the new order of the outgoing entries.

import Compute
import Graph

extension Relation {
  /// The same relation in one layer, its columns' rows in the order of the outgoing entries.
  func folded() -> Relation {
    guard out.appended != nil || into.appended != nil else { return self }
    let merged = out.merging()
    guard type.isDirected else {
      let numbered = EdgeLayer.numberedByAppearance(merged.edgeRows!, rows: rowCount)
      let rows = columns.mapValues { $0.gathered(numbered.order) }
      let both = Adjacency(
        snapshot: CSR(
          targetCount: merged.targetCount, offsets: merged.offsets, targets: merged.targets,
          times: merged.times, edgeRows: numbered.rows
        ).weighted(Relation.weightColumn(type, rows)))
      return Relation(type: type, out: both, into: both, columns: rows)
    }
    let order = merged.edgeRows!
    var newRow = [UInt32](repeating: 0, count: order.count)
    for (new, old) in order.enumerated() { newRow[Int(old)] = UInt32(new) }
    let rows = columns.mapValues { $0.gathered(order) }
    let weights = Relation.weightColumn(type, rows)
    let outgoing = CSR(
      targetCount: merged.targetCount, offsets: merged.offsets, targets: merged.targets, times: merged.times
    ).weighted(weights)
    let incoming = into.merging()
    let incomingRows = Buffer(newRow).gathered(incoming.edgeRows!, missing: 0)
    return Relation(
      type: type, out: Adjacency(snapshot: outgoing),
      into: Adjacency(
        snapshot: CSR(
          targetCount: incoming.targetCount, offsets: incoming.offsets, targets: incoming.targets,
          times: incoming.times, edgeRows: incomingRows
        ).weighted(weights)), columns: rows)
  }
}

extension Adjacency {
  /// Both layers as one CSR that has `edgeRows`, without weights.
  func merging() -> CSR {
    let layer = appended ?? CSR.empty(rows: snapshot.rowCount, targetCount: snapshot.targetCount)
    let rowCount = max(snapshot.rowCount, layer.rowCount)
    let count = snapshot.entryCount + layer.entryCount
    let hasTimes = snapshot.times != nil || layer.times != nil
    let offsets = UnfinishedBuffer<UInt64>(capacity: rowCount + 1)
    let targets = UnfinishedBuffer<UInt32>(capacity: count)
    let times = UnfinishedBuffer<Int64>(capacity: hasTimes ? count : 0)
    let edgeRows = UnfinishedBuffer<UInt32>(capacity: count)
    let ends = offsets.elements
    let (outTargets, outTimes, outRows) = (targets.elements, times.elements, edgeRows.elements)
    ends[0] = 0
    for row in 0..<rowCount {
      let degree =
        (row < snapshot.rowCount ? snapshot.degree(row) : 0) + (row < layer.rowCount ? layer.degree(row) : 0)
      ends[row + 1] = ends[row] + UInt64(degree)
    }
    let below = LayerEntries(snapshot)
    let above = LayerEntries(layer)
    Parallel.machine.forEach(rows: rowCount, atLeast: 1 << 12) { range in
      for row in range {
        var place = Int(ends[row])
        var a = below.row(row)
        var b = above.row(row)
        while !a.isEmpty || !b.isEmpty {
          let isBelow = !a.isEmpty && (b.isEmpty || !above.precedes(b.lowerBound, below, a.lowerBound))
          let source = isBelow ? below : above
          let entry = isBelow ? a.lowerBound : b.lowerBound
          outTargets[place] = source.targets[entry]
          outRows[place] = source.edgeRow(entry)
          if hasTimes { outTimes[place] = source.time(entry) }
          place += 1
          if isBelow { a = entry + 1..<a.upperBound } else { b = entry + 1..<b.upperBound }
        }
      }
    }
    withExtendedLifetime((snapshot, layer)) {}
    let merged = times.finished()
    return CSR(
      targetCount: max(snapshot.targetCount, layer.targetCount), offsets: offsets.finished(),
      targets: targets.finished(), times: hasTimes ? merged : nil, edgeRows: edgeRows.finished())
  }
}

/// Plain pointers to a layer's entries, for the merge. Valid while the CSR lives.
private struct LayerEntries: @unchecked Sendable {
  let rowCount: Int
  let offsets: UnsafePointer<UInt64>
  let targets: UnsafePointer<UInt32>
  let times: UnsafePointer<Int64>?
  let edgeRows: UnsafePointer<UInt32>?

  init(_ csr: CSR) {
    rowCount = csr.rowCount
    offsets = csr.offsets.pointer
    targets = csr.targets.pointer
    times = csr.times?.pointer
    edgeRows = csr.edgeRows?.pointer
  }

  func row(_ row: Int) -> Range<Int> { row < rowCount ? Int(offsets[row])..<Int(offsets[row + 1]) : 0..<0 }
  func edgeRow(_ entry: Int) -> UInt32 { edgeRows?[entry] ?? UInt32(truncatingIfNeeded: entry) }
  func time(_ entry: Int) -> Int64 { times?[entry] ?? .min }

  /// Whether this entry belongs before another layer's: by time, then target.
  func precedes(_ entry: Int, _ other: LayerEntries, _ otherEntry: Int) -> Bool {
    let (a, b) = (time(entry), other.time(otherEntry))
    return a == b ? targets[entry] < other.targets[otherEntry] : a < b
  }
}
