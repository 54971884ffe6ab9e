// How wrong a network's scores are, and in which direction they should move.
//
// Scores become probabilities by softmax. A labelled row costs −w · (1 − p)^γ · log p, with p the probability of its
// class and w the weight of that class; with γ = 0 that is cross-entropy, and a larger γ makes rows that are right
// already count for less (Lin et al.: Focal loss for dense object detection, 2017). The sum is divided by the weights'.

import CKernels
import Compute
import Foundation

/// Softmax and the cost of labelled rows.
public struct Loss: Sendable {
  /// A weight for each class; nil: 1 each.
  public var classWeights: [Float]?
  public var focus: Float

  public init(classWeights: [Float]? = nil, focus: Float = 0) {
    self.classWeights = classWeights
    self.focus = focus
  }

  /// Weights that make every class count the same in all, for these labels.
  public static func balanced(_ labels: some Sequence<Int>, classes: Int) -> [Float] {
    var counts = [Int](repeating: 0, count: classes)
    for label in labels { counts[label] += 1 }
    let present = counts.filter { $0 > 0 }.count
    let all = counts.reduce(0, +)
    return counts.map { $0 > 0 ? Float(all) / Float(present * $0) : 0 }
  }

  /// The scores of all rows become probabilities.
  static func softmax(_ scores: Panel, _ parallel: Parallel) {
    nonisolated(unsafe) let start = scores.start
    let width = scores.columns
    guard width > 0 else { return }
    parallel.forEach(rows: scores.rows, atLeast: 512) { range in
      rg_softmax_rows(range.count, width, start + range.lowerBound * width, width, nil)
    }
  }

  /// The mean cost of the labelled rows, and its gradient by the scores: the rest of the rows get zero.
  ///
  /// Overwrites the scores by their probabilities. `rows[i]` has class `labels[i]`.
  public func gradient(
    _ scores: Panel, rows: [Int], labels: [Int], into gradient: Panel, parallel: Parallel = .machine
  ) -> Double {
    Loss.softmax(scores, parallel)
    gradient.reshape(rows: scores.rows, columns: scores.columns)
    gradient.clear()
    let weights = classWeights ?? [Float](repeating: 1, count: scores.columns)
    let total = labels.reduce(0.0) { $0 + Double(weights[$1]) }
    guard total > 0 else { return 0 }
    let width = scores.columns
    nonisolated(unsafe) let (from, to) = (scores.start, gradient.start)
    let parts = parallel.map(rows: rows.count, atLeast: 1024) { range in
      var cost = 0.0
      for index in range {
        let (row, label) = (rows[index], labels[index])
        let p = max(from[row * width + label], 1e-12)
        let weight = weights[label] / Float(total)
        var slope: Float = -1
        if focus == 0 {
          cost -= Double(weight) * log(Double(p))
        } else {
          let rest = pow(1 - p, focus)
          cost -= Double(weight) * Double(rest) * log(Double(p))
          let less = p < 1 ? pow(1 - p, focus - 1) : 0
          slope = focus * p * less * log(p) - rest
        }
        let factor = weight * slope
        for column in 0..<width {
          to[row * width + column] = factor * ((column == label ? 1 : 0) - from[row * width + column])
        }
      }
      return cost
    }
    return parts.reduce(0, +)
  }
}
