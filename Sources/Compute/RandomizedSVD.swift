// The largest singular values of a matrix that is only ever multiplied with.
//
// A random matrix is multiplied through: its columns are then, most likely, spread over the space in which the
// matrix is large. A few more multiplications, back and forth with an orthonormal basis between, turn it towards
// the largest singular vectors. What is left is the decomposition of a small matrix.
//
// Halko, Martinsson, Tropp: Finding structure with randomness (2011), algorithms 4.4 and 5.1.

/// A matrix given by what it does to others: `times` is A·X, `transposedTimes` is Aᵀ·X.
public struct LinearOperator {
  public let rows: Int
  public let columns: Int
  public let times: (Matrix) -> Matrix
  public let transposedTimes: (Matrix) -> Matrix

  public init(
    rows: Int, columns: Int, times: @escaping (Matrix) -> Matrix,
    transposedTimes: @escaping (Matrix) -> Matrix
  ) {
    self.rows = rows
    self.columns = columns
    self.times = times
    self.transposedTimes = transposedTimes
  }

  /// A square one whose transpose is itself.
  public init(symmetric size: Int, times: @escaping (Matrix) -> Matrix) {
    self.init(rows: size, columns: size, times: times, transposedTimes: times)
  }

  public init(_ matrix: Matrix) {
    self.init(
      rows: matrix.rows, columns: matrix.columns, times: { BLAS.product(matrix, $0) },
      transposedTimes: { BLAS.product(matrix, $0, form: .firstTransposed) })
  }
}

/// u · diag(values) · vᵀ: the nearest matrix of its rank, or nearly.
public struct TruncatedSVD: Sendable {
  /// Orthonormal columns, `rows × rank`. Each has its largest entry positive, so that signs do not depend on chance.
  public let u: Matrix
  /// Falling.
  public let values: [Float]
  /// Orthonormal columns, `columns × rank`.
  public let v: Matrix
}

extension LinearOperator {
  /// The `rank` largest singular values and their vectors.
  ///
  ///     let embedding = LinearOperator(symmetric: n) { adjacency.times($0) }.randomizedSVD(rank: 128)
  ///
  /// Costs `2 · iterations + 2` products with `rank + extra` columns, and as many orthonormalizations. More iterations
  /// part values that lie close together. The same seed gives the same result on any number of threads.
  public func randomizedSVD(
    rank: Int, extra: Int = 16, iterations: Int = 6, seed: Seed = Seed(1)
  ) -> TruncatedSVD {
    let smaller = min(rows, columns)
    let rank = max(0, min(rank, smaller))
    let width = min(rank + max(0, extra), smaller)
    guard width > 0 else {
      return TruncatedSVD(u: Matrix(rows: rows, columns: 0), values: [], v: Matrix(rows: columns, columns: 0))
    }
    var basis = times(randomMatrix(rows: columns, columns: width, seed: seed))
    LAPACK.orthonormalize(&basis)
    for _ in 0..<iterations {
      var back = transposedTimes(basis)
      LAPACK.orthonormalize(&back)
      basis = times(back)
      LAPACK.orthonormalize(&basis)
    }
    // Aᵀ·Q = W·R, so A ≈ Q·Rᵀ·Wᵀ, and only R is decomposed.
    let (w, r) = LAPACK.qr(transposedTimes(basis))
    let (left, values, rightTransposed) = LAPACK.svd(r)
    let keep = Array(0..<rank)
    var u = BLAS.product(basis, rightTransposed.rows(at: keep), form: .secondTransposed)
    var v = BLAS.product(w, left.columns(at: keep))
    turnSigns(&u, &v)
    return TruncatedSVD(u: u, values: Array(values.prefix(rank)), v: v)
  }
}

private func randomMatrix(rows: Int, columns: Int, seed: Seed) -> Matrix {
  var matrix = Matrix(uninitializedRows: rows, columns: columns)
  let stream = seed.stream(for: "randomized SVD")
  matrix.withUnsafeMutableBufferPointer { cells in
    nonisolated(unsafe) let cells = cells
    Parallel.machine.forEach(rows: rows, atLeast: 256) { range in
      for row in range {
        var numbers = stream.generator(item: row)
        for column in 0..<columns { cells[row * columns + column] = Float(numbers.normal()) }
      }
    }
  }
  return matrix
}

private func turnSigns(_ u: inout Matrix, _ v: inout Matrix) {
  let width = u.columns
  let signs: [Float] = (0..<width).map { column in
    var largest: Float = 0
    u.withUnsafeBufferPointer { cells in
      for row in 0..<u.rows where abs(cells[row * width + column]) > abs(largest) {
        largest = cells[row * width + column]
      }
    }
    return largest < 0 ? -1 : 1
  }
  func turn(_ matrix: inout Matrix) {
    matrix.withUnsafeMutableBufferPointer { cells in
      for place in cells.indices { cells[place] *= signs[place % width] }
    }
  }
  guard width > 0 else { return }
  turn(&u)
  turn(&v)
}
