// Orthonormal bases and singular values, from LAPACK.
//
// A tall matrix is factored block of rows by block of rows: each block's triangle R is small, the triangles are
// stacked and factored again, and each block's Q is turned by its part of the second Q. The blocks go to all cores and
// are the same for any number of them.
//
// Demmel, Grigori, Hoemmen, Langou: Communication-optimal parallel and sequential QR and LU factorizations (2012).

import CLAPACKE

/// The factorizations.
public enum LAPACK {
  /// A's thin QR factorization: the columns of `q` are orthonormal, `r` is upper triangular, q·r = a.
  ///
  ///     let (q, r) = LAPACK.qr(a)     // n × k gives n × k and k × k
  ///
  /// Needs: at least as many rows as columns. About 4·n·k² operations.
  public static func qr(_ a: Matrix, parallel: Parallel = .machine) -> (q: Matrix, r: Matrix) {
    var q = a
    q.columnNames = nil
    let r = orthonormalize(&q, parallel: parallel)
    return (q, r)
  }

  /// Replaces a tall matrix by its Q, and returns R.
  @discardableResult
  public static func orthonormalize(_ a: inout Matrix, parallel: Parallel = .machine) -> Matrix {
    let (rows, columns) = (a.rows, a.columns)
    precondition(rows >= columns, "more columns than rows")
    guard columns > 0 else { return Matrix(rows: 0, columns: 0) }
    _ = OpenBLAS.ready
    let size = max(4096, 4 * columns, (rows + 255) / 256)
    // The last block takes what is left over, so that none has fewer rows than columns.
    let blocks = max(1, rows / size)
    func block(_ index: Int) -> Range<Int> {
      index * size..<(index == blocks - 1 ? rows : (index + 1) * size)
    }
    if blocks == 1 {
      return a.withUnsafeMutableBufferPointer { factor($0.baseAddress!, rows: rows, columns: columns) }
    }
    var stacked = Matrix(uninitializedRows: blocks * columns, columns: columns)
    a.withUnsafeMutableBufferPointer { values in
      nonisolated(unsafe) let start = values.baseAddress!
      stacked.withUnsafeMutableBufferPointer { triangles in
        nonisolated(unsafe) let triangles = triangles.baseAddress!
        parallel.forEach(blocks: blocks) { index in
          let range = block(index)
          let r = factor(start + range.lowerBound * columns, rows: range.count, columns: columns)
          r.withUnsafeBufferPointer {
            (triangles + index * columns * columns).update(from: $0.baseAddress!, count: columns * columns)
          }
        }
      }
    }
    let r = stacked.withUnsafeMutableBufferPointer {
      factor($0.baseAddress!, rows: blocks * columns, columns: columns)
    }
    a.withUnsafeMutableBufferPointer { values in
      nonisolated(unsafe) let start = values.baseAddress!
      stacked.withUnsafeBufferPointer { turns in
        nonisolated(unsafe) let turns = turns.baseAddress!
        parallel.forEach(blocks: blocks) { index in
          let range = block(index)
          let own = Memory(byteCount: range.count * columns * MemoryLayout<Float>.stride)
          let copy = own.start.bindMemory(to: Float.self, capacity: range.count * columns)
          copy.update(from: start + range.lowerBound * columns, count: range.count * columns)
          BLAS.gemmOnOneThread(
            .plain, rows: range.count, columns: columns, inner: columns,
            a: UncheckedRows(copy, stride: columns),
            b: UncheckedRows(turns + index * columns * columns, stride: columns),
            c: UncheckedMutableRows(start + range.lowerBound * columns, stride: columns))
          withExtendedLifetime(own) {}
        }
      }
    }
    return r
  }

  /// The thin singular value decomposition: a = u · diag(values) · vt, values falling.
  ///
  /// For small matrices: O(rows · columns · min(rows, columns)) on one core. Needs: finite values.
  public static func svd(_ a: Matrix) -> (u: Matrix, values: [Float], vt: Matrix) {
    let rank = min(a.rows, a.columns)
    var values = [Float](repeating: 0, count: rank)
    var u = Matrix(rows: a.rows, columns: rank)
    var vt = Matrix(rows: rank, columns: a.columns)
    guard rank > 0 else { return (u, values, vt) }
    _ = OpenBLAS.ready
    var work = a
    let (rows, columns) = (a.rows, a.columns)
    // Row after row is the transpose column after column: aᵀ = v · diag · uᵀ, so u and v change places.
    let status = work.withUnsafeMutableBufferPointer { work in
      u.withUnsafeMutableBufferPointer { u in
        vt.withUnsafeMutableBufferPointer { vt in
          LAPACKE_sgesdd(
            LAPACK_COL_MAJOR, 0x53, Int32(columns), Int32(rows), work.baseAddress,
            Int32(columns), &values, vt.baseAddress, Int32(columns), u.baseAddress, Int32(rank))
        }
      }
    }
    precondition(status >= 0, "a matrix with values that are not finite")
    if status > 0 { return svdByRotations(a) }
    return (u, values, vt)
  }

  /// Slower than divide and conquer, and does not fail: for the rare matrix where that does not converge.
  private static func svdByRotations(_ a: Matrix) -> (u: Matrix, values: [Float], vt: Matrix) {
    let rank = min(a.rows, a.columns)
    let (rows, columns) = (a.rows, a.columns)
    var work = a
    var values = [Float](repeating: 0, count: rank)
    var unconverged = [Float](repeating: 0, count: rank)
    var u = Matrix(rows: rows, columns: rank)
    var vt = Matrix(rows: rank, columns: columns)
    let status = work.withUnsafeMutableBufferPointer { work in
      u.withUnsafeMutableBufferPointer { u in
        vt.withUnsafeMutableBufferPointer { vt in
          LAPACKE_sgesvd(
            LAPACK_COL_MAJOR, 0x53, 0x53, Int32(columns), Int32(rows), work.baseAddress, Int32(columns),
            &values, vt.baseAddress, Int32(columns), u.baseAddress, Int32(rank), &unconverged)
        }
      }
    }
    precondition(status == 0, "a matrix whose singular values do not converge")
    return (u, values, vt)
  }

  /// Factors rows in place, and returns R. In LAPACK's order of columns the rows are the transpose aᵀ = L·Q, and
  /// a = Qᵀ·Lᵀ: so Q stands in memory as we want it, and R is L read by rows.
  private static func factor(_ start: UnsafeMutablePointer<Float>, rows: Int, columns: Int) -> Matrix {
    var scales = [Float](repeating: 0, count: columns)
    var status = LAPACKE_sgelqf(
      LAPACK_COL_MAJOR, Int32(columns), Int32(rows), start, Int32(columns), &scales)
    precondition(status == 0, "a matrix with values that are not finite")
    var r = Matrix(rows: columns, columns: columns)
    r.withUnsafeMutableBufferPointer { r in
      for row in 0..<columns {
        for column in row..<columns { r[row * columns + column] = start[row * columns + column] }
      }
    }
    status = LAPACKE_sorglq(
      LAPACK_COL_MAJOR, Int32(columns), Int32(rows), Int32(columns), start, Int32(columns), scales)
    precondition(status == 0, "a factorization that LAPACK refused")
    return r
  }
}
