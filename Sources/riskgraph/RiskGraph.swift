import Arguments
import Compute
import Foundation

/// The program: reads the command line, runs one command, prints its answer.
@main
struct RiskGraph {
  static let version = "0.1.0"

  static func main() {
    exit(run(Array(Swift.CommandLine.arguments.dropFirst())))
  }

  /// The exit status: 0 done, 1 failed, 2 wrong usage.
  static func run(_ words: [String]) -> Int32 {
    let parser = Registry.parser
    let terminal = Terminal()
    do {
      switch try parser.parse(words) {
      case .help(let path, _):
        terminal.write(parser.help(for: path, width: terminal.helpWidth))
        // `riskgraph` or `riskgraph bench` alone is a question, too: but nothing was done.
        return words.contains { ["--help", "-h", "help"].contains($0) } ? 0 : 2
      case .run(let syntax, _, let input):
        guard let command = syntax as? any Command else { preconditionFailure("a command that cannot run") }
        let session = Session(input: input, parser: parser, terminal: terminal)
        let answer = try command.run(input, in: session)
        terminal.write(session.isJSON ? answer.json.text + "\n" : answer.text(width: terminal.tableWidth))
        return answer.isFailure ? 1 : 0
      }
    } catch let error as UsageError {
      terminal.complain("\(error)", named: false)
      let path = parser.pathNamed(in: words)
      terminal.complain(
        "\(([parser.program] + path + ["--help"]).joined(separator: " ")) shows how it is used.", named: false
      )
      return 2
    } catch is CancellationError {
      terminal.complain("stopped; nothing was left half-done.")
      return 1
    } catch {
      terminal.complain(describe(error))
      return 1
    }
  }

  /// Our own errors speak for themselves; the system's are asked for their message, and of a file for its path.
  private static func describe(_ error: any Error) -> String {
    if let error = error as? CocoaError, let path = error.filePath {
      let system = error.underlying.map { $0 as NSError }.flatMap {
        $0.domain == NSPOSIXErrorDomain ? String(cString: strerror(Int32($0.code))) + "." : nil
      }
      return "\(path): \(system ?? error.localizedDescription)"
    }
    let type = type(of: error)
    let speaks = type is any CustomStringConvertible.Type && type != NSError.self
    return speaks ? String(describing: error) : error.localizedDescription
  }
}
