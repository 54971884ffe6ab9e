/// How a model's scores become probabilities. Fitted on validation rows, never on training or test rows.
///
/// The order of the scores is kept, ties and all: what is measured of a ranking is the same before and after.
public enum Calibration: Sendable, Equatable, Codable {
  /// Scores are taken as they are.
  case none
  case isotonic(IsotonicCalibration)
  case platt(PlattCalibration)

  /// Isotonic where there are enough positives for its steps to mean something, else Platt's two numbers.
  public static func fit(scores: [Double], labels: [Bool]) throws(LearningError) -> Calibration {
    let positives = labels.lazy.filter { $0 }.count
    if min(positives, labels.count - positives) >= 200 {
      return .isotonic(try IsotonicCalibration.fit(scores: scores, labels: labels))
    }
    return .platt(try PlattCalibration.fit(scores: scores, labels: labels))
  }

  public func probability(of score: Double) -> Double {
    switch self {
    case .none: score
    case .isotonic(let map):
      // Its steps put rows of different scores on a level. A trace of the score keeps them apart.
      (1 - Calibration.trace) * map.probability(of: score) + Calibration.trace * min(1, max(0, score))
    case .platt(let map): map.probability(of: score)
    }
  }

  /// How much of the score itself is mixed into an isotonic probability: moves it by a thousandth at most.
  private static let trace = 1e-3

  public var name: String {
    switch self {
    case .none: "none"
    case .isotonic: "isotonic"
    case .platt: "Platt"
    }
  }
}
