import Compute

extension Adjacency {
  /// The rows of nodes, the appended ones included.
  public var rowCount: Int { max(snapshot.rowCount, appended?.rowCount ?? 0) }
  public var entryCount: Int { snapshot.entryCount + (appended?.entryCount ?? 0) }

  /// Both layers as one, rows sorted as ever: for work over the whole graph.
  ///
  /// Costs a copy where something was appended, else nothing. Its `edgeRows` name the same rows of the columns.
  public func merged(rows: Int? = nil, parallel: Parallel = .machine) -> CSR {
    let rowCount = max(rows ?? 0, self.rowCount)
    if appended == nil, rowCount == snapshot.rowCount { return snapshot }
    let second = appended ?? .empty(rows: 0, targetCount: snapshot.targetCount)
    let entries = entryCount
    let offsets = UnfinishedBuffer<UInt64>(capacity: rowCount + 1)
    let targets = UnfinishedBuffer<UInt32>(capacity: entries)
    let hasWeights = snapshot.weights != nil || second.weights != nil
    let hasTimes = snapshot.times != nil || second.times != nil
    let weights = UnfinishedBuffer<Float>(capacity: hasWeights ? entries : 0)
    let times = UnfinishedBuffer<Int64>(capacity: hasTimes ? entries : 0)
    let edgeRows = UnfinishedBuffer<UInt32>(capacity: entries)
    var sum: UInt64 = 0
    for row in 0..<rowCount {
      offsets.elements[row] = sum
      sum += UInt64(snapshot.entries(row).count + second.entries(row).count)
    }
    offsets.elements[rowCount] = sum
    do {
      nonisolated(unsafe) let (starts, outTargets, outWeights) = (
        offsets.elements, targets.elements, weights.elements
      )
      nonisolated(unsafe) let (outTimes, outRows) = (times.elements, edgeRows.elements)
      parallel.forEach(rows: rowCount) { block in
        for row in block {
          var place = Int(starts[row])
          var (a, b) = (snapshot.entries(row), second.entries(row))
          while !a.isEmpty || !b.isEmpty {
            // Equal entries: the snapshot's first.
            let takesSecond =
              a.isEmpty || (!b.isEmpty && second.sortKey(b.lowerBound) < snapshot.sortKey(a.lowerBound))
            let (layer, entry) = takesSecond ? (second, b.removeFirst()) : (snapshot, a.removeFirst())
            outTargets[place] = layer.targets[entry]
            outRows[place] = UInt32(layer.edgeRow(entry))
            if hasWeights { outWeights[place] = layer.weight(entry) }
            if hasTimes { outTimes[place] = layer.times?[entry] ?? Column.missingTime }
            place += 1
          }
        }
      }
    }
    let (mergedWeights, mergedTimes) = (weights.finished(), times.finished())
    return CSR(
      targetCount: max(snapshot.targetCount, second.targetCount), offsets: offsets.finished(),
      targets: targets.finished(), weights: hasWeights ? mergedWeights : nil,
      times: hasTimes ? mergedTimes : nil, edgeRows: edgeRows.finished())
  }
}

extension CSR {
  /// The entries of a row, none where a node came later than this layer.
  func entries(_ row: Int) -> Range<Int> { row < rowCount ? self.row(row) : 0..<0 }

  func entries(_ row: Int, before asOf: Timestamp?) -> Range<Int> {
    row < rowCount ? self.row(row, before: asOf) : 0..<0
  }

  /// What rows are sorted by.
  func sortKey(_ entry: Int) -> (Int64, UInt32) { (times?[entry] ?? Column.missingTime, targets[entry]) }
}
