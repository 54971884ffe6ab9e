import CDuckDB

/// A chunk's values where they lie, for sister modules that read millions of them. Valid while the chunk is.
extension Chunk {
  /// Where each text of a column lies; no start where it is missing. Needs: a column of texts, room for `rows`.
  package func findTexts(
    _ column: Int, into places: UnsafeMutablePointer<(start: UnsafePointer<UInt8>?, length: UInt64)>
  ) {
    precondition(types[column] == .text, "not a column of texts")
    withVector(column, of: duckdb_string_t.self) { values, validity in
      for row in 0..<rows {
        if let validity, validity[row >> 6] >> UInt64(row & 63) & 1 == 0 {
          places[row] = (nil, 0)
          continue
        }
        let length = values[row].length
        let start =
          length <= 12
          ? UnsafeRawPointer(values + row) + 4 : UnsafeRawPointer((values + row).pointee.pointer!)
        places[row] = (start.assumingMemoryBound(to: UInt8.self), UInt64(length))
      }
    }
  }

  /// Copies a column, `missing` where there is no value. Needs: a column whose values are laid out like `Value`.
  package func copyValues<Value: BitwiseCopyable>(
    _ column: Int, missing: Value, into target: UnsafeMutablePointer<Value>
  ) {
    withVector(column, of: Value.self) { values, validity in
      target.update(from: values, count: rows)
      guard let validity else { return }
      for row in 0..<rows where validity[row >> 6] >> UInt64(row & 63) & 1 == 0 { target[row] = missing }
    }
  }
}
