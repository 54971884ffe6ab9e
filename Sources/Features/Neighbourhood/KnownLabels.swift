// What is known of the neighbours' labels, without a node's own label coming back to it.
//
// A node's own label must not reach its own column, not even through a sum it was subtracted from: the sum less one's own
// tells one's own. So labelled nodes are dealt into folds, and a node sees only labels of other folds; a node without a label
// sees all.

import Compute
import Graph

/// Known classes of the nodes of one type.
public struct KnownLabels: Sendable {
  public static let unknown: Int32 = -1
  public let type: String
  /// The class of each node, or `unknown`.
  public let classes: [Int32]
  public let classCount: Int
  /// Each labelled node's fold.
  package let folds: [Int8]
  package static let foldCount = 10

  public init(type: String, classes: [Int32], classCount: Int, seed: Seed = Seed(1)) {
    self.type = type
    self.classes = classes
    self.classCount = classCount
    let stream = seed.stream(for: "label folds")
    folds = classes.indices.map { node in
      guard classes[node] >= 0 else { return -1 }
      var numbers = stream.generator(item: node)
      return Int8(truncatingIfNeeded: numbers.next() % UInt64(KnownLabels.foldCount))
    }
  }

  /// The share of a class among all labels.
  package func prior(_ label: Int) -> Double {
    let known = classes.lazy.filter { $0 >= 0 }.count
    return known == 0 ? 0 : Double(classes.lazy.filter { $0 == Int32(label) }.count) / Double(known)
  }

  /// For each walk's start: what it sees at the ends, each fold's nodes without the labels of their fold.
  /// Columns: for each class its weight, then the weight of all labels.
  func seen(along walk: [SparseMatrix]) -> Matrix {
    let width = classCount + 1
    let rows = walk.first?.rows ?? classes.count
    var result = Matrix(rows: rows, columns: width)
    for fold in -1..<KnownLabels.foldCount {
      var x = Matrix(rows: classes.count, columns: width)
      for node in classes.indices where classes[node] >= 0 && folds[node] != fold {
        x[node, Int(classes[node])] = 1
        x[node, classCount] = 1
      }
      for step in walk.reversed() { x = step.times(x) }
      for row in 0..<rows where (row < folds.count ? folds[row] : -1) == fold {
        for column in 0..<width { result[row, column] = x[row, column] }
      }
    }
    return result
  }
}
