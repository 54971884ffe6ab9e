import CDuckDB
import Compute
import Foundation

/// A DuckDB database in this process's memory.
///
///     let database = try Database(memoryLimit: 4 << 30, spillFolder: scratch)
///     let rows = try database.columns("SELECT key, amount::FLOAT AS amount FROM t WHERE day > $1", ["2026-01-01"])
///     rows.float("amount")
///
/// It installs and loads no extensions, so it cannot reach the network, and its settings cannot be changed by SQL.
/// Statements of one database run one after another, each on all its threads. DuckDB itself is opened when the
/// first database is.
public final class Database: @unchecked Sendable {
  let library: Library
  private var database: duckdb_database?
  let connection: duckdb_connection
  let lock = NSRecursiveLock()

  /// `memoryLimit` in bytes: what does not fit is written to `spillFolder`, if there is one, else refused.
  public init(
    threads: Int = Parallel.machine.threads, memoryLimit: Int? = nil, spillFolder: String? = nil,
    keepsOrder: Bool = true
  ) throws {
    let library = try Library.shared()
    let functions = library.functions
    var config: duckdb_config?
    guard functions.create_config(&config) == 0 else {
      throw TablesError.outOfMemory(reason: "no configuration")
    }
    defer { functions.destroy_config(&config) }
    var settings = [
      ("threads", "\(max(1, threads))"),
      ("autoinstall_known_extensions", "false"),
      ("autoload_known_extensions", "false"),
      ("allow_community_extensions", "false"),
      ("preserve_insertion_order", keepsOrder ? "true" : "false"),
      ("temp_directory", spillFolder ?? ""),
    ]
    if let memoryLimit { settings.append(("memory_limit", "\(max(memoryLimit, 64 << 20) / 1024)KiB")) }
    for (name, value) in settings where functions.set_config(config, name, value) != 0 {
      throw TablesError.refused(reason: "DuckDB \(library.version) does not take \(name) = \(value).")
    }
    var database: duckdb_database?
    var reason: UnsafeMutablePointer<CChar>?
    guard functions.open_ext(nil, &database, config, &reason) == 0 else {
      defer { functions.free(reason) }
      throw TablesError.refused(reason: reason.map { String(cString: $0) } ?? "DuckDB did not open.")
    }
    var connection: duckdb_connection?
    guard functions.connect(database, &connection) == 0, let connection else {
      functions.close(&database)
      throw TablesError.refused(reason: "DuckDB gave no connection.")
    }
    self.library = library
    self.database = database
    self.connection = connection
    try run("SET TimeZone = 'UTC'")
    try run("SET enable_progress_bar = false")
    try run("SET lock_configuration = true")
  }

  deinit {
    var connection: duckdb_connection? = connection
    library.functions.disconnect(&connection)
    library.functions.close(&database)
  }

  /// The version of the DuckDB that was found, and where: for `doctor`.
  public static func libraryInUse() throws(TablesError) -> (version: String, path: String) {
    let library = try Library.shared()
    return (library.version, library.path)
  }

  /// Runs a statement whose result nobody needs.
  public func run(_ sql: String, _ bindings: [Binding] = [], stop: StopRequest? = nil) throws {
    _ = try query(sql, bindings, stop: stop)
  }

  /// Runs a statement to its end and hands out its result chunk by chunk. The result is held in memory, within the
  /// database's limit.
  public func query(_ sql: String, _ bindings: [Binding] = [], stop: StopRequest? = nil) throws -> QueryResult
  {
    try execute(sql, bindings, streaming: false, stop: stop)
  }

  /// Runs a statement while its result is read: in bounded memory, but no other statement may run before the
  /// result is at its end or gone.
  public func stream(
    _ sql: String, _ bindings: [Binding] = [], stop: StopRequest? = nil
  ) throws -> QueryResult {
    try execute(sql, bindings, streaming: true, stop: stop)
  }

  private func execute(
    _ sql: String, _ bindings: [Binding], streaming: Bool, stop: StopRequest?
  ) throws -> QueryResult {
    lock.lock()
    defer { lock.unlock() }
    let functions = library.functions
    guard !sql.utf8.contains(0) else { throw TablesError.badName(sql) }
    var statement: duckdb_prepared_statement?
    defer { functions.destroy_prepare(&statement) }
    guard functions.prepare(connection, sql, &statement) == 0, let statement else {
      throw failure(functions.prepare_error(statement), stop)
    }
    try bind(bindings, to: statement)
    var pending: duckdb_pending_result?
    defer { functions.destroy_pending(&pending) }
    let prepared =
      streaming
      ? functions.pending_prepared_streaming(statement, &pending)
      : functions.pending_prepared(statement, &pending)
    guard prepared == 0 else { throw failure(functions.pending_error(pending), stop) }
    let watch = stop.map { StopWatch($0, connection: connection, interrupt: functions.interrupt) }
    defer { watch?.end() }
    var result = duckdb_result()
    guard functions.execute_pending(pending, &result) == 0 else {
      defer { functions.destroy_result(&result) }
      throw failure(functions.result_error(&result), stop)
    }
    return QueryResult(result, database: self, stop: stop)
  }

  private func bind(_ bindings: [Binding], to statement: duckdb_prepared_statement) throws(TablesError) {
    let functions = library.functions
    let wanted = Int(functions.nparams(statement))
    guard wanted == bindings.count else {
      throw .refused(reason: "The statement has \(wanted) parameters and was given \(bindings.count) values.")
    }
    for (index, binding) in bindings.enumerated() {
      let place = UInt64(index + 1)
      let state =
        switch binding {
        case .null: functions.bind_null(statement, place)
        case .flag(let value): functions.bind_boolean(statement, place, value)
        case .integer(let value): functions.bind_int64(statement, place, value)
        case .number(let value): functions.bind_double(statement, place, value)
        case .text(var value):
          value.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) {
              functions.bind_varchar_length(statement, place, $0.baseAddress, UInt64($0.count))
            }
          }
        }
      guard state == 0 else { throw .refused(reason: "Parameter \(place) could not be bound.") }
    }
  }

  func failure(_ message: UnsafePointer<CChar>?, _ stop: StopRequest?) -> any Error {
    let text = message.map { String(cString: $0) } ?? "DuckDB gave no reason."
    if let stop, stop.isWanted { return CancellationError() }
    return TablesError(duckDB: text)
  }
}

/// Looks at a stop request while a statement runs, and interrupts the statement when it is wanted.
private struct StopWatch {
  private let timer: any DispatchSourceTimer
  private let queue = DispatchQueue(label: "tables.stop")

  init(
    _ stop: StopRequest, connection: duckdb_connection,
    interrupt: @escaping @convention(c) (duckdb_connection?) -> Void
  ) {
    let address = UInt(bitPattern: connection)
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now() + .milliseconds(20), repeating: .milliseconds(20))
    timer.setEventHandler { @Sendable in
      if stop.isWanted { interrupt(duckdb_connection(bitPattern: address)) }
    }
    timer.resume()
  }

  /// After this no interrupt comes any more.
  func end() {
    timer.cancel()
    queue.sync {}
  }
}
