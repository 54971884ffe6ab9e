// Completions for shells, written out of the same declarations that parse.

public enum Shell: String, CaseIterable, ArgumentValue, Sendable { case bash, zsh, fish }

extension CommandLineParser {
  /// A script for the shell to read.
  public func completions(for shell: Shell) -> String {
    switch shell {
    case .bash: bash()
    case .zsh: zsh()
    case .fish: fish()
    }
  }

  /// Every command that can be reached, with its path.
  private var reachable: [(path: [String], command: any CommandSyntax)] {
    func walk(
      _ commands: [any CommandSyntax], _ path: [String]
    ) -> [(path: [String], command: any CommandSyntax)] {
      commands.flatMap { command in
        let own = path + [command.name]
        return [(path: own, command: command)] + walk(command.subcommands, own)
      }
    }
    return walk(commands, [])
  }

  private func options(of command: (any CommandSyntax)?) -> [ParameterFace] {
    let help = Flag("help", "Show help.", short: "h")
    return ((command?.parameters ?? []) + globals + [help]).map(\.face).filter { $0.kind != .positional }
  }

  // MARK: bash

  /// A function that walks the words to find the command, then offers by a table.
  private func bash() -> String {
    let function = "_\(program)"
    var words = ""
    var values = ""
    var places = ""
    let root: [(path: [String], command: (any CommandSyntax)?)] = [([], nil)]
    for (path, command) in root + reachable.map({ ($0.path, Optional($0.command)) }) {
      let key = path.joined(separator: " ")
      let subcommands = (command?.subcommands ?? (path.isEmpty ? commands : [])).map(\.name)
      let titles = options(of: command).map(\.title)
      words += "    '\(key)') words='\((subcommands + titles).joined(separator: " "))' ;;\n"
      for face in options(of: command) where face.kind == .option {
        values += "    '\(key) \(face.title)') \(bashAction(face)) ;;\n"
      }
      if let face = command?.parameters.map(\.face).first(where: { $0.kind == .positional }) {
        places += "    '\(key)') \(bashAction(face)) ;;\n"
      }
    }
    let names = reachable.map { "'" + $0.path.joined(separator: " ") + "'" }.joined(separator: "|")
    return """
      # Completions of \(program) for bash.
      \(function)() {
        local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" path='' word words='' next i
        for ((i = 1; i < COMP_CWORD; i++)); do
          word="${COMP_WORDS[i]}"
          next="${path:+$path }$word"
          case "$next" in
            \(names)) path="$next" ;;
          esac
        done
        COMPREPLY=()
        case "$path $previous" in
      \(values)    *) ;;
        esac
        case "$path" in
      \(words)    esac
        if [[ "$current" != -* ]]; then
          case "$path" in
      \(places)    esac
        fi
        COMPREPLY+=($(compgen -W "$words" -- "$current"))
      }
      complete -o filenames -F \(function) \(program)

      """
  }

  private func bashAction(_ face: ParameterFace) -> String {
    if !face.choices.isEmpty {
      return "COMPREPLY=($(compgen -W '\(face.choices.joined(separator: " "))' -- \"$current\")); return"
    }
    switch face.completion {
    case .file: return "COMPREPLY=($(compgen -f -- \"$current\")); return"
    case .folder: return "COMPREPLY=($(compgen -d -- \"$current\")); return"
    case .none: return face.kind == .option ? "return" : ":"
    }
  }

  // MARK: zsh

  private func zsh() -> String {
    var text = "#compdef \(program)\n# Completions of \(program) for zsh.\n\n"
    for (path, command) in reachable { text += zshFunction(path, command) }
    text += zshFunction([], nil)
    text += "compdef _\(program) \(program)\n"
    return text
  }

  private func zshFunction(_ path: [String], _ command: (any CommandSyntax)?) -> String {
    let name = "_" + ([program] + path).joined(separator: "_").replacing("-", with: "_")
    let subcommands = command?.subcommands ?? (path.isEmpty ? commands : [])
    var specs = options(of: command).map { face in
      let mark = face.arity == .many ? "*" : ""
      let value =
        face.kind == .option
        ? ":\(face.placeholder.lowercased().replacing(":", with: "")):\(zshAction(face))" : ""
      return "'\(mark)\(face.title)[\(zshQuoted(face.help))]\(value)'"
    }
    for face in command?.parameters.map(\.face) ?? [] where face.kind == .positional {
      specs.append(
        "'\(face.arity == .many ? "*" : face.isRequired ? "" : ":"):\(face.name):\(zshAction(face))'")
    }
    var text = "\(name)() {\n"
    if subcommands.isEmpty {
      text += "  _arguments -s \\\n    " + specs.joined(separator: " \\\n    ") + "\n}\n\n"
      return text
    }
    text += "  local state line\n  local -a commands=(\n"
    for sub in subcommands { text += "    '\(sub.name):\(zshQuoted(sub.summary))'\n" }
    text += "  )\n  _arguments -C \\\n    " + specs.joined(separator: " \\\n    ")
    text += " \\\n    '1: :->command' '*:: :->rest'\n  case $state in\n"
    text += "    command) _describe command commands ;;\n    rest) case $line[1] in\n"
    for sub in subcommands { text += "      \(sub.name)) \(name)_\(sub.name.replacing("-", with: "_")) ;;\n" }
    text += "    esac ;;\n  esac\n}\n\n"
    return text
  }

  private func zshAction(_ face: ParameterFace) -> String {
    if !face.choices.isEmpty { return "(\(face.choices.joined(separator: " ")))" }
    switch face.completion {
    case .file: return "_files"
    case .folder: return "_files -/"
    case .none: return " "
    }
  }

  private func zshQuoted(_ text: String) -> String {
    text.replacing("'", with: "'\\''").replacing("[", with: "(").replacing("]", with: ")").replacing(
      ":", with: "\\:")
  }

  // MARK: fish

  private func fish() -> String {
    var text = "# Completions of \(program) for fish.\ncomplete -c \(program) -f\n"
    for command in commands {
      text +=
        "complete -c \(program) -n __fish_use_subcommand -a \(command.name) -d \(fishQuoted(command.summary))\n"
    }
    for (path, command) in reachable {
      let others = command.subcommands.map(\.name)
      let seen = path.map { "__fish_seen_subcommand_from \($0)" }.joined(separator: "; and ")
      if !others.isEmpty {
        let none = "not __fish_seen_subcommand_from \(others.joined(separator: " "))"
        for sub in command.subcommands {
          text +=
            "complete -c \(program) -n '\(seen); and \(none)' -a \(sub.name) -d \(fishQuoted(sub.summary))\n"
        }
      }
      for face in command.parameters.map(\.face) {
        text += "complete -c \(program) -n '\(seen)'" + fishWords(face) + "\n"
      }
    }
    for face in options(of: nil) { text += "complete -c \(program)" + fishWords(face) + "\n" }
    return text
  }

  private func fishWords(_ face: ParameterFace) -> String {
    var text = ""
    if face.kind != .positional {
      text += " -l \(face.name)" + (face.short.map { " -s \($0)" } ?? "") + " -d \(fishQuoted(face.help))"
    }
    // -x: what follows is one of ours, and no file.
    if face.kind == .option { text += face.completion == .file && face.choices.isEmpty ? " -r" : " -x" }
    if !face.choices.isEmpty { return text + " -a '\(face.choices.joined(separator: " "))'" }
    switch face.completion {
    case .file: return text + " -F"
    case .folder: return text + " -a '(__fish_complete_directories)'"
    case .none: return text
    }
  }

  private func fishQuoted(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}
