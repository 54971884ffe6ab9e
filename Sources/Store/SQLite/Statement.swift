import CSQLite

/// A prepared statement, and after a step the row it stands on.
package final class Statement {
  private let handle: OpaquePointer
  private unowned let database: Database

  init(handle: OpaquePointer, database: Database) {
    self.handle = handle
    self.database = database
  }

  deinit { sqlite3_finalize(handle) }

  func reset() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  func bind(_ values: [SQLValue]) throws(StoreError) {
    for (index, value) in values.enumerated() {
      let place = Int32(index + 1)
      let code =
        switch value {
        case .null: sqlite3_bind_null(handle, place)
        case .integer(let number): sqlite3_bind_int64(handle, place, number)
        // Not a number becomes null.
        case .real(let number): sqlite3_bind_double(handle, place, number)
        case .text(let text):
          sqlite3_bind_text(handle, place, text, Int32(text.utf8.count), riskgraph_sqlite_transient())
        case .blob(let bytes):
          bytes.withUnsafeBytes {
            $0.baseAddress == nil
              ? sqlite3_bind_zeroblob(handle, place, 0)
              : sqlite3_bind_blob64(
                handle, place, $0.baseAddress, UInt64($0.count), riskgraph_sqlite_transient())
          }
        }
      guard code == SQLITE_OK else { throw database.failure(code) }
    }
  }

  /// True where there is a row.
  func step() throws(StoreError) -> Bool {
    let code = sqlite3_step(handle)
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw database.failure(code)
    }
  }

  package func integer(_ column: Int) -> Int { Int(sqlite3_column_int64(handle, Int32(column))) }

  package func optionalNumber(_ column: Int) -> Double? {
    isNull(column) ? nil : sqlite3_column_double(handle, Int32(column))
  }

  package func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }

  package func text(_ column: Int) -> String { optionalText(column) ?? "" }

  package func optionalText(_ column: Int) -> String? {
    guard let start = sqlite3_column_text(handle, Int32(column)) else { return nil }
    let count = Int(sqlite3_column_bytes(handle, Int32(column)))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  func blob(_ column: Int) -> [UInt8] {
    let count = Int(sqlite3_column_bytes(handle, Int32(column)))
    guard count > 0, let start = sqlite3_column_blob(handle, Int32(column)) else { return [] }
    return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }
}
