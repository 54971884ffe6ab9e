import CSQLite
import Foundation

/// One connection to an SQLite file: a thin face, no more than the catalogue needs.
///
///     let database = try Database(path: "catalog.db")
///     try database.run("insert into batches (rows) values (?)", .integer(3))
///     try database.rows("select rows from batches") { $0.integer(0) }
///
/// Values are always bound, never written into the text. Statements are prepared once and kept. For one thread at a
/// time.
package final class Database {
  private let handle: OpaquePointer
  private var prepared: [String: Statement] = [:]
  let path: String

  /// Opens a file that exists, or makes it where `creating`. Waits up to `patience` for others' transactions.
  init(path: String, creating: Bool = false, patience: Duration = .seconds(30)) throws(StoreError) {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (creating ? SQLITE_OPEN_CREATE : 0)
    let code = sqlite3_open_v2(path, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
      sqlite3_close_v2(opened)
      throw .catalogue(path: path, reason: reason)
    }
    self.handle = opened
    self.path = path
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, Int32(patience / .milliseconds(1)))
  }

  deinit {
    prepared.removeAll()
    sqlite3_close_v2(handle)
  }

  /// Runs one statement that answers nothing. Returns how many rows it changed.
  @discardableResult
  package func run(_ sql: String, _ values: SQLValue...) throws(StoreError) -> Int {
    let statement = try statement(sql)
    defer { statement.reset() }
    try statement.bind(values)
    while try statement.step() {}
    return Int(sqlite3_changes64(handle))
  }

  /// What `read` makes of each row of an answer.
  package func rows<Row>(
    _ sql: String, _ values: SQLValue..., read: (Statement) throws(StoreError) -> Row
  )
    throws(StoreError) -> [Row]
  {
    let statement = try statement(sql)
    defer { statement.reset() }
    try statement.bind(values)
    var rows: [Row] = []
    while try statement.step() { rows.append(try read(statement)) }
    return rows
  }

  /// Runs several statements in a row, none of which has values: migrations and pragmas.
  func script(_ sql: String) throws(StoreError) {
    var message: UnsafeMutablePointer<CChar>?
    let code = sqlite3_exec(handle, sql, nil, nil, &message)
    defer { sqlite3_free(message) }
    guard code == SQLITE_OK else { throw failure(code) }
  }

  /// What `body` does, wholly or not at all. Commits when it returns; with `synchronous=FULL` it is then on the disk.
  func writing<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    try transaction("begin immediate", body)
  }

  /// `body` sees one state of the database, whatever others commit meanwhile.
  func reading<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    try transaction("begin", body)
  }

  private func transaction<Result>(
    _ begin: String, _ body: () throws(StoreError) -> Result
  ) throws(StoreError)
    -> Result
  {
    try run(begin)
    do throws(StoreError) {
      let result = try body()
      try run("commit")
      return result
    } catch {
      // A failed commit may have rolled back already; then this second one has nothing to do.
      if sqlite3_get_autocommit(handle) == 0 { _ = try? run("rollback") }
      throw error
    }
  }

  package var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

  private func statement(_ sql: String) throws(StoreError) -> Statement {
    if let kept = prepared[sql] { return kept }
    var made: OpaquePointer?
    let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
    guard code == SQLITE_OK, let made else { throw failure(code) }
    let statement = Statement(handle: made, database: self)
    prepared[sql] = statement
    return statement
  }

  func failure(_ code: Int32) -> StoreError {
    let reason = String(cString: sqlite3_errmsg(handle))
    switch code & 0xff {
    case SQLITE_FULL: return .diskFull(path: path)
    case SQLITE_BUSY: return .busy(path: path)
    default: return .catalogue(path: path, reason: "\(reason) (SQLite \(code))")
    }
  }
}

/// A value handed to a statement.
package enum SQLValue {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])

  package static func integer(_ number: Int) -> SQLValue { .integer(Int64(number)) }
  package static func optional(_ number: Double?) -> SQLValue { number.map { .real($0) } ?? .null }
  package static func optional(_ number: Int64?) -> SQLValue { number.map { .integer($0) } ?? .null }
  package static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
}
