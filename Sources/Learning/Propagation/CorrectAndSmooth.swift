// Correct and smooth: what a model got wrong on labelled nodes is probably wrong in the same way nearby, and neighbours are
// probably alike.
//
// 1. Correct: the model's errors on labelled nodes spread along the edges, scaled to the errors' usual size, and are added.
// 2. Smooth: labels where they are known, corrected scores elsewhere, spread once more.
// A labelled node hears neither its own error nor its own label: see Spreading.
//
// Huang, He, Singh, Lim, Benson: Combining label propagation and simple models out-performs graph neural networks (2021).

import Compute
import Features

public struct CorrectAndSmooth: Sendable, Codable, Equatable {
  public var correcting: Spreading
  public var smoothing: Spreading

  public init(
    correcting: Spreading = Spreading(share: 0.9, steps: 20),
    smoothing: Spreading = Spreading(share: 0.7, steps: 20)
  ) {
    self.correcting = correcting
    self.smoothing = smoothing
  }

  /// Other probabilities for the nodes of a sight. Needs: a row of class probabilities for each node.
  public func applied(
    to probabilities: Matrix, _ sight: NodeTask.Sight, parallel: Parallel = .machine
  ) throws -> Matrix {
    guard sight.labels.classes.contains(where: { $0 >= 0 }) else { return probabilities }
    let graph = try WalkGraph.spreading(of: sight.labels.type, in: sight.view)
    return applied(to: probabilities, sight.labels, along: graph, parallel: parallel)
  }

  func applied(
    to probabilities: Matrix, _ labels: KnownLabels, along graph: SparseMatrix, parallel: Parallel
  ) -> Matrix {
    let (rows, classes) = (probabilities.rows, probabilities.columns)
    let labelled = (0..<rows).filter { labels.classes[$0] >= 0 }
    var truth = Matrix(rows: rows, columns: classes)
    var errors = Matrix(rows: rows, columns: classes)
    var size: Float = 0
    for row in labelled {
      truth[row, Int(labels.classes[row])] = 1
      for column in 0..<classes {
        errors[row, column] = truth[row, column] - probabilities[row, column]
        size += abs(errors[row, column])
      }
    }
    size /= Float(max(1, labelled.count))
    let nothing = Matrix(rows: rows, columns: classes)
    let spread = correcting.reached(
      given: errors, hidden: nothing, labels: labels, along: graph, parallel: parallel)
    var corrected = probabilities
    for row in 0..<rows {
      let length = spread.row(row).reduce(0) { $0 + abs($1) }
      guard length > 0 else { continue }
      let scale = min(1.5, size / length)
      for column in 0..<classes { corrected[row, column] += scale * spread[row, column] }
    }
    var smooth = smoothing.reached(
      given: truth, hidden: corrected, labels: labels, along: graph, parallel: parallel)
    for row in 0..<rows {
      let kept = smooth.row(row).map { max(0, $0) }
      let sum = kept.reduce(0, +)
      for column in 0..<classes {
        smooth[row, column] = sum > 0 ? kept[column] / sum : probabilities[row, column]
      }
    }
    return smooth
  }
}
