import Compute
import Foundation
import Testing

@testable import Governance

private typealias Known = EvidenceFusion.Known
private typealias GroupSays = EvidenceFusion.GroupSays

private func logit(_ p: Double) -> Double { log(p / (1 - p)) }

private func details(_ score: Double?, _ group: GroupSays? = nil, in fusion: EvidenceFusion) -> FlagDetails {
  var details = FlagDetails()
  details.score = score
  details.group = group.map {
    .init(
      name: "C1", suspicion: $0.suspicion, size: 9, judged: $0.judged, risky: $0.risky,
      probability: fusion.probability(of: $0))
  }
  return details
}

@Suite("Evidence put together") struct EvidenceFusionTests {
  @Test(
    "without verdicts that the model has not seen, the model's score stands, and groups and rules add half")
  func prior() {
    var known: [Known] = []
    for number in 0..<100 {
      known.append(Known(isRisky: number < 10, group: GroupSays(suspicion: Double(number % 10) / 10)))
    }
    for number in 0..<20 { known.append(Known(isRisky: number < 15, rules: ["good"])) }
    let fusion = EvidenceFusion(known: known)
    let base = 26.0 / 130
    for score in [0.01, 0.2, 0.7, 0.99] {
      #expect(abs(fusion.probability(details(score, in: fusion)) - score) < 1e-9)
      var ruled = details(score, in: fusion)
      let rate = fusion.probability(ofRule: "good", severity: .low)
      ruled.rules = [.init(name: "good", severity: .low, mode: .live, policy: nil, probability: rate)]
      let wanted = logit(score) + 0.5 * (logit(rate) - logit(base))
      #expect(abs(logit(fusion.probability(ruled)) - wanted) < 1e-9)
      ruled.rules[0].mode = .shadow
      #expect(fusion.probability(ruled) == fusion.probability(details(score, in: fusion)))
    }
  }

  @Test("suspicion, verdicts against mates and rules raise; verdicts for mates lower; rules never do")
  func directions() {
    var numbers = Seed(4).generator(for: "fusion")
    let known = (0..<400).map { number -> Known in
      let isRisky = number % 4 == 0
      // Here suspicion speaks for innocence and the rule is met by the good: neither may count against risk.
      return Known(
        isRisky: isRisky, score: isRisky ? 0.3 + 0.6 * numbers.unit() : 0.5 * numbers.unit(),
        group: GroupSays(
          suspicion: isRisky ? 0.1 : 0.6, risky: isRisky ? 3 : 0, judged: isRisky ? 3 : 2 * (number % 3)),
        rules: isRisky ? [] : ["calm"])
    }
    let fusion = EvidenceFusion(known: known)
    #expect(fusion.weights[1] > 0 && fusion.weights[2] > 0)
    #expect(fusion.weights[3] == 0 && fusion.weights[4] >= 0)
    let alone = fusion.probability(details(0.4, in: fusion))
    #expect(
      fusion.probability(details(0.4, GroupSays(suspicion: 0.5, risky: 4, judged: 4), in: fusion)) > alone)
    #expect(
      fusion.probability(details(0.4, GroupSays(suspicion: 0.5, risky: 0, judged: 9), in: fusion)) < alone)
    var ruled = details(0.4, in: fusion)
    ruled.rules = [
      .init(
        name: "calm", severity: .low, mode: .live, policy: nil,
        probability: fusion.probability(ofRule: "calm", severity: .low))
    ]
    #expect(fusion.probability(ruled) >= alone)
  }

  @Test("what is put together is right as often as it says, where verdicts were drawn from a known law")
  func calibrated() {
    // The model knows one half of the truth, the group another; a score alone is drawn towards the middle.
    var numbers = Seed(9).generator(for: "law")
    func draw() -> Known {
      let score = 0.02 + 0.9 * numbers.unit() * numbers.unit()
      let judged = Int(numbers.unit() * 8)
      let bad = numbers.unit() < 0.2
      let risky = bad ? judged - Int(numbers.unit() * 2) * (judged > 0 ? 1 : 0) : 0
      let odds = 0.7 * logit(score) - 0.6 + (bad ? 2.5 : 0)
      return Known(
        isRisky: numbers.unit() < 1 / (1 + exp(-odds)), score: score,
        group: GroupSays(suspicion: bad ? 0.6 : 0.1, risky: risky, judged: judged))
    }
    let fusion = EvidenceFusion(known: (0..<3000).map { _ in draw() })
    var bins = [(said: Double, risky: Int, all: Int)](repeating: (0, 0, 0), count: 5)
    for _ in 0..<20000 {
      let one = draw()
      let said = fusion.probability(details(one.score, one.group, in: fusion))
      let bin = min(4, Int(said * 5))
      bins[bin] = (bins[bin].said + said, bins[bin].risky + (one.isRisky ? 1 : 0), bins[bin].all + 1)
    }
    for bin in bins where bin.all > 200 {
      #expect(abs(bin.said - Double(bin.risky)) / Double(bin.all) < 0.06, "\(bins)")
    }
  }

  @Test(
    "a rule's probability is what those who met it turned out to be, drawn to the base rate where they are few"
  )
  func ruleRates() {
    let known = (0..<100).map { Known(isRisky: $0 < 50, rules: $0 < 40 ? ["a"] : $0 == 99 ? ["b"] : []) }
    let fusion = EvidenceFusion(known: known)
    let base = 51.0 / 110
    #expect(abs(fusion.baseRate - base) < 1e-12)
    #expect(abs(fusion.probability(ofRule: "a", severity: .low) - (40 + 4 * base) / 44) < 1e-12)
    #expect(abs(fusion.probability(ofRule: "b", severity: .low) - 4 * base / 5) < 1e-12)
  }
}

@Suite("Weights of witnesses") struct WitnessWeightsTests {
  @Test("no small step from the answer leads lower, and without rows it is the prior's mean")
  func optimum() {
    var numbers = Seed(3).generator(for: "weights")
    let prior = [0.0, 1, 0.5].map { WitnessWeights.Prior(mean: $0, deviation: 0.7) }
    #expect(WitnessWeights(prior: prior, rows: [], isRisky: []).weights == [0, 1, 0.5])
    let rows = (0..<60).map { _ in [1, 4 * numbers.unit() - 2, 4 * numbers.unit() - 2] }
    let risky = rows.map { row in numbers.unit() < 1 / (1 + exp(-(2 * row[1] - row[2]))) }
    let found = WitnessWeights(prior: prior, rows: rows, isRisky: risky).weights
    func cost(_ weights: [Double]) -> Double {
      var sum = 0.0
      for (row, isRisky) in zip(rows, risky) {
        let odds = zip(row, weights).map { $0 * $1 }.reduce(0, +)
        sum += log(1 + exp(isRisky ? -odds : odds))
      }
      for (weight, prior) in zip(weights, prior) {
        sum += pow((weight - prior.mean) / prior.deviation, 2) / 2
      }
      return sum
    }
    let least = cost(found)
    for place in found.indices {
      for step in [-1e-3, 1e-3] {
        var moved = found
        moved[place] += step
        #expect(cost(moved) > least)
      }
    }
  }

  @Test("many rows bring back the weights that made them; rows that could be parted end nowhere far")
  func recovers() {
    var numbers = Seed(5).generator(for: "weights")
    let prior = [0.0, 1].map { WitnessWeights.Prior(mean: $0, deviation: 1) }
    let rows = (0..<20000).map { _ in [1, 6 * numbers.unit() - 3] }
    let risky = rows.map { numbers.unit() < 1 / (1 + exp(-($0[1] * 0.4 - 1))) }
    let found = WitnessWeights(prior: prior, rows: rows, isRisky: risky).weights
    #expect(abs(found[0] + 1) < 0.1 && abs(found[1] - 0.4) < 0.05, "\(found)")
    let apart = (0..<50).map { [1.0, $0 < 25 ? -9.0 : 9.0] }
    let parted = WitnessWeights(prior: prior, rows: apart, isRisky: (0..<50).map { $0 >= 25 })
    #expect(parted.weights.allSatisfy { $0.isFinite && abs($0) < 5 })
  }
}
