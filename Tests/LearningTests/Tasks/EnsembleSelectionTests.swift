import Compute
import Testing

@testable import Learning

@Suite("which models an ensemble is made of")
struct EnsembleSelectionTests {
  /// Two thousand rows, a quarter of them risky, and the probabilities of models that see the label through so much noise each.
  static func selection(noise: [Double], rows: Int = 2000) -> EnsembleSelection {
    var numbers = Seed(4).generator(for: "models")
    let truth = (0..<rows).map { $0 % 4 == 0 ? 1 : 0 }
    let predictions = noise.map { noise in
      Matrix(
        truth.map { label in
          let seen = Double(label) + noise * numbers.normal()
          return [Float(-seen), Float(seen)]
        })
    }
    return EnsembleSelection(predictions: predictions, truth: truth, isBinary: true, classes: 2)
  }

  @Test("models as good as each other share the weight; a much worse one has none")
  func shares() {
    let selection = Self.selection(noise: [0.8, 0.8, 0.8, 8])
    let weights = selection.weights(seed: Seed(1))
    #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
    for place in 0..<3 { #expect(weights[place] > 0.2) }
    #expect(weights[3] == 0)
    #expect(weights == selection.weights(seed: Seed(1)))

    // The mean of the three is better than each, on rows that did not choose them too.
    let fresh = Self.selection(noise: [0.8, 0.8, 0.8, 8], rows: 4000)
    var mean = Matrix(rows: 4000, columns: 2)
    for (weight, prediction) in zip(weights, fresh.predictions) {
      for row in 0..<4000 {
        for column in 0..<2 { mean[row, column] += Float(weight) * prediction[row, column] }
      }
    }
    #expect(fresh.predictions.allSatisfy { fresh.worth(mean) > fresh.worth($0) + 0.05 })
  }

  @Test("one that knows the answer stands alone")
  func alone() {
    #expect(Self.selection(noise: [0.9, 0.01, 0.9]).weights(seed: Seed(1)) == [0, 1, 0])
  }

  @Test("many classes are chosen by accuracy")
  func classes() {
    let truth = (0..<600).map { $0 % 3 }
    let right = Matrix(truth.map { label in (0..<3).map { $0 == label ? 1 : 0 } })
    let wrong = Matrix(truth.map { label in (0..<3).map { $0 == (label + 1) % 3 ? 0.5 : 0.25 } })
    let selection = EnsembleSelection(
      predictions: [wrong, right], truth: truth, isBinary: false, classes: 3)
    #expect(selection.worth(right) == 1)
    #expect(selection.worth(wrong) == 0)
    #expect(selection.weights(seed: Seed(1)) == [0, 1])
  }

  @Test("rows of one class only still give weights")
  func oneClass() {
    let predictions = [Matrix([[0.5, 0.5], [0.4, 0.6]]), Matrix([[0.3, 0.7], [0.4, 0.6]])]
    let weights = EnsembleSelection(
      predictions: predictions, truth: [0, 0], isBinary: true, classes: 2
    ).weights(seed: Seed(1))
    #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
  }
}
