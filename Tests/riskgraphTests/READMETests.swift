import Arguments
import Foundation
import Testing

@testable import riskgraph

/// What the README shows: every command is one, and what the tour prints is what the program prints.
@Suite("The README")
struct READMETests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A command as it is shown, and the lines below it.
  private struct Shown {
    var line: String
    var output: [String] = []
  }

  private let text: String
  /// Commands with a prompt before them, which are shown with what they print.
  private var tour: [Shown] = []
  /// Commands without one.
  private var others: [String] = []
  /// What stands between backticks in prose and tables.
  private var words: [String] = []

  init() throws {
    text = try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
    var isInTour = false
    for line in text.components(separatedBy: "\n") {
      guard line.hasPrefix("    ") else {
        if !line.isEmpty {
          isInTour = false
          words += line.matches(of: /`([^`]+)`/).map { String($0.output.1) }
        } else if isInTour, !tour.isEmpty, !tour[tour.count - 1].output.isEmpty {
          tour[tour.count - 1].output.append("")
        }
        continue
      }
      let own = String(line.dropFirst(4))
      if own.hasPrefix("$ ") {
        tour.append(Shown(line: String(own.dropFirst(2))))
        isInTour = true
      } else if isInTour, let last = tour.last, last.output.isEmpty, last.line.hasSuffix("|") {
        tour[tour.count - 1].line += own
      } else if isInTour {
        tour[tour.count - 1].output.append(own)
      } else if own.hasPrefix("riskgraph ") || own.hasPrefix("Scripts/") {
        others.append(own)
      }
    }
    for place in tour.indices {
      while tour[place].output.last == "" { tour[place].output.removeLast() }
    }
  }

  /// The program's part of a pipeline; nil where it has none.
  private func call(in line: String) -> [String]? {
    ShellLine.commands(line).first { $0.first == "riskgraph" }.map { Array($0.dropFirst()) }
  }

  @Test("every command line in it can be parsed")
  func parses() throws {
    let lines = (tour.map(\.line) + others).filter { $0.contains("riskgraph ") }
    #expect(lines.count > 15, "the README's commands were not found")
    for line in lines {
      let words = try #require(call(in: line), "\(line)")
      #expect(throws: Never.self, "\(line)") { _ = try Registry.parser.parse(words) }
    }
  }

  @Test("what prose and tables name is a command, and the options beside it are its own")
  func names() throws {
    var everyOption = Set(Globals.all.map { "--\($0.face.name)" } + ["--help"])
    func walk(_ commands: [any CommandSyntax]) {
      for command in commands {
        everyOption.formUnion(command.parameters.map { "--\($0.face.name)" })
        walk(command.subcommands)
      }
    }
    walk(Registry.parser.commands)
    var count = 0
    for word in words {
      var pieces = ShellLine.words(word)
      if pieces.first == "riskgraph" { pieces.removeFirst() }
      guard let first = pieces.first, !first.contains("/") else { continue }
      let path = Registry.parser.pathNamed(in: pieces)
      let options = pieces.filter { $0.hasPrefix("--") }
      if let command = Registry.parser.command(at: path), !path.isEmpty {
        count += 1
        let own = command.parameters.map { "--\($0.face.name)" } + Globals.all.map { "--\($0.face.name)" }
        for option in options { #expect(own.contains(option), "\(path) has no \(option)") }
      } else {
        for option in options where !word.contains("Scripts") {
          #expect(everyOption.contains(option), "no command has \(option)")
        }
      }
    }
    #expect(count > 30)
  }

  @Test("its table of commands has all of them, and no other")
  func table() {
    var named: Set<String> = []
    var isInTable = false
    for line in text.components(separatedBy: "\n") {
      if line.hasPrefix("| command |") { isInTable = true }
      guard isInTable, line.hasPrefix("|") else {
        isInTable = false
        continue
      }
      for match in line.components(separatedBy: " | ")[0].matches(of: /`([^`]+)`/) {
        let path = String(match.output.1).split(separator: " ").map(String.init)
        #expect(Registry.parser.command(at: path) != nil, "\(match.output.1)")
        named.insert(path[0])
      }
    }
    let all = Set(Registry.parser.commands.map(\.name)).subtracting(["version"])
    #expect(all.subtracting(named).isEmpty, "not in the README's table")
  }

  @Test("every script and file that it names is there, with the options that it shows")
  func scripts() throws {
    let named = others.filter { $0.hasPrefix("Scripts/") } + words.filter { $0.contains("Scripts/") }
    #expect(named.count > 3)
    for line in named {
      for match in line.matches(of: /Scripts\/[A-Za-z0-9_.\/-]+/) {
        let file = Self.root.appendingPathComponent(String(match.output))
        #expect(FileManager.default.fileExists(atPath: file.path), "\(match.output)")
        guard line.hasPrefix(match.output) else { continue }
        let script = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        for option in ShellLine.words(line).filter({ $0.hasPrefix("--") }) {
          #expect(script.contains(option), "\(match.output) has no \(option)")
        }
      }
    }
    for match in text.matches(of: /\]\(((?:Sources|Datasets|Scripts)[^)]*)\)/) {
      let file = Self.root.appendingPathComponent(String(match.output.1))
      #expect(FileManager.default.fileExists(atPath: file.path), "\(match.output.1)")
    }
  }

  /// The commands are run one after another in one folder, as a reader would.
  @Test("the tour prints what it shows")
  func runs() throws {
    let folder = try TemporaryFolder()
    let work = "cd '\(folder.path)'; riskgraph() { \"$riskgraph\" \"$@\"; }; export COLUMNS=110"
    #expect(tour.count >= 8)
    for step in tour {
      let run = try Program.shell("\(work); \(step.line)")
      guard !step.output.isEmpty else {
        #expect(run.status == 0, "\(step.line): \(run.errors)")
        continue
      }
      let isMistake = step.output[0].hasPrefix("riskgraph: ")
      #expect(isMistake == (run.status != 0), "\(step.line): \(run.errors)")
      let printed = (isMistake ? run.errors : run.output).components(separatedBy: "\n").map {
        String($0.reversed().drop { $0 == " " }.reversed())
      }
      let (first, shown) = (Array(printed.prefix(step.output.count)), step.output)
      if hasLearned(step.line) {
        #expect(first.map(loose) == shown.map(loose), "\(step.line)")
      } else {
        #expect(first == shown, "\(step.line)")
      }
    }
  }

  /// What is learned, and the time of day, may differ in a digit from one machine to another.
  private func hasLearned(_ line: String) -> Bool {
    [" train ", " flag ", " explain ", " review "].contains { line.contains($0) }
  }

  private func loose(_ line: String) -> String {
    line.replacing(/\b\d[\d.,]*/, with: "#").replacing(/[ ]+/, with: " ")
  }
}
