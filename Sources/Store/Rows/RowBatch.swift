import CKernels
import Graph

/// Rows of one table in memory, column by column: what `append` takes.
///
///     var rows = RowBatch(of: schema.relation("order")!)
///     rows.add(keys: ["B1", "P7"], values: [.time(Timestamp("2026-03-01")!), .number(9.5)])
public struct RowBatch: Sendable, Equatable {
  public enum Value: Sendable, Equatable {
    case missing
    /// Numbers; flags as 0 and 1.
    case number(Float)
    case time(Timestamp)
    /// Categories and texts.
    case text(String)
  }

  enum Values: Sendable, Equatable {
    case numbers([Float])
    case times([Int64])
    case texts(TextList)
  }

  /// Names of the columns with keys: one for a node type, two for a relation.
  public let keyColumns: [String]
  /// The other columns, in the order in which `add` takes their values.
  public let columns: [ColumnType]
  public internal(set) var count = 0
  /// The line of each row in its file, where a reader knows; empty elsewhere.
  var lines: [Int] = []
  var keys: [TextList]
  var values: [Values]

  public init(of type: NodeType) { self.init(TableShape(type)) }
  public init(of type: RelationType) { self.init(TableShape(type)) }

  init(_ shape: TableShape) {
    keyColumns = shape.keyColumns
    columns = shape.columns
    keys = shape.keyColumns.map { _ in TextList() }
    values = shape.columns.map { column in
      switch column.kind {
      case .number, .flag: .numbers([])
      case .time: .times([])
      case .category, .text: .texts(TextList())
      }
    }
  }

  /// Adds a row. Needs: as many keys and values as there are columns, each of its column's kind or missing.
  public mutating func add(keys rowKeys: [String], values rowValues: [Value]) {
    precondition(rowKeys.count == keys.count && rowValues.count == columns.count, "a row of another width")
    for (index, key) in rowKeys.enumerated() { keys[index].append(key.isEmpty ? nil : key) }
    for (index, value) in rowValues.enumerated() { add(value, to: index) }
    count += 1
  }

  private mutating func add(_ value: Value, to column: Int) {
    switch values[column] {
    case .numbers(var numbers):
      values[column] = .numbers([])
      switch value {
      case .number(let number): numbers.append(number)
      case .missing: numbers.append(.nan)
      default: preconditionFailure("no number for \(columns[column].name)")
      }
      values[column] = .numbers(numbers)
    case .times(var times):
      values[column] = .times([])
      switch value {
      case .time(let time): times.append(time.seconds)
      case .missing: times.append(Column.missingTime)
      default: preconditionFailure("no time for \(columns[column].name)")
      }
      values[column] = .times(times)
    case .texts(var texts):
      values[column] = .texts(TextList())
      switch value {
      case .text(let text): texts.append(text)
      case .missing: texts.append(nil)
      default: preconditionFailure("no text for \(columns[column].name)")
      }
      values[column] = .texts(texts)
    }
  }

  init(_ shape: TableShape, count: Int, keys: [TextList], values: [Values]) {
    keyColumns = shape.keyColumns
    columns = shape.columns
    self.count = count
    self.keys = keys
    self.values = values
  }

  /// Only the rows for which `isKept` says so, in their order.
  func filtered(_ isKept: (Int) -> Bool) -> RowBatch {
    let rows = (0..<count).filter(isKept)
    guard rows.count < count else { return self }
    var batch = self
    batch.count = rows.count
    batch.lines = lines.isEmpty ? [] : rows.map { lines[$0] }
    batch.keys = keys.map { $0.picking(rows) }
    batch.values = values.map { values in
      switch values {
      case .numbers(let numbers): .numbers(rows.map { numbers[$0] })
      case .times(let times): .times(rows.map { times[$0] })
      case .texts(let texts): .texts(texts.picking(rows))
      }
    }
    return batch
  }
}

/// Texts one after another, some of them missing.
struct TextList: Sendable, Equatable {
  private(set) var bytes: [UInt8] = []
  /// Where each text ends, one more than there are texts.
  private(set) var offsets: [Int] = [0]
  private var missing: [Bool] = []

  var count: Int { offsets.count - 1 }

  subscript(index: Int) -> String? {
    missing[index]
      ? nil : String(decoding: bytes[offsets[index]..<offsets[index + 1]], as: UTF8.self)
  }

  func isMissing(_ index: Int) -> Bool { missing[index] }
  func bytes(_ index: Int) -> ArraySlice<UInt8> { bytes[offsets[index]..<offsets[index + 1]] }

  mutating func append(_ text: String?) {
    missing.append(text == nil)
    if let text { bytes.append(contentsOf: text.utf8) }
    offsets.append(bytes.count)
  }

  mutating func append(_ text: some Collection<UInt8>) {
    missing.append(false)
    bytes.append(contentsOf: text)
    offsets.append(bytes.count)
  }

  mutating func appendMissing() {
    missing.append(true)
    offsets.append(bytes.count)
  }

  func picking(_ rows: [Int]) -> TextList {
    var list = TextList()
    for row in rows { if isMissing(row) { list.appendMissing() } else { list.append(bytes(row)) } }
    return list
  }

  /// The texts where they lie; an empty one is not a missing one.
  func withTexts<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<rg_text>) throws(Failure) -> Result
  )
    throws(Failure) -> Result
  {
    // An array without elements has no address, and no address means missing.
    let padded = bytes.isEmpty ? [0] : bytes
    return try padded.withUnsafeBufferPointer { (bytes) throws(Failure) in
      let texts = (0..<count).map { index in
        missing[index]
          ? rg_text()
          : rg_text(
            bytes: bytes.baseAddress! + offsets[index], length: UInt64(offsets[index + 1] - offsets[index]))
      }
      return try texts.withUnsafeBufferPointer { (texts) throws(Failure) in try body(texts) }
    }
  }
}

extension RowBatch {
  /// The rows as a block, for the time of the call.
  func withBlock<Result>(_ body: (RowBlock) throws(StoreError) -> Result) throws(StoreError) -> Result {
    try withKeys(from: 0, RowBlock(count: count, keys: [], columns: []), body)
  }

  private func withKeys<Result>(
    from index: Int, _ block: RowBlock, _ body: (RowBlock) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    guard index < keys.count else { return try withValues(from: 0, block, body) }
    return try keys[index].withTexts { (texts) throws(StoreError) in
      var block = block
      block.keys.append(texts)
      return try withKeys(from: index + 1, block, body)
    }
  }

  private func withValues<Result>(
    from index: Int, _ block: RowBlock, _ body: (RowBlock) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    guard index < values.count else { return try body(block) }
    var block = block
    switch values[index] {
    case .numbers(let numbers):
      return try numbers.withUnsafeBufferPointer { (numbers) throws(StoreError) in
        block.columns.append(.numbers(numbers))
        return try withValues(from: index + 1, block, body)
      }
    case .times(let times):
      return try times.withUnsafeBufferPointer { (times) throws(StoreError) in
        block.columns.append(.times(times))
        return try withValues(from: index + 1, block, body)
      }
    case .texts(let texts):
      return try texts.withTexts { (texts) throws(StoreError) in
        block.columns.append(.texts(texts))
        return try withValues(from: index + 1, block, body)
      }
    }
  }
}
