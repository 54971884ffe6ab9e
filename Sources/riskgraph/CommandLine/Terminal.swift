import Arguments
import Foundation

/// Standard output and standard error, and how wide they are.
///
/// A reader that has gone (`riskgraph info shop.rg | head`) is no error: what is left is not written.
struct Terminal: Sendable {
  /// Columns of the terminal; nil where standard output is none.
  let columns: Int?

  init() {
    signal(SIGPIPE, SIG_IGN)
    columns = isatty(1) == 1 ? Terminal.width(of: 1) : nil
  }

  /// Help and sentences are wrapped to this.
  var helpWidth: Int { min(columns ?? Terminal.columnsSaid ?? 80, 110) }

  /// Tables are cut to this; what goes to a file or a pipe is not cut.
  var tableWidth: Int { columns ?? 10_000 }

  func write(_ text: String) { Terminal.writeAll(text, to: 1) }

  /// An error, with the program's name in front.
  func complain(_ text: String, named: Bool = true) {
    let safe = text.split(separator: "\n", omittingEmptySubsequences: false).map { visible(String($0)) }
    let whole = (named ? "riskgraph: " : "") + safe.joined(separator: "\n")
    let width = isatty(2) == 1 ? Terminal.width(of: 2) ?? 80 : 10_000
    Terminal.writeAll(wrapped(whole, width: width, hanging: named ? 2 : 0) + "\n", to: 2)
  }

  func remark(_ text: String) { Terminal.writeAll(visible(text) + "\n", to: 2) }

  private static var columnsSaid: Int? {
    ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  private static func width(of descriptor: Int32) -> Int? {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return columnsSaid
  }

  private static func writeAll(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(
          descriptor,
          UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[rest.startIndex...]).baseAddress,
          rest.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return }
        rest = rest.dropFirst(count)
      }
    }
  }
}
