// Products of dense matrices, split by rows over the machine's cores, with OpenBLAS on one thread inside.
//
// Two shapes matter here. C = A·B with many rows of A and a small B: blocks of rows of C. C = Aᵀ·B with many rows of
// both and a small C (a weight's gradient): each block of rows gives a partial C, and the partial sums are added in
// the blocks' order. Blocks depend on the shapes alone, so the bits do not depend on the number of threads.

import COpenBLAS

/// The dense products.
public enum BLAS {
  /// Which of the two factors is read with rows and columns exchanged.
  public enum Form: Sendable, CaseIterable {
    /// A·B
    case plain
    /// Aᵀ·B
    case firstTransposed
    /// A·Bᵀ
    case secondTransposed
  }

  /// The product of two matrices.
  ///
  ///     BLAS.product(x, weights)                              // n × k times k × m
  ///     BLAS.product(x, gradient, form: .firstTransposed)     // xᵀ · gradient
  ///
  /// Needs: inner sizes that agree.
  public static func product(
    _ a: Matrix, _ b: Matrix, form: Form = .plain, parallel: Parallel = .machine
  ) -> Matrix {
    let rows = form == .firstTransposed ? a.columns : a.rows
    let columns = form == .secondTransposed ? b.rows : b.columns
    var c = Matrix(uninitializedRows: rows, columns: columns)
    multiply(a, b, form: form, into: &c, parallel: parallel)
    return c
  }

  /// `c = scale · product + keeping · c`, into memory that is there already.
  ///
  /// Needs: shapes that agree.
  public static func multiply(
    _ a: Matrix, _ b: Matrix, form: Form = .plain, scale: Float = 1, keeping: Float = 0,
    into c: inout Matrix, parallel: Parallel = .machine
  ) {
    let inner = form == .firstTransposed ? a.rows : a.columns
    precondition(inner == (form == .secondTransposed ? b.columns : b.rows), "inner sizes that differ")
    precondition(c.rows == (form == .firstTransposed ? a.columns : a.rows), "a result of another height")
    precondition(c.columns == (form == .secondTransposed ? b.rows : b.columns), "a result of another width")
    let (rows, columns) = (c.rows, c.columns)
    a.withUnsafeBufferPointer { aValues in
      b.withUnsafeBufferPointer { bValues in
        c.withUnsafeMutableBufferPointer { cValues in
          guard rows > 0, columns > 0 else { return }
          guard inner > 0, let aStart = aValues.baseAddress, let bStart = bValues.baseAddress else {
            for index in cValues.indices { cValues[index] = keeping == 0 ? 0 : keeping * cValues[index] }
            return
          }
          gemm(
            form, rows: rows, columns: columns, inner: inner, scale: scale,
            a: UncheckedRows(aStart, stride: a.columns), b: UncheckedRows(bStart, stride: b.columns),
            keeping: keeping, c: UncheckedMutableRows(cValues.baseAddress!, stride: columns),
            parallel: parallel)
        }
      }
    }
  }

  /// The same over rows in memory, `stride` floats apart.
  package static func gemm(
    _ form: Form, rows: Int, columns: Int, inner: Int, scale: Float = 1, a: UncheckedRows, b: UncheckedRows,
    keeping: Float = 0, c: UncheckedMutableRows, parallel: Parallel = .machine
  ) {
    _ = OpenBLAS.ready
    guard rows > 0, columns > 0 else { return }
    if form == .firstTransposed, inner >= 4 * innerBlock, rows * columns <= 1 << 18 {
      sumOverBlocks(
        rows: rows, columns: columns, inner: inner, scale: scale, a: a, b: b, keeping: keeping, c: c,
        parallel: parallel)
      return
    }
    parallel.forEach(rows: rows, atLeast: rowBlock(rows: rows, work: columns * inner)) { range in
      gemmOnOneThread(
        form, rows: range.count, columns: columns, inner: inner, scale: scale,
        a: form == .firstTransposed
          ? a.skipping(columns: range.lowerBound) : a.skipping(rows: range.lowerBound),
        b: b, keeping: keeping, c: c.skipping(rows: range.lowerBound))
    }
  }

  /// One call of OpenBLAS, for work that is split already. Needs: `OpenBLAS.ready` was touched before.
  package static func gemmOnOneThread(
    _ form: Form, rows: Int, columns: Int, inner: Int, scale: Float = 1, a: UncheckedRows, b: UncheckedRows,
    keeping: Float = 0, c: UncheckedMutableRows
  ) {
    cblas_sgemm(
      CblasRowMajor, form == .firstTransposed ? CblasTrans : CblasNoTrans,
      form == .secondTransposed ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), scale,
      a.start, Int32(max(1, a.stride)), b.start, Int32(max(1, b.stride)), keeping, c.start,
      Int32(max(1, c.stride)))
  }

  private static let innerBlock = 1024

  /// Blocks small enough that the cores share the work, and large enough that packing `b` again for each costs little.
  private static func rowBlock(rows: Int, work: Int) -> Int {
    let enough = max(32, (1 << 22) / max(1, work))
    return rows <= enough ? rows : min(max(enough, 64), 512)
  }

  private static func sumOverBlocks(
    rows: Int, columns: Int, inner: Int, scale: Float, a: UncheckedRows, b: UncheckedRows, keeping: Float,
    c: UncheckedMutableRows, parallel: Parallel
  ) {
    // At most 32 blocks, so that the partial sums of the largest result take 32 MiB.
    let size = max(innerBlock, (inner + 31) / 32)
    let blocks = (inner + size - 1) / size
    let partial = Memory(byteCount: blocks * rows * columns * MemoryLayout<Float>.stride)
    let sums = partial.start.bindMemory(to: Float.self, capacity: blocks * rows * columns)
    parallel.forEach(blocks: blocks) { block in
      let first = block * size
      gemmOnOneThread(
        .firstTransposed, rows: rows, columns: columns, inner: min(size, inner - first), scale: scale,
        a: a.skipping(rows: first), b: b.skipping(rows: first),
        c: UncheckedMutableRows(sums + block * rows * columns, stride: columns))
    }
    parallel.forEach(rows: rows, atLeast: 16) { range in
      for row in range {
        let result = c.start + row * c.stride
        for column in 0..<columns { result[column] = keeping == 0 ? 0 : keeping * result[column] }
        for block in 0..<blocks {
          let part = sums + (block * rows + row) * columns
          for column in 0..<columns { result[column] += part[column] }
        }
      }
    }
    withExtendedLifetime(partial) {}
  }
}

/// Rows of floats in memory that somebody else keeps alive.
package struct UncheckedRows: @unchecked Sendable {
  package let start: UnsafePointer<Float>
  package let stride: Int

  package init(_ start: UnsafePointer<Float>, stride: Int) {
    self.start = start
    self.stride = stride
  }

  package func skipping(rows: Int) -> UncheckedRows { UncheckedRows(start + rows * stride, stride: stride) }
  package func skipping(columns: Int) -> UncheckedRows { UncheckedRows(start + columns, stride: stride) }
}

/// The same, to write to.
package struct UncheckedMutableRows: @unchecked Sendable {
  package let start: UnsafeMutablePointer<Float>
  package let stride: Int

  package init(_ start: UnsafeMutablePointer<Float>, stride: Int) {
    self.start = start
    self.stride = stride
  }

  package func skipping(rows: Int) -> UncheckedMutableRows {
    UncheckedMutableRows(start + rows * stride, stride: stride)
  }

  package var reading: UncheckedRows { UncheckedRows(start, stride: stride) }
}
