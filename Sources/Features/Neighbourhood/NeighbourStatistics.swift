// Mean, extremes and spread of the neighbours' columns, in one pass over the edges.
//
// A row's sums are kept in double precision and taken in the order of its entries, each row by one thread: the same bits
// on any number of threads. Missing cells are left out; a row with no neighbour that has the column gets a missing cell.

import Compute
import Graph

/// What the neighbours of each row have, column by column.
struct NeighbourStatistics {
  var mean: Matrix
  var max: Matrix
  var min: Matrix
  var spread: Matrix

  /// Costs rows' entries times columns.
  static func of(_ csr: CSR, _ x: Matrix, parallel: Parallel = .machine) -> NeighbourStatistics {
    let (rows, width) = (csr.rowCount, x.columns)
    precondition(x.rows >= csr.targetCount, "a row of columns for each node")
    var result = NeighbourStatistics(
      mean: Matrix(uninitializedRows: rows, columns: width),
      max: Matrix(uninitializedRows: rows, columns: width),
      min: Matrix(uninitializedRows: rows, columns: width),
      spread: Matrix(uninitializedRows: rows, columns: width))
    guard width > 0 else { return result }
    csr.offsets.withUnsafeBufferPointer { offsets in
      csr.targets.withUnsafeBufferPointer { targets in
        x.withUnsafeBufferPointer { x in
          result.mean.withUnsafeMutableBufferPointer { mean in
            result.max.withUnsafeMutableBufferPointer { max in
              result.min.withUnsafeMutableBufferPointer { min in
                result.spread.withUnsafeMutableBufferPointer { spread in
                  nonisolated(unsafe) let (mean, max, min, spread) = (mean, max, min, spread)
                  parallel.forEach(rows: rows, atLeast: 256) { range in
                    var sums = [Sums](repeating: Sums(), count: width)
                    sums.withUnsafeMutableBufferPointer { sums in
                      for row in range {
                        for column in 0..<width { sums[column] = Sums() }
                        for entry in Int(offsets[row])..<Int(offsets[row &+ 1]) {
                          let source = x.baseAddress! + Int(targets[entry]) &* width
                          for column in 0..<width { sums[column].add(source[column]) }
                        }
                        let place = row &* width
                        for column in 0..<width {
                          let sum = sums[column]
                          mean[place &+ column] = sum.mean
                          max[place &+ column] = sum.count > 0 ? sum.greatest : .nan
                          min[place &+ column] = sum.count > 0 ? sum.least : .nan
                          spread[place &+ column] = sum.spread
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return result
  }

  private struct Sums {
    var sum = 0.0
    var squares = 0.0
    var count = 0.0
    var least = Float.infinity
    var greatest = -Float.infinity

    @inline(__always)
    mutating func add(_ value: Float) {
      guard value == value else { return }
      let wide = Double(value)
      sum += wide
      squares += wide * wide
      count += 1
      if value < least { least = value }
      if value > greatest { greatest = value }
    }

    var mean: Float { count > 0 ? Float(sum / count) : .nan }
    var spread: Float {
      guard count > 0 else { return .nan }
      let mean = sum / count
      return Float(Swift.max(0, squares / count - mean * mean).squareRoot())
    }
  }
}

/// The mean alone, through the sparse product: for further hops. Missing cells are left out.
func neighbourMean(_ csr: CSR, _ x: Matrix, parallel: Parallel = .machine) -> Matrix {
  let product = SparseMatrix(columns: x.rows, offsets: csr.offsets, targets: csr.targets)
  var present = Matrix(rows: x.rows, columns: x.columns)
  var filled = x
  filled.columnNames = nil
  var hasHoles = false
  present.withUnsafeMutableBufferPointer { present in
    filled.withUnsafeMutableBufferPointer { filled in
      for place in filled.indices {
        if filled[place].isNaN {
          filled[place] = 0
          hasHoles = true
        } else {
          present[place] = 1
        }
      }
    }
  }
  var sums = product.times(filled, parallel: parallel)
  let counts = hasHoles ? product.times(present, parallel: parallel) : nil
  let width = x.columns
  if let counts {
    sums.withUnsafeMutableBufferPointer { cells in
      counts.withUnsafeBufferPointer { counts in
        for place in cells.indices { cells[place] = counts[place] > 0 ? cells[place] / counts[place] : .nan }
      }
    }
    return sums
  }
  sums.withUnsafeMutableBufferPointer { cells in
    csr.offsets.withUnsafeBufferPointer { offsets in
      for row in 0..<csr.rowCount {
        let degree = Float(offsets[row + 1] - offsets[row])
        for place in row * width..<(row + 1) * width {
          cells[place] = degree > 0 ? cells[place] / degree : .nan
        }
      }
    }
  }
  return sums
}
