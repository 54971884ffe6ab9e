import CKernels
import Foundation
import Graph

/// Reads numbers, flags and times from the bytes of a cell. An empty cell is a missing value, not a wrong one.
enum CellParser {
  /// A number as people and programs write them: `-1.5e3`. Nil where the text is none, or none that fits.
  static func number(_ text: rg_text) -> Float? {
    let bytes = UnsafeBufferPointer(start: text.bytes, count: Int(text.length))
    var value = 0.0
    var position = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { position = 1 }
    let digits = position
    // Few digits: exact in a double. Everything else goes the long way.
    while position < bytes.count, bytes[position] &- 48 < 10, position - digits < 15 {
      value = value * 10 + Double(bytes[position] &- 48)
      position += 1
    }
    if position == bytes.count, position > digits { return Float(isNegative ? -value : value) }
    return longNumber(bytes)
  }

  private static func longNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Float? {
    guard bytes.count <= 400, let first = bytes.first, first != 0x20, !isHexOrName(bytes) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    guard let value = Double(text), value.isFinite else { return nil }
    let single = Float(value)
    return single.isFinite ? single : nil
  }

  /// `nan`, `inf` and `0x1p3` are numbers to a C library, but not to a table.
  private static func isHexOrName(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.contains { byte in
      let letter = byte | 0x20
      return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z") && letter != UInt8(ascii: "e")
    }
  }

  static func flag(_ text: rg_text) -> Float? {
    let bytes = UnsafeBufferPointer(start: text.bytes, count: Int(text.length))
    guard bytes.count <= 5 else { return nil }
    return switch String(decoding: bytes, as: UTF8.self).lowercased() {
    case "1", "true", "t", "yes", "y": 1
    case "0", "false", "f", "no", "n": 0
    default: nil
    }
  }

  /// A date, a date and time, or whole seconds since 1970.
  static func time(_ text: rg_text) -> Int64? {
    let bytes = UnsafeBufferPointer(start: text.bytes, count: Int(text.length))
    var seconds: Int64 = 0
    var position = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { position = 1 }
    let digits = position
    while position < bytes.count, bytes[position] &- 48 < 10, position - digits < 15 {
      seconds = seconds * 10 + Int64(bytes[position] &- 48)
      position += 1
    }
    if position == bytes.count, position > digits { return isNegative ? -seconds : seconds }
    guard bytes.count <= 64 else { return nil }
    return Timestamp(String(decoding: bytes, as: UTF8.self))?.seconds
  }
}
