// Do probabilities mean what they say? Spiegelhalter's test.
//
// If each case is risky with just the probability it was given, the Brier score is as large as it is expected to be. How far
// it is from there, in standard deviations, is about a standard normal figure: no bins needed.
//
// Spiegelhalter: Probabilistic prediction in patient management and clinical trials (1986).

/// The figure and its p-value, and how many were expected and found.
public struct CalibrationTest: Sendable, Equatable {
  public let cases: Int
  /// The sum of the probabilities.
  public let expected: Double
  public let found: Int
  public let z: Double
  public let pValue: Double

  /// Needs: probabilities between 0 and 1, one a case.
  public init(probabilities: [Double], labels: [Bool]) {
    precondition(probabilities.count == labels.count, "a probability for each case")
    cases = labels.count
    expected = probabilities.reduce(0, +)
    found = labels.count { $0 }
    var (distance, variance) = (0.0, 0.0)
    for (p, label) in zip(probabilities, labels) {
      distance += ((label ? 1 : 0) - p) * (1 - 2 * p)
      variance += (1 - 2 * p) * (1 - 2 * p) * p * (1 - p)
    }
    // Where all were certain nothing may be wrong.
    z = variance > 0 ? distance / variance.squareRoot() : distance == 0 ? 0 : .infinity
    pValue = normalTwoSidedTail(z)
  }
}
