import Arguments
import Compute
import Foundation
import Graph
import Store

/// Rows as they come. Whole lines are taken in as they arrive, one transaction for each piece of input: what a slow
/// producer writes is on the disk a moment later, and a large file goes in large batches.
struct AppendCommand: Command {
  let name = "append"
  let summary = "Adds rows to one table, in JSON lines, from a file or from standard input."
  let discussion = """
    Each line is an object with the table's columns by their names. What has been taken in is on the disk, and readers \
    that open the store see it; riskgraph compact folds it into the snapshot later.
    """
  let examples = [
    Example("append shop.rg --relation order new.jsonl", "Adds a file of orders."),
    Example("append shop.rg --relation order", "Adds what comes on standard input, until it ends."),
  ]

  let store = StoreParameters.store
  let file = Positional<FilePath?>("file", "JSON lines; standard input without it, or where it is -.")
  let relation = Option<String?>("relation", "The relation whose rows they are.", as: "NAME")
  let type = Option<String?>("type", "The type of nodes whose rows they are.", as: "NAME")
  let unknownKeys = StoreParameters.unknownKeys
  let skipBadRows = StoreParameters.skipBadRows
  let batchBytes = Option(
    "batch", "At most so much input is one transaction.", default: ByteSize(bytes: 4_000_000),
    accepts: { $0.bytes >= 1 ? nil : "is too small" })
  let wait = StoreParameters.wait
  var rules: [Rule] { [.exactlyOne(relation, type)] }

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name, wait: input[wait])
    let path = input[file].map(\.path) ?? "-"
    let source = path == "-" ? "standard input" : path
    var reader = try reader(for: input, schema: store.schema, file: source)
    let appender = try store.appender(unknownKeys: input[unknownKeys], skipsBadRows: input[skipBadRows])
    var lines = try LineSource(path: path, mostBytes: input[batchBytes].bytes)
    let progress = session.progress.step("Appending", unit: "rows")

    var total = Totals()
    var batches = 0
    var badLines = 0
    while let piece = try lines.next(stop: session.stop) {
      let rows = reader.rows(in: piece.bytes, firstLine: piece.firstLine)
      if !reader.problems.isEmpty, !input[skipBadRows] {
        throw AppendError(
          cause: StoreError.badRows(reader.problems, total: reader.problems.count), taken: total.rows)
      }
      badLines = reader.problems.count
      do {
        let report =
          if let relation = input[relation] {
            try appender.append(relation: relation, rows, file: source, firstRow: piece.firstLine)
          } else {
            try appender.append(nodeType: input[type]!, rows, file: source, firstRow: piece.firstLine)
          }
        total.rows += report.rows
        total.unknownKeysSkipped += report.unknownKeysSkipped
        total.selfLoopsDropped += report.selfLoopsDropped
        total.badRowsSkipped += report.badRowsSkipped
        batches += 1
        progress.advance(by: report.rows)
      } catch {
        throw AppendError(cause: error, taken: total.rows)
      }
    }
    progress.finish("\(grouped(total.rows)) rows")
    total.badRowsSkipped += badLines
    return answer(total, batches: batches)
  }

  private struct Totals {
    var rows = 0
    var unknownKeysSkipped = 0
    var selfLoopsDropped = 0
    var badRowsSkipped = 0
  }

  private func reader(for input: Input, schema: Schema, file: String) throws(NameError) -> JSONLines {
    if let name = input[relation] {
      guard let type = schema.relation(name) else {
        throw .relation(name, known: schema.relations.map(\.name))
      }
      return JSONLines(of: type, file: file)
    }
    let name = input[type] ?? ""
    guard let type = schema.nodeType(name) else { throw .nodeType(name, known: schema.nodeTypes.map(\.name)) }
    return JSONLines(of: type, file: file)
  }

  private func answer(_ report: Totals, batches: Int) -> Answer {
    var answer = Answer(json: [
      "rows": JSON(report.rows), "batches": JSON(batches),
      "unknownKeysSkipped": JSON(report.unknownKeysSkipped),
      "selfLoopsDropped": JSON(report.selfLoopsDropped), "badRowsSkipped": JSON(report.badRowsSkipped),
    ])
    answer.say("\(counted(report.rows, "row")) appended, in \(counted(batches, "transaction")).")
    let left = report.unknownKeysSkipped + report.selfLoopsDropped + report.badRowsSkipped
    if left > 0 {
      answer.say(
        "Left out: \(grouped(report.unknownKeysSkipped)) with an unknown key, \(grouped(report.selfLoopsDropped)) "
          + "self-loops, \(grouped(report.badRowsSkipped)) that could not be read.")
    }
    return answer
  }
}

/// A batch that was refused, and how much was taken in before it.
struct AppendError: Error, CustomStringConvertible {
  let cause: StoreError
  let taken: Int

  var description: String {
    guard taken > 0 else { return cause.description }
    let text = cause.description.replacing("Nothing was taken in.", with: "")
    return text
      + "\nThe \(counted(taken, "row")) before this batch \(taken == 1 ? "is" : "are") in the store."
  }
}

/// Whole lines of a file or of standard input, as they come.
struct LineSource: ~Copyable {
  private let descriptor: Int32
  private let mostBytes: Int
  private var rest: [UInt8] = []
  private var line = 1
  private var isAtEnd = false

  init(path: String, mostBytes: Int) throws(LineSourceError) {
    self.mostBytes = mostBytes
    descriptor = path == "-" ? dup(0) : Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LineSourceError(path: path, reason: String(cString: strerror(errno))) }
  }

  deinit { close(descriptor) }

  /// The lines that have come, waiting where there are none; nil at the end. Throws where a stop is wanted.
  mutating func next(stop: StopRequest) throws -> (bytes: [UInt8], firstLine: Int)? {
    while true {
      try stop.check()
      if isAtEnd, rest.isEmpty { return nil }
      if let end = isAtEnd ? rest.count - 1 : rest.lastIndex(of: UInt8(ascii: "\n")), !hasMore {
        let bytes = Array(rest[...end])
        rest = Array(rest[(end + 1)...])
        let first = line
        line += bytes.count { $0 == UInt8(ascii: "\n") }
        return (bytes, first)
      }
      try read()
    }
  }

  /// Whether more is there at once, and the batch has room for it.
  private var hasMore: Bool {
    guard !isAtEnd, rest.count < mostBytes else { return false }
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) > 0
  }

  private mutating func read() throws(LineSourceError) {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // A fifth of a second at most until the wish to stop is noticed.
    guard poll(&request, 1, 200) > 0 else { return }
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    let count = Foundation.read(descriptor, &piece, piece.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    guard count >= 0 else {
      throw LineSourceError(path: "The input", reason: String(cString: strerror(errno)))
    }
    if count == 0 { isAtEnd = true } else { rest.append(contentsOf: piece[..<count]) }
  }
}

struct LineSourceError: Error, CustomStringConvertible {
  let path: String
  let reason: String
  var description: String { "\(path) cannot be read: \(reason)." }
}
