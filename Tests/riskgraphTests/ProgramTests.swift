import Arguments
import Foundation
import Testing

@testable import riskgraph

@Suite("The program")
struct ProgramTests {
  @Test("alone it shows what there is, and says by its status that nothing was done")
  func alone() throws {
    let run = try Program.run()
    #expect(run.status == 2)
    #expect(run.output.hasPrefix("Turns a marketplace's tables into a graph"))
    #expect(run.errors == "")
    for command in Registry.parser.commands { #expect(run.output.contains("  \(command.name) ")) }
    #expect(try Program.run("--help").status == 0)
  }

  @Test("help of a command, word for word")
  func help() throws {
    let run = try Program.run("completions", "--help")
    #expect(run.status == 0)
    #expect(
      run.output == """
        Prints completions for a shell.

        Usage: riskgraph completions <shell> [options]

        Where shells look for them:
          bash  ~/.local/share/bash-completion/completions/riskgraph
          zsh   a file _riskgraph in a folder of $fpath
          fish  ~/.config/fish/completions/riskgraph.fish

        Arguments:
          <shell>  For which shell. One of bash, zsh or fish.

        Options of every command:
          --json       Print the result as one JSON document.
          -q, --quiet  Show no progress and no remarks.
          --threads N  Use so many threads; one for each core without it.
          -h, --help   Show this help.

        Examples:
          riskgraph completions bash > ~/.local/share/bash-completion/completions/riskgraph
              Completes commands, options and files in every new bash.

        """)
  }

  @Test("every command has a summary, an example, and help that fits the terminal")
  func everyHelp() throws {
    func walk(_ commands: [any CommandSyntax], _ path: [String]) {
      for command in commands {
        let own = path + [command.name]
        let help = Registry.parser.help(for: own, width: 80)
        #expect(command.summary.hasSuffix("."), "\(own)")
        #expect(!command.examples.isEmpty, "\(own) has no example")
        #expect(help.contains("Usage: riskgraph \(own.joined(separator: " "))"))
        let examples = Set(command.examples.map { "  riskgraph \($0.line)" })
        for line in help.split(separator: "\n") where !examples.contains(String(line)) {
          #expect(line.count <= 80, "\(own): \(line)")
        }
        for example in command.examples {
          #expect(
            example.line.split(separator: " ").starts(with: own.map { Substring($0) }), "\(example.line)")
        }
        #expect(command is any Command || !command.subcommands.isEmpty, "\(own) does nothing")
        walk(command.subcommands, own)
      }
    }
    walk(Registry.parser.commands, [])
  }

  @Test("what examples show can be parsed")
  func examples() throws {
    func walk(_ commands: [any CommandSyntax]) throws {
      for command in commands {
        for example in command.examples {
          let words = try #require(ShellLine.commands(example.line).first)
          #expect(throws: Never.self, "\(example.line)") { _ = try Registry.parser.parse(words) }
        }
        try walk(command.subcommands)
      }
    }
    try walk(Registry.parser.commands)
  }

  @Test(
    "wrong usage is status 2, with what was probably meant on standard error and nothing on standard output")
  func wrongUsage() throws {
    let run = try Program.run("docter")
    #expect(run.status == 2)
    #expect(run.output == "")
    #expect(
      run.errors == """
        riskgraph has no command "docter". Did you mean doctor?
        riskgraph --help shows how it is used.

        """)
    #expect(try Program.run("doctor", "--jsno").errors.contains("Did you mean --json?"))
    #expect(try Program.run("completions").errors.hasPrefix("riskgraph completions needs <shell>.\n"))
  }

  @Test("what is typed cannot steer the terminal through messages")
  func hostileWords() throws {
    let run = try Program.run("\u{1B}]0;title\u{07}\u{202E}")
    #expect(run.status == 2)
    #expect(!run.errors.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
    #expect(run.errors.contains("\\u{1B}]0;title\\u{7}\\u{202E}"))
  }

  @Test("doctor names libraries, processor and kernels, for people and for programs")
  func doctor() throws {
    let text = try Program.run("doctor", "--without-measuring")
    for word in ["OpenBLAS", "LAPACKE", "SQLite", "XGBoost", "DuckDB", "instruction set", "threads"] {
      #expect(text.output.contains(word))
    }
    let run = try Program.run("doctor", "--without-measuring", "--json", "--threads", "1")
    let json = try #require(run.json)
    #expect(json["threads"] as? Int == 1)
    #expect(json["measured"] is NSNull)
    #expect((json["libraries"] as? [[String: Any]])?.count == 5)
    #expect(run.errors == "")
  }

  @Test("a reader that goes away early is no error")
  func brokenPipe() throws {
    let run = try Program.shell(
      "set -o pipefail; for i in 1 2 3 4 5; do $riskgraph completions zsh; done | head -c 10")
    #expect(run.status == 0)
    #expect(run.output == "#compdef r")
    #expect(run.errors == "")
  }

  @Test("completions are scripts that bash reads, and complete commands, options and values")
  func completions() throws {
    let line = """
      source <($riskgraph completions bash) && \
      try() { COMP_WORDS=(riskgraph "$@"); COMP_CWORD=$#; _riskgraph; echo "${COMPREPLY[*]}"; } && \
      try do && try completions z && try doctor --with
      """
    let run = try Program.shell(line)
    #expect(run.output == "doctor\nzsh\n--without-measuring\n")
    #expect(run.errors == "")
  }
}
