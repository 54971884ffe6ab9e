// Values that spread along edges, and never come back to where they were put.
//
// Each step mixes what a node hears from its neighbours with what it was given at the start:
// x ← share · D^-½AD^-½ · x + (1 − share) · start. A labelled node must not hear its own label again, so labelled nodes are
// dealt into folds, and each node reads what spread without the labels of its own fold. All folds spread at once, side by side.
//
// Zhou et al.: Learning with local and global consistency (2004).

import Compute
import Features

/// How values spread.
public struct Spreading: Sendable, Codable, Equatable {
  /// How much of a node's value comes from its neighbours.
  public var share: Float
  public var steps: Int

  public init(share: Float = 0.85, steps: Int = 20) {
    self.share = min(0.999, max(0, share))
    self.steps = max(0, steps)
  }

  /// For each node what reaches it. `given` says what a labelled node starts with where its fold is shown, `hidden`
  /// what every node starts with else. Needs: matrices of equal shape, a row for each node.
  ///
  /// Costs `steps` sparse products of eleven times the columns.
  func reached(
    given: Matrix, hidden: Matrix, labels: KnownLabels, along graph: SparseMatrix,
    parallel: Parallel = .machine
  ) -> Matrix {
    let (rows, width) = (given.rows, given.columns)
    let folds = KnownLabels.foldCount + 1
    var start = Matrix(rows: rows, columns: width * folds)
    for row in 0..<rows {
      for fold in 0..<folds {
        let isShown = labels.classes[row] >= 0 && Int(labels.folds[row]) != fold - 1
        for column in 0..<width {
          start[row, fold * width + column] = isShown ? given[row, column] : hidden[row, column]
        }
      }
    }
    var current = start
    for _ in 0..<steps {
      var next = graph.times(current, parallel: parallel)
      next.withUnsafeMutableBufferPointer { cells in
        start.withUnsafeBufferPointer { start in
          for place in cells.indices { cells[place] = share * cells[place] + (1 - share) * start[place] }
        }
      }
      current = next
    }
    var result = Matrix(rows: rows, columns: width)
    for row in 0..<rows {
      // An unlabelled node's fold is -1: it reads what all labels spread.
      let block = (labels.classes[row] >= 0 ? Int(labels.folds[row]) + 1 : 0) * width
      for column in 0..<width { result[row, column] = current[row, block + column] }
    }
    return result
  }
}

extension WalkGraph {
  /// All relations of the target type among its own nodes in one, normalized by the roots of both degrees.
  static func spreading(of target: String, in view: VisibleGraph) throws -> SparseMatrix {
    GraphOperators.normalized(try network(of: target, in: [view]).merged, withSelf: false)
  }
}
