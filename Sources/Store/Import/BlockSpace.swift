import CKernels
import Compute
import Graph
import Tables

/// Turns chunks of DuckDB's into blocks of rows. Its arrays are kept from chunk to chunk; a block is valid only during
/// the call that is given it. For one thread at a time.
final class BlockSpace {
  private let shape: TableShape
  private let arrivals: [Arrival]
  private var capacity = 0
  // One array a key column and a column; those that a column does not need stay empty.
  private var texts: [Memory<rg_text>] = []
  private var numbers: [Memory<Float>] = []
  private var times: [Memory<Int64>] = []
  private var doubles = Memory<Double>(count: 0)
  private var isBad: [Bool] = []
  private var anyBad = false

  /// `arrivals`: of the columns, the keys aside.
  init(shape: TableShape, arrivals: [Arrival]) {
    self.shape = shape
    self.arrivals = arrivals
  }

  /// The chunk's rows as a block; those with a cell that is not what its column should hold are left out and logged.
  func withBlock(
    of chunk: Chunk, from source: RowSource, log: ProblemLog,
    _ take: (RowBlock, RowSource) throws(StoreError) -> Void
  ) throws(StoreError) {
    let rows = chunk.rows
    if capacity < rows { grow(to: rows) }
    isBad = [Bool](repeating: false, count: rows)
    anyBad = false
    var block = RowBlock(count: rows, keys: [], columns: [])
    for index in shape.keyColumns.indices {
      let texts = found(chunk, index)
      // An empty key is no key.
      for row in 0..<rows where texts[row].length == 0 { texts[row] = rg_text() }
      block.keys.append(UnsafeBufferPointer(start: texts, count: rows))
    }
    for (index, column) in shape.columns.enumerated() {
      switch column.kind {
      case .number, .flag: block.columns.append(.numbers(readNumbers(chunk, index, source, log)))
      case .time: block.columns.append(.times(readTimes(chunk, index, source, log)))
      case .category, .text:
        let texts = found(chunk, shape.keyColumns.count + index)
        block.columns.append(.texts(UnsafeBufferPointer(start: texts, count: rows)))
      }
    }
    defer { withExtendedLifetime(chunk) {} }
    guard anyBad else { return try take(block, source) }
    let good = (0..<rows).filter { !isBad[$0] }
    let places = good.map { source.number($0) }
    try block.picking(good, shape: shape).withBlock { (block) throws(StoreError) in
      try take(block, RowSource(file: source.file, firstRow: source.firstRow, numbers: places))
    }
  }

  private func found(_ chunk: Chunk, _ place: Int) -> UnsafeMutablePointer<rg_text> {
    let start = texts[place].start
    start.withMemoryRebound(to: (start: UnsafePointer<UInt8>?, length: UInt64).self, capacity: chunk.rows) {
      chunk.findTexts(place, into: $0)
    }
    return start
  }

  private func readNumbers(
    _ chunk: Chunk, _ index: Int, _ source: RowSource, _ log: ProblemLog
  ) -> UnsafeBufferPointer<Float> {
    let column = shape.columns[index]
    let place = shape.keyColumns.count + index
    let numbers = numbers[index].start
    if arrivals[index] == .text {
      let isFlag = column.kind == .flag
      parse(chunk, index, missing: .nan, into: numbers, source, log) { text in
        isFlag ? CellParser.flag(text) : CellParser.number(text)
      }
    } else {
      let doubles = doubles.start
      chunk.copyValues(place, missing: Double.nan, into: doubles)
      for row in 0..<chunk.rows {
        let value = doubles[row]
        numbers[row] = Float(value)
        let fits = value.isNaN || (column.kind == .flag ? value == 0 || value == 1 : Float(value).isFinite)
        guard !fits else { continue }
        report(
          row, log,
          RowProblem(
            file: source.file, row: source.number(row), column: column.name, value: "\(value)",
            kind: .badValue(expected: column.kind.inWords)))
      }
    }
    return UnsafeBufferPointer(start: numbers, count: chunk.rows)
  }

  private func readTimes(
    _ chunk: Chunk, _ index: Int, _ source: RowSource, _ log: ProblemLog
  ) -> UnsafeBufferPointer<Int64> {
    let place = shape.keyColumns.count + index
    let times = times[index].start
    if arrivals[index] == .text {
      parse(chunk, index, missing: Column.missingTime, into: times, source, log, CellParser.time)
    } else {
      chunk.copyValues(place, missing: Column.missingTime, into: times)
    }
    return UnsafeBufferPointer(start: times, count: chunk.rows)
  }

  /// Reads a column of texts cell by cell: an empty one is a missing value, one that is none of its kind is reported.
  @inline(__always)
  private func parse<Value>(
    _ chunk: Chunk, _ index: Int, missing: Value, into values: UnsafeMutablePointer<Value>,
    _ source: RowSource, _ log: ProblemLog, _ value: (rg_text) -> Value?
  ) {
    let column = shape.columns[index]
    let texts = found(chunk, shape.keyColumns.count + index)
    for row in 0..<chunk.rows {
      let text = texts[row]
      if text.length == 0 {
        values[row] = missing
      } else if let value = value(text) {
        values[row] = value
      } else {
        report(row, log, source.problem(row, column.name, text, .badValue(expected: column.kind.inWords)))
      }
    }
  }

  private func report(_ row: Int, _ log: ProblemLog, _ problem: @autoclosure () -> RowProblem) {
    isBad[row] = true
    anyBad = true
    log.add(problem())
  }

  private func grow(to rows: Int) {
    capacity = rows
    texts = (0..<shape.keyColumns.count + shape.columns.count).map { _ in Memory(count: rows) }
    numbers = shape.columns.map { Memory(count: $0.kind == .number || $0.kind == .flag ? rows : 0) }
    times = shape.columns.map { Memory(count: $0.kind == .time ? rows : 0) }
    doubles = Memory(count: rows)
  }

  /// Memory that stays where it is, so that a block may point into it.
  private final class Memory<Element: BitwiseCopyable> {
    let start: UnsafeMutablePointer<Element>

    init(count: Int) { start = .allocate(capacity: count) }
    deinit { start.deallocate() }
  }
}

extension Graph.ColumnType.Kind {
  /// For messages: "is not …".
  var inWords: String {
    switch self {
    case .number: "a number that can be kept (up to 3.4e38, seven digits)"
    case .flag: "a flag: 0, 1, true, false, yes or no"
    case .time: "a date or time that exists, like 2026-03-01 or 2026-03-01T08:30:00Z"
    case .category, .text: "a text"
    }
  }
}

extension RowBlock {
  /// A copy of some rows.
  func picking(_ rows: [Int], shape: TableShape) -> RowBatch {
    func list(_ texts: UnsafeBufferPointer<rg_text>) -> TextList {
      var list = TextList()
      for row in rows {
        if let start = texts[row].bytes {
          list.append(UnsafeBufferPointer(start: start, count: Int(texts[row].length)))
        } else {
          list.appendMissing()
        }
      }
      return list
    }
    return RowBatch(
      shape, count: rows.count, keys: keys.map(list),
      values: columns.map { values in
        switch values {
        case .numbers(let numbers): .numbers(rows.map { numbers[$0] })
        case .times(let times): .times(rows.map { times[$0] })
        case .texts(let texts): .texts(list(texts))
        }
      })
  }
}
