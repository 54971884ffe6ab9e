import Testing

@testable import Learning

@Suite("The interval of a share")
struct WilsonIntervalTests {
  @Test("Wilson's interval is that of the textbook")
  func wilson() {
    // scipy.stats.binomtest(count, whole).proportion_ci(method="wilson")
    let cases: [(Int, Int, Double, Double)] = [
      (0, 10, 0, 0.27753279), (1, 10, 0.01787621, 0.40415003), (5, 10, 0.23659309, 0.76340691),
      (10, 10, 0.72246721, 1), (37, 412, 0.06585592, 0.12133431),
    ]
    for (count, whole, low, high) in cases {
      let interval = wilsonInterval(share: Double(count) / Double(whole), of: whole)
      #expect(abs(interval.lowerBound - low) < 1e-6 && abs(interval.upperBound - high) < 1e-6, "\(interval)")
    }
  }
}
