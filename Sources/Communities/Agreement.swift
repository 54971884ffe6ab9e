// How much two divisions of the same nodes agree: what one knows of the other in information, and in pairs.

import Foundation

/// The cells of the table of two partitions: how many nodes are in each pair of communities.
struct ContingencyTable {
  let rowSizes: [Int]
  let columnSizes: [Int]
  /// Only cells that are not empty, in the order of rows, then columns.
  let cells: [(row: Int, column: Int, count: Int)]
  let total: Int

  init(_ a: Partition, _ b: Partition) {
    precondition(a.nodeCount == b.nodeCount, "partitions of different nodes")
    rowSizes = a.sizes()
    columnSizes = b.sizes()
    total = a.nodeCount
    var cells: [(row: Int, column: Int, count: Int)] = []
    var counts = [Int](repeating: 0, count: b.communityCount)
    for (row, nodes) in a.members().enumerated() {
      var seen: [Int] = []
      for node in nodes {
        let column = b[Int(node)]
        if counts[column] == 0 { seen.append(column) }
        counts[column] += 1
      }
      for column in seen.sorted() {
        cells.append((row, column, counts[column]))
        counts[column] = 0
      }
    }
    self.cells = cells
  }
}

/// The normalized mutual information of two partitions: 1 where they are equal, 0 where neither tells of the other.
///
/// Twice the mutual information by the sum of the entropies, as Danon and others have it (2005). 1 where both are one
/// community, or the same single nodes.
public func normalizedMutualInformation(_ a: Partition, _ b: Partition) -> Double {
  let table = ContingencyTable(a, b)
  guard table.total > 0 else { return 1 }
  let total = Double(table.total)
  func entropy(_ sizes: [Int]) -> Double {
    sizes.reduce(0) { $0 - Double($1) / total * log(Double($1) / total) }
  }
  let entropies = entropy(table.rowSizes) + entropy(table.columnSizes)
  guard entropies > 0 else { return 1 }
  var information = 0.0
  for cell in table.cells {
    let count = Double(cell.count)
    information +=
      count / total
      * log(count * total / (Double(table.rowSizes[cell.row]) * Double(table.columnSizes[cell.column])))
  }
  return max(0, min(1, 2 * information / entropies))
}

/// The adjusted Rand index: how often two partitions agree on a pair of nodes, beyond chance. 1 where they are equal,
/// about 0 for random divisions.
///
/// Hubert & Arabie, 1985.
public func adjustedRandIndex(_ a: Partition, _ b: Partition) -> Double {
  let table = ContingencyTable(a, b)
  func pairs(_ count: Int) -> Double { Double(count) * Double(count - 1) / 2 }
  let together = table.cells.reduce(0) { $0 + pairs($1.count) }
  let rows = table.rowSizes.reduce(0) { $0 + pairs($1) }
  let columns = table.columnSizes.reduce(0) { $0 + pairs($1) }
  let all = pairs(table.total)
  guard all > 0 else { return 1 }
  let expected = rows * columns / all
  let most = (rows + columns) / 2
  return most == expected ? 1 : (together - expected) / (most - expected)
}
