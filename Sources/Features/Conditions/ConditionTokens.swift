import Graph

/// The words and signs of a condition, each with its place.
struct ConditionToken: Sendable, Equatable {
  enum Form: Sendable, Equatable {
    /// A name without quotes, which may be a keyword; or one in backquotes, which is none.
    case word(String)
    case quotedName(String)
    case text(String)
    case number(Double)
    /// Seconds.
    case duration(Int64)
    case time(Timestamp)
    case sign(String)
    case end
  }

  let form: Form
  let place: TextPlace

  /// As an error message shows it.
  var shown: String {
    switch form {
    case .word(let word): "\"\(word)\""
    case .quotedName(let name): "`\(name)`"
    case .text(let text): "the text \"\(text)\""
    case .number(let number): "the number \(plainNumber(number))"
    case .duration(let seconds): "the time span \(shortSpan(seconds))"
    case .time(let time): "the date \(time)"
    case .sign(let sign): "\"\(sign)\""
    case .end: "the end"
    }
  }
}

/// Units of a time span, the longest first.
let spanUnits: [(letters: String, seconds: Int64)] = [
  ("w", 604_800), ("d", 86_400), ("h", 3600), ("min", 60), ("s", 1),
]

/// `7d`, `36h`: the longest unit that divides it.
func shortSpan(_ seconds: Int64) -> String {
  // Weeks are read, but written as days, as everybody says them.
  let unit = spanUnits.dropFirst().first { seconds % $0.seconds == 0 }!
  return "\(seconds / unit.seconds)\(unit.letters)"
}

/// Without a needless ".0".
func plainNumber(_ number: Double) -> String {
  let text = "\(number)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// Cuts a text into tokens; blanks and line ends only part them.
struct ConditionScanner {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var line: Int
  private var column: Int

  static let longestText = 20_000

  init(_ text: String, at start: TextPlace) throws(ConditionError) {
    scalars = Array(text.unicodeScalars)
    (line, column) = (start.line, start.column)
    guard scalars.count <= ConditionScanner.longestText else {
      throw ConditionError(start, "a condition may have \(ConditionScanner.longestText) characters at most")
    }
  }

  private var place: TextPlace { TextPlace(line: line, column: column) }
  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private func peek(_ offset: Int) -> Unicode.Scalar? {
    position + offset < scalars.count ? scalars[position + offset] : nil
  }

  private mutating func advance(_ count: Int = 1) {
    for _ in 0..<count {
      if scalars[position] == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
      position += 1
    }
  }

  static func tokens(of text: String, at start: TextPlace) throws(ConditionError) -> [ConditionToken] {
    var scanner = try ConditionScanner(text, at: start)
    var tokens: [ConditionToken] = []
    while true {
      let token = try scanner.token()
      tokens.append(token)
      if token.form == .end { return tokens }
    }
  }

  private mutating func token() throws(ConditionError) -> ConditionToken {
    while let scalar = next, [" ", "\t", "\n", "\r"].contains(scalar) { advance() }
    let place = place
    guard let first = next else { return ConditionToken(form: .end, place: place) }
    let form: ConditionToken.Form
    if isLetter(first) {
      form = .word(takeWhile { isLetter($0) || isDigit($0) })
    } else if isDigit(first) || (first == "." && peek(1).map(isDigit) == true) {
      form = try number()
    } else if first == "\"" || first == "'" {
      form = .text(try quoted(by: first))
    } else if first == "`" {
      form = .quotedName(try quoted(by: first))
    } else if let sign = ["<=", ">=", "!=", "<>", "=="].first(where: { starts(with: $0) }) {
      advance(2)
      form = .sign(sign == "<>" ? "!=" : sign == "==" ? "=" : sign)
    } else if "<>=+-*/(),.".unicodeScalars.contains(first) {
      advance()
      form = .sign(String(first))
    } else {
      throw ConditionError(place, "the character \"\(visibleScalar(first))\" means nothing here")
    }
    return ConditionToken(form: form, place: place)
  }

  private func starts(with sign: String) -> Bool {
    scalars[position...].starts(with: Array(sign.unicodeScalars))
  }

  private mutating func takeWhile(_ belongs: (Unicode.Scalar) -> Bool) -> String {
    var text = String.UnicodeScalarView()
    while let scalar = next, belongs(scalar) {
      text.append(scalar)
      advance()
    }
    return String(text)
  }

  /// `12`, `0.5`, `1e-3`, `20%`, `7d`, `2026-03-01`, `2026-03-01T08:30`.
  private mutating func number() throws(ConditionError) -> ConditionToken.Form {
    let place = place
    if let time = try date() { return .time(time) }
    var digits = takeWhile { isDigit($0) }
    if next == ".", peek(1).map(isDigit) == true {
      advance()
      digits += "." + takeWhile { isDigit($0) }
    }
    if next == "e" || next == "E" {
      let sign = peek(1) == "-" || peek(1) == "+" ? 1 : 0
      if peek(1 + sign).map(isDigit) == true {
        digits += String(scalars[position]) + (sign == 1 ? String(scalars[position + 1]) : "")
        advance(1 + sign)
        digits += takeWhile { isDigit($0) }
      }
    }
    guard let value = Double(digits), value.isFinite else {
      throw ConditionError(place, "\"\(digits)\" is no number")
    }
    if next == "%" {
      advance()
      // Written as a decimal so that 5% is exactly what 0.05 is.
      return .number(
        Double("\(digits.contains("e") || digits.contains("E") ? plainNumber(value) : digits)e-2")
          ?? value / 100)
    }
    let unit = takeWhile { isLetter($0) || isDigit($0) }
    if unit.isEmpty { return .number(value) }
    guard let found = spanUnits.first(where: { $0.letters == unit }) else {
      throw ConditionError(
        place, "\"\(digits)\(unit)\": a time span is a number and w, d, h, min or s, such as 7d")
    }
    let seconds = value * Double(found.seconds)
    guard seconds <= 1e12, seconds == seconds.rounded() else {
      throw ConditionError(place, "\"\(digits)\(unit)\" is no time span of whole seconds")
    }
    return .duration(Int64(seconds))
  }

  private mutating func date() throws(ConditionError) -> Timestamp? {
    let shape: [(Unicode.Scalar) -> Bool] = [
      isDigit, isDigit, isDigit, isDigit, { $0 == "-" }, isDigit, isDigit, { $0 == "-" }, isDigit, isDigit,
    ]
    for (offset, fits) in shape.enumerated() {
      guard let scalar = peek(offset), fits(scalar) else { return nil }
    }
    let place = place
    let text = takeWhile { isDigit($0) || "-T:Z+.".unicodeScalars.contains($0) }
    guard let time = Timestamp(text) else {
      throw ConditionError(place, "\"\(text)\" is no date; write 2026-03-01 or 2026-03-01T08:30:00Z")
    }
    return time
  }

  /// A backslash takes the next character as it is.
  private mutating func quoted(by quote: Unicode.Scalar) throws(ConditionError) -> String {
    let start = place
    advance()
    var text = String.UnicodeScalarView()
    while let scalar = next, scalar != "\n" {
      if scalar == quote {
        advance()
        return String(text)
      }
      if scalar == "\\", let escaped = peek(1), escaped != "\n" {
        text.append(escaped)
        advance(2)
      } else {
        text.append(scalar)
        advance()
      }
    }
    throw ConditionError(start, "what begins here with \(quote) does not end on its line")
  }
}

private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
private func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar == "_" || scalar.properties.isAlphabetic }

/// Nothing that could steer a terminal.
private func visibleScalar(_ scalar: Unicode.Scalar) -> String {
  scalar.value < 0x20 || !scalar.properties.isGraphemeBase
    ? "U+" + String(scalar.value, radix: 16, uppercase: true) : String(scalar)
}
