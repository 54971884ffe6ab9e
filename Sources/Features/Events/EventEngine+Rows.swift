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
    var nothing = Walk(self)
    for row in 0..<rowCount where end.nodes[row] == EventTable.End.nobody {
      nothing.answer(asOf: table.times[row], position: 0, row: row) { column, value in
        cells[column * rowCount + row] = value
      }
    }
    let bounds = blocksOfNodes()
    parallel.forEach(blocks: bounds.count - 1) { block in
      var walk = Walk(self)
      for node in bounds[block]..<bounds[block + 1] {
        let own = Int(end.offsets[node])..<Int(end.offsets[node + 1])
        guard !own.isEmpty else { continue }
        walk.begin(UInt32(node), before: .max)
        var position = 0
        for (event, place) in own.enumerated() {
          let row = Int(end.rows[place])
          let time = table.times[row]
          // Rows of one second do not see each other; those that are never visible come last, and see all others.
          while position < min(event, walk.history.count), walk.history.times[position] < time {
            position += 1
          }
          walk.answer(asOf: time, position: position, row: row) { column, value in
            cells[column * rowCount + row] = value
          }
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
}
