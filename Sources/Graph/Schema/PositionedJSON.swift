// A JSON reader (RFC 8259) that remembers where everything stood, so that a mistake in a schema can be shown with
// its line and column. Objects keep their order, and keys that stand twice.

/// A place in a text, counted from 1; columns count characters as an editor does.
public struct TextPlace: Sendable, Hashable, Comparable {
  public let line: Int
  public let column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static func < (a: TextPlace, b: TextPlace) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

struct PositionedJSON: Sendable {
  enum Value: Sendable {
    case null, bool(Bool), number(Double), string(String)
    case array([PositionedJSON])
    case object([Member])
  }
  struct Member: Sendable {
    let name: String
    let place: TextPlace
    let value: PositionedJSON
  }

  let value: Value
  let place: TextPlace

  /// What people call a value of this kind.
  var kindName: String {
    switch value {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }

  init(value: Value, place: TextPlace) {
    self.value = value
    self.place = place
  }

  init(parsing text: String) throws(PositionedJSONError) {
    var parser = PositionedJSONParser(text)
    self = try parser.document()
  }
}

struct PositionedJSONError: Error {
  let place: TextPlace
  let what: String
}

private struct PositionedJSONParser {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var line = 1
  private var lineStart = 0

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    if scalars.first == "\u{feff}" { (position, lineStart) = (1, 1) }
  }

  private var place: TextPlace { TextPlace(line: line, column: position - lineStart + 1) }
  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private func fault(_ what: String) -> PositionedJSONError { PositionedJSONError(place: place, what: what) }

  private mutating func skipSpace() {
    while let scalar = next, scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" {
      position += 1
      if scalar == "\n" { (line, lineStart) = (line + 1, position) }
    }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  mutating func document() throws(PositionedJSONError) -> PositionedJSON {
    let value = try value(depth: 0)
    skipSpace()
    guard next == nil else { throw fault("something stands behind the end of the JSON") }
    return value
  }

  private mutating func value(depth: Int) throws(PositionedJSONError) -> PositionedJSON {
    skipSpace()
    let place = place
    guard depth <= 64 else { throw fault("it is nested deeper than 64 levels") }
    guard let first = next else { throw fault("the JSON ends too early") }
    let value: PositionedJSON.Value
    switch first {
    case "{": value = try object(depth: depth)
    case "[": value = try array(depth: depth)
    case "\"": value = .string(try string())
    case "-", "0"..."9": value = .number(try number())
    default:
      if takeWord("true") {
        value = .bool(true)
      } else if takeWord("false") {
        value = .bool(false)
      } else if takeWord("null") {
        value = .null
      } else {
        throw fault("a value is missing here; texts stand in double quotes")
      }
    }
    return PositionedJSON(value: value, place: place)
  }

  private mutating func takeWord(_ word: String) -> Bool {
    let letters = Array(word.unicodeScalars)
    guard scalars[position...].starts(with: letters) else { return false }
    position += letters.count
    return true
  }

  private mutating func object(depth: Int) throws(PositionedJSONError) -> PositionedJSON.Value {
    position += 1
    var members: [PositionedJSON.Member] = []
    skipSpace()
    if take("}") { return .object([]) }
    while true {
      skipSpace()
      let place = place
      guard next == "\"" else { throw fault("a name in double quotes is missing") }
      let name = try string()
      skipSpace()
      guard take(":") else { throw fault("a colon is missing after \"\(name)\"") }
      members.append(.init(name: name, place: place, value: try value(depth: depth + 1)))
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw fault("a comma or } is missing") }
    }
  }

  private mutating func array(depth: Int) throws(PositionedJSONError) -> PositionedJSON.Value {
    position += 1
    var elements: [PositionedJSON] = []
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw fault("a comma or ] is missing") }
    }
  }

  private mutating func number() throws(PositionedJSONError) -> Double {
    let start = position
    while let scalar = next, "+-.eE0123456789".unicodeScalars.contains(scalar) { position += 1 }
    let text = String(String.UnicodeScalarView(scalars[start..<position]))
    let digits = text.drop { $0 == "-" }
    guard let value = Double(text), digits.first?.isNumber == true, digits.last?.isNumber == true,
      !(digits.hasPrefix("0") && digits.dropFirst().first?.isNumber == true)
    else {
      position = start
      throw fault("\"\(text)\" is no number")
    }
    return value
  }

  private mutating func string() throws(PositionedJSONError) -> String {
    let start = (place, position)
    position += 1
    var text = String.UnicodeScalarView()
    while let scalar = next {
      position += 1
      switch scalar {
      case "\"": return String(text)
      case "\\": text.append(try escape())
      case "\u{0}"..."\u{1f}":
        position -= 1
        throw fault(
          scalar == "\n"
            ? "a text does not end on its line" : "a control character stands in a text; write \\u00…")
      default: text.append(scalar)
      }
    }
    throw PositionedJSONError(place: start.0, what: "a text begins here and does not end")
  }

  private mutating func escape() throws(PositionedJSONError) -> Unicode.Scalar {
    guard let scalar = next else { throw fault("the JSON ends too early") }
    position += 1
    switch scalar {
    case "\"", "\\", "/": return scalar
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      let unit = try hexadecimal()
      if (0xd800..<0xdc00).contains(unit), take("\\"), take("u") {
        let low = try hexadecimal()
        if (0xdc00..<0xe000).contains(low) {
          return Unicode.Scalar(0x1_0000 + (unit - 0xd800) << 10 + (low - 0xdc00))!
        }
      }
      guard let result = Unicode.Scalar(unit) else { throw fault("half of a surrogate pair stands alone") }
      return result
    default:
      position -= 1
      throw fault("\\\(scalar) is no escape that JSON knows")
    }
  }

  private mutating func hexadecimal() throws(PositionedJSONError) -> UInt32 {
    let digits = scalars[position..<min(scalars.count, position + 4)]
    guard digits.count == 4, digits.allSatisfy({ $0.properties.isASCIIHexDigit }),
      let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16)
    else { throw fault("\\u needs four hexadecimal digits") }
    position += 4
    return value
  }
}
