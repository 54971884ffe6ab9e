import Compute
import Testing

@Suite("Random streams")
struct SeedTests {
  // The known answers that come with Random123, the authors' own implementation.
  @Test("Philox gives the published numbers")
  func publishedNumbers() {
    func words(_ block: (UInt64, UInt64)) -> [UInt32] {
      [
        UInt32(truncatingIfNeeded: block.0), UInt32(truncatingIfNeeded: block.0 >> 32),
        UInt32(truncatingIfNeeded: block.1), UInt32(truncatingIfNeeded: block.1 >> 32),
      ]
    }
    #expect(
      words(philox(key: 0, counter: (0, 0))) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    #expect(
      words(philox(key: .max, counter: (.max, .max))) == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
    let pi = philox(
      key: 0x299f_31d0_a409_3822, counter: (0x0370_7344_1319_8a2e, 0x85a3_08d3_243f_6a88))
    #expect(words(pi) == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
  }

  @Test("a stream is fixed by seed, purpose and item, and by nothing else")
  func named() {
    func first(_ seed: UInt64, _ purpose: String, _ item: Int) -> [UInt64] {
      var numbers = Seed(seed).generator(for: purpose, item: item)
      return (0..<5).map { _ in numbers.next() }
    }
    #expect(first(7, "dropout", 3) == first(7, "dropout", 3))
    #expect(first(7, "dropout", 3) != first(8, "dropout", 3))
    #expect(first(7, "dropout", 3) != first(7, "sampling", 3))
    #expect(first(7, "dropout", 3) != first(7, "dropout", 4))
  }

  @Test("uniform numbers fill the unit interval evenly, across items as well as within one")
  func uniform() {
    let stream = Seed(1).stream(for: "test")
    var counts = [Int](repeating: 0, count: 20)
    for item in 0..<10_000 {
      var numbers = stream.generator(item: item)
      for _ in 0..<4 { counts[Int(numbers.unit() * 20)] += 1 }
    }
    // Chi-squared with 19 degrees of freedom exceeds 43.8 once in a thousand; the seed is fixed.
    let chiSquared = counts.reduce(0.0) { $0 + (Double($1) - 2000) * (Double($1) - 2000) / 2000 }
    #expect(chiSquared < 43.8)
  }

  @Test("normal numbers have mean 0 and variance 1")
  func normal() {
    var numbers = Seed(2).generator(for: "normal")
    let sample = (0..<40_000).map { _ in numbers.normal() }
    let mean = sample.reduce(0, +) / 40_000
    let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40_000
    #expect(abs(mean) < 0.02)
    #expect(abs(variance - 1) < 0.03)
  }
}
