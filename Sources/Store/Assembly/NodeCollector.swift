import CKernels
import Compute
import Graph

/// Gathers the nodes of one type: those that rows of its own table bring, and those that edges name.
final class NodeCollector {
  let type: NodeType
  let keys: KeyTable
  private let shape: TableShape
  private let base: NodeTable?
  private let columns: [ColumnCollector]
  private var rowCount = 0
  /// For each new node its row, where it has one yet.
  private var rowOfNode = GrowingBuffer<UInt32>()
  private var numbers: [UInt32] = []

  init(_ type: NodeType, base: NodeTable?) {
    self.type = type
    self.base = base
    self.shape = TableShape(type)
    self.keys = KeyTable(base: base?.keys)
    self.columns = shape.columns.map { ColumnCollector($0, base: base?.columns[$0.name]) }
  }

  private var baseCount: Int { base?.count ?? 0 }

  /// Adds rows of the type's table. A key that has a row already, here or in the base, is a problem.
  func add(_ block: RowBlock, from source: RowSource, log: ProblemLog) throws(StoreError) {
    let texts = block.keys[0]
    if numbers.count < block.count { numbers = [UInt32](repeating: 0, count: block.count) }
    try numbers.withUnsafeMutableBufferPointer { (numbers) throws(StoreError) in
      try keys.intern(texts, into: numbers.baseAddress!)
    }
    rowOfNode.append(repeating: KeyTable.none, count: keys.addedCount - rowOfNode.count)
    var kept: [Int]?
    for row in 0..<block.count {
      let number = Int(numbers[row])
      var isKept = false
      if numbers[row] == KeyTable.none {
        log.add(source.problem(row, type.key, nil, .missingKey))
      } else if number < baseCount || rowOfNode[number - baseCount] != KeyTable.none {
        log.add(source.problem(row, type.key, texts[row], .duplicateKey(type: type.name)))
      } else {
        isKept = true
        rowOfNode[number - baseCount] = UInt32(rowCount + (kept?.count ?? row))
      }
      if isKept { kept?.append(row) } else if kept == nil { kept = Array(0..<row) }
    }
    for (column, values) in zip(columns, block.columns) { try column.append(values, kept: kept) }
    rowCount += kept?.count ?? block.count
  }

  /// The rows that `add` would keep, nil for all; nothing is added.
  func rowsToKeep(_ block: RowBlock, from source: RowSource, log: ProblemLog) -> [Int]? {
    var found = [UInt32](repeating: 0, count: block.count)
    keys.find(block.keys[0], into: &found)
    let fresh = KeyTable()
    var own = [UInt32](repeating: 0, count: block.count)
    // A table of this block's keys alone shows which stand twice in it.
    guard (try? fresh.intern(block.keys[0], into: &own)) != nil else { return [] }
    var seen = 0
    var kept: [Int]?
    for row in 0..<block.count {
      var isKept = false
      let isFirst = own[row] == UInt32(seen)
      if isFirst { seen += 1 }
      if own[row] == KeyTable.none {
        log.add(source.problem(row, type.key, nil, .missingKey))
      } else if !isFirst || hasRow(found[row]) {
        log.add(source.problem(row, type.key, block.keys[0][row], .duplicateKey(type: type.name)))
      } else {
        isKept = true
      }
      if isKept { kept?.append(row) } else if kept == nil { kept = Array(0..<row) }
    }
    return kept
  }

  private func hasRow(_ number: UInt32) -> Bool {
    guard number != KeyTable.none else { return false }
    let place = Int(number) - baseCount
    return place < 0 || (place < rowOfNode.count && rowOfNode[place] != KeyTable.none)
  }

  func finished() -> NodeTable {
    let addedCount = keys.addedCount
    rowOfNode.append(repeating: KeyTable.none, count: addedCount - rowOfNode.count)
    var isInOrder = rowCount == addedCount
    for node in 0..<addedCount where isInOrder { isInOrder = rowOfNode[node] == UInt32(node) }
    let places = isInOrder ? nil : rowOfNode.withUnsafeBufferPointer { Buffer($0) }
    var named: [String: Column] = [:]
    for column in columns { named[column.type.name] = column.finished(places: places) }
    return NodeTable(
      type: type, keys: keys.finished(), columns: named, times: shape.visibleFrom(named, count: keys.count))
  }
}

extension TableShape {
  /// From when each row is visible: the later of when it happened and when it was known. Nil without clocks.
  func visibleFrom(_ named: [String: Column], count: Int) -> Buffer<Int64>? {
    let clocks = Set(clockColumns).sorted().compactMap { index -> Buffer<Int64>? in
      guard case .time(let values)? = named[columns[index].name] else { return nil }
      return values
    }
    guard let first = clocks.first else { return nil }
    guard clocks.count == 2 else { return first }
    return first.latest(clocks[1])
  }
}

extension Buffer where Element == Int64 {
  /// The later of two times each; a missing time is earlier than all.
  func latest(_ other: Buffer<Int64>) -> Buffer<Int64> {
    let result = UnfinishedBuffer<Int64>(capacity: count)
    let cells = result.elements
    withUnsafeBufferPointer { a in
      other.withUnsafeBufferPointer { b in
        Parallel.machine.forEach(rows: count, atLeast: 1 << 15) { range in
          for index in range { cells[index] = Swift.max(a[index], b[index]) }
        }
      }
    }
    return result.finished()
  }
}
