import Compute
import Graph
import Tables

/// Reads the rows of one file through DuckDB and hands them on, block by block, in the order of the file.
///
/// DuckDB decodes and, where the file bears types, casts, on a thread ahead of ours; texts are turned into numbers and
/// times here, so that a wrong one is told with its row.
struct FileReader {
  let database: Tables.Database
  let file: ImportFile
  let shape: TableShape
  let log: ProblemLog

  func read(
    stop: StopRequest?, progress: Compute.Progress, _ take: (RowBlock, RowSource) throws(StoreError) -> Void
  ) throws(StoreError) {
    do {
      let source = try TableSource(
        files: [file.table], wanted: shape.keyColumns + shape.columns.map(\.name), of: database)
      let columns = try arriving(from: source)
      let sql = "SELECT \(columns.map(\.expression).joined(separator: ", ")) FROM \(source.relation)"
      let space = BlockSpace(shape: shape, arrivals: columns.dropFirst(shape.keyColumns.count).map(\.form))
      var row = 1
      try database.stream(sql, stop: stop).forEachAhead { chunk in
        let place = RowSource(file: file.name, firstRow: row)
        try space.withBlock(of: chunk, from: place, log: log) { (block, source) throws(StoreError) in
          try take(block, source)
        }
        row += chunk.rows
        progress.advance(by: chunk.rows)
      }
    } catch let error as StoreError {
      throw error
    } catch is CancellationError {
      throw .cancelled
    } catch {
      throw .tables("\(error)")
    }
  }

  /// The SQL of each wanted column, and in what form its values will come: the keys first.
  private func arriving(from source: TableSource) throws(StoreError) -> [(expression: String, form: Arrival)]
  {
    var arriving: [(String, Arrival)] = []
    for name in shape.keyColumns {
      arriving.append(("CAST(\(SQL.name(try found(name, in: source).name)) AS VARCHAR)", .text))
    }
    for column in shape.columns {
      let (name, type) = try found(column.name, in: source)
      arriving.append(Arrival.of(column.kind, named: SQL.name(name), type: type))
    }
    return arriving
  }

  private func found(
    _ column: String, in source: TableSource
  ) throws(StoreError) -> (name: String, type: String) {
    // DuckDB does not tell names apart by case.
    guard let place = source.columns.firstIndex(where: { $0.lowercased() == column.lowercased() }) else {
      throw .missingColumn(file: file.name, column: column, present: source.columns)
    }
    return (source.columns[place], source.types[place])
  }
}

/// How a column comes out of DuckDB.
enum Arrival {
  case text, double, seconds

  private static let integers = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT"]

  /// The cast that loses nothing: texts stay texts, and are read by `CellParser`.
  static func of(_ kind: Graph.ColumnType.Kind, named name: String, type: String) -> (String, Arrival) {
    let isWhole = integers.contains { type.hasSuffix($0) } && type != "UBIGINT"
    switch kind {
    case .number, .flag:
      let isNumber =
        isWhole || ["UBIGINT", "HUGEINT", "UHUGEINT", "FLOAT", "DOUBLE", "BOOLEAN"].contains(type)
        || type.hasPrefix("DECIMAL")
      return isNumber ? ("CAST(\(name) AS DOUBLE)", .double) : ("CAST(\(name) AS VARCHAR)", .text)
    case .time:
      if type.hasPrefix("TIMESTAMP") || type == "DATE" {
        return ("CAST(floor(epoch(\(name))) AS BIGINT)", .seconds)
      }
      return isWhole ? ("CAST(\(name) AS BIGINT)", .seconds) : ("CAST(\(name) AS VARCHAR)", .text)
    case .category, .text: return ("CAST(\(name) AS VARCHAR)", .text)
    }
  }
}
