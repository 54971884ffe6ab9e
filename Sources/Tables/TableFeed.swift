// Rows that go into DuckDB as it asks for them.
//
// A table function `feed()` of one connection hands out what a writer's `append` has left, chunk by chunk; a COPY that
// selects from it runs on a thread of its own. The two meet at one place that holds a single batch, so that memory
// stays bounded however fast rows come. DuckDB calls from its own threads, hence the functions at file level.

import CDuckDB
import Compute
import Foundation

/// The place where a writer's batches wait for DuckDB.
final class TableFeed: @unchecked Sendable {
  let names: [String]
  let types: [ColumnType]
  let functions: duckdb_interface
  private let condition = NSCondition()
  private var batch: [TableColumn] = []
  private var row = 0
  private var rows = 0
  private var isClosed = false
  private var isRefused = false

  init(names: [String], types: [ColumnType], functions: duckdb_interface) {
    self.names = names
    self.types = types
    self.functions = functions
  }

  /// Leaves a batch, once the one before is used up. False: DuckDB takes no more.
  func offer(_ columns: [TableColumn], rows count: Int) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while row < rows, !isRefused { condition.wait() }
    guard !isRefused else { return false }
    (batch, row, rows) = (columns, 0, count)
    condition.broadcast()
    return true
  }

  func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
  }

  /// The COPY is over, well or not: nobody waits for it any more.
  func refuse() {
    condition.lock()
    isRefused = true
    condition.broadcast()
    condition.unlock()
  }

  /// Fills a chunk of DuckDB's with the next rows; an empty one ends the table. All chunks but the last are full,
  /// wherever batches end: DuckDB cuts its row groups between chunks, and the file must not tell.
  fileprivate func fill(_ chunk: duckdb_data_chunk?, call: duckdb_function_info?) {
    condition.lock()
    defer { condition.unlock() }
    let size = Int(functions.vector_size())
    var filled = 0
    while filled < size {
      while row == rows, !isClosed { condition.wait() }
      let count = min(rows - row, size - filled)
      if count == 0 { break }
      for (index, column) in batch.enumerated() {
        let vector = functions.data_chunk_get_vector(chunk, UInt64(index))
        fillVector(vector, from: filled, column, rows: row..<row + count, functions)
      }
      filled += count
      row += count
      if row == rows {
        batch = []
        condition.broadcast()
      }
    }
    functions.data_chunk_set_size(chunk, UInt64(filled))
  }

  /// Makes `feed()` known to a connection.
  func register(on connection: duckdb_connection) throws(TablesError) {
    var function = functions.create_table_function()
    defer { functions.destroy_table_function(&function) }
    functions.table_function_set_name(function, "feed")
    functions.table_function_set_extra_info(function, Unmanaged.passRetained(self).toOpaque(), feedRelease)
    functions.table_function_set_bind(function, feedBind)
    functions.table_function_set_init(function, feedInit)
    functions.table_function_set_function(function, feedFill)
    guard functions.register_table_function(connection, function) == 0 else {
      throw .refused(reason: "DuckDB takes no table functions.")
    }
  }

  fileprivate func declareColumns(_ bind: duckdb_bind_info?) {
    for (name, type) in zip(names, types) {
      var logical = functions.create_logical_type(type.code)
      functions.bind_add_result_column(bind, name, logical)
      functions.destroy_logical_type(&logical)
    }
  }
}

extension ColumnType {
  /// DuckDB's own type for values of ours.
  var code: duckdb_type {
    switch self {
    case .flag: duckdb_type(DUCKDB_BOOLEAN)
    case .integer: duckdb_type(DUCKDB_BIGINT)
    case .uint32: duckdb_type(DUCKDB_UINTEGER)
    case .uint64: duckdb_type(DUCKDB_UBIGINT)
    case .float: duckdb_type(DUCKDB_FLOAT)
    case .double: duckdb_type(DUCKDB_DOUBLE)
    case .time: duckdb_type(DUCKDB_TIMESTAMP)
    case .text, .other: duckdb_type(DUCKDB_VARCHAR)
    }
  }
}

// The functions that DuckDB calls. Each bind and each call finds its feed in the function's extra information.

private func feedRelease(_ feed: UnsafeMutableRawPointer?) {
  if let feed { Unmanaged<TableFeed>.fromOpaque(feed).release() }
}

/// Bind and init know the interface only through the feed; the process has one library, so it is the same.
private func feedBind(_ bind: duckdb_bind_info?) {
  guard let library = try? Library.shared(), let feed = library.functions.bind_get_extra_info(bind) else {
    return
  }
  Unmanaged<TableFeed>.fromOpaque(feed).takeUnretainedValue().declareColumns(bind)
}

private func feedInit(_ start: duckdb_init_info?) {
  // One thread asks for rows, so that they come in the order they were given.
  if let library = try? Library.shared() { library.functions.init_set_max_threads(start, 1) }
}

private func feedFill(_ call: duckdb_function_info?, _ chunk: duckdb_data_chunk?) {
  guard let library = try? Library.shared(), let feed = library.functions.function_get_extra_info(call) else {
    return
  }
  Unmanaged<TableFeed>.fromOpaque(feed).takeUnretainedValue().fill(chunk, call: call)
}
