import Graph

// A condition written out: as a text that reads back to the same condition, and as a person says it.

extension ConditionExpression {
  /// How tightly something binds; what binds looser than its surroundings stands in brackets.
  enum Binding: Int, Comparable {
    case any, all, negation, comparison, sum, product, unary

    static func < (a: Binding, b: Binding) -> Bool { a.rawValue < b.rawValue }
  }

  private var binding: Binding {
    switch self {
    case .any: .any
    case .all: .all
    case .not: .negation
    case .comparison, .among, .contains, .missing: .comparison
    case .arithmetic(let sign, _, _): sign == .plus || sign == .minus ? .sum : .product
    default: .unary
    }
  }

  /// `other` is what the node at an edge's other end is called where the text stands: nil outside every `where`.
  func text(inside surroundings: Binding = .any, other: String? = nil) -> String {
    let text = bareText(other)
    return binding < surroundings ? "(\(text))" : text
  }

  private func bareText(_ other: String?) -> String {
    func inner(_ part: ConditionExpression, _ surroundings: Binding = .any) -> String {
      part.text(inside: surroundings, other: other)
    }
    switch self {
    case .number(let value): return plainNumber(value)
    case .duration(let seconds): return seconds < 0 ? "-" + shortSpan(-seconds) : shortSpan(seconds)
    case .time(let time): return time.description
    case .text(let text): return quoted(text, by: "\"")
    case .truth(let value): return value ? "true" : "false"
    case .column(let column): return column.text(other: other)
    case .age(let time): return "age(\(inner(time)))"
    case .aggregate(let aggregate): return aggregate.text(other: other)
    case .negative(let value): return "-\(inner(value, .unary))"
    case .arithmetic(let sign, let a, let b):
      // The right side of a sign binds tighter, as 1 - (2 - 3) is not 1 - 2 - 3.
      let tighter: Binding = binding == .sum ? .product : .unary
      return "\(inner(a, binding)) \(sign.rawValue) \(inner(b, tighter))"
    case .comparison(let sign, let a, let b): return "\(inner(a, .sum)) \(sign.rawValue) \(inner(b, .sum))"
    case .among(let value, let list):
      return "\(inner(value, .sum)) in (\(list.map { inner($0, .sum) }.joined(separator: ", ")))"
    case .contains(let value, let part): return "\(inner(value, .sum)) contains \(quoted(part, by: "\""))"
    case .missing(let value): return "\(inner(value, .sum)) is missing"
    case .not(let part): return "not \(inner(part, .comparison))"
    case .all(let parts): return parts.map { inner($0, .negation) }.joined(separator: " and ")
    case .any(let parts): return parts.map { inner($0, .all) }.joined(separator: " or ")
    }
  }

  /// As a person says it.
  var words: String {
    switch self {
    case .number(let value): return plainNumber(value)
    case .duration(let seconds): return timeSpanWords(seconds)
    case .time(let time): return time.description
    case .text(let text): return "\"\(text)\""
    case .truth(let value): return value ? "true" : "false"
    case .column(let column): return column.words
    case .age(let inner): return "the time since \(inner.words)"
    case .aggregate(let aggregate): return aggregate.words
    case .negative(let inner): return "minus \(inner.words)"
    case .arithmetic(let sign, let a, let b):
      let name =
        switch sign {
        case .plus: "plus"
        case .minus: "less"
        case .times: "times"
        case .over: "divided by"
        }
      return "\(a.bracketedWords) \(name) \(b.bracketedWords)"
    case .comparison(let sign, let a, .truth(let value)) where sign == .equal || sign == .unequal:
      return "\(a.words) is \(value == (sign == .equal) ? "true" : "false")"
    case .comparison(let sign, let a, let b): return "\(a.words) is \(sign.words)\(b.words)"
    case .among(let value, let list):
      return "\(value.words) is one of \(list.map(\.words).joined(separator: ", "))"
    case .contains(let value, let part): return "\(value.words) contains \"\(part)\""
    case .missing(let inner): return "\(inner.words) is not known"
    case .not(.missing(let inner)): return "\(inner.words) is known"
    case .not(let inner): return "it is not so that \(inner.bracketedWords)"
    case .all(let parts):
      return parts.map { if case .any = $0 { $0.bracketedWords } else { $0.words } }
        .joined(separator: ", and ")
    case .any(let parts): return parts.map(\.words).joined(separator: ", or ")
    }
  }

  private var bracketedWords: String {
    switch self {
    case .all, .any, .arithmetic: "(\(words))"
    default: words
    }
  }
}

extension ComparisonSign {
  fileprivate var words: String {
    switch self {
    case .less: "less than "
    case .atMost: "at most "
    case .more: "more than "
    case .atLeast: "at least "
    case .equal: ""
    case .unequal: "not "
    }
  }
}

extension ConditionExpression.ColumnOf {
  fileprivate func text(other: String?) -> String {
    switch owner {
    case .node: other == nil ? named(name) : "own.\(named(name))"
    case .edge: named(name)
    case .other: "\(other ?? "other").\(named(name))"
    }
  }

  fileprivate var words: String {
    let plain = name.split(separator: "_").joined(separator: " ")
    return switch owner {
    case .node: plain
    case .edge: "its \(plain)"
    case .other: "the \(ownerName)'s \(plain)"
    }
  }
}

extension ConditionExpression.Aggregate {
  fileprivate func text(other: String?) -> String {
    // An end is called by its type where only one of the two is of it.
    let end = otherType == ownerType || otherType == "own" ? "other" : named(otherType)
    var inside = relation.split(separator: ".", omittingEmptySubsequences: false).map { named(String($0)) }
      .joined(separator: ".")
    if saysDirection { inside += ".\(direction.rawValue)" }
    if let value {
      inside += value.owner == .other ? ".\(end).\(named(value.name))" : ".\(named(value.name))"
    }
    if let condition { inside += " where \(condition.text(other: end))" }
    if let window { inside += ", \(shortSpan(window))" }
    let prefix =
      switch (owner, other) {
      case (_, nil): ""
      case (.other, let other?): "\(other)."
      case (_, _?): "own."
      }
    return "\(prefix)\(statistic.rawValue)(\(inside))"
  }

  fileprivate var words: String {
    let edges = relation.replacing("_", with: " ")
    let way = saysDirection && direction == .into ? " against their direction" : ""
    var text =
      switch statistic {
      case .count: "the number of \(edges)\(way)"
      case .distinct: "the number of different \(otherType) nodes in \(edges)\(way)"
      case .share: "the share of \(edges)\(way)"
      case .sum: "the sum of \(valueWords) over \(edges)\(way)"
      case .mean: "the mean of \(valueWords) over \(edges)\(way)"
      case .min: "the smallest \(valueWords) of \(edges)\(way)"
      case .max: "the largest \(valueWords) of \(edges)\(way)"
      }
    if owner == .other { text += " of the \(ownerType)" }
    if let window { text += " in the last \(timeSpanWords(window))" }
    if let condition { text += " where (\(condition.words))" }
    return text
  }

  private var valueWords: String {
    guard let value else { return "" }
    let plain = value.name.replacing("_", with: " ")
    return value.owner == .other ? "the \(value.ownerName)'s \(plain)" : plain
  }
}

/// `7 days`: the longest unit that divides it.
func timeSpanWords(_ seconds: Int64) -> String {
  for (unit, name) in [(86_400, "day"), (3600, "hour"), (60, "minute")] as [(Int64, String)]
  where abs(seconds) >= unit && seconds % unit == 0 {
    return "\(seconds / unit) \(name)\(abs(seconds / unit) == 1 ? "" : "s")"
  }
  return "\(seconds) second\(abs(seconds) == 1 ? "" : "s")"
}

/// A name as it can be read again: in backquotes where it is no plain word.
private func named(_ name: String) -> String {
  let isPlain =
    name.unicodeScalars.first.map { $0 == "_" || ($0.isASCII && $0.properties.isAlphabetic) } == true
    && name.unicodeScalars.allSatisfy {
      $0 == "_" || ($0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0)))
    }
  return isPlain && !ConditionParser.keywords.contains(name) ? name : quoted(name, by: "`")
}

private func quoted(_ text: String, by quote: String) -> String {
  quote + text.replacing("\\", with: "\\\\").replacing(quote, with: "\\\(quote)") + quote
}
