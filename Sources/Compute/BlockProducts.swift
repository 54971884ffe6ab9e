// Products of a block of rows that stays in the cache with a matrix that does too.
//
// BLAS packs both factors anew in every call, clears what it then adds to, and multiplies zeros like any other number. Here
// the small matrix is packed once for all blocks, and where most cells of the block are zero (ReLU lets half of them
// through, dropout half of those) only the others take part.

import CKernels

/// A small matrix in the order that block products read it in.
package final class PackedMatrix {
  package private(set) var rows = 0
  package private(set) var columns = 0
  private var memory = Memory(byteCount: 0)

  package init() {}

  package init(rows: Int, columns: Int, of x: UncheckedRows) { pack(rows: rows, columns: columns, of: x) }

  /// Takes the numbers over. Transposed, `x` has `columns` rows and `rows` columns.
  package func pack(rows: Int, columns: Int, of x: UncheckedRows, transposed: Bool = false) {
    let size = rows * rg_panel_columns(columns) * MemoryLayout<Float>.stride
    if memory.byteCount < size { memory = Memory(byteCount: size) }
    self.rows = rows
    self.columns = columns
    rg_pack_panels(rows, columns, x.start, x.stride, transposed ? 1 : 0, start)
  }

  fileprivate var start: UnsafeMutablePointer<Float> { memory.start.assumingMemoryBound(to: Float.self) }
}

/// The products that one worker makes of its blocks, with the memory for them.
///
///     products.read(block, rows: 384, columns: 256)
///     products.multiply(weights, into: result)           // block · weights
///     products.addTransposed(times: gradient, columns: 40, to: sums)      // sums += blockᵀ · gradient
///     products.becomeProduct(gradient, columns: 40, times: weights, scale: 2)    // gradient · weightsᵀ, at the same cells
///
/// As with BLAS, other processors may give other last digits; any number of threads gives the same bits.
package final class BlockProducts {
  private var block = UncheckedRows(UnsafePointer(bitPattern: 64)!, stride: 0)
  private var rows = 0
  private var columns = 0
  /// Whether the block's cells that are not zero were written down, by row and then by column.
  package private(set) var isSparse = false
  private var isByColumn = false
  private let packed = PackedMatrix()
  private let words: Memory
  private let floats: Memory
  private let most: (rows: Int, columns: Int)
  /// From this share of cells that are not zero on, the dense product is faster.
  private static let fewCells = 0.33

  /// Memory for blocks of up to so many rows and columns.
  package init(rows: Int, columns: Int) {
    most = (rows, columns)
    words = Memory(byteCount: (2 * rows * columns + 2 * rows + columns + 2) * MemoryLayout<UInt32>.stride)
    floats = Memory(byteCount: 2 * rows * columns * MemoryLayout<Float>.stride)
  }

  private var places: UnsafeMutablePointer<UInt32> { words.start.assumingMemoryBound(to: UInt32.self) }
  private var placesByColumn: UnsafeMutablePointer<UInt32> { places + most.rows * most.columns }
  private var starts: UnsafeMutablePointer<UInt32> { placesByColumn + most.rows * most.columns }
  private var startsByColumn: UnsafeMutablePointer<UInt32> { starts + most.rows + 1 }
  private var next: UnsafeMutablePointer<UInt32> { startsByColumn + most.columns + 1 }
  private var values: UnsafeMutablePointer<Float> { floats.start.assumingMemoryBound(to: Float.self) }
  private var valuesByColumn: UnsafeMutablePointer<Float> { values + most.rows * most.columns }

  /// The block that the products to come are of; it stays where it is. Where a few of its rows say that most cells are
  /// zero, writes down those that are not.
  package func read(_ x: UncheckedRows, rows: Int, columns: Int) {
    precondition(rows <= most.rows && columns <= most.columns, "a larger block than there is memory for")
    (block, self.rows, self.columns) = (x, rows, columns)
    isByColumn = false
    let few = min(rows, 16)
    let seen = rg_cells_of_rows(few, columns, x.start, x.stride, starts, places, values)
    isSparse = Double(seen) < BlockProducts.fewCells * Double(few * columns)
    if isSparse { rg_cells_of_rows(rows, columns, x.start, x.stride, starts, places, values) }
  }

  /// c = block · b
  package func multiply(_ b: PackedMatrix, into c: UncheckedMutableRows) {
    precondition(b.rows == columns, "as many rows as the block has columns")
    if isSparse {
      rg_cells_panels(
        rows, starts, places, values, columns, b.columns, b.start, c.start, c.stride, 0)
    } else {
      BlockProducts.multiply(block, rows: rows, by: b, into: c)
    }
  }

  /// sums += blockᵀ · b, where b has as many rows as the block. Needs: `OpenBLAS.ready` was touched before.
  package func addTransposed(times b: UncheckedRows, columns width: Int, to sums: UncheckedMutableRows) {
    guard isSparse else {
      BLAS.gemmOnOneThread(
        .firstTransposed, rows: columns, columns: width, inner: rows, a: block, b: b, keeping: 1, c: sums)
      return
    }
    if !isByColumn {
      rg_cells_of_columns(
        rows, columns, starts, places, values, startsByColumn, placesByColumn, valuesByColumn)
      isByColumn = true
    }
    packed.pack(rows: rows, columns: width, of: b)
    rg_cells_panels(
      columns, startsByColumn, placesByColumn, valuesByColumn, rows, width, packed.start, sums.start,
      sums.stride, 1)
  }

  /// The block becomes scale · a · wᵀ where it was not zero, and stays zero elsewhere: a gradient that goes back through
  /// ReLU and dropout. `a` has as many rows as the block, `w` as many as the block has columns. Needs: `isSparse`.
  package func becomeProduct(_ a: UncheckedRows, columns inner: Int, times w: UncheckedRows, scale: Float) {
    precondition(isSparse, "only a block of few cells is replaced")
    rg_products_at_cells(
      rows, columns, starts, places, inner, a.start, a.stride, w.start, w.stride, scale, next, values)
    isByColumn = false
  }

  /// Adds the block's rows to `sums`. Needs: `isSparse`.
  package func addRows(to sums: UnsafeMutablePointer<Float>) {
    precondition(isSparse, "only a block of few cells is added up")
    for cell in 0..<Int(starts[rows]) { sums[Int(places[cell])] += values[cell] }
  }

  /// Writes the block to rows of which only the cells that are not zero are read, where most are zero.
  package func store(to kept: CellRows) {
    precondition(kept.width == columns, "rows of another width")
    if isSparse {
      rg_store_cells(
        rows, columns, starts, places, values, kept.rows.start, kept.rows.stride, kept.counts)
    } else {
      for row in 0..<rows {
        kept.rows.skipping(rows: row).start.update(from: block.skipping(rows: row).start, count: columns)
        kept.counts[row] = UInt16(RG_ALL_CELLS)
      }
    }
  }

  /// c = a · b with every cell of a.
  package static func multiply(
    _ a: UncheckedRows, rows: Int, by b: PackedMatrix, into c: UncheckedMutableRows
  ) {
    rg_dense_panels(rows, b.rows, b.columns, a.start, a.stride, b.start, c.start, c.stride, 0)
  }
}
