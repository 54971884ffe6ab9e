import CDuckDB
import Compute

/// What a statement gave, chunk by chunk (about 2,000 rows each).
///
///     while let chunk = try result.next() { for row in 0..<chunk.rows { chunk.text(0, row) … } }
///
/// One thread at a time. For whole columns `Database.columns` is shorter and faster.
public final class QueryResult {
  public let names: [String]
  public let types: [ColumnType]
  let codes: [duckdb_type]
  private var result: duckdb_result
  let database: Database
  private let stop: StopRequest?

  init(_ result: duckdb_result, database: Database, stop: StopRequest?) {
    let functions = database.library.functions
    var result = result
    let count = functions.column_count(&result)
    self.names = (0..<count).map { functions.column_name(&result, $0).map { String(cString: $0) } ?? "" }
    self.codes = (0..<count).map { functions.column_type(&result, $0) }
    self.types = codes.map { ColumnType(code: $0) }
    self.result = result
    self.database = database
    self.stop = stop
  }

  deinit {
    database.lock.lock()
    database.library.functions.destroy_result(&result)
    database.lock.unlock()
  }

  /// The next rows, or nil after the last.
  public func next() throws -> Chunk? {
    try stop?.check()
    database.lock.lock()
    defer { database.lock.unlock() }
    let functions = database.library.functions
    guard let chunk = functions.fetch_chunk(result) else {
      // A streamed statement may fail half-way; a result that ended well has no error.
      if let message = functions.result_error(&result), message.pointee != 0 {
        throw database.failure(message, stop)
      }
      return nil
    }
    return Chunk(chunk, types: types, functions: functions)
  }
}

/// A column's type, as far as this module hands values out.
public enum ColumnType: Sendable, Equatable {
  case flag, integer, uint32, uint64, float, double, time, text
  /// A type that has to be cast in SQL before its values can be read.
  case other

  init(code: duckdb_type) {
    switch Int(code) {
    case DUCKDB_BOOLEAN: self = .flag
    case DUCKDB_TINYINT, DUCKDB_SMALLINT, DUCKDB_INTEGER, DUCKDB_BIGINT, DUCKDB_UTINYINT, DUCKDB_USMALLINT:
      self = .integer
    case DUCKDB_UINTEGER: self = .uint32
    case DUCKDB_UBIGINT: self = .uint64
    case DUCKDB_FLOAT: self = .float
    case DUCKDB_DOUBLE: self = .double
    case DUCKDB_TIMESTAMP, DUCKDB_DATE, DUCKDB_TIMESTAMP_S, DUCKDB_TIMESTAMP_MS, DUCKDB_TIMESTAMP_NS,
      DUCKDB_TIMESTAMP_TZ:
      self = .time
    case DUCKDB_VARCHAR, DUCKDB_BLOB: self = .text
    default: self = .other
    }
  }
}

/// Some rows of a result, column by column, in DuckDB's own memory.
public final class Chunk {
  public let rows: Int
  let types: [ColumnType]
  private var chunk: duckdb_data_chunk?
  private let functions: duckdb_interface

  init(_ chunk: duckdb_data_chunk, types: [ColumnType], functions: duckdb_interface) {
    self.chunk = chunk
    self.types = types
    self.functions = functions
    self.rows = Int(functions.data_chunk_get_size(chunk))
  }

  deinit { functions.destroy_data_chunk(&chunk) }

  public func isMissing(_ column: Int, _ row: Int) -> Bool {
    precondition(row >= 0 && row < rows, "row outside the chunk")
    guard let validity = functions.vector_get_validity(vector(column)) else { return false }
    return validity[row / 64] >> UInt64(row % 64) & 1 == 0
  }

  /// A text, or nil where it is missing. Needs: a column of texts.
  public func text(_ column: Int, _ row: Int) -> String? {
    precondition(types[column] == .text, "not a column of texts")
    if isMissing(column, row) { return nil }
    return withVector(column, of: duckdb_string_t.self) { values, _ in
      withTextBytes(values + row) { String(decoding: $0, as: UTF8.self) }
    }
  }

  /// The column's values and its validity bits (nil: nothing is missing). Needs: `Value` of the column's layout.
  func withVector<Value, Result>(
    _ column: Int, of: Value.Type, _ body: (UnsafePointer<Value>, UnsafePointer<UInt64>?) -> Result
  ) -> Result {
    let vector = vector(column)
    defer { withExtendedLifetime(self) {} }
    let values = UnsafeRawPointer(functions.vector_get_data(vector)!).assumingMemoryBound(to: Value.self)
    return body(values, functions.vector_get_validity(vector).map { UnsafePointer($0) })
  }

  private func vector(_ column: Int) -> duckdb_vector? {
    precondition(column >= 0 && column < types.count, "no such column")
    return functions.data_chunk_get_vector(chunk, UInt64(column))
  }
}

/// The bytes of a text in a vector: short ones lie in the value itself.
@inline(__always)
func withTextBytes<Result>(
  _ value: UnsafePointer<duckdb_string_t>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
  let length = Int(value.pointee.length)
  let start =
    length <= 12
    ? UnsafeRawPointer(value) + 4
    : UnsafeRawPointer(value.pointee.pointer!)
  return body(UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: length))
}
