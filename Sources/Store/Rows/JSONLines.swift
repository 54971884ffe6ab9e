// Reading rows from JSON lines: one object a line, its values texts, numbers, true, false or null. A reader of our
// own, since rows come a few at a time and every mistake must be told with its line: bytes in, columns out, no
// tree between.

import CKernels
import Compute
import Graph

/// Turns lines of JSON into rows of one table.
///
///     var reader = JSONLines(of: schema.relation("order")!, file: "new.jsonl")
///     let rows = reader.rows(in: bytes)          // reader.problems says what could not be read
///
/// About 100 ns a value. Numbers may stand as texts, times are texts or whole seconds, keys may be whole numbers.
public struct JSONLines: Sendable {
  public let file: String
  public private(set) var problems: [RowProblem] = []
  private let shape: TableShape
  private let places: [[UInt8]: Place]

  private enum Place: Hashable { case key(Int), column(Int) }

  public init(of type: NodeType, file: String) { self.init(TableShape(type), file: file) }
  public init(of type: RelationType, file: String) { self.init(TableShape(type), file: file) }

  init(_ shape: TableShape, file: String) {
    self.shape = shape
    self.file = file
    var places: [[UInt8]: Place] = [:]
    for (index, column) in shape.columns.enumerated() { places[Array(column.name.utf8)] = .column(index) }
    for (index, name) in shape.keyColumns.enumerated() { places[Array(name.utf8)] = .key(index) }
    self.places = places
  }

  /// The rows of whole lines; `firstLine` is the number of the first. A line that cannot be read is no row, but a
  /// problem. Blank lines are passed over.
  public mutating func rows(in bytes: [UInt8], firstLine: Int = 1) -> RowBatch {
    var rows = RowBatch(shape)
    var lineNumber = firstLine
    bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
        let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
        read(line, number: lineNumber, into: &rows)
        start = end + 1
        lineNumber += 1
      }
    }
    return rows
  }

  private mutating func read(_ line: UnsafeBufferPointer<UInt8>, number: Int, into rows: inout RowBatch) {
    var scanner = JSONScanner(line)
    scanner.skipSpace()
    if scanner.isAtEnd { return }
    var cells: [(place: Place, value: JSONScanner.Value)] = []
    do throws(JSONScanner.Fault) {
      try scanner.expect(UInt8(ascii: "{"))
      var isFirst = true
      while !scanner.take(UInt8(ascii: "}")) {
        if !isFirst { try scanner.expect(UInt8(ascii: ",")) }
        isFirst = false
        let name = try scanner.text()
        try scanner.expect(UInt8(ascii: ":"))
        let value = try scanner.value()
        guard let place = places[name] else {
          let unknown = String(decoding: name, as: UTF8.self)
          let known = shape.keyColumns + shape.columns.map(\.name)
          throw JSONScanner.Fault(
            what: "\"\(unknown)\" is no column of this table; it has \(known.joined(separator: ", "))")
        }
        guard !cells.contains(where: { $0.place == place }) else {
          throw JSONScanner.Fault(what: "\"\(String(decoding: name, as: UTF8.self))\" stands twice")
        }
        cells.append((place, value))
      }
      scanner.skipSpace()
      guard scanner.isAtEnd else { throw JSONScanner.Fault(what: "something stands behind the object") }
    } catch {
      let text = "\(error.what) (at byte \(scanner.position + 1))"
      problems.append(RowProblem(file: file, row: number, column: "", value: "", kind: .malformed(text)))
      return
    }
    take(cells, line: number, into: &rows)
  }

  /// Puts the cells into the columns, unless one of them is not what its column should hold.
  private mutating func take(
    _ cells: [(place: Place, value: JSONScanner.Value)], line: Int, into rows: inout RowBatch
  ) {
    var keys = [[UInt8]?](repeating: nil, count: shape.keyColumns.count)
    var values = [RowBatch.Cell](repeating: .missing, count: shape.columns.count)
    for (place, value) in cells {
      switch place {
      case .key(let index):
        switch value {
        case .null: break
        case .text(let text) where !text.isEmpty: keys[index] = text
        case .text: break
        case .number(let text)
        where text.allSatisfy({ $0 != UInt8(ascii: ".") && $0 | 0x20 != UInt8(ascii: "e") }):
          keys[index] = text
        default:
          problem(line, shape.keyColumns[index], value, "a key: a text or a whole number")
          return
        }
      case .column(let index):
        guard let cell = RowBatch.Cell(value, kind: shape.columns[index].kind) else {
          problem(line, shape.columns[index].name, value, shape.columns[index].kind.inWords)
          return
        }
        values[index] = cell
      }
    }
    rows.add(keys: keys, cells: values)
    rows.lines.append(line)
  }

  private mutating func problem(_ line: Int, _ column: String, _ value: JSONScanner.Value, _ expected: String)
  {
    problems.append(
      RowProblem(
        file: file, row: line, column: column, value: value.shown, kind: .badValue(expected: expected)))
  }
}

extension RowBatch {
  /// A value as a reader of bytes has it.
  enum Cell {
    case missing
    case number(Float)
    case time(Int64)
    case text([UInt8])

    /// Nil where the value does not suit the kind.
    init?(_ value: JSONScanner.Value, kind: ColumnType.Kind) {
      switch (kind, value) {
      case (_, .null): self = .missing
      case (.category, .text(let text)), (.text, .text(let text)): self = .text(text)
      case (.category, .number(let text)), (.text, .number(let text)): self = .text(text)
      case (.category, .flag(let flag)), (.text, .flag(let flag)):
        self = .text(Array((flag ? "true" : "false").utf8))
      case (.flag, .flag(let flag)): self = .number(flag ? 1 : 0)
      case (_, .text(let text)) where text.isEmpty: self = .missing
      case (.number, .text(let text)), (.number, .number(let text)):
        guard let number = text.asCell(CellParser.number) else { return nil }
        self = .number(number)
      case (.flag, .text(let text)), (.flag, .number(let text)):
        guard let number = text.asCell(CellParser.flag) else { return nil }
        self = .number(number)
      case (.time, .text(let text)), (.time, .number(let text)):
        guard let time = text.asCell(CellParser.time) else { return nil }
        self = .time(time)
      default: return nil
      }
    }
  }

  mutating func add(keys rowKeys: [[UInt8]?], cells: [Cell]) {
    for (index, key) in rowKeys.enumerated() {
      if let key { keys[index].append(key) } else { keys[index].appendMissing() }
    }
    for (index, cell) in cells.enumerated() { values[index].append(cell) }
    count += 1
  }
}

extension RowBatch.Values {
  /// Needs: a cell of these values' kind.
  mutating func append(_ cell: RowBatch.Cell) {
    switch self {
    case .numbers(var numbers):
      self = .numbers([])
      if case .number(let number) = cell { numbers.append(number) } else { numbers.append(.nan) }
      self = .numbers(numbers)
    case .times(var times):
      self = .times([])
      if case .time(let time) = cell { times.append(time) } else { times.append(Column.missingTime) }
      self = .times(times)
    case .texts(var texts):
      self = .texts(TextList())
      if case .text(let text) = cell { texts.append(text) } else { texts.appendMissing() }
      self = .texts(texts)
    }
  }
}

extension [UInt8] {
  fileprivate func asCell<Result>(_ read: (rg_text) -> Result?) -> Result? {
    withUnsafeBufferPointer { read(rg_text(bytes: $0.baseAddress, length: UInt64($0.count))) }
  }
}
