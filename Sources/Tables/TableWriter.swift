import CDuckDB
import Compute
import Foundation

/// Writes one table, batch by batch, in memory bounded by a batch and a row group.
///
///     let writer = try TableWriter(path: "out/scores.parquet", columns: [("key", .text), ("score", .float)])
///     try writer.append([.text(keys), .float(scores)])
///     try writer.finish()
///
/// The ending says the format: `.parquet`, `.csv`, `.tsv`, `.jsonl`, `.ndjson`; all but the first also with `.gz` or `.zst`.
/// What a column marks as missing (NaN, the empty text, …) is NULL in Parquet and empty elsewhere. Times are timestamps in
/// Parquet, `2026-03-01T08:30:00Z` elsewhere. The file appears, whole and synced, when `finish` returns: before, it
/// lies beside under another name; a writer that goes unfinished leaves nothing. The same rows give the same
/// bytes, whatever the batches and threads.
public final class TableWriter {
  public let path: String
  private let names: [String]
  private let types: [ColumnType]
  private let feed: TableFeed
  private let temporary: String
  private let copying: Copying
  private var isFinished = false

  public init(path: String, columns: [(name: String, type: ColumnType)]) throws {
    guard let (_, format, compression) = TableFile.parts(of: path), format != .json else {
      throw TablesError.cannotWrite(
        path: path, reason: "its name ends in none of .parquet, .csv, .tsv, .jsonl, .ndjson (and .gz or .zst)"
      )
    }
    guard !path.utf8.contains(0) else { throw TablesError.badName(path) }
    var seen = Set<String>()
    for (name, _) in columns {
      guard !name.isEmpty, !name.utf8.contains(0) else { throw TablesError.badName(name) }
      guard seen.insert(name.lowercased()).inserted else {
        throw TablesError.duplicateColumn(name: name, file: path)
      }
    }
    precondition(!columns.isEmpty && columns.allSatisfy { $0.type != .other }, "columns without a type")
    self.path = path
    self.names = columns.map(\.name)
    self.types = columns.map(\.type)
    let folder = (path as NSString).deletingLastPathComponent
    let name = (path as NSString).lastPathComponent
    self.temporary = (folder as NSString).appendingPathComponent(
      ".\(name).\(getpid()).\(UInt32.random(in: 0 ... .max))")
    // One thread: several would be no faster here, where one thread supplies the rows, and might cut row groups otherwise.
    let database = try Database(threads: 1)
    self.feed = TableFeed(names: names, types: types, functions: database.library.functions)
    try feed.register(on: database.connection)
    let selected = columns.map { column in
      let quoted = SQL.name(column.name)
      guard column.type == .time, format != .parquet else { return quoted }
      return "strftime(\(quoted), '%Y-%m-%dT%H:%M:%SZ') AS \(quoted)"
    }
    let options =
      switch format {
      case .parquet: "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880"
      case .csv: "FORMAT csv, HEADER, DELIMITER ',', COMPRESSION \(compression)"
      case .tsv: "FORMAT csv, HEADER, DELIMITER '\t', COMPRESSION \(compression)"
      case .jsonl, .ndjson, .json: "FORMAT json, COMPRESSION \(compression)"
      }
    // DuckDB creates the file itself, and says little where it cannot: try first.
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw TablesError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
    close(descriptor)
    let sql =
      "COPY (SELECT \(selected.joined(separator: ", ")) FROM feed()) TO \(SQL.text(temporary)) (\(options), OVERWRITE true)"
    self.copying = Copying(database: database, sql: sql, feed: feed)
  }

  deinit {
    guard !isFinished else { return }
    // Ended as any table: where a COPY fails half-way DuckDB may wait for its own writer for ever.
    feed.close()
    _ = copying.outcome()
    unlink(temporary)
  }

  /// Adds rows. Returns when DuckDB has begun with them, so that the next batch can be made meanwhile; 10,000 rows and more at
  /// a time cost least. Needs: the columns' types, and equal counts.
  public func append(_ columns: [TableColumn]) throws {
    precondition(!isFinished, "the table is finished")
    precondition(columns.count == types.count, "another number of columns")
    let rows = columns[0].count
    for (column, (name, type)) in zip(columns, zip(names, types)) {
      precondition(column.count == rows, "columns of different lengths")
      guard column.type == type else {
        throw TablesError.wrongType(column: name, found: "\(column.type)", wanted: "\(type)")
      }
    }
    guard rows > 0 else { return }
    guard feed.offer(columns, rows: rows) else { throw failure(copying.outcome()) }
  }

  /// Ends the table: afterwards the file is there, whole and on disk.
  public func finish() throws {
    precondition(!isFinished, "the table is finished")
    feed.close()
    let outcome = copying.outcome()
    isFinished = true
    guard outcome == nil else {
      unlink(temporary)
      throw failure(outcome)
    }
    do {
      try synced(temporary)
      guard rename(temporary, path) == 0 else { throw failureOfSystem() }
      let folder = (path as NSString).deletingLastPathComponent
      try synced(folder.isEmpty ? "." : folder)
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private func synced(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failureOfSystem() }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failureOfSystem() }
  }

  private func failureOfSystem() -> TablesError {
    .cannotWrite(path: path, reason: String(cString: strerror(errno)))
  }

  private func failure(_ error: (any Error)?) -> TablesError {
    .cannotWrite(path: path, reason: error.map { "\($0)" } ?? "the writing ended early")
  }
}

extension TableColumn {
  public var type: ColumnType {
    switch self {
    case .integer: .integer
    case .uint32: .uint32
    case .uint64: .uint64
    case .float: .float
    case .double: .double
    case .time: .time
    case .text: .text
    }
  }
}

/// A COPY on a thread of its own.
private final class Copying: @unchecked Sendable {
  private let over = DispatchSemaphore(value: 0)
  private var error: (any Error)?

  init(database: Database, sql: String, feed: TableFeed) {
    let thread = Thread { [self] in
      do { try database.run(sql) } catch { self.error = error }
      feed.refuse()
      over.signal()
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Waits for its end; nil where it went well.
  func outcome() -> (any Error)? {
    over.wait()
    over.signal()
    return error
  }
}
