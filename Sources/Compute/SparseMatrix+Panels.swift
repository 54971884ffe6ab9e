// A product that takes the dense matrix a panel of columns at a time.
//
// The rows that a sparse matrix gathers lie anywhere, and memory answers such requests at half the speed at which it is read
// in order. A panel, a few columns of all the rows packed one after another, fits the last cache where the whole matrix does
// not: packing costs one pass in order, and every gather behind it is answered by the cache.

import CKernels

extension SparseMatrix {
  /// Whether a dense matrix of this width is better gathered from a panel at a time: it does not fit the last cache, a
  /// panel of it does, and rows are read often enough to pay for the packing.
  package func gathersByPanels(width: Int) -> Bool {
    let cache = Processor.current.lastLevelCacheBytes
    return width >= 2 * SparseMatrix.panelWidth && columns * width * 4 > cache
      && columns * SparseMatrix.panelWidth * 4 <= cache / 4 * 3 && entryCount >= 8 * columns
  }

  package static let panelWidth = Int(RG_PANEL)

  /// The product, row by row the same bits as without panels.
  package func multiplyByPanels(
    _ x: UncheckedRows, width: Int, into y: UncheckedMutableRows, adding: Bool, parallel: Parallel
  ) {
    let panel = Memory(byteCount: columns * SparseMatrix.panelWidth * MemoryLayout<Float>.stride)
    nonisolated(unsafe) let packed = panel.start.assumingMemoryBound(to: Float.self)
    var first = 0
    while first < width {
      let taken = min(SparseMatrix.panelWidth, width - first)
      let from = UncheckedRows(x.start + first, stride: x.stride)
      let to = UncheckedMutableRows(y.start + first, stride: y.stride)
      parallel.forEach(rows: columns) { rows in
        rg_pack_panels(
          rows.count, taken, from.start + rows.lowerBound * from.stride, from.stride, 0,
          packed + rows.lowerBound * SparseMatrix.panelWidth)
      }
      multiplyBlocks(
        UncheckedRows(packed, stride: SparseMatrix.panelWidth), width: taken, into: to, adding: adding,
        parallel: parallel)
      first += taken
    }
  }
}
