// From plain memory to DuckDB's vectors: one small loop a type. A column's sign for "missing" becomes NULL.

import CDuckDB
import Compute

/// Writes `rows` of a column into a vector, from its row `first` on. Needs: room for them.
func fillVector(
  _ vector: duckdb_vector?, from first: Int, _ column: TableColumn, rows: Range<Int>,
  _ functions: duckdb_interface
) {
  switch column {
  case .integer(let values): fillNumbers(vector, first, values, rows, functions) { $0 == .min }
  case .uint32(let values): fillNumbers(vector, first, values, rows, functions) { $0 == .max }
  case .uint64(let values): fillNumbers(vector, first, values, rows, functions) { $0 == .max }
  case .float(let values): fillNumbers(vector, first, values, rows, functions) { $0.isNaN }
  case .double(let values): fillNumbers(vector, first, values, rows, functions) { $0.isNaN }
  case .time(let values): fillTimes(vector, first, values, rows, functions)
  case .text(let texts): fillTexts(vector, first, texts, rows, functions)
  }
}

/// Marks rows missing. The mask is only asked for when the first is found.
private struct Missing {
  let vector: duckdb_vector?
  let functions: duckdb_interface
  var mask: UnsafeMutablePointer<UInt64>?

  @inline(never)
  mutating func mark(_ row: Int) {
    if mask == nil {
      functions.vector_ensure_validity_writable(vector)
      mask = functions.vector_get_validity(vector)
    }
    mask![row >> 6] &= ~(1 << UInt64(row & 63))
  }
}

@inline(__always)
private func fillNumbers<Value: BitwiseCopyable & Sendable>(
  _ vector: duckdb_vector?, _ first: Int, _ values: Buffer<Value>, _ rows: Range<Int>,
  _ functions: duckdb_interface,
  isMissing: (Value) -> Bool
) {
  let target = functions.vector_get_data(vector)!.assumingMemoryBound(to: Value.self) + first
  var missing = Missing(vector: vector, functions: functions)
  values.withUnsafeBufferPointer { values in
    let source = values.baseAddress! + rows.lowerBound
    target.update(from: source, count: rows.count)
    for row in 0..<rows.count where isMissing(source[row]) { missing.mark(first + row) }
  }
}

private func fillTimes(
  _ vector: duckdb_vector?, _ first: Int, _ values: Buffer<Int64>, _ rows: Range<Int>,
  _ functions: duckdb_interface
) {
  let target = functions.vector_get_data(vector)!.assumingMemoryBound(to: Int64.self) + first
  var missing = Missing(vector: vector, functions: functions)
  values.withUnsafeBufferPointer { values in
    for (row, seconds) in values[rows].enumerated() {
      let (microseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
      target[row] = overflow ? 0 : microseconds
      if overflow { missing.mark(first + row) }
    }
  }
}

private func fillTexts(
  _ vector: duckdb_vector?, _ first: Int, _ texts: TextArray, _ rows: Range<Int>,
  _ functions: duckdb_interface
) {
  let target = functions.vector_get_data(vector)!.assumingMemoryBound(to: duckdb_string_t.self) + first
  var missing = Missing(vector: vector, functions: functions)
  texts.offsets.withUnsafeBufferPointer { offsets in
    texts.bytes.withUnsafeBufferPointer { bytes in
      for row in 0..<rows.count {
        let start = Int(offsets[rows.lowerBound + row])
        let length = Int(offsets[rows.lowerBound + row + 1]) - start
        if length == 0 {
          target[row] = duckdb_string_t()
          missing.mark(first + row)
        } else if length <= 12 {
          // Short texts lie in the value itself: no call, no memory of DuckDB's.
          var value = duckdb_string_t()
          value.length = UInt32(length)
          withUnsafeMutableBytes(of: &value) {
            ($0.baseAddress! + 4).copyMemory(from: bytes.baseAddress! + start, byteCount: length)
          }
          target[row] = value
        } else {
          (bytes.baseAddress! + start).withMemoryRebound(to: CChar.self, capacity: length) {
            functions.vector_assign_string_element_len(vector, UInt64(first + row), $0, UInt64(length))
          }
        }
      }
    }
  }
}
