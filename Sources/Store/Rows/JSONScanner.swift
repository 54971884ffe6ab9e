/// Walks over the bytes of one JSON value (RFC 8259). Objects and lists inside are refused: a row is flat.
struct JSONScanner {
  struct Fault: Error {
    var what: String
  }

  enum Value {
    case null
    case flag(Bool)
    /// As it stands.
    case number([UInt8])
    case text([UInt8])

    var shown: String {
      switch self {
      case .null: "null"
      case .flag(let flag): flag ? "true" : "false"
      case .number(let text), .text(let text): String(decoding: text, as: UTF8.self)
      }
    }
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0d, 0x0a].contains(bytes[position]) { position += 1 }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  mutating func expect(_ byte: UInt8) throws(Fault) {
    guard take(byte) else {
      let character = Character(Unicode.Scalar(byte))
      throw Fault(
        what: isAtEnd ? "the line ends where a \(character) should stand" : "a \(character) should stand here"
      )
    }
  }

  mutating func value() throws(Fault) -> Value {
    skipSpace()
    guard position < bytes.count else { throw Fault(what: "the line ends where a value should stand") }
    switch bytes[position] {
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      throw Fault(what: "an object or a list stands where a single value should")
    default: throw Fault(what: "no value stands here")
    }
  }

  private mutating func word(_ word: StaticString, _ value: Value) throws(Fault) -> Value {
    let count = word.utf8CodeUnitCount
    guard position + count <= bytes.count,
      UnsafeBufferPointer(rebasing: bytes[position..<position + count]).elementsEqual(
        UnsafeBufferPointer(start: word.utf8Start, count: count))
    else { throw Fault(what: "no value stands here") }
    position += count
    return value
  }

  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
    return position - start
  }

  private mutating func number() throws(Fault) -> Value {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    let whole = position
    let count = digits()
    guard count > 0, count == 1 || bytes[whole] != UInt8(ascii: "0") else {
      throw Fault(what: "no number stands here")
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      guard digits() > 0 else { throw Fault(what: "a digit should stand here") }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      guard digits() > 0 else { throw Fault(what: "a digit should stand here") }
    }
    return .number(Array(bytes[start..<position]))
  }

  /// A text in quotes, as UTF-8.
  mutating func text() throws(Fault) -> [UInt8] {
    try expect(UInt8(ascii: "\""))
    let start = position
    // Most texts have no escapes and are taken whole.
    while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\")
    {
      guard bytes[position] >= 0x20 else { throw Fault(what: "a control character stands in a text") }
      position += 1
    }
    var text = Array(bytes[start..<position])
    while true {
      guard position < bytes.count else { throw Fault(what: "a text does not end") }
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        try escape(into: &text)
      } else {
        guard byte >= 0x20 else { throw Fault(what: "a control character stands in a text") }
        text.append(byte)
      }
    }
    guard text.allSatisfy({ $0 < 0x80 }) || String(validating: text, as: UTF8.self) != nil else {
      throw Fault(what: "a text is not UTF-8")
    }
    return text
  }

  private mutating func escape(into text: inout [UInt8]) throws(Fault) {
    guard position < bytes.count else { throw Fault(what: "a text does not end") }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xd800..<0xdc00).contains(code) {
        guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
          bytes[position + 1] == UInt8(ascii: "u")
        else { throw Fault(what: "half a surrogate pair stands alone") }
        position += 2
        let low = try hexadecimal()
        guard (0xdc00..<0xe000).contains(low) else { throw Fault(what: "half a surrogate pair stands alone") }
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw Fault(what: "half a surrogate pair stands alone") }
      text.append(contentsOf: UTF8.encode(scalar)!)
    default: throw Fault(what: "an unknown escape stands in a text")
    }
  }

  private mutating func hexadecimal() throws(Fault) -> UInt32 {
    guard position + 4 <= bytes.count else { throw Fault(what: "a text does not end") }
    var code: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): code = code << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): code = code << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): code = code << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
      default: throw Fault(what: "four hexadecimal digits should stand here")
      }
    }
    position += 4
    return code
  }
}
