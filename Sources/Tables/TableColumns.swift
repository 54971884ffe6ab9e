import CDuckDB
import Compute

/// A column's values in plain memory. A missing value has the place's own sign for it.
public enum TableColumn: Sendable, Equatable {
  /// BOOLEAN and the signed and small integers; missing is `Int64.min`. Flags are 0 and 1.
  case integer(Buffer<Int64>)
  /// UINTEGER; missing is `UInt32.max`.
  case uint32(Buffer<UInt32>)
  /// UBIGINT; missing is `UInt64.max`.
  case uint64(Buffer<UInt64>)
  /// FLOAT; missing is NaN.
  case float(Buffer<Float>)
  /// DOUBLE; missing is NaN.
  case double(Buffer<Double>)
  /// DATE and the timestamps, in whole seconds since 1970, rounded down; missing is `Int64.min`.
  case time(Buffer<Int64>)
  /// VARCHAR and BLOB; missing is the empty text.
  case text(TextArray)

  public var count: Int {
    switch self {
    case .integer(let values): values.count
    case .uint32(let values): values.count
    case .uint64(let values): values.count
    case .float(let values): values.count
    case .double(let values): values.count
    case .time(let values): values.count
    case .text(let texts): texts.count
    }
  }
}

/// Named columns of equal length.
public struct TableColumns: Sendable {
  public let rows: Int
  public let names: [String]
  public let columns: [TableColumn]

  public subscript(name: String) -> TableColumn? { names.firstIndex(of: name).map { columns[$0] } }

  /// The named column, for who wrote the SQL and knows its type. Needs: that it is there, and of that type.
  public func uint32(_ name: String) -> Buffer<UInt32> {
    guard case .uint32(let values)? = self[name] else { preconditionFailure("no UINTEGER column \(name)") }
    return values
  }

  public func uint64(_ name: String) -> Buffer<UInt64> {
    guard case .uint64(let values)? = self[name] else { preconditionFailure("no UBIGINT column \(name)") }
    return values
  }

  public func integer(_ name: String) -> Buffer<Int64> {
    guard case .integer(let values)? = self[name] else { preconditionFailure("no BIGINT column \(name)") }
    return values
  }

  public func time(_ name: String) -> Buffer<Int64> {
    guard case .time(let values)? = self[name] else { preconditionFailure("no column of times \(name)") }
    return values
  }

  public func float(_ name: String) -> Buffer<Float> {
    guard case .float(let values)? = self[name] else { preconditionFailure("no FLOAT column \(name)") }
    return values
  }

  public func double(_ name: String) -> Buffer<Double> {
    guard case .double(let values)? = self[name] else { preconditionFailure("no DOUBLE column \(name)") }
    return values
  }

  public func text(_ name: String) -> TextArray {
    guard case .text(let values)? = self[name] else { preconditionFailure("no VARCHAR column \(name)") }
    return values
  }
}

extension Database {
  /// All of a statement's result, as columns in plain memory of our own (beside the database's limit).
  ///
  /// Costs one copy: about 50 M values a second of a number type. `expectedRows`, where known, saves growing.
  /// Texts come faster sorted by where they lie, that is, straight from a table.
  public func columns(
    _ sql: String, _ bindings: [Binding] = [], expectedRows: Int = 0, stop: StopRequest? = nil
  ) throws -> TableColumns {
    let result = try stream(sql, bindings, stop: stop)
    var builders: [any ColumnBuilder] = []
    for (name, code) in zip(result.names, result.codes) {
      builders.append(try columnBuilder(name: name, code: code, expectedRows: expectedRows))
    }
    var rows = 0
    while let chunk = try result.next() {
      for column in builders.indices { builders[column].append(chunk, column: column) }
      rows += chunk.rows
    }
    return TableColumns(rows: rows, names: result.names, columns: builders.map { $0.finished() })
  }

  /// The one number that a statement such as `SELECT count(*) …` gives.
  public func count(_ sql: String, _ bindings: [Binding] = [], stop: StopRequest? = nil) throws -> Int {
    let columns = try columns(sql, bindings, stop: stop)
    guard columns.rows == 1, case .integer(let values)? = columns.columns.first else {
      throw TablesError.refused(reason: "A single integer was expected of: \(sql)")
    }
    return Int(values[0])
  }
}
