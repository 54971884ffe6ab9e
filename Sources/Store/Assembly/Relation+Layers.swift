import Compute
import Graph

extension Relation {
  /// How many edges it has: rows of its columns. An undirected edge counts once.
  var rowCount: Int {
    if let column = columns.values.first { return column.count }
    if type.isDirected { return out.snapshot.entryCount + (out.appended?.entryCount ?? 0) }
    return Relation.highestRow(out.snapshot, out.appended)
  }

  private static func highestRow(_ layers: CSR?...) -> Int {
    layers.compactMap { $0?.edgeRows?.max().map { Int($0) + 1 } }.max() ?? 0
  }

  /// The column that the schema names as the weight of an edge.
  static func weightColumn(_ type: RelationType, _ columns: [String: Column]) -> Buffer<Float>? {
    guard let name = type.weight, case .number(let values)? = columns[name] else { return nil }
    return values
  }
}

extension Adjacency {
  /// A layer over what is there; where nothing is, the layer is all.
  static func layered(_ base: Adjacency?, _ layer: CSR) -> Adjacency {
    guard let base, base.snapshot.entryCount > 0 else { return Adjacency(snapshot: layer) }
    precondition(base.appended == nil, "a third layer")
    return Adjacency(snapshot: base.snapshot, appended: layer)
  }
}

extension CSR {
  /// The row of every entry.
  func rowOfEntries() -> Buffer<UInt32> {
    let rows = UnfinishedBuffer<UInt32>(capacity: entryCount)
    let cells = rows.elements
    offsets.withUnsafeBufferPointer { offsets in
      Parallel.machine.forEach(rows: rowCount, atLeast: 1 << 12) { range in
        for row in range {
          for entry in Int(offsets[row])..<Int(offsets[row + 1]) {
            cells[entry] = UInt32(truncatingIfNeeded: row)
          }
        }
      }
    }
    return rows.finished()
  }

  /// The same entries with the weights that their edges have in a column; a missing weight counts 1.
  func weighted(_ column: Buffer<Float>?) -> CSR {
    guard let column else { return self }
    let weights: Buffer<Float>
    if let edgeRows { weights = column.gathered(edgeRows, missing: 1) } else { weights = column }
    return CSR(
      targetCount: targetCount, offsets: offsets, targets: targets, weights: weights, times: times,
      edgeRows: edgeRows)
  }
}

extension Buffer where Element == UInt32 {
  static func counting(from start: UInt32, count: Int) -> Buffer<UInt32> {
    Buffer(count: count) { target in
      for index in 0..<count { target[index] = start &+ UInt32(truncatingIfNeeded: index) }
    }
  }

  func adding(_ number: UInt32) -> Buffer<UInt32> {
    guard number > 0 else { return self }
    return Buffer(count: count) { target in
      withUnsafeBufferPointer { source in
        for index in source.indices { target[index] = source[index] &+ number }
      }
    }
  }
}
