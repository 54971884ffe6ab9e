// Help, wrapped to the width of whoever reads it.

extension CommandLineParser {
  /// The help of the command at a path of names; the program's where the path is empty.
  public func help(for path: [String], width: Int = 80) -> String {
    let width = min(max(width, 40), 110)
    guard let command = command(at: path) else { return programHelp(width: width) }
    var text = wrapped(command.summary, width: width) + "\n"
    text += "\n" + usage(of: command, path: path, width: width)
    if !command.discussion.isEmpty { text += "\n" + wrapped(command.discussion, width: width) + "\n" }
    if !command.subcommands.isEmpty {
      text += "\nCommands:\n" + list(command.subcommands.map { ($0.name, $0.summary) }, width: width)
    }
    let faces = command.parameters.map(\.face)
    text += section("Arguments", faces.filter { $0.kind == .positional }, width: width)
    text += section("Options", faces.filter { $0.kind != .positional }, width: width)
    text += globalSection(width: width)
    if !command.examples.isEmpty {
      text += "\nExamples:\n"
      for example in command.examples {
        text += "  \(program) \(example.line)\n"
        text += wrapped(example.says, width: width, indent: 6) + "\n"
      }
    }
    return text
  }

  private func programHelp(width: Int) -> String {
    var text = wrapped(summary, width: width) + "\n\nUsage: \(program) <command> [options] …\n"
    var left = commands
    for group in groups {
      let members = group.names.compactMap { name in commands.first { $0.name == name } }
      guard !members.isEmpty else { continue }
      left.removeAll { command in group.names.contains(command.name) }
      text += "\n\(group.heading):\n" + list(members.map { ($0.name, $0.summary) }, width: width)
    }
    if !left.isEmpty {
      text += groups.isEmpty ? "\nCommands:\n" : "\nOthers:\n"
      text += list(left.map { ($0.name, $0.summary) }, width: width)
    }
    text += globalSection(width: width)
    text += "\n" + wrapped("\(program) <command> --help tells more, with an example.", width: width) + "\n"
    return text
  }

  private func usage(of command: any CommandSyntax, path: [String], width: Int) -> String {
    var words: [String] = []
    if !command.subcommands.isEmpty { words.append("<command>") }
    let faces = command.parameters.map(\.face)
    for face in faces where face.kind == .positional {
      let word = face.arity == .many ? "<\(face.name)> …" : "<\(face.name)>"
      words.append(face.isRequired ? word : "[\(word)]")
    }
    for face in faces where face.kind == .option && face.isRequired {
      words.append("\(face.title) \(face.placeholder)")
    }
    words.append("[options]")
    return wrapped("Usage: " + ([title(path)] + words).joined(separator: " "), width: width, hanging: 7)
      + "\n"
  }

  private func globalSection(width: Int) -> String {
    let help = ParameterFace(
      kind: .flag, name: "help", short: "h", placeholder: "", help: "Show this help.", arity: .oneAtMost,
      isRequired: false, defaultText: nil, choices: [], completion: .none)
    return section("Options of every command", globals.map(\.face) + [help], width: width)
  }

  private func section(_ heading: String, _ faces: [ParameterFace], width: Int) -> String {
    guard !faces.isEmpty else { return "" }
    return "\n\(heading):\n" + list(faces.map { (label($0), explanation($0)) }, width: width)
  }

  private func label(_ face: ParameterFace) -> String {
    var text = face.title
    if let short = face.short { text = "-\(short), " + text }
    return face.kind == .option ? "\(text) \(face.placeholder)" : text
  }

  private func explanation(_ face: ParameterFace) -> String {
    var text = face.help
    if !face.choices.isEmpty, face.placeholder != face.choices.joined(separator: "|") {
      text += " One of \(listed(face.choices, "or"))."
    }
    if face.kind == .option, face.arity == .many { text += " May be repeated, or be a comma list." }
    if face.kind == .option, face.isRequired { text += " Required." }
    if let standard = face.defaultText { text += " (default: \(standard))" }
    return text
  }

  /// Two columns; a label too long for the first has its line to itself.
  private func list(_ rows: [(label: String, text: String)], width: Int) -> String {
    let longest = rows.map(\.label.displayWidth).filter { $0 <= 28 }.max() ?? 0
    let column = 2 + longest + 2
    var result = ""
    for row in rows {
      let body = wrapped(row.text, width: width, indent: column)
      let used = 2 + row.label.displayWidth
      if used + 2 <= column {
        result +=
          "  " + row.label + String(repeating: " ", count: column - used) + body.dropFirst(column) + "\n"
      } else {
        result += "  " + row.label + "\n" + body + "\n"
      }
    }
    return result
  }
}
