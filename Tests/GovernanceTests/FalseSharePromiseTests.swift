import Compute
import Foundation
import Governance
import Testing

@Suite("The promise about false flags")
struct FalseSharePromiseTests {
  /// Candidates of whom a quarter are risky and score higher, and innocents decided at random.
  private struct Day {
    var scores: [Double] = []
    var isRisky: [Bool] = []
    var decided: [Double] = []

    init(seed: Int, shift: Double, biased: Bool = false) {
      var numbers = Seed(UInt64(seed)).generator(for: "day")
      for _ in 0..<1500 {
        let risky = numbers.unit() < 0.25
        isRisky.append(risky)
        scores.append(numbers.normal() + (risky ? shift : 0))
      }
      while decided.count < 900 {
        let score = numbers.normal()
        if !biased || score > 0.5 || numbers.unit() < 0.1 { decided.append(score) }
      }
    }

    func falseShare(_ places: [Int]) -> Double {
      places.isEmpty ? 0 : Double(places.filter { !isRisky[$0] }.count) / Double(places.count)
    }
  }

  @Test("over 100 days the mean share of false flags keeps the promise, and few days exceed it much")
  func keeps() {
    let promised = 0.1
    var shares: [Double] = []
    var caught = 0
    for seed in 0..<100 {
      let day = Day(seed: seed, shift: 3)
      let selection = FalseSharePromise(innocentScores: day.decided).flagged(day.scores, share: promised)
      #expect(selection.isPromised)
      shares.append(day.falseShare(selection.places))
      caught += selection.places.filter { day.isRisky[$0] }.count
    }
    let mean = shares.reduce(0, +) / 100
    #expect(mean <= promised, "\(mean)")
    #expect(shares.filter { $0 > promised + 0.03 }.count <= 10)
    // It must flag, too: most of the 375 risky ones a day lie far out.
    #expect(mean > promised / 2 && caught > 20_000, "\(mean), \(caught)")
  }

  @Test("a day without risk has a short queue")
  func quiet() {
    let flagged = (0..<100).map { seed in
      let day = Day(seed: seed, shift: 0)
      return FalseSharePromise(innocentScores: day.decided).flagged(day.scores, share: 0.1).places.count
    }
    // Where all are innocent any flag is false, so hardly a tenth of the days may have one.
    #expect(flagged.filter { $0 > 0 }.count <= 18)
  }

  @Test("cases that were picked for their scores, or are too few, are told instead of promised on")
  func warns() {
    let day = Day(seed: 1, shift: 3, biased: true)
    #expect(!FalseSharePromise(innocentScores: day.decided).flagged(day.scores, share: 0.1).isPromised)
    let few = FalseSharePromise(innocentScores: [0.1, 0.3]).flagged(day.scores, share: 0.05)
    #expect(few.places.isEmpty)
    #expect("\(few.warnings)".contains("too few"))
    #expect(FalseSharePromise(innocentScores: []).flagged([], share: 0.1).places.isEmpty)
  }

  @Test("a p-value is the share of innocents that score as high, the candidate counted")
  func pValues() {
    let promise = FalseSharePromise(innocentScores: [3, 1, 2, 2])
    #expect(promise.pValue(of: 4) == 1.0 / 5)
    #expect(promise.pValue(of: 2) == 4.0 / 5)
    #expect(promise.pValue(of: 0) == 1)
    #expect(promise.pValue(of: .nan) == 1)
  }
}
