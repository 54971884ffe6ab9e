import Compute
import Foundation

// Logistic regression with a ridge, by Newton's method: the plainest classifier there is, on standardized columns whose
// gaps are filled with the median.
//
// Hastie, Tibshirani, Friedman: The Elements of Statistical Learning (2009), section 4.4.

struct LogisticRegression {
  private let medians: [Float]
  private let means: [Double]
  private let scales: [Double]
  /// One weight a column, and the intercept last.
  private var weights: [Double]

  init(_ columns: Matrix, labels: [Int], ridge: Double = 20) {
    let width = columns.columns
    let medians = (0..<width).map { column -> Float in
      let known = (0..<columns.rows).map { columns[$0, column] }.filter { $0 == $0 }.sorted()
      return known.isEmpty ? 0 : known[known.count / 2]
    }
    self.medians = medians
    var means: [Double] = []
    var scales: [Double] = []
    for column in 0..<width {
      let values = (0..<columns.rows).map { row in
        let value = columns[row, column]
        return Double(value == value ? value : medians[column])
      }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      means.append(mean)
      scales.append(variance > 1e-12 ? variance.squareRoot() : 1)
    }
    self.means = means
    self.scales = scales
    weights = [Double](repeating: 0, count: width + 1)
    let rows = (0..<columns.rows).map { standardized(columns, $0) }
    for _ in 0..<12 {
      // Solve (XᵀWX + ridge) step = Xᵀ(y − p) − ridge · weights.
      var system = [[Double]](repeating: [Double](repeating: 0, count: width + 2), count: width + 1)
      for (row, label) in zip(rows, labels) {
        let chance = logistic(zip(row, weights).reduce(0) { $0 + $1.0 * $1.1 })
        let spread = max(1e-9, chance * (1 - chance))
        for i in 0...width {
          let scaled = row[i] * spread
          for j in 0...width { system[i][j] += scaled * row[j] }
          system[i][width + 1] += row[i] * (Double(label) - chance)
        }
      }
      for i in 0..<width {
        system[i][i] += ridge
        system[i][width + 1] -= ridge * weights[i]
      }
      let step = LogisticRegression.solve(&system)
      for i in 0...width { weights[i] += step[i] }
      if step.allSatisfy({ abs($0) < 1e-8 }) { break }
    }
  }

  func scores(_ columns: Matrix) -> [Float] {
    (0..<columns.rows).map { row in
      Float(logistic(zip(standardized(columns, row), weights).reduce(0) { $0 + $1.0 * $1.1 }))
    }
  }

  /// A column with its gaps filled with the median.
  static func filled(_ values: [Float]) -> [Float] {
    let known = values.filter { $0 == $0 }.sorted()
    let median = known.isEmpty ? 0 : known[known.count / 2]
    return values.map { $0 == $0 ? $0 : median }
  }

  private func standardized(_ columns: Matrix, _ row: Int) -> [Double] {
    (0..<columns.columns).map { column in
      let value = columns[row, column]
      return (Double(value == value ? value : medians[column]) - means[column]) / scales[column]
    } + [1]
  }

  /// Gaussian elimination with pivoting; the last column is the right-hand side.
  private static func solve(_ system: inout [[Double]]) -> [Double] {
    let count = system.count
    for pivot in 0..<count {
      let best = (pivot..<count).max { abs(system[$0][pivot]) < abs(system[$1][pivot]) }!
      system.swapAt(pivot, best)
      let head = system[pivot][pivot]
      guard abs(head) > 1e-12 else { continue }
      for row in pivot + 1..<count {
        let factor = system[row][pivot] / head
        if factor == 0 { continue }
        for column in pivot...count { system[row][column] -= factor * system[pivot][column] }
      }
    }
    var solution = [Double](repeating: 0, count: count)
    for row in stride(from: count - 1, through: 0, by: -1) {
      guard abs(system[row][row]) > 1e-12 else { continue }
      var rest = system[row][count]
      for column in row + 1..<count { rest -= system[row][column] * solution[column] }
      solution[row] = rest / system[row][row]
    }
    return solution
  }
}
