import Compute

/// Means and spreads of columns on training rows, to bring columns to one scale; a missing cell becomes the mean. Or each row
/// is brought to the sum 1, for rows of counts.
public struct ColumnScaling: Sendable, Codable, Equatable {
  public let means: [Float]
  public let spreads: [Float]
  public let missingShares: [Float]
  /// Whether all cells that are there are the same.
  public let constants: [Bool]
  /// Whether rows are divided by their sum instead; a missing cell is then 0.
  public var isOfRows = false

  /// From the training rows alone. Columns that are constant or empty there get the spread 1.
  public init(training parts: [Matrix]) {
    let width = parts.first?.columns ?? 0
    var sums = [Double](repeating: 0, count: width)
    var squares = sums
    var counts = sums
    var rows = 0
    for part in parts {
      rows += part.rows
      part.withUnsafeBufferPointer { cells in
        for place in cells.indices where cells[place].isFinite {
          let (column, value) = (place % width, Double(cells[place]))
          sums[column] += value
          squares[column] += value * value
          counts[column] += 1
        }
      }
    }
    means = sums.indices.map { counts[$0] > 0 ? Float(sums[$0] / counts[$0]) : 0 }
    let variances = sums.indices.map { column -> Double in
      guard counts[column] > 0 else { return 0 }
      let mean = sums[column] / counts[column]
      let variance = squares[column] / counts[column] - mean * mean
      return variance > 1e-12 * max(1, mean * mean) ? variance : 0
    }
    spreads = variances.map { $0 > 0 ? Float($0.squareRoot()) : 1 }
    constants = variances.map { $0 == 0 }
    missingShares = counts.map { rows == 0 ? 1 : Float(1 - $0 / Double(rows)) }
  }

  /// Standardized, what lies further than ten spreads out drawn in.
  public func scaled(_ x: Matrix) -> Matrix {
    if isOfRows { return ColumnScaling.rowsOfSumOne(x) }
    var result = x
    let width = x.columns
    result.withUnsafeMutableBufferPointer { cells in
      for place in cells.indices {
        let column = place % width
        let value = (cells[place] - means[column]) / spreads[column]
        cells[place] = value.isNaN ? 0 : min(10, max(-10, value))
      }
    }
    return result
  }

  private static func rowsOfSumOne(_ x: Matrix) -> Matrix {
    var result = x
    let width = x.columns
    result.withUnsafeMutableBufferPointer { cells in
      for start in stride(from: 0, to: cells.count, by: max(1, width)) {
        var sum: Float = 0
        for place in start..<start + width {
          if !cells[place].isFinite { cells[place] = 0 }
          sum += abs(cells[place])
        }
        if sum > 0 { for place in start..<start + width { cells[place] /= sum } }
      }
    }
    return result
  }
}
