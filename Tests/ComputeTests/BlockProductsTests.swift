import Testing

@testable import Compute

@Suite("products of blocks", .serialized)
struct BlockProductsTests {
  /// Normal numbers, of which a share is zero.
  static func block(_ rows: Int, _ columns: Int, zeros: Double, item: Int) -> Matrix {
    var numbers = Seed(6).generator(for: "block", item: item)
    var matrix = Matrix(rows: rows, columns: columns)
    for i in 0..<rows {
      for j in 0..<columns where numbers.unit() >= zeros { matrix[i, j] = Float(numbers.normal()) }
    }
    return matrix
  }

  static func packed(_ x: Matrix, transposed: Bool = false) -> PackedMatrix {
    let packed = PackedMatrix()
    x.withUnsafeBufferPointer {
      packed.pack(
        rows: transposed ? x.columns : x.rows, columns: transposed ? x.rows : x.columns,
        of: UncheckedRows($0.baseAddress!, stride: x.columns), transposed: transposed)
    }
    return packed
  }

  static func differs(_ found: Matrix, from truth: [[Double]]) -> Double {
    var most = 0.0
    for i in 0..<found.rows {
      for j in 0..<found.columns { most = max(most, abs(Double(found[i, j]) - truth[i][j])) }
    }
    return most
  }

  static let shapes = [
    (1, 1, 1), (5, 7, 3), (6, 16, 16), (13, 33, 31), (100, 40, 65), (49, 64, 300), (12, 97, 513),
  ]

  @Test(
    "agree with sums entry by entry, dense and sparse, on every instruction set", arguments: shapes,
    [0.0, 0.8, 1.0])
  func plain(shape: (rows: Int, columns: Int, inner: Int), zeros: Double) {
    defer { InstructionSet.available.last!.use() }
    let a = Self.block(shape.rows, shape.inner, zeros: zeros, item: 1)
    let b = Self.block(shape.inner, shape.columns, zeros: 0, item: 2)
    let turned = Self.block(shape.columns, shape.inner, zeros: 0, item: 3)
    for set in InstructionSet.available {
      set.use()
      let products = BlockProducts(rows: shape.rows, columns: shape.inner)
      var c = Matrix(rows: shape.rows, columns: shape.columns)
      var d = c
      a.withUnsafeBufferPointer { cells in
        products.read(
          UncheckedRows(cells.baseAddress!, stride: shape.inner), rows: shape.rows, columns: shape.inner)
        c.withUnsafeMutableBufferPointer {
          products.multiply(
            Self.packed(b), into: UncheckedMutableRows($0.baseAddress!, stride: shape.columns))
        }
        d.withUnsafeMutableBufferPointer {
          products.multiply(
            Self.packed(turned, transposed: true),
            into: UncheckedMutableRows($0.baseAddress!, stride: shape.columns))
        }
      }
      #expect(Self.differs(c, from: BLASTests.obvious(a, b, .plain)) < 2e-4, "\(set)")
      #expect(Self.differs(d, from: BLASTests.obvious(a, turned, .secondTransposed)) < 2e-4, "\(set)")
    }
  }

  @Test("a transposed product is added to what is there, on every instruction set", arguments: [0.1, 0.7])
  func transposed(zeros: Double) {
    _ = OpenBLAS.ready
    defer { InstructionSet.available.last!.use() }
    for (rows, columns, width) in [(1, 1, 1), (70, 33, 40), (130, 20, 70)] {
      let a = Self.block(rows, columns, zeros: zeros, item: 4)
      let b = Self.block(rows, width, zeros: 0, item: 5)
      let truth = BLASTests.obvious(a, b, .firstTransposed)
      for set in InstructionSet.available {
        set.use()
        let products = BlockProducts(rows: rows, columns: columns)
        var sums = Matrix(rows: columns, columns: width)
        for i in 0..<columns { for j in 0..<width { sums[i, j] = 2 } }
        a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { b in
            sums.withUnsafeMutableBufferPointer { sums in
              products.read(
                UncheckedRows(a.baseAddress!, stride: columns), rows: rows, columns: columns)
              products.addTransposed(
                times: UncheckedRows(b.baseAddress!, stride: width), columns: width,
                to: UncheckedMutableRows(sums.baseAddress!, stride: width))
            }
          }
        }
        #expect(Self.differs(sums, from: truth.map { $0.map { $0 + 2 } }) < 2e-4, "\(set)")
      }
    }
  }

  @Test("a block becomes a product where it was not zero, on every instruction set", arguments: shapes)
  func sampled(shape: (rows: Int, columns: Int, inner: Int)) {
    defer { InstructionSet.available.last!.use() }
    let mask = Self.block(shape.rows, shape.columns, zeros: 0.8, item: 8)
    let a = Self.block(shape.rows, shape.inner, zeros: 0, item: 9)
    let w = Self.block(shape.columns, shape.inner, zeros: 0, item: 10)
    let whole = BLASTests.obvious(a, w, .secondTransposed)
    let truth = whole.indices.map { i in
      whole[i].indices.map { j in mask[i, j] == 0 ? 0 : 3 * whole[i][j] }
    }
    for set in InstructionSet.available {
      set.use()
      let products = BlockProducts(rows: shape.rows, columns: shape.columns)
      var found = Matrix(rows: shape.rows, columns: shape.columns)
      var sums = [Float](repeating: 1, count: shape.columns)
      mask.withUnsafeBufferPointer { mask in
        a.withUnsafeBufferPointer { a in
          w.withUnsafeBufferPointer { w in
            products.read(
              UncheckedRows(mask.baseAddress!, stride: shape.columns), rows: shape.rows,
              columns: shape.columns)
            guard products.isSparse else { return }
            products.becomeProduct(
              UncheckedRows(a.baseAddress!, stride: shape.inner), columns: shape.inner,
              times: UncheckedRows(w.baseAddress!, stride: shape.inner), scale: 3)
            products.addRows(to: &sums)
          }
        }
      }
      guard products.isSparse else { continue }
      // The block times one gives the block back.
      var one = Matrix(rows: shape.columns, columns: shape.columns)
      for i in 0..<shape.columns { one[i, i] = 1 }
      found.withUnsafeMutableBufferPointer {
        products.multiply(
          Self.packed(one), into: UncheckedMutableRows($0.baseAddress!, stride: shape.columns))
      }
      #expect(Self.differs(found, from: truth) < 5e-4, "\(set)")
      for column in 0..<shape.columns {
        let sum = 1 + truth.reduce(0) { $0 + $1[column] }
        #expect(abs(Double(sums[column]) - sum) < 1e-3, "\(set)")
      }
    }
  }
}
