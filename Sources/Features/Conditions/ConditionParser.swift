import Graph

/// A condition as it was written, before anybody looked whether its names exist.
struct ConditionSyntax: Sendable {
  indirect enum Form: Sendable {
    case number(Double), duration(Int64), time(Timestamp), text(String), truth(Bool)
    /// `refund_rate`, `product.price`. `bare` where it is one word without quotes, which may also be a text.
    case name([String], bare: Bool)
    case call(String, owner: [String], Arguments)
    case negative(ConditionSyntax)
    case arithmetic(ArithmeticSign, ConditionSyntax, ConditionSyntax)
    case comparison(ComparisonSign, ConditionSyntax, ConditionSyntax)
    case among(ConditionSyntax, [ConditionSyntax])
    case contains(ConditionSyntax, ConditionSyntax)
    case missing(ConditionSyntax)
    case not(ConditionSyntax)
    case all([ConditionSyntax])
    case any([ConditionSyntax])
  }

  struct Arguments: Sendable {
    var name: [String]
    var place: TextPlace
    var condition: ConditionSyntax?
    var window: Int64?
    var windowPlace: TextPlace?
  }

  let form: Form
  let place: TextPlace
}

enum ArithmeticSign: String, Sendable, CaseIterable { case plus = "+", minus = "-", times = "*", over = "/" }

enum ComparisonSign: String, Sendable, CaseIterable {
  case less = "<", atMost = "<=", more = ">", atLeast = ">=", equal = "=", unequal = "!="
}

// Reads by recursive descent, the loosest binding first:
//
//     any        := all ("or" all)*
//     all        := negation ("and" negation)*
//     negation   := "not" negation | comparison
//     comparison := sum [sign sum | ["not"] "in" "(" sum, … ")" | "contains" sum | "is" ["not"] "missing"]
//     sum        := product (("+" | "-") product)*
//     product    := unary (("*" | "/") unary)*
//     unary      := "-" unary | number | span | date | text | "true" | "false" | "(" any ")" | name [call]
//     call       := "(" name ["where" any] ["," span] ")"
struct ConditionParser {
  private let tokens: [ConditionToken]
  private var position = 0
  private var depth = 0

  static let keywords: Set<String> = [
    "and", "or", "not", "in", "is", "missing", "contains", "where", "true", "false",
  ]

  static func syntax(of text: String, at start: TextPlace) throws(ConditionError) -> ConditionSyntax {
    var parser = ConditionParser(tokens: try ConditionScanner.tokens(of: text, at: start))
    if case .end = parser.next.form { throw ConditionError(start, "the condition is empty") }
    let syntax = try parser.any()
    guard case .end = parser.next.form else {
      throw parser.fault(
        "here stands \(parser.next.shown), where the condition could have ended; join with and or or")
    }
    return syntax
  }

  private init(tokens: [ConditionToken]) { self.tokens = tokens }

  private var next: ConditionToken { tokens[position] }

  private func fault(_ what: String) -> ConditionError { ConditionError(next.place, what) }

  private mutating func take(word: String) -> Bool {
    guard next.form == .word(word) else { return false }
    position += 1
    return true
  }

  private mutating func take(sign: String) -> Bool {
    guard next.form == .sign(sign) else { return false }
    position += 1
    return true
  }

  private mutating func need(sign: String, to purpose: String) throws(ConditionError) {
    guard take(sign: sign) else {
      throw fault("\"\(sign)\" is missing \(purpose); here stands \(next.shown)")
    }
  }

  private mutating func any() throws(ConditionError) -> ConditionSyntax {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 48 else { throw fault("it is nested too deeply") }
    let first = try all()
    var parts = [first]
    while take(word: "or") { parts.append(try all()) }
    return parts.count == 1 ? first : ConditionSyntax(form: .any(parts), place: first.place)
  }

  private mutating func all() throws(ConditionError) -> ConditionSyntax {
    let first = try negation()
    var parts = [first]
    while take(word: "and") { parts.append(try negation()) }
    return parts.count == 1 ? first : ConditionSyntax(form: .all(parts), place: first.place)
  }

  private mutating func negation() throws(ConditionError) -> ConditionSyntax {
    let place = next.place
    var isNegated = false
    while take(word: "not") { isNegated.toggle() }
    let inner = try comparison()
    return isNegated ? ConditionSyntax(form: .not(inner), place: place) : inner
  }

  private mutating func comparison() throws(ConditionError) -> ConditionSyntax {
    let left = try sum()
    let place = left.place
    if case .sign(let text) = next.form, let sign = ComparisonSign(rawValue: text) {
      position += 1
      let right = try sum()
      if case .sign(let text) = next.form, ComparisonSign(rawValue: text) != nil {
        throw fault("comparisons do not follow each other; join them with and")
      }
      return ConditionSyntax(form: .comparison(sign, left, right), place: place)
    }
    let isNegated = next.form == .word("not") && take(word: "not")
    func negatable(_ form: ConditionSyntax.Form) -> ConditionSyntax {
      let plain = ConditionSyntax(form: form, place: place)
      return isNegated ? ConditionSyntax(form: .not(plain), place: place) : plain
    }
    if take(word: "in") {
      try need(sign: "(", to: "before the list")
      var values = [try sum()]
      while take(sign: ",") { values.append(try sum()) }
      try need(sign: ")", to: "after the list")
      return negatable(.among(left, values))
    }
    if take(word: "contains") { return negatable(.contains(left, try sum())) }
    if isNegated { throw fault("after not here comes in (…) or contains; here stands \(next.shown)") }
    if take(word: "is") {
      let isNegated = take(word: "not")
      guard take(word: "missing") else { throw fault("after is comes missing or not missing") }
      let missing = ConditionSyntax(form: .missing(left), place: place)
      return isNegated ? ConditionSyntax(form: .not(missing), place: place) : missing
    }
    return left
  }

  private mutating func sum() throws(ConditionError) -> ConditionSyntax {
    var left = try product()
    while case .sign(let text) = next.form, text == "+" || text == "-" {
      position += 1
      left = ConditionSyntax(
        form: .arithmetic(ArithmeticSign(rawValue: text)!, left, try product()), place: left.place)
    }
    return left
  }

  private mutating func product() throws(ConditionError) -> ConditionSyntax {
    var left = try unary()
    while case .sign(let text) = next.form, text == "*" || text == "/" {
      position += 1
      left = ConditionSyntax(
        form: .arithmetic(ArithmeticSign(rawValue: text)!, left, try unary()), place: left.place)
    }
    return left
  }

  private mutating func unary() throws(ConditionError) -> ConditionSyntax {
    let token = next
    func made(_ form: ConditionSyntax.Form) -> ConditionSyntax {
      position += 1
      return ConditionSyntax(form: form, place: token.place)
    }
    switch token.form {
    case .number(let value): return made(.number(value))
    case .duration(let seconds): return made(.duration(seconds))
    case .time(let time): return made(.time(time))
    case .text(let text): return made(.text(text))
    case .word("true"): return made(.truth(true))
    case .word("false"): return made(.truth(false))
    case .sign("-"):
      position += 1
      depth += 1
      defer { depth -= 1 }
      guard depth <= 48 else { throw fault("it is nested too deeply") }
      return ConditionSyntax(form: .negative(try unary()), place: token.place)
    case .sign("("):
      position += 1
      let inner = try any()
      try need(sign: ")", to: "to close what opens at \(token.place.line):\(token.place.column)")
      return inner
    case .word, .quotedName: return try nameOrCall()
    case .sign, .end: throw fault("here a name or a value is missing; here stands \(token.shown)")
    }
  }

  private mutating func nameOrCall() throws(ConditionError) -> ConditionSyntax {
    let place = next.place
    let (parts, isQuoted) = try name()
    guard take(sign: "(") else {
      return ConditionSyntax(form: .name(parts, bare: parts.count == 1 && !isQuoted), place: place)
    }
    let function = parts[parts.count - 1]
    var arguments = ConditionSyntax.Arguments(name: [], place: next.place)
    arguments.name = try name().parts
    if take(word: "where") { arguments.condition = try any() }
    if take(sign: ",") {
      arguments.windowPlace = next.place
      guard case .duration(let seconds) = next.form else {
        throw fault("after the comma comes a time span such as 7d; here stands \(next.shown)")
      }
      arguments.window = seconds
      position += 1
    }
    try need(sign: ")", to: "to close \(function)(")
    return ConditionSyntax(
      form: .call(function, owner: Array(parts.dropLast()), arguments), place: place)
  }

  private mutating func name() throws(ConditionError) -> (parts: [String], isQuoted: Bool) {
    var parts: [String] = []
    var isQuoted = false
    repeat {
      switch next.form {
      case .word(let word):
        guard parts.count > 0 || !ConditionParser.keywords.contains(word) else {
          throw fault("here a name is missing; a column that is called \"\(word)\" is written `\(word)`")
        }
        parts.append(word)
      case .quotedName(let name):
        parts.append(name)
        isQuoted = true
      default: throw fault("here a name is missing; here stands \(next.shown)")
      }
      position += 1
    } while take(sign: ".")
    return (parts, isQuoted)
  }
}
