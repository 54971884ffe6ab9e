import Arguments
import Compute
import Foundation

/// What a command is given besides its parameters: where to tell progress, and the wish to stop.
struct Session: Sendable {
  let parser: CommandLineParser
  let isJSON: Bool
  let isQuiet: Bool
  let parallel: Parallel
  let progress: ProgressSink
  let stop: StopRequest
  let terminal: Terminal

  init(input: Input, parser: CommandLineParser, terminal: Terminal) {
    self.parser = parser
    self.terminal = terminal
    isJSON = input[Globals.json]
    isQuiet = input[Globals.quiet]
    progress = isQuiet ? .silent : .standardError
    // What says `Parallel.machine` below follows too: it looks here when it is first used.
    if let threads = input[Globals.threads] { setenv("RISKGRAPH_THREADS", String(threads), 1) }
    parallel = .machine
    stop = StopSignals.begin()
  }

  /// A remark to the person at the terminal, not part of the result.
  func note(_ text: String) {
    if !isQuiet { terminal.remark(text) }
  }
}

/// The options of every command.
enum Globals {
  static let json = Flag("json", "Print the result as one JSON document.")
  static let quiet = Flag("quiet", "Show no progress and no remarks.", short: "q")
  static let threads = Option<Int?>(
    "threads", "Use so many threads; one for each core without it.", accepts: within(1...1024))

  static let all: [any Parameter] = [json, quiet, threads]
}
