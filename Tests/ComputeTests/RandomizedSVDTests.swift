import Testing

@testable import Compute

@Suite("Randomized SVD")
struct RandomizedSVDTests {
  /// A matrix with known singular values: orthonormal · diagonal · orthonormal.
  func made(rows: Int, columns: Int, values: [Float]) -> Matrix {
    var numbers = Seed(11).generator(for: "svd test")
    func random(_ rows: Int) -> Matrix {
      Matrix((0..<rows).map { _ in values.map { _ in Float(numbers.normal()) } })
    }
    var left = LAPACK.qr(random(rows)).q
    let right = LAPACK.qr(random(columns)).q
    for row in 0..<rows { for column in values.indices { left[row, column] *= values[column] } }
    return BLAS.product(left, right, form: .secondTransposed)
  }

  let spectrum: [Float] = [10, 8, 5, 3, 2, 1, 0.5, 0.25]

  @Test("finds the singular values that a matrix was made of", arguments: [(80, 30), (30, 80)])
  func values(shape: (Int, Int)) {
    let a = made(rows: shape.0, columns: shape.1, values: spectrum)
    let svd = LinearOperator(a).randomizedSVD(rank: 5, extra: 6)
    for (found, expected) in zip(svd.values, spectrum) { #expect(abs(found - expected) < 1e-3) }
    // A·v = u · value, for each.
    let product = BLAS.product(a, svd.v)
    for row in 0..<a.rows {
      for column in 0..<5 {
        #expect(abs(product[row, column] - svd.u[row, column] * svd.values[column]) < 1e-3)
      }
    }
  }

  @Test("its vectors are orthonormal")
  func orthonormal() {
    let svd = LinearOperator(made(rows: 60, columns: 40, values: spectrum)).randomizedSVD(rank: 6)
    for part in [svd.u, svd.v] {
      let gram = BLAS.product(part, part, form: .firstTransposed)
      for row in 0..<6 {
        for column in 0..<6 { #expect(abs(gram[row, column] - (row == column ? 1 : 0)) < 1e-4) }
      }
    }
  }

  @Test("asks for no more than there is")
  func small() {
    let svd = LinearOperator(Matrix([[3, 0], [0, 4]])).randomizedSVD(rank: 9)
    #expect(svd.values.count == 2 && abs(svd.values[0] - 4) < 1e-5 && abs(svd.values[1] - 3) < 1e-5)
    #expect(LinearOperator(Matrix(rows: 0, columns: 0)).randomizedSVD(rank: 2).values.isEmpty)
  }

  @Test("the same seed gives the same bits")
  func seeds() {
    let a = LinearOperator(made(rows: 50, columns: 50, values: spectrum))
    #expect(a.randomizedSVD(rank: 4).u == a.randomizedSVD(rank: 4).u)
  }
}
