/// A JSON document that is written; members keep their order.
///
///     let json: JSON = ["nodes": 12, "store": JSON(path), "types": .array(types.map { JSON($0) })]
///
/// What JSON has no number for (not a number, infinity) is null.
indirect enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  struct Member: Sendable, Equatable {
    let name: String
    let value: JSON
  }

  init(_ value: String?) { self = value.map { .string($0) } ?? .null }
  init(_ value: Int?) { self = value.map { .integer($0) } ?? .null }
  init(_ value: Double?) { self = value.map { .number($0) } ?? .null }
  init(_ value: Float?) { self = value.map { .number(Double("\($0)") ?? Double($0)) } ?? .null }
  init(_ value: Bool?) { self = value.map { .bool($0) } ?? .null }
  init(_ values: [JSON]) { self = .array(values) }
  init(_ values: [String]) { self = .array(values.map { .string($0) }) }
  init(_ members: [(String, JSON)]) { self = .object(members.map { Member(name: $0, value: $1) }) }

  /// An object with one more member; anything else stays as it is.
  func with(_ name: String, _ value: JSON) -> JSON {
    guard case .object(let members) = self else { return self }
    return .object(members + [Member(name: name, value: value)])
  }

  /// The document, indented by two; short arrays and objects of plain values on one line.
  var text: String {
    var result = ""
    write(to: &result, indent: 0)
    return result
  }

  private func write(to text: inout String, indent: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value):
      if !value.isFinite {
        text += "null"
      } else if value == value.rounded(), value.magnitude < 1e15 {
        text += String(Int(value))
      } else {
        text += "\(value)"
      }
    case .string(let value): JSON.quote(value, to: &text)
    case .array(let values):
      JSON.list(values, "[", "]", to: &text, indent: indent) { value, text, indent in
        value.write(to: &text, indent: indent)
      }
    case .object(let members):
      JSON.list(members, "{", "}", to: &text, indent: indent) { member, text, indent in
        JSON.quote(member.name, to: &text)
        text += ": "
        member.value.write(to: &text, indent: indent)
      }
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array(let values): values.isEmpty
    case .object(let members): members.isEmpty
    default: true
    }
  }

  private static func list<Item>(
    _ items: [Item], _ open: String, _ close: String, to text: inout String, indent: Int,
    write: (Item, inout String, Int) -> Void
  ) {
    var short = open
    var fits = items.count <= 16
    for (index, item) in items.enumerated() where fits {
      if let value = item as? JSON, !value.isPlain { fits = false }
      if let member = item as? Member, !member.value.isPlain { fits = false }
      if index > 0 { short += ", " }
      write(item, &short, indent)
      if short.count > 100 - indent { fits = false }
    }
    if fits {
      text += short + close
      return
    }
    text += open
    for (index, item) in items.enumerated() {
      text += (index > 0 ? ",\n" : "\n") + String(repeating: " ", count: indent + 2)
      write(item, &text, indent + 2)
    }
    text += "\n" + String(repeating: " ", count: indent) + close
  }

  private static func quote(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _
      where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || scalar.properties.generalCategory == .format && scalar.value < 0x10000:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByNilLiteral, ExpressibleByFloatLiteral
{
  init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .integer(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(arrayLiteral elements: JSON...) { self = .array(elements) }
  init(nilLiteral: ()) { self = .null }
  init(floatLiteral value: Double) { self = .number(value) }
}
