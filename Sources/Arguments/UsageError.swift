/// A command line that cannot be carried out as it stands, and the way out.
public enum UsageError: Error, Equatable, CustomStringConvertible {
  case unknownCommand(String, of: String, nearest: String?)
  case unknownOption(String, of: String, nearest: String?)
  case missing(String, of: String)
  case missingValue(String, placeholder: String)
  case unwantedValue(String)
  case givenTwice(String)
  case notAValue(String, text: String, mistake: ValueMistake)
  case tooMany(String, of: String)
  case together(String, String)
  case noneOf([String], of: String)

  public var description: String {
    switch self {
    case .unknownCommand(let name, let parent, let nearest):
      "\(parent) has no command \"\(visible(name))\"." + question(nearest)
    case .unknownOption(let name, let command, let nearest):
      "\(command) has no option \(visible(name))." + question(nearest)
    case .missing(let title, let command): "\(command) needs \(title)."
    case .missingValue(let title, let placeholder): "\(title) needs a value: \(title) \(placeholder)."
    case .unwantedValue(let title): "\(title) takes no value."
    case .givenTwice(let title): "\(title) may be given only once."
    case .notAValue(let title, let text, let mistake):
      "\(title) is \"\(visible(text))\", which \(mistake.reason)." + question(mistake.nearest)
    case .tooMany(let text, let command): "\(command) takes no further argument: \"\(visible(text))\"."
    case .together(let a, let b): "\(a) and \(b) exclude each other: give one of them."
    case .noneOf(let titles, let command): "\(command) needs one of \(listed(titles, "or"))."
    }
  }

  private func question(_ nearest: String?) -> String { nearest.map { " Did you mean \($0)?" } ?? "" }
}

/// Words in a row as in a sentence: `a, b and c`.
public func listed(_ words: [String], _ last: String) -> String {
  guard words.count > 1, let final = words.last else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " \(last) " + final
}
