import Testing

@testable import Compute

/// Serialized, for the instruction set is the whole process's.
@Suite("sparse times dense", .serialized)
struct SparseMatrixTests {
  /// A random matrix with an empty row, a hub, and entries in any order.
  static func random(
    rows: Int, columns: Int, weighted: Bool = true, scaled: Bool = false, item: Int = 0
  ) -> SparseMatrix {
    var numbers = Seed(3).generator(for: "test sparse", item: item)
    var offsets: [UInt64] = [0]
    var targets: [UInt32] = []
    for row in 0..<rows {
      let degree = row == 1 ? 0 : row == 2 ? 3 * columns : Int.random(in: 0..<9, using: &numbers)
      for _ in 0..<degree { targets.append(UInt32.random(in: 0..<UInt32(columns), using: &numbers)) }
      offsets.append(UInt64(targets.count))
    }
    func floats(_ count: Int) -> Buffer<Float> { Buffer((0..<count).map { _ in Float(numbers.normal()) }) }
    return SparseMatrix(
      columns: columns, offsets: Buffer(offsets), targets: Buffer(targets),
      weights: weighted ? floats(targets.count) : nil, rowScale: scaled ? floats(rows) : nil,
      columnScale: scaled ? floats(columns) : nil)
  }

  /// The definition, entry after entry in 32 bits, as the kernels promise to add.
  static func obvious(_ a: SparseMatrix, _ x: Matrix) -> Matrix {
    var y = Matrix(rows: a.rows, columns: x.columns)
    for row in 0..<a.rows {
      for column in 0..<x.columns {
        var sum: Float = 0
        for entry in Int(a.offsets[row])..<Int(a.offsets[row + 1]) {
          let target = Int(a.targets[entry])
          let value = x[target, column]
          switch (a.weights, a.columnScale) {
          case (nil, nil): sum += value
          case (let weights?, nil): sum += weights[entry] * value
          case (nil, let scale?): sum += scale[target] * value
          case (let weights?, let scale?): sum += weights[entry] * scale[target] * value
          }
        }
        if let scale = a.rowScale { sum *= scale[row] }
        y[row, column] = sum
      }
    }
    return y
  }

  @Test("every width from 1 to 300 agrees with the definition to the bit, on every instruction set")
  func widths() {
    defer { InstructionSet.available.last!.use() }
    let a = Self.random(rows: 12, columns: 9)
    let wide = BLASTests.random(9, 300, item: 1)
    let truth = Self.obvious(a, wide)
    for width in 1...300 {
      var x = Matrix(rows: 9, columns: width)
      var expected = Matrix(rows: 12, columns: width)
      for column in 0..<width {
        for row in 0..<9 { x[row, column] = wide[row, column] }
        for row in 0..<12 { expected[row, column] = truth[row, column] }
      }
      for set in InstructionSet.available {
        set.use()
        #expect(a.times(x) == expected, "width \(width) on \(set)")
      }
    }
  }

  @Test("taken a panel of columns at a time, the same bits", arguments: [1, 32, 35, 64, 100])
  func panels(width: Int) {
    let a = Self.random(rows: 200, columns: 150, scaled: true)
    let x = BLASTests.random(150, width, item: 6)
    for adding in [false, true] {
      var direct = BLASTests.random(200, width, item: 7)
      var byPanels = direct
      a.multiply(x, into: &direct, adding: adding)
      x.withUnsafeBufferPointer { x in
        byPanels.withUnsafeMutableBufferPointer { y in
          a.multiplyByPanels(
            UncheckedRows(x.baseAddress!, stride: width), width: width,
            into: UncheckedMutableRows(y.baseAddress!, stride: width), adding: adding,
            parallel: Parallel(threads: 2))
        }
      }
      #expect(byPanels == direct)
    }
  }

  @Test("panels are taken where a panel fits the last cache and the matrix does not, and rows are read often")
  func whenPanels() {
    let cache = Processor.current.lastLevelCacheBytes
    guard cache >= 1 << 20 else { return }
    func taken(rows: Int, degree: Int, width: Int) -> Bool {
      let offsets = Buffer<UInt64>((0...rows).map { UInt64($0 * degree) })
      let targets = Buffer<UInt32>(count: rows * degree) {
        for i in 0..<$0.count { $0[i] = UInt32(i % rows) }
      }
      return SparseMatrix(columns: rows, offsets: offsets, targets: targets).gathersByPanels(width: width)
    }
    let rows = cache / 4 / 32 / 2
    #expect(taken(rows: rows, degree: 8, width: 128))
    #expect(!taken(rows: rows, degree: 8, width: 32))
    #expect(!taken(rows: rows, degree: 3, width: 128))
    #expect(!taken(rows: rows / 8, degree: 8, width: 64))
    #expect(!taken(rows: 2 * rows, degree: 8, width: 128))
  }

  @Test(
    "gathered from rows of which only the cells that are not zero are stored", arguments: [0.1, 0.8, 0.95])
  func cells(zeros: Double) {
    for (columns, width) in [(150, 37), (40, 256), (40, 257)] {
      let a = Self.random(rows: 200, columns: columns, weighted: width != 37, scaled: width == 37)
      let x = BlockProductsTests.block(columns, width, zeros: zeros, item: 7)
      var stored = Matrix(rows: columns, columns: width)
      var counts = [UInt16](repeating: 7, count: columns)
      var y = BLASTests.random(200, width, item: 8)
      stored.withUnsafeMutableBufferPointer { stored in
        counts.withUnsafeMutableBufferPointer { counts in
          let kept = CellRows(
            UncheckedMutableRows(stored.baseAddress!, stride: width), width: width,
            counts: counts.baseAddress!)
          // In two blocks, so that the second starts further down.
          let products = BlockProducts(rows: columns, columns: width)
          for block in [0..<columns / 3, columns / 3..<columns] {
            x.withUnsafeBufferPointer { x in
              products.read(
                UncheckedRows(x.baseAddress! + block.lowerBound * width, stride: width), rows: block.count,
                columns: width)
              products.store(to: kept.skipping(rows: block.lowerBound))
            }
          }
          y.withUnsafeMutableBufferPointer { y in
            a.withKernelForm {
              $0.multiply(
                rows: 0..<200, kept, into: UncheckedMutableRows(y.baseAddress!, stride: width))
            }
          }
        }
      }
      #expect(y == Self.obvious(a, x))
      #expect(counts.contains { $0 != UInt16.max } == (zeros > 0.5 && width <= 256))
    }
  }

  @Test("sums, weights and scales of rows and columns", arguments: [false, true], [false, true])
  func forms(weighted: Bool, scaled: Bool) {
    defer { InstructionSet.available.last!.use() }
    let a = Self.random(rows: 200, columns: 150, weighted: weighted, scaled: scaled)
    let x = BLASTests.random(150, 37, item: 2)
    let truth = Self.obvious(a, x)
    for set in InstructionSet.available {
      set.use()
      #expect(a.times(x) == truth)
      var y = x.rows == 0 ? x : truth
      a.multiply(x, into: &y, adding: true)
      for row in 0..<200 {
        for column in 0..<37 { #expect(y[row, column] == truth[row, column] + truth[row, column]) }
      }
    }
  }

  @Test("rows are means where they are averaged, and an empty row is zero")
  func mean() {
    let a = SparseMatrix(columns: 3, offsets: [0, 2, 2, 3], targets: [0, 2, 1]).averaging()
    #expect(a.times(Matrix([[1], [5], [4]])) == Matrix([[2.5], [0], [5]]))
  }

  @Test("a transposed copy, and a symmetric matrix whose scales change places, are the transpose")
  func transpose() {
    let a = Self.random(rows: 30, columns: 20, scaled: true)
    let identity = { (n: Int) in Matrix((0..<n).map { i in (0..<n).map { $0 == i ? 1 : 0 } }) }
    let dense = a.times(identity(20))
    let flipped = a.transposed().times(identity(30))
    for i in 0..<30 { for j in 0..<20 { #expect(abs(dense[i, j] - flipped[j, i]) < 1e-4) } }

    let path = SparseMatrix(columns: 3, offsets: [0, 1, 3, 4], targets: [1, 0, 2, 1]).averaging()
    let there = path.times(identity(3))
    let back = path.transposedAsSymmetric().times(identity(3))
    for i in 0..<3 { for j in 0..<3 { #expect(there[i, j] == back[j, i]) } }
  }

  @Test("blocks cover all rows once, and a hub does not swell its block's neighbours")
  func blocks() {
    var offsets: [UInt64] = [0]
    for row in 0..<50_000 { offsets.append(offsets[row] + (row == 20_000 ? 400_000 : 3)) }
    let starts = SparseMatrix.equalBlocks(Buffer(offsets))
    #expect(starts.first == 0 && starts.last == 50_000)
    #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 })
    for (start, end) in zip(starts, starts.dropFirst()) where !(start...end).contains(20_000) {
      #expect(end - start < 2000)
    }
    #expect(SparseMatrix.equalBlocks([0]) == [0])
    #expect(SparseMatrix.equalBlocks([0, 0, 0]) == [0, 2])
  }

  @Test("nothing times anything is nothing")
  func empty() {
    let none = SparseMatrix(columns: 4, offsets: [0], targets: [])
    #expect(none.times(Matrix(rows: 4, columns: 3)).rows == 0)
    let unlinked = SparseMatrix(columns: 0, offsets: [0, 0, 0], targets: [])
    #expect(unlinked.times(Matrix(rows: 0, columns: 3)) == Matrix(rows: 2, columns: 3))
    #expect(none.times(Matrix(rows: 4, columns: 0)).columns == 0)
  }

  @Test("the same bits on one thread and on three")
  func threads() {
    let a = Self.random(rows: 20_000, columns: 500)
    let x = BLASTests.random(500, 5, item: 4)
    #expect(a.blockStarts.count > 3)
    #expect(a.times(x, parallel: Parallel(threads: 1)) == a.times(x, parallel: Parallel(threads: 3)))
  }
}
