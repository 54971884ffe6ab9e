import Compute
import Testing

@testable import Learning

@Suite("Bootstrap intervals")
struct BootstrapTests {
  @Test("hold the figure, and are about as wide as theory says")
  func width() throws {
    let estimate = try Bootstrap(samples: 400, seed: Seed(3)).estimate(
      scores: Stored.scores, labels: Stored.labels
    ) { $0.areaUnderROC }
    #expect(estimate.low < estimate.value && estimate.value < estimate.high)
    // Hanley & McNeil (1982): the standard error of an area A with m positives and n negatives.
    let area = estimate.value
    let m = Double(Stored.labels.filter { $0 }.count)
    let n = Double(Stored.labels.count) - m
    let q1 = area / (2 - area)
    let q2 = 2 * area * area / (1 + area)
    let variance =
      (area * (1 - area) + (m - 1) * (q1 - area * area) + (n - 1) * (q2 - area * area)) / (m * n)
    let expected = 2 * 1.96 * variance.squareRoot()
    #expect(estimate.high - estimate.low > 0.6 * expected && estimate.high - estimate.low < 1.5 * expected)
  }

  @Test("are the same on any number of threads, and others with another seed")
  func threads() throws {
    func estimate(_ seed: UInt64, _ threads: Int) throws -> Estimate {
      try Bootstrap(samples: 60, seed: Seed(seed), parallel: Parallel(threads: threads)).estimate(
        scores: Stored.scores, labels: Stored.labels
      ) { $0.averagePrecision }
    }
    #expect(try estimate(1, 1) == estimate(1, 3))
    #expect(try estimate(1, 1) != estimate(2, 1))
  }

  @Test("a model against itself differs by nothing")
  func itself() throws {
    let difference = try Bootstrap(samples: 50).difference(
      scores: Stored.scores, baseline: Stored.scores, labels: Stored.labels
    ) { $0.areaUnderROC }
    #expect(difference == Estimate(value: 0, low: 0, high: 0))
  }

  @Test("a better model's gain excludes zero")
  func gain() throws {
    let worse = Stored.scores.enumerated().map { $0 % 3 == 0 ? 0.5 : $1 }
    let difference = try Bootstrap(samples: 300).difference(
      scores: Stored.scores, baseline: worse, labels: Stored.labels
    ) { $0.areaUnderROC }
    #expect(difference.low > 0)
  }

  @Test("print as people read them")
  func text() {
    #expect(Estimate(value: 0.8714, low: -0.0102, high: 1).description == "0.871 (-0.010 to 1.000)")
  }
}
