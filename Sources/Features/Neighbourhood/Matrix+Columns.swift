// Columns put side by side, row by row: a row's cells lie together, and a column at a time would fetch each line of memory
// once for every column that crosses it.

import Compute

/// Where a column of a matrix comes from.
struct ColumnCopy {
  /// Its place in the result.
  let place: Int
  let source: Matrix
  let column: Int
  /// A column that it is taken from: the result is that less this.
  var minuend: (matrix: Matrix, column: Int)?
}

extension Matrix {
  /// A column for each function of a row's number.
  package init(rows: Int, cells: [@Sendable (Int) -> Float], parallel: Parallel = .machine) {
    self.init(uninitializedRows: rows, columns: cells.count)
    withUnsafeMutableBufferPointer { to in
      nonisolated(unsafe) let to = to
      parallel.forEach(rows: rows) { range in
        for (place, cell) in cells.enumerated() {
          for row in range { to[row &* cells.count &+ place] = cell(row) }
        }
      }
    }
  }

  /// Copies columns of others; rows that a source does not have are missing.
  mutating func fill(_ copies: [ColumnCopy], parallel: Parallel = .machine) {
    struct Reader: @unchecked Sendable {
      let place: Int
      let start: UnsafePointer<Float>
      let width: Int
      let rows: Int
      let minuend: UnsafePointer<Float>?
      let minuendWidth: Int
    }
    func start(_ matrix: Matrix, _ column: Int) -> UnsafePointer<Float>? {
      matrix.withUnsafeBufferPointer { $0.baseAddress.map { $0 + column } }
    }
    let readers = copies.compactMap { copy -> Reader? in
      guard copy.source.count > 0, let from = start(copy.source, copy.column) else { return nil }
      return Reader(
        place: copy.place, start: from, width: copy.source.columns, rows: copy.source.rows,
        minuend: copy.minuend.flatMap { start($0.matrix, $0.column) },
        minuendWidth: copy.minuend?.matrix.columns ?? 0)
    }
    let (rows, width) = (rows, columns)
    withUnsafeMutableBufferPointer { to in
      nonisolated(unsafe) let to = to
      parallel.forEach(rows: rows, atLeast: 256) { range in
        for row in range {
          for reader in readers {
            var value = row < reader.rows ? reader.start[row &* reader.width] : .nan
            if let minuend = reader.minuend { value = minuend[row &* reader.minuendWidth] - value }
            to[row &* width &+ reader.place] = value
          }
        }
      }
    }
    withExtendedLifetime(copies) {}
  }
}
