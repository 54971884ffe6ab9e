import CKernels
import Compute
import Foundation
import Graph
import Tables

/// Reads the rows of one file through DuckDB and hands them on, block by block, in the order of the file.
///
/// DuckDB decodes and, where the file bears types, casts; texts are turned into numbers and times here, so that a
/// wrong one is told with its row.
struct FileReader {
  let database: Tables.Database
  let file: TableFile
  let shape: TableShape
  let log: ProblemLog

  /// How a column comes out of the query.
  private enum Arrival {
    case text, double, seconds
  }

  func read(
    stop: StopRequest?, progress: Compute.Progress, _ take: (RowBlock, RowSource) throws(StoreError) -> Void
  )
    throws(StoreError)
  {
    do {
      try readRows(stop: stop, progress: progress, take)
    } catch let error as StoreError {
      throw error
    } catch is CancellationError {
      throw .cancelled
    } catch {
      throw .tables("\(error)")
    }
  }

  private func readRows(
    stop: StopRequest?, progress: Compute.Progress, _ take: (RowBlock, RowSource) throws(StoreError) -> Void
  ) throws {
    let present = try presentColumns()
    var expressions: [String] = []
    var arrivals: [Arrival] = []
    for name in shape.keyColumns {
      _ = try type(of: name, present)
      expressions.append("CAST(\(SQL.name(name)) AS VARCHAR)")
    }
    for column in shape.columns {
      let (expression, arrival) = try select(column, type: try type(of: column.name, present))
      expressions.append(expression)
      arrivals.append(arrival)
    }
    let result = try database.stream(
      "SELECT \(expressions.joined(separator: ", ")) FROM \(source)", stop: stop)
    var row = 1
    let space = BlockSpace(shape: shape)
    while let chunk = try result.next() {
      guard chunk.rows > 0 else { continue }
      let source = RowSource(file: file.name, firstRow: row)
      try space.fill(
        chunk, shape: shape, arrivals: arrivals.map { $0 == .text }, from: source, log: log, take)
      row += chunk.rows
      progress.advance(by: chunk.rows)
    }
  }

  private var source: String {
    let path = SQL.file(file.path)
    return switch file.format {
    case .csv: csv(path, delimiter: ",")
    case .tsv: csv(path, delimiter: "\t")
    case .parquet: "read_parquet(\(path))"
    case .jsonLines:
      "read_ndjson(\(path), columns = {\(jsonColumns)}, maximum_object_size = 16777216)"
    }
  }

  private func csv(_ path: String, delimiter: String) -> String {
    "read_csv(\(path), header = true, all_varchar = true, auto_detect = true, delim = \(SQL.text(delimiter)), "
      + "quote = '\"', escape = '\"', null_padding = false, ignore_errors = false, strict_mode = true, "
      + "max_line_size = 16777216)"
  }

  private var jsonColumns: String {
    (shape.keyColumns + shape.columns.map(\.name)).map { "\(SQL.text($0)): 'VARCHAR'" }.joined(
      separator: ", ")
  }

  /// Names and DuckDB's types of the file's columns.
  private func presentColumns() throws -> [(name: String, type: String)] {
    var present: [(String, String)] = []
    let described = try database.query("DESCRIBE SELECT * FROM \(source)")
    while let chunk = try described.next() {
      for row in 0..<chunk.rows { present.append((chunk.text(0, row) ?? "", chunk.text(1, row) ?? "")) }
    }
    return present
  }

  private func type(of column: String, _ present: [(name: String, type: String)]) throws(StoreError) -> String
  {
    guard let found = present.first(where: { $0.name.lowercased() == column.lowercased() }) else {
      throw .missingColumn(file: file.name, column: column, present: present.map(\.name))
    }
    return found.type
  }

  private func select(_ column: Graph.ColumnType, type: String) throws(StoreError) -> (String, Arrival) {
    let name = SQL.name(column.name)
    let isNumber =
      ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "BOOLEAN"].contains {
        type.hasSuffix($0)
      } || type.hasPrefix("DECIMAL")
    switch column.kind {
    case .number, .flag:
      return isNumber ? ("CAST(\(name) AS DOUBLE)", .double) : ("CAST(\(name) AS VARCHAR)", .text)
    case .time:
      if type.hasPrefix("TIMESTAMP") || type == "DATE" {
        return ("CAST(floor(epoch(\(name))) AS BIGINT)", .seconds)
      }
      let isWhole =
        ["TINYINT", "SMALLINT", "INTEGER", "BIGINT"].contains { type.hasSuffix($0) } && type != "UBIGINT"
      return isWhole ? ("CAST(\(name) AS BIGINT)", .seconds) : ("CAST(\(name) AS VARCHAR)", .text)
    case .category, .text: return ("CAST(\(name) AS VARCHAR)", .text)
    }
  }
}

/// Arrays for one chunk's rows, kept from chunk to chunk.
private final class BlockSpace {
  private var texts: [[rg_text]]
  private var numbers: [[Float]]
  private var doubles: [Double] = []
  private var times: [[Int64]]
  private var isBad: [Bool] = []

  init(shape: TableShape) {
    texts = Array(repeating: [], count: shape.keyColumns.count + shape.columns.count)
    numbers = Array(repeating: [], count: shape.columns.count)
    times = Array(repeating: [], count: shape.columns.count)
  }

  func fill(
    _ chunk: Chunk, shape: TableShape, arrivals isText: [Bool], from source: RowSource, log: ProblemLog,
    _ take: (RowBlock, RowSource) throws(StoreError) -> Void
  ) throws(StoreError) {
    let rows = chunk.rows
    let keyCount = shape.keyColumns.count
    if texts[0].count < rows { grow(to: rows) }
    isBad = [Bool](repeating: false, count: rows)
    var anyBad = false
    for index in 0..<keyCount {
      findTexts(chunk, index, rows)
      // An empty key is no key.
      for row in 0..<rows where texts[index][row].length == 0 { texts[index][row] = rg_text() }
    }
    for (index, column) in shape.columns.enumerated() {
      let place = keyCount + index
      if isText[index] { findTexts(chunk, place, rows) }
      switch column.kind {
      case .category, .text: break
      case .number, .flag:
        if isText[index] {
          for row in 0..<rows {
            let text = texts[place][row]
            if text.length == 0 {
              numbers[index][row] = .nan
            } else if let value = column.kind == .flag ? CellParser.flag(text) : CellParser.number(text) {
              numbers[index][row] = value
            } else {
              isBad[row] = true
              anyBad = true
              log.add(source.problem(row, column.name, text, .badValue(expected: column.kind.inWords)))
            }
          }
        } else {
          chunk.copyValues(place, missing: Double.nan, into: &doubles)
          for row in 0..<rows {
            let value = doubles[row]
            numbers[index][row] = Float(value)
            let fits =
              value.isNaN || (column.kind == .flag ? value == 0 || value == 1 : Float(value).isFinite)
            if !fits {
              isBad[row] = true
              anyBad = true
              log.add(
                RowProblem(
                  file: source.file, row: source.number(row), column: column.name, value: "\(value)",
                  kind: .badValue(expected: column.kind.inWords)))
            }
          }
        }
      case .time:
        if isText[index] {
          for row in 0..<rows {
            let text = texts[place][row]
            if text.length == 0 {
              times[index][row] = Column.missingTime
            } else if let value = CellParser.time(text) {
              times[index][row] = value
            } else {
              isBad[row] = true
              anyBad = true
              log.add(source.problem(row, column.name, text, .badValue(expected: column.kind.inWords)))
            }
          }
        } else {
          chunk.copyValues(place, missing: Column.missingTime, into: &times[index])
        }
      }
    }
    try withBlock(shape, rows: rows) { (block) throws(StoreError) in
      guard anyBad else { return try take(block, source) }
      let good = (0..<rows).filter { !isBad[$0] }
      let numbers = good.map { source.number($0) }
      try block.picking(good, shape: shape).withBlock { (block) throws(StoreError) in
        try take(block, RowSource(file: source.file, firstRow: source.firstRow, numbers: numbers))
      }
    }
    withExtendedLifetime(chunk) {}
  }

  private func findTexts(_ chunk: Chunk, _ place: Int, _ rows: Int) {
    texts[place].withUnsafeMutableBufferPointer { texts in
      texts.withMemoryRebound(to: (start: UnsafePointer<UInt8>?, length: UInt64).self) {
        chunk.findTexts(place, into: $0.baseAddress!)
      }
    }
  }

  private func grow(to rows: Int) {
    for index in texts.indices { texts[index] = Array(repeating: rg_text(), count: rows) }
    for index in numbers.indices {
      numbers[index] = Array(repeating: .nan, count: rows)
      times[index] = Array(repeating: Column.missingTime, count: rows)
    }
    doubles = Array(repeating: .nan, count: rows)
  }

  private func withBlock(
    _ shape: TableShape, rows: Int, _ body: (RowBlock) throws(StoreError) -> Void
  )
    throws(StoreError)
  {
    // The arrays are fields and do not move while the block is used.
    let keyCount = shape.keyColumns.count
    var block = RowBlock(count: rows, keys: [], columns: [])
    for index in 0..<keyCount {
      block.keys.append(texts[index].withUnsafeBufferPointer { UnsafeBufferPointer(rebasing: $0[..<rows]) })
    }
    for (index, column) in shape.columns.enumerated() {
      switch column.kind {
      case .number, .flag:
        block.columns.append(
          .numbers(numbers[index].withUnsafeBufferPointer { UnsafeBufferPointer(rebasing: $0[..<rows]) }))
      case .time:
        block.columns.append(
          .times(times[index].withUnsafeBufferPointer { UnsafeBufferPointer(rebasing: $0[..<rows]) }))
      case .category, .text:
        block.columns.append(
          .texts(
            texts[keyCount + index].withUnsafeBufferPointer { UnsafeBufferPointer(rebasing: $0[..<rows]) }))
      }
    }
    try body(block)
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
