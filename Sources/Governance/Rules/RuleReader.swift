import Compute
import Features
import Graph

/// Reads a rule file line by line. A line that begins none of a rule's parts goes on with the condition before it.
struct RuleReader {
  private enum Part: String, CaseIterable { case when, severity, policy, mode }

  private struct Draft {
    var name: String
    var type: String
    var place: TextPlace
    var condition: (text: String, place: TextPlace)?
    var severity = Rule.Severity.medium
    var policy: String?
    var mode = Rule.Mode.shadow
    var seen: Set<Part> = []
    var last: Part?
  }

  let schema: Schema
  private(set) var rules: [Rule] = []
  private(set) var problems: [ConditionError.Problem] = []
  private var draft: Draft?
  private var names: Set<String> = []

  init(schema: Schema) { self.schema = schema }

  private mutating func note(_ line: Int, _ column: Int, _ what: String) {
    problems.append(ConditionError.Problem(place: TextPlace(line: line, column: column), what: what))
  }

  mutating func read(_ text: String) {
    let text = text.replacing("\r\n", with: "\n")
    guard text.unicodeScalars.count <= 1_000_000 else {
      note(1, 1, "a rule file may have 1,000,000 characters at most")
      return
    }
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      read(line: withoutComment(String(line)), number: index + 1)
    }
    finish()
  }

  private mutating func read(line: String, number: Int) {
    let scalars = Array(line.unicodeScalars)
    guard let start = scalars.firstIndex(where: { !isSpace($0) }) else { return }
    let wordEnd = scalars[start...].firstIndex(where: isSpace) ?? scalars.count
    let word = String(String.UnicodeScalarView(scalars[start..<wordEnd]))
    let restStart = scalars[wordEnd...].firstIndex(where: { !isSpace($0) }) ?? scalars.count
    let restEnd = (scalars.lastIndex(where: { !isSpace($0) }) ?? -1) + 1
    let rest = restStart < restEnd ? String(String.UnicodeScalarView(scalars[restStart..<restEnd])) : ""
    if word == "rule" {
      finish()
      begin(rest, number, start + 1, restStart + 1)
    } else if let part = Part(rawValue: word) {
      take(
        part, rest, TextPlace(line: number, column: restStart + 1),
        at: TextPlace(line: number, column: start + 1))
    } else if draft?.last == .when, !looksLikePart(word) {
      // The lines between keep their number, so that places stay right.
      let gap = number - (draft!.condition!.place.line + draft!.condition!.text.count { $0 == "\n" })
      draft!.condition!.text += String(repeating: "\n", count: gap) + line
    } else {
      let near = nearestName(to: word, among: ["rule"] + Part.allCases.map(\.rawValue))
      note(
        number, start + 1,
        "\"\(word)\" begins nothing; a rule has when, severity, policy and mode."
          + (near.map { " Did you mean \($0)?" } ?? ""))
    }
  }

  /// Whether a word is a misspelt part of a rule rather than the next line of a condition.
  private func looksLikePart(_ word: String) -> Bool {
    guard nearestName(to: word, among: Part.allCases.map(\.rawValue)) != nil, let type = draft?.type else {
      return false
    }
    return schema.nodeType(type)?.tableColumns.contains { $0.name == word } != true
  }

  private mutating func begin(_ rest: String, _ line: Int, _ column: Int, _ restColumn: Int) {
    let words = rest.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    guard words.count == 3, words[1] == "of" else {
      note(line, column, "a rule begins with: rule NAME of TYPE")
      draft = nil
      return
    }
    guard
      words[0].unicodeScalars.allSatisfy({
        $0.isASCII && ($0.properties.isAlphabetic || "-_0123456789".unicodeScalars.contains($0))
      })
    else {
      note(line, restColumn, "a rule's name has letters, digits, - and _ only")
      return
    }
    if !names.insert(words[0]).inserted { note(line, restColumn, "there are two rules \(words[0])") }
    draft = Draft(name: words[0], type: words[2], place: TextPlace(line: line, column: column))
  }

  private mutating func take(_ part: Part, _ rest: String, _ place: TextPlace, at start: TextPlace) {
    guard draft != nil else {
      note(start.line, start.column, "\(part.rawValue) stands outside a rule; begin with: rule NAME of TYPE")
      return
    }
    draft!.last = part
    if !draft!.seen.insert(part).inserted {
      note(start.line, start.column, "rule \(draft!.name) says \(part.rawValue) twice")
    }
    switch part {
    case .when: draft!.condition = (rest, place)
    case .policy: draft!.policy = rest.isEmpty ? nil : rest
    case .severity: draft!.severity = chosen(rest, place, "severity") ?? draft!.severity
    case .mode: draft!.mode = chosen(rest, place, "mode") ?? draft!.mode
    }
  }

  private mutating func chosen<Choice: RawRepresentable & CaseIterable>(
    _ text: String, _ place: TextPlace, _ name: String
  ) -> Choice? where Choice.RawValue == String {
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map(\.rawValue)
    let near = nearestName(to: text, among: known).map { " Did you mean \($0)?" } ?? ""
    note(
      place.line, place.column, "\(name) is one of \(known.joined(separator: ", ")), not \"\(text)\"." + near)
    return nil
  }

  private mutating func finish() {
    guard let rule = draft else { return }
    draft = nil
    guard let (text, place) = rule.condition else {
      note(rule.place.line, rule.place.column, "rule \(rule.name) does not say when")
      return
    }
    do {
      let condition = try Condition(text, of: rule.type, in: schema, startingAt: place)
      rules.append(
        Rule(
          name: rule.name, nodeType: rule.type, condition: condition, severity: rule.severity,
          policy: rule.policy,
          mode: rule.mode))
    } catch {
      let isTypeUnknown = schema.nodeType(rule.type) == nil
      problems += error.problems.map {
        isTypeUnknown ? ConditionError.Problem(place: rule.place, what: $0.what) : $0
      }
    }
  }
}

private func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\r" }

/// Without what follows a # outside quotes.
private func withoutComment(_ line: String) -> String {
  var quote: Unicode.Scalar?
  var isEscaped = false
  var result = String.UnicodeScalarView()
  for scalar in line.unicodeScalars {
    if quote == nil, scalar == "#" { break }
    if isEscaped {
      isEscaped = false
    } else if let open = quote {
      if scalar == "\\" { isEscaped = true } else if scalar == open { quote = nil }
    } else if scalar == "\"" || scalar == "'" || scalar == "`" {
      quote = scalar
    }
    result.append(scalar)
  }
  // A quote that does not end is an apostrophe, as in a policy's name: then every # is a comment.
  guard quote != nil, let hash = line.firstIndex(of: "#") else { return String(result) }
  return String(line[..<hash])
}
