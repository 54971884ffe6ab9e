// From DuckDB's vectors to plain memory: one small loop a type, chunk after chunk, into memory that doubles.

import CDuckDB
import Compute
import Foundation

protocol ColumnBuilder {
  mutating func append(_ chunk: Chunk, column: Int)
  func finished() -> TableColumn
}

func columnBuilder(
  name: String, code: duckdb_type, expectedRows: Int
) throws(TablesError) -> any ColumnBuilder {
  func numbers<Source, Value>(
    missing: Value, _ convert: @escaping (Source) -> Value, _ wrap: @escaping (Buffer<Value>) -> TableColumn
  ) -> any ColumnBuilder {
    ConvertedBuilder(
      values: GrowingMemory(expected: expectedRows), missing: missing, convert: convert, wrap: wrap)
  }
  func same<Value>(missing: Value, _ wrap: @escaping (Buffer<Value>) -> TableColumn) -> any ColumnBuilder {
    SameBuilder(values: GrowingMemory(expected: expectedRows), missing: missing, wrap: wrap)
  }
  let missing = Int64.min
  switch Int(code) {
  case DUCKDB_BIGINT: return same(missing: missing) { .integer($0) }
  case DUCKDB_UINTEGER: return same(missing: UInt32.max) { .uint32($0) }
  case DUCKDB_UBIGINT: return same(missing: UInt64.max) { .uint64($0) }
  case DUCKDB_FLOAT: return same(missing: Float.nan) { .float($0) }
  case DUCKDB_DOUBLE: return same(missing: Double.nan) { .double($0) }
  case DUCKDB_BOOLEAN, DUCKDB_UTINYINT:
    return numbers(missing: missing, { (value: UInt8) in Int64(value) }) { .integer($0) }
  case DUCKDB_TINYINT: return numbers(missing: missing, { (value: Int8) in Int64(value) }) { .integer($0) }
  case DUCKDB_SMALLINT: return numbers(missing: missing, { (value: Int16) in Int64(value) }) { .integer($0) }
  case DUCKDB_USMALLINT:
    return numbers(missing: missing, { (value: UInt16) in Int64(value) }) { .integer($0) }
  case DUCKDB_INTEGER: return numbers(missing: missing, { (value: Int32) in Int64(value) }) { .integer($0) }
  case DUCKDB_DATE:
    return numbers(missing: missing, { (value: Int32) in Int64(value) &* 86_400 }) { .time($0) }
  case DUCKDB_TIMESTAMP_S: return same(missing: missing) { .time($0) }
  case DUCKDB_TIMESTAMP, DUCKDB_TIMESTAMP_TZ:
    return numbers(missing: missing, { floorDivided($0, by: 1_000_000) }) { .time($0) }
  case DUCKDB_TIMESTAMP_MS: return numbers(missing: missing, { floorDivided($0, by: 1_000) }) { .time($0) }
  case DUCKDB_TIMESTAMP_NS:
    return numbers(missing: missing, { floorDivided($0, by: 1_000_000_000) }) { .time($0) }
  case DUCKDB_VARCHAR, DUCKDB_BLOB: return TextBuilder(expectedRows: expectedRows)
  default:
    throw .wrongType(
      column: name, found: "a type of DuckDB's number \(code)", wanted: "a plain number, time or text")
  }
}

@inline(__always) private func floorDivided(_ value: Int64, by unit: Int64) -> Int64 {
  let quotient = value / unit
  return value % unit < 0 ? quotient - 1 : quotient
}

/// Memory that grows by doubling. What is reserved beyond the end is never touched, so costs no pages.
struct GrowingMemory<Value: BitwiseCopyable & Sendable> {
  private(set) var memory: Memory
  private(set) var count = 0

  init(expected: Int) {
    memory = Memory(byteCount: max(expected, 1024) * MemoryLayout<Value>.stride)
  }

  /// Room for `more` values at the end, which the caller fills.
  mutating func extend(by more: Int) -> UnsafeMutablePointer<Value> {
    let stride = MemoryLayout<Value>.stride
    if (count + more) * stride > memory.byteCount {
      let grown = Memory(byteCount: max((count + more) * stride, memory.byteCount * 2))
      grown.start.copyMemory(from: memory.start, byteCount: count * stride)
      memory = grown
    }
    let end = memory.start.assumingMemoryBound(to: Value.self) + count
    count += more
    return end
  }

  func finished() -> Buffer<Value> { Buffer(memory: memory, count: count) }
}

/// Overwrites what is missing: DuckDB leaves anything there.
@inline(__always)
private func mark<Value>(
  _ target: UnsafeMutablePointer<Value>, rows: Int, _ validity: UnsafePointer<UInt64>?, _ missing: Value
) {
  guard let validity else { return }
  for row in 0..<rows where validity[row >> 6] >> UInt64(row & 63) & 1 == 0 { target[row] = missing }
}

private struct SameBuilder<Value: BitwiseCopyable & Sendable>: ColumnBuilder {
  var values: GrowingMemory<Value>
  let missing: Value
  let wrap: (Buffer<Value>) -> TableColumn

  mutating func append(_ chunk: Chunk, column: Int) {
    let target = values.extend(by: chunk.rows)
    chunk.withVector(column, of: Value.self) { source, validity in
      target.update(from: source, count: chunk.rows)
      mark(target, rows: chunk.rows, validity, missing)
    }
  }

  func finished() -> TableColumn { wrap(values.finished()) }
}

private struct ConvertedBuilder<Source, Value: BitwiseCopyable & Sendable>: ColumnBuilder {
  var values: GrowingMemory<Value>
  let missing: Value
  let convert: (Source) -> Value
  let wrap: (Buffer<Value>) -> TableColumn

  mutating func append(_ chunk: Chunk, column: Int) {
    let target = values.extend(by: chunk.rows)
    chunk.withVector(column, of: Source.self) { source, validity in
      for row in 0..<chunk.rows { target[row] = convert(source[row]) }
      mark(target, rows: chunk.rows, validity, missing)
    }
  }

  func finished() -> TableColumn { wrap(values.finished()) }
}

private struct TextBuilder: ColumnBuilder {
  var offsets: GrowingMemory<UInt64>
  var bytes: GrowingMemory<UInt8>

  init(expectedRows: Int) {
    offsets = GrowingMemory(expected: expectedRows + 1)
    bytes = GrowingMemory(expected: expectedRows * 12)
    offsets.extend(by: 1).pointee = 0
  }

  mutating func append(_ chunk: Chunk, column: Int) {
    let rows = chunk.rows
    chunk.withVector(column, of: duckdb_string_t.self) { source, validity in
      let ends = offsets.extend(by: rows)
      var end = UInt64(bytes.count)
      for row in 0..<rows {
        if validity.map({ $0[row >> 6] >> UInt64(row & 63) & 1 == 1 }) ?? true {
          end &+= UInt64(source[row].length)
        }
        ends[row] = end
      }
      var start = UInt64(bytes.count)
      let target = bytes.extend(by: Int(end - start)) - Int(start)
      for row in 0..<rows {
        let length = Int(ends[row] - start)
        // What is missing must not be looked at: its pointer may lead anywhere.
        guard length > 0 else { continue }
        withTextBytes(source + row) { text in
          (target + Int(start)).update(from: text.baseAddress!, count: length)
        }
        start = ends[row]
      }
    }
  }

  func finished() -> TableColumn {
    .text(TextArray(offsets: offsets.finished(), bytes: bytes.finished()))
  }
}
