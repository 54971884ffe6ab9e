import Compute
import Testing

@testable import Learning

@Suite("Calibration")
struct CalibrationTests {
  @Test("isotonic regression agrees with scikit-learn")
  func isotonic() throws {
    let fitted = try IsotonicCalibration.fit(
      scores: Array(Stored.scores[..<40]), labels: Array(Stored.labels[..<40]))
    let theirs = [0, 0, 0, 0, 0.5, 0.5, 0.5714285714285714, 1, 1, 1, 1]
    for (step, expected) in theirs.enumerated() {
      #expect(abs(fitted.probability(of: Double(step) / 10) - expected) < 1e-9)
    }
  }

  @Test("Platt's curve agrees with scikit-learn")
  func platt() throws {
    let fitted = try PlattCalibration.fit(scores: Stored.scores, labels: Stored.labels)
    #expect(abs(fitted.slope + 9.258486130818506) < 1e-3)
    #expect(abs(fitted.offset - 5.768834632897134) < 1e-3)
  }

  @Test("a calibrated score has a smaller error, and never changes the order")
  func improves() throws {
    // Scores whose true chance is their square: badly calibrated by construction.
    var numbers = Seed(5).generator(for: "calibration test")
    let scores = (0..<4000).map { _ in numbers.unit() }
    let labels = scores.map { numbers.unit() < $0 * $0 }
    let before = try Ranking(scores: scores, labels: labels)
    for calibration in [
      try Calibration.fit(scores: scores, labels: labels),
      .platt(try PlattCalibration.fit(scores: scores, labels: labels)),
    ] {
      let after = try Ranking(scores: scores.map(calibration.probability), labels: labels)
      #expect(after.calibrationError() < before.calibrationError() / 3)
      let rising = stride(from: 0.0, through: 1, by: 0.01).map(calibration.probability)
      #expect(zip(rising, rising.dropFirst()).allSatisfy { $0 <= $1 })
    }
  }

  @Test("what is measured of a ranking is the same before and after calibration: steps do not make ties")
  func order() throws {
    var numbers = Seed(8).generator(for: "calibration order")
    let scores = (0..<3000).map { _ in Double(Float(numbers.unit())) }
    let labels = scores.map { numbers.unit() < 0.2 + 0.5 * $0 }
    let calibration = try Calibration.fit(scores: scores, labels: labels)
    guard case .isotonic(let steps) = calibration else {
      Issue.record("not isotonic")
      return
    }
    #expect(Set(scores.map(steps.probability)).count < 1000)
    let before = try Ranking(scores: scores, labels: labels)
    let after = try Ranking(scores: scores.map(calibration.probability), labels: labels)
    #expect(before.positives == after.positives && before.negatives == after.negatives)
    #expect(before.areaUnderROC == after.areaUnderROC && before.averagePrecision == after.averagePrecision)
    #expect(before.recall(atTop: 100) == after.recall(atTop: 100))
    for score in scores {
      #expect(abs(calibration.probability(of: score) - steps.probability(of: score)) <= 1e-3)
    }
    #expect(calibration.probability(of: 0) >= 0 && calibration.probability(of: 1) <= 1)
  }

  @Test("a perfect ranking does not make Platt's curve a step, nor a number that is none")
  func perfect() throws {
    let fitted = try PlattCalibration.fit(
      scores: [0.1, 0.2, 0.8, 0.9], labels: [false, false, true, true])
    #expect(fitted.slope.isFinite && fitted.offset.isFinite)
    #expect(fitted.probability(of: 0.9) < 1 && fitted.probability(of: 0.9) > 0.6)
  }
}
