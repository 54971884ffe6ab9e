// Random numbers that do not depend on the order in which they are asked for.
//
// Philox 4x32-10 turns (key, counter) into 128 random bits by ten rounds of multiplication. A stream is named
// by what it is for and by an item (a row, an epoch); its counter starts at zero. So a thousand streams on any
// number of threads give the same numbers, and none needs to know of another.
//
// Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (2011).

import Foundation

/// What fixes everything random in a run.
///
///     var numbers = Seed(7).generator(for: "dropout", item: row)
///     Float.random(in: 0..<1, using: &numbers)
public struct Seed: Sendable, Hashable {
  public let value: UInt64

  public init(_ value: UInt64) { self.value = value }

  /// The stream of random numbers named `purpose`, for one item. Making it costs a few nanoseconds a letter:
  /// in a loop over items take `stream(for:)` once, outside.
  public func generator(for purpose: String, item: Int = 0) -> CounterGenerator {
    stream(for: purpose).generator(item: item)
  }

  /// All streams named `purpose`, one for each item.
  public func stream(for purpose: String) -> RandomStream {
    // FNV-1a over the name, mixed with the seed: only has to differ for different names.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return RandomStream(key: splitMix(value) ^ splitMix(hash &+ 0x9e37_79b9_7f4a_7c15))
  }
}

/// The streams of one purpose.
public struct RandomStream: Sendable {
  @usableFromInline let key: UInt64

  @inlinable
  init(key: UInt64) { self.key = key }

  @inlinable
  public func generator(item: Int) -> CounterGenerator {
    CounterGenerator(key: key, item: UInt64(bitPattern: Int64(item)))
  }
}

/// The numbers of one stream, one after another.
public struct CounterGenerator: RandomNumberGenerator, Sendable {
  @usableFromInline let key: UInt64
  @usableFromInline let item: UInt64
  @usableFromInline var counter: UInt64 = 0
  @usableFromInline var spare: UInt64?

  @inlinable
  init(key: UInt64, item: UInt64) {
    self.key = key
    self.item = item
  }

  @inlinable
  public mutating func next() -> UInt64 {
    if let number = spare {
      spare = nil
      return number
    }
    let block = philox(key: key, counter: (item, counter))
    counter &+= 1
    spare = block.1
    return block.0
  }

  /// Uniform in 0 ..< 1, 53 random bits.
  @inlinable
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A standard normal number (Box & Muller, 1958).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - unit())).squareRoot()
    return radius * cos(2 * .pi * unit())
  }
}

/// Philox 4x32-10: 128 random bits for a key and a counter, as two 64-bit numbers, low words first.
@inlinable
public func philox(key: UInt64, counter: (UInt64, UInt64)) -> (UInt64, UInt64) {
  var c0 = UInt32(truncatingIfNeeded: counter.1)
  var c1 = UInt32(truncatingIfNeeded: counter.1 >> 32)
  var c2 = UInt32(truncatingIfNeeded: counter.0)
  var c3 = UInt32(truncatingIfNeeded: counter.0 >> 32)
  var k0 = UInt32(truncatingIfNeeded: key)
  var k1 = UInt32(truncatingIfNeeded: key >> 32)
  for _ in 0..<10 {
    let a = UInt64(c0) &* 0xd251_1f53
    let b = UInt64(c2) &* 0xcd9e_8d57
    let n0 = UInt32(truncatingIfNeeded: b >> 32) ^ c1 ^ k0
    let n2 = UInt32(truncatingIfNeeded: a >> 32) ^ c3 ^ k1
    c1 = UInt32(truncatingIfNeeded: b)
    c3 = UInt32(truncatingIfNeeded: a)
    c0 = n0
    c2 = n2
    k0 = k0 &+ 0x9e37_79b9
    k1 = k1 &+ 0xbb67_ae85
  }
  return (UInt64(c0) | UInt64(c1) << 32, UInt64(c2) | UInt64(c3) << 32)
}

/// One step of SplitMix64: spreads a number's bits over all 64.
@inlinable
public func splitMix(_ number: UInt64) -> UInt64 {
  var z = number &+ 0x9e37_79b9_7f4a_7c15
  z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
  z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
  return z ^ (z >> 31)
}
