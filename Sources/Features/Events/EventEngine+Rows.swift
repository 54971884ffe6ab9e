import Compute
import Graph

extension EventEngine {
  /// The features of every row of the table as of its own time, a buffer for each feature: the node's rows of that very
  /// second are not seen.
  ///
  /// Costs no sort: each node's rows are in the order of time already. Memory: the result, and a history a thread.
  func columnsOfAllRows(parallel: Parallel = .machine) -> [Buffer<Float>] {
    let rowCount = table.rowCount
    let result = UnfinishedBuffer<Float>(capacity: features.count * rowCount)
    nonisolated(unsafe) let cells = result.elements
    // Rows of nobody have a history of nothing.
    let nothing = EventHistory(plan: plan, gapUnit: gapUnit)
    for row in 0..<rowCount where end.nodes[row] == EventTable.End.nobody {
      answer(row, nothing) { column, value in cells[column * rowCount + row] = value }
    }
    let bounds = blocksOfNodes()
    parallel.forEach(blocks: bounds.count - 1) { block in
      let history = EventHistory(plan: plan, gapUnit: gapUnit)
      for node in bounds[block]..<bounds[block + 1] {
        let own = Int(end.offsets[node])..<Int(end.offsets[node + 1])
        guard !own.isEmpty else { continue }
        history.reset()
        var next = own.lowerBound
        for place in own {
          let row = Int(end.rows[place])
          while table.times[Int(end.rows[next])] < table.times[row] {
            append(Int(end.rows[next]), to: history)
            next += 1
          }
          answer(row, history) { column, value in cells[column * rowCount + row] = value }
        }
      }
    }
    let columns = result.finished()
    return features.indices.map { columns.view($0 * rowCount..<($0 + 1) * rowCount) }
  }

  /// Where blocks of about equally many rows begin, between nodes.
  private func blocksOfNodes() -> [Int] {
    var bounds = [0]
    var rows: UInt64 = 0
    for node in 0..<end.nodeCount {
      if end.offsets[node] - rows >= 16_384 {
        bounds.append(node)
        rows = end.offsets[node]
      }
    }
    bounds.append(end.nodeCount)
    return bounds
  }

  private func answer(_ row: Int, _ history: EventHistory, _ body: (Int, Float) -> Void) {
    let asOf = table.times[row]
    var surroundings = EventQuery.Surroundings()
    surroundings.ownNumber = { table.numbers[$0].values[row] }
    surroundings.prior = { priors[$0]!.rate(before: asOf) }
    for (column, query) in queries.enumerated() {
      body(column, history.answer(query, asOf: asOf, position: history.count, surroundings))
    }
  }
}
