import Compute

/// Which columns say something on the rows that teach, and say it first.
///
/// Of a relation with one neighbour each, say, mean, greatest and least are the same: one of them is enough, and trees that
/// see a share of the columns each see more of the others.
struct RedundantColumns {
  /// Places of the columns that are worth learning from, in their order.
  private(set) var kept: [Int] = []
  private(set) var empty: [Int] = []
  private(set) var constant: [Int] = []
  /// Those equal to an earlier column in every row, missing cells included.
  private(set) var repeated: [Int] = []

  /// Two passes over the cells.
  init(of rows: Matrix) {
    let width = rows.columns
    guard rows.rows > 0 else {
      kept = Array(0..<width)
      return
    }
    var sums = [UInt64](repeating: 0, count: width)
    var least = [Float](repeating: .infinity, count: width)
    var greatest = [Float](repeating: -.infinity, count: width)
    var missing = [Int](repeating: 0, count: width)
    rows.withUnsafeBufferPointer { cells in
      for row in 0..<rows.rows {
        for column in 0..<width {
          let cell = cells[row * width + column]
          sums[column] = (sums[column] ^ UInt64(RedundantColumns.bits(cell))) &* 0x9e37_79b9_7f4a_7c15
          sums[column] ^= sums[column] >> 29
          if cell.isNaN {
            missing[column] += 1
          } else {
            least[column] = min(least[column], cell)
            greatest[column] = max(greatest[column], cell)
          }
        }
      }
      var first: [UInt64: [Int]] = [:]
      for column in 0..<width {
        if missing[column] == rows.rows {
          empty.append(column)
        } else if missing[column] == 0, least[column] == greatest[column] {
          constant.append(column)
        } else if first[sums[column], default: []].contains(where: { other in
          (0..<rows.rows).allSatisfy {
            RedundantColumns.bits(cells[$0 * width + column])
              == RedundantColumns.bits(cells[$0 * width + other])
          }
        }) {
          repeated.append(column)
        } else {
          first[sums[column], default: []].append(column)
          kept.append(column)
        }
      }
    }
  }

  /// Every missing cell is like any other, and 0 like -0.
  private static func bits(_ cell: Float) -> UInt32 {
    cell.isNaN ? Float.nan.bitPattern : cell == 0 ? 0 : cell.bitPattern
  }

  /// What a reader of the card should know.
  func remarks(_ names: [String]) -> [String] {
    func told(_ places: [Int], _ what: String) -> [String] {
      guard !places.isEmpty else { return [] }
      let first = places.prefix(5).map { names[$0] }.joined(separator: ", ")
      return ["\(places.count) columns \(what): \(first)\(places.count > 5 ? ", …" : "")."]
    }
    return told(empty, "are empty on the training rows") + told(constant, "are the same on all training rows")
      + told(repeated, "repeat another on all training rows and were left out")
  }
}
