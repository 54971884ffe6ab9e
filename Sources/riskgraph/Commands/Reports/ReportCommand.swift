import Arguments
import Communities
import Compute
import Foundation
import Graph
import Learning
import Reports
import Store

struct ReportCommand: Command {
  let name = "report"
  let summary = "Writes one HTML file for the morning: the queue, groups, models, drift, and what changed."
  let discussion = """
    The file needs nothing else and sends nothing anywhere: it can be opened, mailed and printed as it is. Where there is an \
    earlier report in its place, the new one says what changed since; --since names another. It holds keys of nodes, so \
    only its owner may read it.
    """
  let examples = [
    Example("report shop.rg --out report.html", "Everything, with what changed since the last."),
    Example("report shop.rg --out may.html --as-of 2026-06-01 --since april.html", "As of a day."),
  ]
  let store = StoreParameters.store
  let out = Option<FilePath>("out", "The HTML file to write.")
  let since = Option<FilePath?>(
    "since", "The earlier report to compare with, if not the one that is replaced.")
  let asOf = StoreParameters.asOf
  let limit = Option("limit", "How many cases and groups to show.", default: 50, accepts: within(1...2000))
  let withoutModels = Flag("without-models", "Leave out models and drift, which take the longest.")

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name)
    let out = input[out].path
    let earlier = try earlier(input, replaced: out)
    let content = try ReportContent(
      store, asOf: input[asOf], limit: input[limit], withModels: !input[withoutModels], session)
    let report = try content.report()
    let html = try report.page(since: earlier).html()
    try PrivateFile.write(html, to: out)
    var answer = Answer(json: [
      "out": JSON(out), "bytes": JSON(html.utf8.count), "since": JSON(earlier?.madeAt),
      "cases": JSON(report.queue?.count), "groups": JSON(report.groups.count),
      "models": JSON(
        report.models.map { JSON([("name", JSON($0.title)), ("advice", JSON($0.health.advice.rawValue))]) }),
    ])
    answer.say("Wrote \(out), \(humanBytes(html.utf8.count)).")
    if let earlier { answer.say("It says what changed since the report of \(earlier.madeAt).") }
    return answer
  }

  private func earlier(_ input: Input, replaced: String) throws -> ReportSummary? {
    if let path = input[since]?.path {
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw ReportError.unreadable(path)
      }
      guard let found = ReportSummary(html: text) else { throw ReportError.noReport(path) }
      return found
    }
    // Whatever else lies there is replaced, as every command's --out does.
    return (try? String(contentsOfFile: replaced, encoding: .utf8)).flatMap { ReportSummary(html: $0) }
  }
}

enum ReportError: Error, CustomStringConvertible {
  case unreadable(String)
  case noReport(String)
  case unwritable(String, reason: String)

  var description: String {
    switch self {
    case .unreadable(let path): "\(path) cannot be read. --since names a report that was written before."
    case .noReport(let path): "\(path) is no report of this program, or of a later version of it."
    case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)."
    }
  }
}

/// A file that only its owner reads.
enum PrivateFile {
  /// Written beside and renamed: a crash leaves the old one or the new one.
  static func write(_ text: String, to path: String) throws {
    let draft = "\(path).\(ProcessInfo.processInfo.processIdentifier).draft"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw ReportError.unwritable(path, reason: String(cString: strerror(errno)))
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try file.write(contentsOf: Data(text.utf8))
      try file.close()
    } catch {
      unlink(draft)
      throw ReportError.unwritable(path, reason: "the disk refused it")
    }
    guard rename(draft, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(draft)
      throw ReportError.unwritable(path, reason: reason)
    }
  }
}
