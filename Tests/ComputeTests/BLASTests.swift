import Testing

@testable import Compute

@Suite("dense products")
struct BLASTests {
  /// Sums in double precision, entry by entry.
  static func obvious(_ a: Matrix, _ b: Matrix, _ form: BLAS.Form) -> [[Double]] {
    let rows = form == .firstTransposed ? a.columns : a.rows
    let columns = form == .secondTransposed ? b.rows : b.columns
    let inner = form == .firstTransposed ? a.rows : a.columns
    return (0..<rows).map { i in
      (0..<columns).map { j in
        (0..<inner).reduce(0.0) { sum, k in
          let x = form == .firstTransposed ? a[k, i] : a[i, k]
          let y = form == .secondTransposed ? b[j, k] : b[k, j]
          return sum + Double(x) * Double(y)
        }
      }
    }
  }

  static func random(_ rows: Int, _ columns: Int, item: Int) -> Matrix {
    var numbers = Seed(5).generator(for: "test matrix", item: item)
    var matrix = Matrix(rows: rows, columns: columns)
    for i in 0..<rows { for j in 0..<columns { matrix[i, j] = Float(numbers.normal()) } }
    return matrix
  }

  @Test("agree with sums entry by entry in every form", arguments: BLAS.Form.allCases)
  func forms(form: BLAS.Form) {
    for (m, n, k) in [(1, 1, 1), (7, 5, 3), (130, 17, 33), (5, 40, 64)] {
      let a = form == .firstTransposed ? Self.random(k, m, item: 1) : Self.random(m, k, item: 1)
      let b = form == .secondTransposed ? Self.random(n, k, item: 2) : Self.random(k, n, item: 2)
      let c = BLAS.product(a, b, form: form)
      let truth = Self.obvious(a, b, form)
      for i in 0..<m { for j in 0..<n { #expect(abs(Double(c[i, j]) - truth[i][j]) < 1e-4) } }
    }
  }

  @Test("a tall product of transposes adds its blocks to the sum")
  func tallTransposed() {
    let (a, b) = (Self.random(9000, 3, item: 1), Self.random(9000, 4, item: 2))
    let c = BLAS.product(a, b, form: .firstTransposed)
    let truth = Self.obvious(a, b, .firstTransposed)
    for i in 0..<3 { for j in 0..<4 { #expect(abs(Double(c[i, j]) - truth[i][j]) < 2e-3) } }
  }

  @Test("give the same bits on one, two and three threads")
  func threads() {
    let (a, b, w) = (
      Self.random(5000, 24, item: 1), Self.random(5000, 8, item: 2), Self.random(24, 200, item: 3)
    )
    let one = Parallel(threads: 1)
    for threads in 2...3 {
      let many = Parallel(threads: threads)
      #expect(
        BLAS.product(a, b, form: .firstTransposed, parallel: one)
          == BLAS.product(a, b, form: .firstTransposed, parallel: many))
      #expect(BLAS.product(a, w, parallel: one) == BLAS.product(a, w, parallel: many))
    }
  }

  @Test("scale, and keep a part of what was there")
  func scaled() {
    let (a, b) = (Self.random(6, 4, item: 1), Self.random(4, 5, item: 2))
    let before = Self.random(6, 5, item: 3)
    var c = before
    BLAS.multiply(a, b, scale: 2, keeping: 0.5, into: &c)
    let product = Self.obvious(a, b, .plain)
    for i in 0..<6 {
      for j in 0..<5 { #expect(abs(Double(c[i, j]) - 2 * product[i][j] - 0.5 * Double(before[i, j])) < 1e-5) }
    }
  }

  @Test("an inner size of nothing gives zeros")
  func empty() {
    let c = BLAS.product(Matrix(rows: 3, columns: 0), Matrix(rows: 0, columns: 2))
    #expect(c == Matrix(rows: 3, columns: 2))
    #expect(BLAS.product(Matrix(rows: 0, columns: 4), Matrix(rows: 4, columns: 2)).rows == 0)
  }
}

@Suite("factorizations")
struct LAPACKTests {
  @Test("Q is orthonormal, R is a triangle, and their product is the matrix", arguments: [5, 300, 9001])
  func qr(rows: Int) {
    let a = BLASTests.random(rows, 5, item: rows)
    let (q, r) = LAPACK.qr(a)
    let gram = BLAS.product(q, q, form: .firstTransposed)
    let back = BLAS.product(q, r)
    for i in 0..<5 {
      for j in 0..<5 {
        #expect(abs(gram[i, j] - (i == j ? 1 : 0)) < 1e-5)
        if j < i { #expect(r[i, j] == 0) }
      }
    }
    for i in stride(from: 0, to: rows, by: 97) {
      for j in 0..<5 { #expect(abs(back[i, j] - a[i, j]) < 1e-4) }
    }
  }

  @Test("blocks of a tall matrix give the same bits on any number of threads")
  func qrThreads() {
    let a = BLASTests.random(20_000, 4, item: 1)
    let one = LAPACK.qr(a, parallel: Parallel(threads: 1))
    let three = LAPACK.qr(a, parallel: Parallel(threads: 3))
    #expect(one.q == three.q && one.r == three.r)
  }

  @Test("singular values and vectors give the matrix back", arguments: [(4, 7), (7, 4), (6, 6), (1, 3)])
  func svd(rows: Int, columns: Int) {
    let a = BLASTests.random(rows, columns, item: rows)
    let (u, values, vt) = LAPACK.svd(a)
    #expect(values == values.sorted(by: >))
    for i in 0..<rows {
      for j in 0..<columns {
        let sum = values.indices.reduce(Float(0)) { $0 + u[i, $1] * values[$1] * vt[$1, j] }
        #expect(abs(sum - a[i, j]) < 1e-5)
      }
    }
    let gram = BLAS.product(u, u, form: .firstTransposed)
    for i in values.indices { for j in values.indices { #expect(abs(gram[i, j] - (i == j ? 1 : 0)) < 1e-5) } }
  }

  @Test("the singular values of a diagonal are its entries")
  func diagonal() {
    let a = Matrix([[0, 0, 2], [0, -5, 0]])
    #expect(zip(LAPACK.svd(a).values, [5, 2]).allSatisfy { abs($0 - $1) < 1e-6 })
  }
}
