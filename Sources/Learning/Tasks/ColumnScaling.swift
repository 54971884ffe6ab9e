import Compute

/// Means and spreads of columns on training rows, to bring columns to one scale; a missing cell becomes the mean.
public struct ColumnScaling: Sendable, Codable, Equatable {
  public let means: [Float]
  public let spreads: [Float]
  public let missingShares: [Float]

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
    spreads = sums.indices.map {
      guard counts[$0] > 0 else { return 1 }
      let mean = sums[$0] / counts[$0]
      let variance = squares[$0] / counts[$0] - mean * mean
      return variance > 1e-12 * max(1, mean * mean) ? Float(variance.squareRoot()) : 1
    }
    missingShares = counts.map { rows == 0 ? 1 : Float(1 - $0 / Double(rows)) }
  }

  /// Standardized, what lies further than ten spreads out drawn in.
  public func scaled(_ x: Matrix) -> Matrix {
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
}
