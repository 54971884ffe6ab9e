// A sparse matrix times dense ones: what a graph does to its nodes' features.

import CKernels

/// A sparse matrix in compressed rows, ready to be multiplied: its rows are cut into blocks of equal work.
///
/// The value of an entry in row i that names column j is `rowScale[i] · weights[entry] · columnScale[j]`; what is
/// absent counts as 1. So a mean is a row scale of 1 / degree, without weights of its own.
///
///     let mean = SparseMatrix(columns: n, offsets: csr.offsets, targets: csr.targets).averaging()
///     let neighbours = mean.times(features)
public struct SparseMatrix: Sendable {
  public let columns: Int
  public let offsets: Buffer<UInt64>
  public let targets: Buffer<UInt32>
  public let weights: Buffer<Float>?
  public let rowScale: Buffer<Float>?
  public let columnScale: Buffer<Float>?
  /// Where the blocks of rows begin, and the end: each has about as many entries as any other.
  package let blockStarts: [Int]

  /// Needs: offsets that rise from 0 to the number of targets, and targets below `columns`.
  public init(
    columns: Int, offsets: Buffer<UInt64>, targets: Buffer<UInt32>, weights: Buffer<Float>? = nil,
    rowScale: Buffer<Float>? = nil, columnScale: Buffer<Float>? = nil
  ) {
    precondition(
      offsets.count >= 1 && offsets.last == UInt64(targets.count), "offsets that do not fit the targets")
    precondition(weights.map { $0.count == targets.count } ?? true, "one weight for each entry")
    precondition(rowScale.map { $0.count == offsets.count - 1 } ?? true, "one scale for each row")
    precondition(columnScale.map { $0.count == columns } ?? true, "one scale for each column")
    self.init(
      columns: columns, offsets: offsets, targets: targets, weights: weights, rowScale: rowScale,
      columnScale: columnScale, blockStarts: SparseMatrix.equalBlocks(offsets))
  }

  private init(
    columns: Int, offsets: Buffer<UInt64>, targets: Buffer<UInt32>, weights: Buffer<Float>?,
    rowScale: Buffer<Float>?, columnScale: Buffer<Float>?, blockStarts: [Int]
  ) {
    self.columns = columns
    self.offsets = offsets
    self.targets = targets
    self.weights = weights
    self.rowScale = rowScale
    self.columnScale = columnScale
    self.blockStarts = blockStarts
  }

  public var rows: Int { offsets.count - 1 }
  public var entryCount: Int { targets.count }

  public func degree(_ row: Int) -> Int { Int(offsets[row + 1] - offsets[row]) }

  /// The same entries with other scales.
  public func scaled(rows: Buffer<Float>?, columns: Buffer<Float>?) -> SparseMatrix {
    precondition(rows.map { $0.count == self.rows } ?? true, "one scale for each row")
    precondition(columns.map { $0.count == self.columns } ?? true, "one scale for each column")
    return SparseMatrix(
      columns: self.columns, offsets: offsets, targets: targets, weights: weights, rowScale: rows,
      columnScale: columns, blockStarts: blockStarts)
  }

  /// Each row divided by its sum of weights: rows become means. A row without entries stays zero.
  public func averaging() -> SparseMatrix {
    let scale = Buffer<Float>(count: rows) { scale in
      for row in 0..<rows {
        let entries = Int(offsets[row])..<Int(offsets[row + 1])
        let sum =
          weights.map { weights in entries.reduce(Float(0)) { $0 + weights[$1] } } ?? Float(entries.count)
        scale[row] = sum > 0 ? 1 / sum : 0
      }
    }
    return scaled(rows: scale, columns: nil)
  }

  /// The transpose of a matrix whose entries and weights are symmetric (an undirected graph's), however its rows and
  /// columns are scaled: the scales change places, and nothing is copied.
  public func transposedAsSymmetric() -> SparseMatrix {
    precondition(rows == columns, "a symmetric matrix is square")
    return scaled(rows: columnScale, columns: rowScale)
  }

  /// The transpose: a pass to count, a pass to place. Entries of a row keep the order of their rows here.
  public func transposed() -> SparseMatrix {
    var starts = [UInt64](repeating: 0, count: columns + 1)
    for target in targets { starts[Int(target) + 1] += 1 }
    for column in 0..<columns { starts[column + 1] += starts[column] }
    var next = starts
    var newTargets = [UInt32](repeating: 0, count: entryCount)
    var newWeights = [Float](repeating: 0, count: weights == nil ? 0 : entryCount)
    for row in 0..<rows {
      for entry in Int(offsets[row])..<Int(offsets[row + 1]) {
        let place = Int(next[Int(targets[entry])])
        next[Int(targets[entry])] += 1
        newTargets[place] = UInt32(row)
        if let weights { newWeights[place] = weights[entry] }
      }
    }
    return SparseMatrix(
      columns: rows, offsets: Buffer(starts), targets: Buffer(newTargets),
      weights: weights == nil ? nil : Buffer(newWeights), rowScale: columnScale, columnScale: rowScale)
  }

  // Rows cost something without entries too: as much as about four entries.
  static func equalBlocks(_ offsets: Buffer<UInt64>) -> [Int] {
    let rows = offsets.count - 1
    guard rows > 0 else { return [0] }
    let work = Int(offsets[rows]) + 4 * rows
    let blocks = max(1, min(256, work / 8192))
    var starts = [0]
    var row = 0
    for block in 1..<max(1, blocks) {
      let wanted = work * block / blocks
      while row < rows, Int(offsets[row]) + 4 * row < wanted { row += 1 }
      if row > starts.last! && row < rows { starts.append(row) }
    }
    starts.append(rows)
    return starts
  }
}

extension SparseMatrix {
  /// The product with a dense matrix, row blocks over all cores.
  ///
  /// Reads `entryCount` rows of `x`: the time is what that takes from memory. Needs: as many rows as columns here.
  public func times(_ x: Matrix, parallel: Parallel = .machine) -> Matrix {
    var y = Matrix(uninitializedRows: rows, columns: x.columns)
    multiply(x, into: &y, parallel: parallel)
    return y
  }

  /// The product into memory that is there already; `adding` adds to what it holds.
  public func multiply(_ x: Matrix, into y: inout Matrix, adding: Bool = false, parallel: Parallel = .machine)
  {
    precondition(x.rows == columns, "as many rows as the sparse matrix has columns")
    precondition(y.rows == rows && y.columns == x.columns, "a result of another shape")
    guard y.count > 0 else { return }
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { result in
        let width = result.count / rows
        // Without columns there are no entries, and any pointer will do.
        let source = x.baseAddress ?? UnsafePointer(result.baseAddress!)
        multiply(
          UncheckedRows(source, stride: width), width: width,
          into: UncheckedMutableRows(result.baseAddress!, stride: width), adding: adding, parallel: parallel)
      }
    }
  }

  package func multiply(
    _ x: UncheckedRows, width: Int, into y: UncheckedMutableRows, adding: Bool = false,
    parallel: Parallel = .machine
  ) {
    if gathersByPanels(width: width) {
      return multiplyByPanels(x, width: width, into: y, adding: adding, parallel: parallel)
    }
    multiplyBlocks(x, width: width, into: y, adding: adding, parallel: parallel)
  }

  /// Block of rows by block of rows, all the columns of each.
  func multiplyBlocks(
    _ x: UncheckedRows, width: Int, into y: UncheckedMutableRows, adding: Bool, parallel: Parallel
  ) {
    withKernelForm { matrix in
      parallel.forEach(blocks: blockStarts.count - 1) { block in
        let first = blockStarts[block]
        matrix.multiply(
          rows: first..<blockStarts[block + 1], x, width: width, into: y.skipping(rows: first), adding: adding
        )
      }
    }
  }

  package func withKernelForm<Result>(_ body: (SparseKernelForm) -> Result) -> Result {
    defer {
      withExtendedLifetime(offsets.memory) {}
      withExtendedLifetime(targets.memory) {}
      withExtendedLifetime((weights?.memory, rowScale?.memory, columnScale?.memory)) {}
    }
    return body(
      SparseKernelForm(
        raw: rg_sparse(
          rows: rows, offsets: offsets.pointer, targets: targets.pointer, weights: weights?.pointer,
          row_scale: rowScale?.pointer, source_scale: columnScale?.pointer)))
  }
}

/// A sparse matrix as the kernels see it, while somebody keeps its buffers alive.
package struct SparseKernelForm: @unchecked Sendable {
  let raw: rg_sparse

  /// Some rows of the product. The first of them goes to the first row of `y`.
  package func multiply(
    rows: Range<Int>, _ x: UncheckedRows, width: Int, into y: UncheckedMutableRows, adding: Bool = false
  ) {
    withUnsafePointer(to: raw) {
      rg_sparse_dense(
        $0, rows.lowerBound, rows.upperBound, x.start, x.stride, width, y.start, y.stride, adding ? 1 : 0)
    }
  }

  /// The same from rows of which only the cells that are not zero are read.
  package func multiply(rows: Range<Int>, _ x: CellRows, into y: UncheckedMutableRows) {
    withUnsafePointer(to: raw) {
      rg_gather_cells(
        $0, rows.lowerBound, rows.upperBound, x.rows.start, x.rows.stride, x.counts, x.width, y.start,
        y.stride)
    }
  }
}

/// Rows in which only the cells that are not zero stand, packed at each row's beginning, and how many those are.
package struct CellRows: @unchecked Sendable {
  let rows: UncheckedMutableRows
  let width: Int
  let counts: UnsafeMutablePointer<UInt16>

  package init(_ rows: UncheckedMutableRows, width: Int, counts: UnsafeMutablePointer<UInt16>) {
    self.rows = rows
    self.width = width
    self.counts = counts
  }

  package func skipping(rows count: Int) -> CellRows {
    CellRows(rows.skipping(rows: count), width: width, counts: counts + count)
  }
}
