// How much each witness counts: a logistic regression with a Gaussian prior, by Newton's steps.
//
// With many verdicts the weights are what the verdicts say; with few they stay near the prior's. The negative
// log-posterior, Σ log(1 + exp(-yᵢ wᵀxᵢ)) + ½ Σ (wⱼ - mⱼ)² / σⱼ², is strictly convex, so there is one answer, the same
// every time. MacKay: The evidence framework applied to classification networks (1992), with the prior given.

import Foundation
import Learning

struct WitnessWeights: Sendable, Equatable {
  struct Prior: Sendable {
    var mean: Double
    var deviation: Double
  }

  let weights: [Double]

  /// - rows: one for each verdict, as wide as the prior. None: the prior's means.
  init(prior: [Prior], rows: [[Double]], isRisky: [Bool]) {
    var weights = prior.map(\.mean)
    let precision = prior.map { 1 / ($0.deviation * $0.deviation) }
    func cost(_ weights: [Double]) -> Double {
      var sum = 0.0
      for (row, risky) in zip(rows, isRisky) {
        let margin = WitnessWeights.product(row, weights) * (risky ? 1 : -1)
        sum += margin > 0 ? log1p(exp(-margin)) : -margin + log1p(exp(margin))
      }
      for place in weights.indices {
        let away = weights[place] - prior[place].mean
        sum += 0.5 * precision[place] * away * away
      }
      return sum
    }
    var current = cost(weights)
    for _ in 0..<50 where !rows.isEmpty {
      var gradient = weights.indices.map { precision[$0] * (weights[$0] - prior[$0].mean) }
      var curvature = weights.indices.map { row in
        weights.indices.map { $0 == row ? precision[row] : 0 }
      }
      for (row, risky) in zip(rows, isRisky) {
        let chance = sigmoid(WitnessWeights.product(row, weights))
        let (error, spread) = (chance - (risky ? 1 : 0), chance * (1 - chance))
        for one in row.indices where row[one] != 0 {
          gradient[one] += error * row[one]
          for other in row.indices { curvature[one][other] += spread * row[one] * row[other] }
        }
      }
      let step = WitnessWeights.solved(curvature, gradient)
      // Newton's step, halved until it leads down.
      var length = 1.0
      var next = weights
      var lower = current
      repeat {
        next = zip(weights, step).map { $0 - length * $1 }
        lower = cost(next)
        length /= 2
      } while lower > current && length > 1e-6
      guard lower < current else { break }
      weights = next
      let gain = current - lower
      current = lower
      if gain < 1e-12 * max(1, current) { break }
    }
    self.weights = weights
  }

  static func product(_ row: [Double], _ weights: [Double]) -> Double {
    zip(row, weights).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Solves a small symmetric positive definite system by Cholesky's factors.
  private static func solved(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    let size = right.count
    var factor = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
    for row in 0..<size {
      for column in 0...row {
        let sum = (0..<column).reduce(matrix[row][column]) { $0 - factor[row][$1] * factor[column][$1] }
        factor[row][column] = row == column ? max(sum, 1e-300).squareRoot() : sum / factor[column][column]
      }
    }
    var result = right
    for row in 0..<size {
      result[row] = (0..<row).reduce(result[row]) { $0 - factor[row][$1] * result[$1] } / factor[row][row]
    }
    for row in (0..<size).reversed() {
      result[row] =
        ((row + 1)..<size).reduce(result[row]) { $0 - factor[$1][row] * result[$1] } / factor[row][row]
    }
    return result
  }
}
