// Reading a command line, word by word.
//
// Words lead through the tree of commands until one has no subcommands; from there on they are its options and
// arguments. The program's own options stand anywhere. After `--` everything is an argument.

import Compute

/// A program's commands, and the options that all of them take.
public struct CommandLineParser: Sendable {
  public let program: String
  /// What the program is for, in a sentence.
  public let summary: String
  public let commands: [any CommandSyntax]
  /// Groups of commands as help lists them: a heading and commands' names. What is in none comes last.
  public let groups: [(heading: String, names: [String])]
  public let globals: [any Parameter]

  public init(
    program: String, summary: String, commands: [any CommandSyntax],
    groups: [(heading: String, names: [String])] = [], globals: [any Parameter] = []
  ) {
    self.program = program
    self.summary = summary
    self.commands = commands
    self.groups = groups
    self.globals = globals
  }

  /// What a command line asks for.
  public enum Request: Sendable {
    case run(any CommandSyntax, path: [String], input: Input)
    /// Help for the command at a path of names; the whole program's where it is empty.
    case help(path: [String], input: Input)
  }

  /// Needs: the words after the program's name.
  public func parse(_ words: [String]) throws(UsageError) -> Request {
    var path: [String] = []
    var candidates = commands
    var command: (any CommandSyntax)?
    var collected = Collected()
    var positionals: [String] = []
    var wantsHelp = false
    var position = 0
    var onlyArguments = false

    while position < words.count {
      let word = words[position]
      position += 1
      if !onlyArguments, word == "--" {
        onlyArguments = true
      } else if !onlyArguments, word == "--help" || word == "-h" {
        wantsHelp = true
      } else if !onlyArguments, isOption(word) {
        let known = globals + (command?.parameters ?? [])
        try collected.take(word, from: words, at: &position, known: known, command: title(path))
      } else if let next = candidates.first(where: { $0.name == word }) {
        path.append(word)
        command = next
        candidates = next.subcommands
      } else if command == nil, path.isEmpty, word == "help" {
        wantsHelp = true
      } else if !candidates.isEmpty {
        throw .unknownCommand(
          word, of: title(path), nearest: nearestName(to: word, among: candidates.map(\.name)))
      } else {
        positionals.append(word)
      }
    }

    let shared = try collected.values(of: globals, command: title(path))
    guard let command, command.subcommands.isEmpty, !wantsHelp else {
      return .help(path: path, input: Input(values: shared, given: collected.given))
    }
    let parameters = command.parameters
    try collected.place(positionals, in: parameters, command: title(path))
    var values = try collected.values(of: parameters, command: title(path))
    values.merge(shared) { own, _ in own }
    try check(command.rules, given: collected.given, command: title(path))
    return .run(command, path: path, input: Input(values: values, given: collected.given))
  }

  /// The command at a path of names.
  public func command(at path: [String]) -> (any CommandSyntax)? {
    var candidates = commands
    var found: (any CommandSyntax)?
    for name in path {
      guard let next = candidates.first(where: { $0.name == name }) else { return nil }
      found = next
      candidates = next.subcommands
    }
    return found
  }

  func title(_ path: [String]) -> String { ([program] + path).joined(separator: " ") }

  private func check(_ rules: [Rule], given: Set<String>, command: String) throws(UsageError) {
    for rule in rules {
      let (parameters, needsOne) =
        switch rule {
        case .atMostOne(let parameters): (parameters, false)
        case .exactlyOne(let parameters): (parameters, true)
        }
      let titles = parameters.map(\.face.title)
      let present = titles.filter { given.contains($0) }
      if present.count > 1 { throw .together(present[0], present[1]) }
      if present.isEmpty, needsOne { throw .noneOf(titles, of: command) }
    }
  }
}

/// A word that starts an option: not a lone dash (standard input, by custom), and not a negative number.
private func isOption(_ word: String) -> Bool {
  word.hasPrefix("-") && word != "-" && Double(word) == nil
}

/// The texts given for each parameter.
private struct Collected {
  private var texts: [String: [String]] = [:]

  var given: Set<String> { Set(texts.keys) }

  /// One option, written `--name`, `--name value`, `--name=value`, `-n` or `-n value`.
  mutating func take(
    _ word: String, from words: [String], at position: inout Int, known: [any Parameter], command: String
  ) throws(UsageError) {
    var name = word
    var value: String?
    if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
      name = String(word[..<equals])
      value = String(word[word.index(after: equals)...])
    }
    let options = known.map(\.face).filter { $0.kind != .positional }
    guard let face = options.first(where: { $0.title == name || $0.short.map { "-\($0)" } == name }) else {
      let titles = options.map(\.title) + ["--help"]
      throw .unknownOption(name, of: command, nearest: nearestName(to: name, among: titles))
    }
    if face.kind == .flag {
      guard value == nil else { throw .unwantedValue(face.title) }
      texts[face.title] = ["yes"]
      return
    }
    if value == nil, position < words.count, !isOption(words[position]) {
      value = words[position]
      position += 1
    }
    guard let value else { throw .missingValue(face.title, placeholder: face.placeholder) }
    guard face.arity == .many || texts[face.title] == nil else { throw .givenTwice(face.title) }
    texts[face.title, default: []].append(value)
  }

  mutating func place(
    _ words: [String], in parameters: [any Parameter], command: String
  ) throws(UsageError) {
    var rest = words[...]
    for face in parameters.map(\.face) where face.kind == .positional && !rest.isEmpty {
      texts[face.title] = face.arity == .many ? Array(rest) : [rest.removeFirst()]
      if face.arity == .many { rest = [] }
    }
    if let surplus = rest.first { throw .tooMany(surplus, of: command) }
  }

  func values(
    of parameters: [any Parameter], command: String
  ) throws(UsageError) -> [String: any Sendable] {
    var values: [String: any Sendable] = [:]
    for parameter in parameters {
      let face = parameter.face
      let given = texts[face.title] ?? []
      if given.isEmpty, face.isRequired {
        throw .missing(face.kind == .option ? "\(face.title) \(face.placeholder)" : face.title, of: command)
      }
      do {
        values[face.title] = try parameter.read(given)
      } catch {
        throw .notAValue(face.title, text: given.joined(separator: ","), mistake: error)
      }
    }
    return values
  }
}
