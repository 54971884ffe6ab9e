/// How a model's scores become probabilities. Fitted on validation rows, never on training or test rows.
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
    case .isotonic(let map): map.probability(of: score)
    case .platt(let map): map.probability(of: score)
    }
  }

  public var name: String {
    switch self {
    case .none: "none"
    case .isotonic: "isotonic"
    case .platt: "Platt"
    }
  }
}
