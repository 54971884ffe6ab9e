/// Bytes that grow, with the few ways of appending that the file formats need.
struct ByteWriter: Sendable {
  var bytes: [UInt8] = []

  init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  var count: Int { bytes.count }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(byte: UInt8) { bytes.append(byte) }

  mutating func append(littleEndian value: UInt32) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Seven bits a byte, lowest first, the eighth bit set while more follow.
  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// A place in memory that moves on as it is written to. The caller has made sure there is room.
struct Cursor {
  var place: UnsafeMutablePointer<UInt8>

  @inline(__always)
  mutating func put(_ byte: UInt8) {
    place.pointee = byte
    place += 1
  }

  @inline(__always)
  mutating func put<Value: FixedWidthInteger>(littleEndian value: Value) {
    UnsafeMutableRawPointer(place).storeBytes(of: value.littleEndian, as: Value.self)
    place += MemoryLayout<Value>.size
  }

  /// A key: its letter and eight letters of five bits each.
  @inline(__always)
  mutating func put(key code: UInt64, letter: UInt8, letters: UnsafePointer<UInt8>) {
    place[0] = letter
    place[1] = letters[Int(truncatingIfNeeded: code >> 35) & 31]
    place[2] = letters[Int(truncatingIfNeeded: code >> 30) & 31]
    place[3] = letters[Int(truncatingIfNeeded: code >> 25) & 31]
    place[4] = letters[Int(truncatingIfNeeded: code >> 20) & 31]
    place[5] = letters[Int(truncatingIfNeeded: code >> 15) & 31]
    place[6] = letters[Int(truncatingIfNeeded: code >> 10) & 31]
    place[7] = letters[Int(truncatingIfNeeded: code >> 5) & 31]
    place[8] = letters[Int(truncatingIfNeeded: code) & 31]
    place += 9
  }

  @inline(__always)
  mutating func put(_ bytes: UnsafePointer<UInt8>, count: Int) {
    place.update(from: bytes, count: count)
    place += count
  }

  /// A whole number in decimal digits, at least `width` of them.
  @inline(__always)
  mutating func put(decimal number: UInt64, width: Int = 1) {
    var rest = number
    var digits = 0
    var buffer: (UInt64, UInt64, UInt64) = (0, 0, 0)
    withUnsafeMutableBytes(of: &buffer) { bytes in
      repeat {
        let next = rest / 10
        digits += 1
        bytes[24 - digits] = UInt8(48 + (rest - next * 10))
        rest = next
      } while rest > 0 || digits < width
      for index in 0..<digits { place[index] = bytes[24 - digits + index] }
    }
    place += digits
  }
}
