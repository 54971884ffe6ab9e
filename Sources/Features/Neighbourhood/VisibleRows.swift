// What is visible of adjacencies, copied row by row: all cores, and nothing in the loops but plain memory.

import Compute
import Graph

/// The entries of some layers (a snapshot, and what was appended to it) that were visible before an instant.
struct VisibleRows {
  private struct Layer: @unchecked Sendable {
    let csr: CSR
    let rows: Int
    let offsets: UnsafePointer<UInt64>
    let targets: UnsafePointer<UInt32>
    let times: UnsafePointer<Int64>?

    init(_ csr: CSR) {
      self.csr = csr
      rows = csr.rowCount
      offsets = csr.offsets.pointer
      targets = csr.targets.pointer
      times = csr.times?.pointer
    }

    /// Rows are sorted by time: what is visible is a prefix.
    @inline(__always)
    func visible(_ row: Int, before end: Int64?) -> Range<Int> {
      guard row < rows else { return 0..<0 }
      let start = Int(offsets[row])
      var (low, high) = (start, Int(offsets[row &+ 1]))
      guard let end, let times else { return low..<high }
      while low < high {
        let middle = (low &+ high) / 2
        if times[middle] < end { low = middle &+ 1 } else { high = middle }
      }
      return start..<low
    }
  }

  private let layers: [Layer]
  private let end: Int64?

  init(_ layers: [CSR], before asOf: Timestamp?) {
    self.layers = layers.map(Layer.init)
    end = asOf?.seconds
  }

  /// One adjacency of all layers, each row's entries in the layers' order. Two passes over the rows, one over the entries.
  func csr(rows: Int, targetCount: Int, parallel: Parallel = .machine) -> CSR {
    let offsets = Buffer<UInt64>(count: rows + 1) { offsets in
      nonisolated(unsafe) let offsets = offsets
      offsets[0] = 0
      parallel.forEach(rows: rows, atLeast: 4096) { range in
        for row in range {
          var count = 0
          for layer in layers { count &+= layer.visible(row, before: end).count }
          offsets[row &+ 1] = UInt64(count)
        }
      }
      for row in 0..<rows { offsets[row &+ 1] &+= offsets[row] }
    }
    let starts = offsets.pointer
    let targets = Buffer<UInt32>(count: Int(offsets[rows])) { cells in
      nonisolated(unsafe) let cells = cells
      nonisolated(unsafe) let starts = starts
      parallel.forEach(rows: rows, atLeast: 4096) { range in
        for row in range {
          var place = Int(starts[row])
          for layer in layers {
            for entry in layer.visible(row, before: end) {
              cells[place] = layer.targets[entry]
              place &+= 1
            }
          }
        }
      }
    }
    withExtendedLifetime(layers) {}
    return CSR(targetCount: targetCount, offsets: offsets, targets: targets)
  }
}

/// Rows of several adjacencies of one type's nodes as rows of one graph: sorted, each neighbour once, never oneself.
struct UnionRows: @unchecked Sendable {
  struct Side {
    let csr: CSR
    /// The number of the first node that it leads to.
    let start: Int
  }

  private let sides: [Side]
  private let own: Int

  /// `start` is the number of the type's own first node.
  init(_ sides: [Side], start: Int) {
    self.sides = sides
    own = start
  }

  /// How many entries the sides have before a node's, all together: no row needs more room than its entries.
  func entries(before node: Int) -> Int {
    sides.reduce(0) { $0 + Int($1.csr.offsets[min(node, $1.csr.rowCount)] - $1.csr.offsets[0]) }
  }

  /// Writes the neighbours of some nodes, one after another, and how many each has to `counts`. Returns how many they are
  /// together. Needs: room for all entries of the sides.
  func write(
    _ nodes: Range<Int>, to cells: UnsafeMutablePointer<UInt32>, counts: UnsafeMutablePointer<UInt64>
  ) -> Int {
    let raw = sides.map {
      (
        rows: $0.csr.rowCount, offsets: $0.csr.offsets.pointer, targets: $0.csr.targets.pointer,
        start: UInt32($0.start)
      )
    }
    var filled = 0
    for node in nodes {
      let row = cells + filled
      var count = 0
      for side in raw where node < side.rows {
        for entry in Int(side.offsets[node])..<Int(side.offsets[node &+ 1]) {
          row[count] = side.start &+ side.targets[entry]
          count &+= 1
        }
      }
      var entries = UnsafeMutableBufferPointer(start: row, count: count)
      entries.sort()
      let own = UInt32(self.own + node)
      var kept = 0
      var last = own
      for place in 0..<count where row[place] != own && row[place] != last {
        last = row[place]
        row[kept] = last
        kept &+= 1
      }
      counts[node] = UInt64(kept)
      filled &+= kept
    }
    withExtendedLifetime(sides) {}
    return filled
  }
}
