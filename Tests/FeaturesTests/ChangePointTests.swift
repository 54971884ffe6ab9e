import Compute
import Features
import Foundation
import Testing

@Suite("Change points")
struct ChangePointTests {
  /// Every division of `0..<n` into stretches, by a mask of the days that begin one.
  private func bruteForce(_ model: some SegmentModel, expectedDays: Double) -> (logOdds: Double, best: [Int])
  {
    let n = model.dayCount
    let p = 1 / expectedDays
    var changed = 0.0
    var prior = 0.0
    var best = (-Double.infinity, [Int]())
    for mask in 0..<(1 << (n - 1)) {
      let days = (1..<n).filter { mask >> ($0 - 1) & 1 == 1 }
      let bounds = [0] + days + [n]
      let evidence = zip(bounds, bounds.dropFirst()).reduce(0.0) { $0 + model.logEvidence($1.0..<$1.1) }
      let weight = pow(p, Double(days.count)) * pow(1 - p, Double(n - 1 - days.count))
      if evidence + log(weight) > best.0 { best = (evidence + log(weight), days) }
      if !days.isEmpty {
        changed += weight * exp(evidence)
        prior += weight
      }
    }
    return (log(changed / prior) - model.logEvidence(0..<n), best.1)
  }

  @Test("the sweep agrees with trying every division", arguments: 0..<12)
  func everyDivision(seed: Int) {
    var numbers = Seed(UInt64(seed)).generator(for: "counts")
    let n = 3 + seed % 8
    let counts = (0..<n).map { day in Int(numbers.unit() * (day > n / 2 ? 12 : 5)) }
    let found = changePoints(in: DailyCounts(counts), expectedDays: 9)
    let expected = bruteForce(DailyCounts(counts), expectedDays: 9)
    #expect(abs(found.logOdds - expected.logOdds) < 1e-9, "counts \(counts)")
    #expect(found.changes.map(\.day) == expected.best, "counts \(counts)")
    let amounts = counts.map { Double($0) + numbers.normal() }
    let foundAmounts = changePoints(in: DailyAmounts(amounts), expectedDays: 9)
    let expectedAmounts = bruteForce(DailyAmounts(amounts), expectedDays: 9)
    #expect(abs(foundAmounts.logOdds - expectedAmounts.logOdds) < 1e-9, "amounts \(amounts)")
    #expect(foundAmounts.changes.map(\.day) == expectedAmounts.best, "amounts \(amounts)")
  }

  @Test("the evidence of counts is the closed form: a Gamma mixture of Poissons, factorials left out")
  func closedForm() {
    // Mean 2, so the prior is Gamma(1, 1/2): P(s events in n days) is 0.5 Γ(1 + s) / (0.5 + n)^(1 + s).
    let model = DailyCounts([2, 2, 2, 2])
    #expect(model.dispersion == 1)
    #expect(abs(model.logEvidence(0..<3) - log(0.5 * 720 / pow(3.5, 7))) < 1e-12)
  }

  @Test("a jump in daily orders is found to the day, with both levels")
  func jump() throws {
    var numbers = Seed(5).generator(for: "jump")
    func poisson(_ mean: Double) -> Int {
      var k = 0
      var product = numbers.unit()
      while product > exp(-mean) {
        product *= numbers.unit()
        k += 1
      }
      return k
    }
    let counts = (0..<200).map { poisson($0 < 140 ? 3 : 12) }
    let report = changePoints(in: DailyCounts(counts))
    let change = try #require(report.latest)
    #expect(report.changes.count == 1)
    #expect(abs(change.day - 140) <= 1)
    #expect(abs(change.before - 3) < 0.6 && abs(change.after - 12) < 1.5)
    #expect(report.logOdds > 20)
  }

  @Test("steady series raise few alarms, be they Poisson or bursty")
  func steady() {
    let stream = Seed(11).stream(for: "steady")
    var alarms = 0
    for item in 0..<100 {
      var numbers = stream.generator(item: item)
      let counts = (0..<60).map { _ -> Int in
        // A negative binomial with mean 4 and three times a Poisson's variance: a Poisson whose rate is Gamma.
        var rate = 0.0
        for _ in 0..<2 { rate -= 2 * log(1 - numbers.unit()) }
        var k = 0
        var product = numbers.unit()
        while product > exp(-rate) {
          product *= numbers.unit()
          k += 1
        }
        return k
      }
      if changePoints(in: DailyCounts(counts)).logOdds > 3 { alarms += 1 }
    }
    // Odds of 20 to 1 may be wrong about one time in twenty.
    #expect(alarms <= 5, "\(alarms) of 100")
  }

  @Test("a festival is no change where the days' exposure says how busy everybody was")
  func exposure() {
    let exposure = (0..<90).map { (60..<66).contains($0) ? 5.0 : 1.0 }
    let counts = exposure.enumerated().map { Int($1 * 8) + $0 % 3 }
    #expect(changePoints(in: DailyCounts(counts)).logOdds > 3)
    #expect(changePoints(in: DailyCounts(counts, exposure: exposure)).logOdds < 0)
  }

  @Test("nothing, one day, silence and unknown amounts are no changes")
  func nothing() {
    #expect(changePoints(in: DailyCounts([])).changes.isEmpty)
    #expect(changePoints(in: DailyCounts([7])).changes.isEmpty)
    #expect(changePoints(in: DailyCounts([Int](repeating: 0, count: 50))).changes.isEmpty)
    #expect(changePoints(in: DailyAmounts([Double](repeating: .nan, count: 20))).changes.isEmpty)
    #expect(changePoints(in: DailyAmounts([Double](repeating: 3, count: 20))).changes.isEmpty)
  }
}
