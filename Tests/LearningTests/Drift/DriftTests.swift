import Compute
import Foundation
import Testing

@testable import Learning

@Suite("Drift")
struct DriftTests {
  @Test("tails agree with scipy's")
  func tails() {
    // scipy.stats.chi2.sf(x, k)
    let chi: [(Double, Int, Double)] = [
      (3.841, 1, 0.050013683763956804), (0.5, 3, 0.9188914116546758), (10, 19, 0.9529457975866219),
      (19, 19, 0.45683612559196224), (40, 19, 0.003272317118779744), (100, 19, 5.355560750435117e-13),
      (0.01, 1, 0.920344325445942), (300, 200, 5.924540335483916e-06), (150, 200, 0.996647558501813),
    ]
    for (x, degrees, tail) in chi {
      #expect(abs(chiSquaredTail(x, degrees: degrees) / tail - 1) < 1e-9, "\(x), \(degrees)")
    }
    // scipy.stats.kstwobign.sf(x)
    let kolmogorov: [(Double, Double)] = [
      (0.2, 0.999999999999495), (0.5, 0.9639452436648751), (0.8276, 0.49995841656354456),
      (0.999, 0.27107316411506394), (1, 0.26999967167735456), (1.36, 0.049485876755377876),
      (2, 0.0006709252557796953), (3, 3.045995948942526e-08),
    ]
    for (x, tail) in kolmogorov { #expect(abs(kolmogorovTail(x) / tail - 1) < 1e-9, "\(x)") }
    #expect(abs(normalTwoSidedTail(1.959963984540054) - 0.05) < 1e-12)
  }

  /// A sample that Python makes, too: `[((i * k) % 1009) / 1009 + shift for i in range(n)]`.
  private func sample(_ count: Int, _ step: Int, _ shift: Double = 0) -> [Double] {
    (0..<count).map { Double(($0 * step) % 1009) / 1009 + shift }
  }

  @Test("the test of Kolmogorov and Smirnov agrees with scipy's ks_2samp, exact and for large samples")
  func kolmogorovSmirnov() {
    let cases: [(Int, Int, Double, Double, Double, Double)] = [
      // n, m, shift, statistic, p, how near
      (400, 500, 0.05, 0.061, 0.36569336228583876, 1e-9), (400, 500, 0.1, 0.111, 0.00774467258815154, 1e-9),
      (3000, 2500, 0.02, 0.021466666666666665, 0.5484173878797027, 0.01),
      (3000, 2500, 0.05, 0.05106666666666667, 0.0015702909445331344, 0.02),
    ]
    for (n, m, shift, distance, p, nearness) in cases {
      let test = KolmogorovSmirnov(sample(n, 377), sample(m, 611, shift))
      #expect(abs(test.distance - distance) < 1e-12, "\(n), \(m), \(shift)")
      #expect(abs(test.pValue / p - 1) < nearness, "\(test.pValue) for \(p)")
    }
    for (shift, distance, p) in [
      (0.0, 0.06, 0.9822005296551958), (0.15, 0.21166666666666667, 0.01279554298633064),
    ] {
      let test = KolmogorovSmirnov(sample(100, 37), sample(120, 91, shift))
      #expect(abs(test.distance - distance) < 1e-12 && abs(test.pValue - p) < 1e-9)
    }
    let a = [-0.8019, -1.3244, -0.2484, 0.4204, 1.136, 0.1097, -0.5526, -0.7848]
    let b = [1.6487, 2.5348, 1.1728, -0.3333, -0.0583, 2.5]
    let small = KolmogorovSmirnov(a, b)
    #expect(abs(small.distance - 2.0 / 3) < 1e-12 && abs(small.pValue - 0.0606060606060606) < 1e-12)
    #expect(KolmogorovSmirnov(b, a) == small)
  }

  @Test("samples that are empty, equal, constant or full of holes")
  func oddSamples() {
    #expect(KolmogorovSmirnov([Double](), [1, 2]).pValue == 1)
    #expect(KolmogorovSmirnov([Double.nan], [1]).pValue == 1)
    #expect(KolmogorovSmirnov([1.0, 2, 3], [3, 1, 2]) == KolmogorovSmirnov(distance: 0, 3, 3))
    let apart = KolmogorovSmirnov([0.0, 0, 0, 0], [1, 1, 1, 1, .nan])
    // Of the 70 orders of four and four, two are as far apart.
    #expect(apart.distance == 1 && abs(apart.pValue - 2.0 / 70) < 1e-12)
    #expect(KolmogorovSmirnov([-Double.infinity, 1], [1, .infinity]).distance == 0.5)
  }

  @Test("where nothing has changed, p-values below a tenth are as rare as they say")
  func calibrated() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var numbers = Seed(seed).stream(for: "drift").generator(item: 0)
    var (low, lowIndex) = (0, 0)
    let trials = 400
    for _ in 0..<trials {
      let a = (0..<120).map { _ in Double.random(in: 0...1, using: &numbers) }
      let b = (0..<90).map { _ in Double.random(in: 0...1, using: &numbers) }
      if KolmogorovSmirnov(a, b).pValue < 0.1 { low += 1 }
      var counts = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 2)
      for _ in 0..<1500 { counts[0][Int.random(in: 0..<10, using: &numbers)] += 1 }
      for _ in 0..<1000 { counts[1][Int.random(in: 0..<10, using: &numbers)] += 1 }
      if PopulationStability(then: counts[0], now: counts[1]).pValue < 0.1 { lowIndex += 1 }
    }
    // Five standard deviations of a binomial around a tenth.
    #expect((10...70).contains(low), "seed \(seed): \(low)")
    #expect((10...70).contains(lowIndex), "seed \(seed): \(lowIndex)")
  }

  @Test("the stability index is its formula, 0 where nothing moved, and wants more than chance")
  func stability() {
    let same = PopulationStability(then: [500, 300, 200], now: [1000, 600, 400])
    #expect(same.index < 1e-6 && same.pValue > 0.99 && same.verdict() == .stable)
    let moved = PopulationStability(then: [500_000, 300_000, 200_000], now: [400_000, 300_000, 300_000])
    // (0.4 - 0.5) ln(0.4 / 0.5) + (0.3 - 0.2) ln(0.3 / 0.2)
    #expect(abs(moved.index - (0.1 * log(1.25) + 0.1 * log(1.5))) < 1e-5)
    #expect(moved.verdict() == .stable, "significant, but small")
    let much = PopulationStability(then: [500, 300, 200], now: [200, 300, 500])
    #expect(abs(much.index - 0.6 * log(2.5)) < 0.005 && much.verdict() == .drifted)
    let few = PopulationStability(then: [5, 3, 2], now: [2, 3, 5])
    #expect(few.index > 0.25 && few.verdict() == .stable, "ten cases tell nothing")
    #expect(PopulationStability(then: [0, 0], now: [0, 0]).index == 0)
    #expect(PopulationStability(then: [10, 0], now: [0, 10]).index.isFinite)
  }

  @Test("quantile bins hold what they were made of, evenly where values differ")
  func bins() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var numbers = Seed(seed).stream(for: "bins").generator(item: 0)
    for _ in 0..<50 {
      let count = Int.random(in: 1...500, using: &numbers)
      let distinct = Int.random(in: 1...400, using: &numbers)
      let values = (0..<count).map { _ in
        Int.random(in: 0..<10, using: &numbers) == 0
          ? Float.nan : Float(Int.random(in: 0..<distinct, using: &numbers))
      }
      let bins = QuantileBins(values, count: 20)
      #expect(bins.count == values.count, "seed \(seed)")
      #expect(bins.missing == values.count { $0.isNaN })
      #expect(zip(bins.cuts, bins.cuts.dropFirst()).allSatisfy { $0 < $1 })
      // The obvious count.
      for bin in bins.counts.indices {
        let low = bin == 0 ? -Float.infinity : bins.cuts[bin - 1]
        let high = bin == bins.cuts.count ? Float.infinity : bins.cuts[bin]
        #expect(bins.counts[bin] == values.count { $0 > low && $0 <= high }, "seed \(seed), bin \(bin)")
      }
      let again = bins.counts(of: values)
      #expect(again.counts == bins.counts && again.missing == bins.missing)
    }
    #expect(QuantileBins((0..<1000).map(Float.init), count: 20).counts == [Int](repeating: 50, count: 20))
    #expect(
      QuantileBins([Float](repeating: 0, count: 95) + [Float](repeating: 1, count: 5)).counts == [95, 5])
    #expect(
      QuantileBins([Float](repeating: 0, count: 2) + [Float](repeating: 1, count: 98)).counts == [2, 98])
    let constant = QuantileBins([Float](repeating: 7, count: 9))
    #expect(constant.counts == [0, 9, 0] && constant.counts(of: [6, 7, 8]).counts == [1, 1, 1])
    #expect(QuantileBins([Float]()).counts == [0] && QuantileBins([Float.nan]).missing == 1)
  }

  @Test("probabilities that hold pass Spiegelhalter's test as often as they should, others do not")
  func spiegelhalter() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var numbers = Seed(seed).stream(for: "calibration").generator(item: 0)
    var rejected = 0
    for _ in 0..<300 {
      let p = (0..<400).map { _ in Double.random(in: 0...0.6, using: &numbers) }
      let truth = p.map { Double.random(in: 0...1, using: &numbers) < $0 }
      if CalibrationTest(probabilities: p, labels: truth).pValue < 0.1 { rejected += 1 }
    }
    #expect((5...58).contains(rejected), "seed \(seed): \(rejected)")
    let p = (0..<3000).map { _ in Double.random(in: 0...0.6, using: &numbers) }
    let truth = p.map { Double.random(in: 0...1, using: &numbers) < $0 * 0.5 }
    #expect(CalibrationTest(probabilities: p, labels: truth).pValue < 1e-3, "seed \(seed)")
    // Z by hand: ((1 - 0.2)(1 - 0.4) + (0 - 0.3)(1 - 0.6)) / sqrt(0.6² · 0.16 + 0.4² · 0.21)
    let two = CalibrationTest(probabilities: [0.2, 0.3], labels: [true, false])
    #expect(abs(two.z - (0.48 - 0.12) / (0.36 * 0.16 + 0.16 * 0.21).squareRoot()) < 1e-12)
    #expect(CalibrationTest(probabilities: [0, 1], labels: [false, true]).pValue == 1)
    #expect(CalibrationTest(probabilities: [0, 1], labels: [true, true]).pValue == 0)
  }

  @Test("advice follows what moved, the gravest reason first")
  func advice() {
    let then = (0..<2000).map { Float($0 % 500) }
    let bins = QuantileBins(then)
    let distribution = TrainingDistribution(
      asOf: nil, nodes: 2000,
      columns: ["still", "doubled", "emptied"].map { .init(name: $0, bins: bins) },
      scores: QuantileBins(then.map { $0 / 500 }, count: 50))
    let same = DriftReport(
      since: distribution, nodes: 2000,
      columns: [("still", then), ("doubled", then), ("emptied", then)], scores: then.map { Double($0) / 500 })
    #expect(same.drifted.isEmpty && same.scores?.verdict == .stable && same.vanished.isEmpty)
    #expect(same.columns.allSatisfy { $0.smirnov.distance < 1e-9 && $0.stability.index < 1e-9 })
    let moved = DriftReport(
      since: distribution, nodes: 2000,
      columns: [("still", then), ("doubled", then.map { $0 * 2 }), ("emptied", then.map { _ in .nan })],
      scores: then.map { Double($0) / 1000 })
    #expect(moved.vanished == ["emptied"])
    #expect(moved.columns.map(\.name) == ["emptied", "doubled", "still"])
    #expect(moved.columns[1].verdict == .drifted && moved.scores?.verdict == .drifted)
    let aged = DriftReport(
      since: distribution, nodes: 2000, columns: [("doubled", then.map { $0 * 2 })], growing: ["doubled"],
      scores: nil)
    #expect(aged.columns[0].verdict == .drifted && aged.drifted.isEmpty, "it grows by itself")
    #expect((0.45...0.5).contains(moved.columns[1].smirnov.distance))
  }
}
