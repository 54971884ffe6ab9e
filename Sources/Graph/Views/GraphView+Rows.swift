import Compute

extension GraphView {
  /// All edges of a relation that are seen, as one CSR with a row for each node: for work over the whole graph.
  ///
  /// No copy where everything is seen and nothing was appended; else one of what is seen.
  public func rows(
    _ relation: String, _ direction: Direction = .out, parallel: Parallel = .machine
  ) throws(GraphError) -> CSR {
    let (adjacency, own, other) = try ends(relation, direction)
    let merged = adjacency.merged(rows: own.count, parallel: parallel)
    let whole = CSR(
      targetCount: max(merged.targetCount, other.count), offsets: merged.offsets, targets: merged.targets,
      weights: merged.weights, times: merged.times, edgeRows: merged.edgeRows)
    guard let asOf, whole.times != nil || own.times != nil || other.times != nil else { return whole }
    let rowCount = whole.rowCount
    let offsets = UnfinishedBuffer<UInt64>(capacity: rowCount + 1)
    nonisolated(unsafe) let starts = offsets.elements

    func forEachVisible(_ row: Int, _ body: (Int) -> Void) {
      guard isVisible(NodeID(UInt32(row)), in: own) else { return }
      for entry in whole.row(row, before: asOf) where isVisible(NodeID(whole.targets[entry]), in: other) {
        body(entry)
      }
    }
    parallel.forEach(rows: rowCount) { block in
      for row in block {
        var count: UInt64 = 0
        forEachVisible(row) { _ in count += 1 }
        starts[row] = count
      }
    }
    var sum: UInt64 = 0
    for row in 0..<rowCount { (starts[row], sum) = (sum, sum + starts[row]) }
    starts[rowCount] = sum
    let targets = UnfinishedBuffer<UInt32>(capacity: Int(sum))
    let edgeRows = UnfinishedBuffer<UInt32>(capacity: Int(sum))
    let weights = UnfinishedBuffer<Float>(capacity: whole.weights == nil ? 0 : Int(sum))
    let times = UnfinishedBuffer<Int64>(capacity: whole.times == nil ? 0 : Int(sum))
    nonisolated(unsafe) let (outTargets, outRows) = (targets.elements, edgeRows.elements)
    nonisolated(unsafe) let (outWeights, outTimes) = (weights.elements, times.elements)
    parallel.forEach(rows: rowCount) { block in
      for row in block {
        var place = Int(starts[row])
        forEachVisible(row) { entry in
          outTargets[place] = whole.targets[entry]
          outRows[place] = UInt32(whole.edgeRow(entry))
          if let weights = whole.weights { outWeights[place] = weights[entry] }
          if let times = whole.times { outTimes[place] = times[entry] }
          place += 1
        }
      }
    }
    let (seenWeights, seenTimes) = (weights.finished(), times.finished())
    return CSR(
      targetCount: whole.targetCount, offsets: offsets.finished(),
      targets: targets.finished(),
      weights: whole.weights == nil ? nil : seenWeights, times: whole.times == nil ? nil : seenTimes,
      edgeRows: edgeRows.finished())
  }
}
