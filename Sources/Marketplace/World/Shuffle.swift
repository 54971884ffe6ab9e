import Compute

// Orders that can be asked for one place at a time.
//
// A Feistel network turns any keyed mixing function into a bijection on numbers of an even count of bits. Where the
// numbers wanted are fewer than a power of four, a result outside is put through again until it falls inside
// ("cycle walking"), which keeps the bijection. So the order of millions of rows needs no memory at all.
//
// Luby & Rackoff: How to construct pseudorandom permutations from pseudorandom functions (1988).
// Black & Rogaway: Ciphers with arbitrary finite domains (2002).

/// A random order of `0..<count`.
///
///     let order = Shuffle(count: 10, stream: seed.stream(for: "rows"))
///     (0..<10).map { order[$0] }     // 0 to 9, each once, in an order that only the seed knows
struct Shuffle: Sendable {
  let count: Int
  private let cipher: Feistel

  init(count: Int, stream: RandomStream) {
    self.count = count
    var bits: UInt64 = 2
    while bits < 62, 1 << bits < max(1, count) { bits += 2 }
    cipher = Feistel(bits: bits, stream: stream)
  }

  subscript(place: Int) -> Int {
    var number = cipher.apply(UInt64(place))
    while number >= UInt64(count) { number = cipher.apply(number) }
    return Int(number)
  }
}

/// Keys that look random and say nothing: a letter for the type, then eight letters and digits.
///
/// Made from a node's rank by a bijection on 40 bits, so no two are the same and none tells the rank.
struct KeyMaker: Sendable {
  private let cipher: Feistel

  init(stream: RandomStream) { cipher = Feistel(bits: 40, stream: stream) }

  @inline(__always)
  subscript(rank: Int) -> UInt64 { cipher.apply(UInt64(truncatingIfNeeded: rank)) }

  /// The letters of a key: no vowels that could spell, none that look alike.
  static let letters: [UInt8] = Array("0123456789bcdfghjkmnpqrstvwxyzae".utf8)
  static let length = 9

  static func text(letter: UInt8, code: UInt64) -> String {
    var bytes = [letter]
    for place in 0..<8 { bytes.append(letters[Int((code >> UInt64(35 - 5 * place)) & 31)]) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

struct Feistel: Sendable {
  private let half: UInt64
  private let mask: UInt64
  private let k0: UInt64
  private let k1: UInt64
  private let k2: UInt64
  private let k3: UInt64

  init(bits: UInt64, stream: RandomStream) {
    half = bits / 2
    mask = (1 << half) &- 1
    var numbers = stream.generator(item: 0)
    k0 = numbers.next()
    k1 = numbers.next()
    k2 = numbers.next()
    k3 = numbers.next()
  }

  @inline(__always)
  func apply(_ number: UInt64) -> UInt64 {
    var left = number >> half
    var right = number & mask
    (left, right) = (right, left ^ round(right, k0))
    (left, right) = (right, left ^ round(right, k1))
    (left, right) = (right, left ^ round(right, k2))
    (left, right) = (right, left ^ round(right, k3))
    return left << half | right
  }

  @inline(__always)
  private func round(_ value: UInt64, _ key: UInt64) -> UInt64 {
    var z = (value ^ key) &* 0x9e37_79b9_7f4a_7c15
    z ^= z >> 29
    z = z &* 0xbf58_476d_1ce4_e5b9
    return (z >> 32) & mask
  }
}
