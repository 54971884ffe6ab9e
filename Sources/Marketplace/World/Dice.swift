import Compute
import Foundation

// What the generator throws dice for, on top of Compute's streams.

extension CounterGenerator {
  /// A whole number below `count`, from 32 random bits. The bias is below count / 2³².
  @inline(__always)
  mutating func below(_ count: Int) -> Int {
    Int(truncatingIfNeeded: ((next() >> 32) &* UInt64(truncatingIfNeeded: count)) >> 32)
  }

  @inline(__always)
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

  @inline(__always)
  mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  mutating func exponential(mean: Double) -> Double { -mean * log(1 - unit()) }

  /// How often something happened that is expected `mean` times (Knuth's product; above 40 the normal limit).
  mutating func poisson(_ mean: Double) -> Int {
    if mean <= 0 { return 0 }
    if mean > 40 { return max(0, Int((mean + mean.squareRoot() * normal()).rounded())) }
    let limit = exp(-mean)
    var product = unit()
    var count = 0
    while product > limit {
      product *= unit()
      count += 1
    }
    return count
  }
}

@inline(__always)
func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// `bits` as a number in 0 ..< 1, from the low 32 bits.
@inline(__always)
func fraction(_ bits: UInt64) -> Double { Double(UInt32(truncatingIfNeeded: bits)) * 0x1p-32 }
