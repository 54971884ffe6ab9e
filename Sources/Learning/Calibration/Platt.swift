// Platt scaling: the logistic curve of the score that fits best.
//
// p(score) = 1 / (1 + exp(slope · score + offset)). The labels are drawn a little towards the middle, as Platt proposes,
// so that a perfect ranking does not make the curve a step. Newton's method with halved steps finds the only minimum.
//
// Platt: Probabilistic outputs for support vector machines (1999); Lin, Lin, Weng: A note on Platt's
// probabilistic outputs (2007), for the numbers that neither overflow nor vanish.

import Foundation

/// A logistic map from scores to probabilities: two numbers, so it serves where few rows are labelled.
public struct PlattCalibration: Sendable, Equatable, Codable {
  public let slope: Double
  public let offset: Double

  /// Needs both labels.
  public static func fit(scores: [Double], labels: [Bool]) throws(LearningError) -> PlattCalibration {
    let ranking = try Ranking(scores: scores, labels: labels)
    let positive = Double(ranking.positiveCount)
    let negative = Double(ranking.negativeCount)
    let high = (positive + 1) / (positive + 2)
    let low = 1 / (negative + 2)
    let targets = labels.map { $0 ? high : low }

    func loss(_ slope: Double, _ offset: Double) -> Double {
      zip(scores, targets).reduce(0) { sum, row in
        let z = slope * row.0 + offset
        return sum + (z >= 0 ? row.1 * z + log1p(exp(-z)) : (row.1 - 1) * z + log1p(exp(z)))
      }
    }

    var slope = 0.0
    var offset = log((negative + 1) / (positive + 1))
    var best = loss(slope, offset)
    for _ in 0..<100 {
      var hAA = 1e-12, hBB = 1e-12, hAB = 0.0, gA = 0.0, gB = 0.0
      for (score, target) in zip(scores, targets) {
        let p = sigmoid(-(slope * score + offset))
        let weight = p * (1 - p)
        hAA += score * score * weight
        hBB += weight
        hAB += score * weight
        gA += score * (target - p)
        gB += target - p
      }
      if abs(gA) < 1e-9, abs(gB) < 1e-9 { break }
      let determinant = hAA * hBB - hAB * hAB
      let stepA = -(hBB * gA - hAB * gB) / determinant
      let stepB = -(hAA * gB - hAB * gA) / determinant
      let descent = gA * stepA + gB * stepB
      var size = 1.0
      while size >= 1e-10 {
        let next = loss(slope + size * stepA, offset + size * stepB)
        if next < best + 1e-4 * size * descent {
          slope += size * stepA
          offset += size * stepB
          best = next
          break
        }
        size /= 2
      }
      if size < 1e-10 { break }
    }
    return PlattCalibration(slope: slope, offset: offset)
  }

  public func probability(of score: Double) -> Double { sigmoid(-(slope * score + offset)) }
}

/// The probability with log-odds `z`.
package func sigmoid(_ z: Double) -> Double {
  if z >= 0 { return 1 / (1 + exp(-z)) }
  let e = exp(z)
  return e / (1 + e)
}
