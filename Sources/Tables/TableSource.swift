// A table in files, as a relation that SQL can read.
//
// Text formats are read with every column VARCHAR, so that what cannot be converted is found by TRY_CAST and told with its
// file and row, instead of stopping the reader. The fast way reads all files at once and counts failures; only if there
// are some, `rows(where:)` reads again, file by file and in order, to say where they are:
//
//     let orders = try TableSource("orders", in: "tables", of: database)
//     let bad = "price IS NOT NULL AND TRY_CAST(price AS FLOAT) IS NULL"
//     if try database.count("SELECT count(*) FROM \(orders.relation) WHERE \(bad)") > 0 {
//       for place in try orders.rows(where: bad, limit: 10) { … place.file, place.row, place.values["price"] … }
//     }

import Compute

/// The files of one table, their columns, and the SQL that reads them.
public struct TableSource {
  public let files: [TableFile]
  /// In the first file's order; other files may order theirs otherwise.
  public let columns: [String]
  /// DuckDB's names of the columns' types: all VARCHAR, unless all files are Parquet with the same types.
  public let types: [String]
  private let database: Database
  private let headers: [[String]]

  public init(
    _ name: String, in folder: String, wanted: [String]? = nil, of database: Database
  ) throws {
    try self.init(files: TableFile.find(name, in: folder), wanted: wanted, of: database)
  }

  /// `wanted`: columns that JSON lines may have. Without it all lines are read once, to learn their keys.
  public init(files: [TableFile], wanted: [String]? = nil, of database: Database) throws {
    precondition(!files.isEmpty, "a table of no files")
    self.files = files
    self.database = database
    var headers: [[String]] = []
    var typesSeen: [[String: String]] = []
    for file in files {
      let (names, types) = try TableSource.header(of: file, wanted: wanted, database)
      var seen = Set<String>()
      for name in names {
        guard !name.isEmpty, !name.utf8.contains(0) else { throw TablesError.badName(name) }
        // DuckDB does not tell names apart by case.
        guard seen.insert(name.lowercased()).inserted else {
          throw TablesError.duplicateColumn(name: name, file: file.path)
        }
      }
      headers.append(names)
      typesSeen.append(Dictionary(zip(names, types), uniquingKeysWith: { first, _ in first }))
    }
    // JSON lines may leave out what they lack; a CSV or Parquet file may not.
    var columns: [String] = []
    for name in headers.joined() where !columns.contains(name) { columns.append(name) }
    for (file, header) in zip(files, headers) where !file.isJSON {
      if let lacking = columns.first(where: { !header.contains($0) }) {
        throw TablesError.missingColumn(name: lacking, file: file.path)
      }
    }
    let isNative = files.allSatisfy { $0.format == .parquet } && typesSeen.allSatisfy { $0 == typesSeen[0] }
    self.columns = columns
    self.types = columns.map { isNative ? typesSeen[0][$0]! : "VARCHAR" }
    self.headers = headers
  }

  /// Parenthesized SQL with all columns of all files, for `FROM`.
  public var relation: String {
    var selections: [String] = []
    var start = 0
    while start < files.count {
      var end = start + 1
      while end < files.count, files[end].format == files[start].format, headers[end] == headers[start],
        files[end].compression == files[start].compression
      { end += 1 }
      selections.append("SELECT \(selectList(start)) FROM \(reader(start..<end))")
      start = end
    }
    return "(" + selections.joined(separator: " UNION ALL ") + ")"
  }

  /// A row found, and its place: `row` counts a file's rows from 1, the header aside.
  public struct Place: Sendable, Equatable {
    public let file: String
    public let row: Int
    public let values: [String: String]
  }

  /// The first rows that meet a condition on the columns, file by file and in order. Reads the files again, and
  /// stops at `limit`. Needs: a database that keeps order.
  public func rows(
    where condition: String, _ bindings: [Binding] = [], limit: Int, stop: StopRequest? = nil
  ) throws -> [Place] {
    var places: [Place] = []
    for index in files.indices where places.count < limit {
      let number = files[index].format == .parquet ? "file_row_number + 1" : "row_number() OVER ()"
      let texts = columns.map { "\(SQL.name($0))::VARCHAR" }.joined(separator: ", ")
      let result = try database.query(
        """
        SELECT "row number", \(texts) FROM (
          SELECT (\(number))::BIGINT AS "row number", \(selectList(index)) FROM \(reader(index..<index + 1)))
        WHERE \(condition) ORDER BY 1 LIMIT \(limit - places.count)
        """, bindings, stop: stop)
      while let chunk = try result.next() {
        for row in 0..<chunk.rows {
          var values: [String: String] = [:]
          for (column, name) in columns.enumerated() { values[name] = chunk.text(column + 1, row) }
          let number = chunk.withVector(0, of: Int64.self) { numbers, _ in Int(numbers[row]) }
          places.append(Place(file: files[index].path, row: number, values: values))
        }
      }
    }
    return places
  }

  private func selectList(_ index: Int) -> String {
    zip(columns, types).map { name, type in
      let quoted = SQL.name(name)
      guard headers[index].contains(name) else { return "NULL::VARCHAR AS \(quoted)" }
      return files[index].format == .parquet && type == "VARCHAR" ? "\(quoted)::VARCHAR AS \(quoted)" : quoted
    }.joined(separator: ", ")
  }

  private func reader(_ range: Range<Int>) -> String {
    let paths = "[" + files[range].map(\.literal).joined(separator: ", ") + "]"
    let columns =
      "{" + headers[range.lowerBound].map { "\(SQL.text($0)): 'VARCHAR'" }.joined(separator: ", ") + "}"
    let file = files[range.lowerBound]
    switch file.format {
    case .parquet: return "read_parquet(\(paths), file_row_number = true)"
    case .csv, .tsv:
      return
        "read_csv(\(paths), auto_detect = false, header = true, delim = \(SQL.text(file.delimiter)), quote = '\"', "
        + "escape = '\"', strict_mode = true, nullstr = '', columns = \(columns), "
        + "compression = '\(file.compression)', max_line_size = \(Dialect.longestRow))"
    case .jsonl, .ndjson, .json:
      return
        "read_json(\(paths), format = '\(file.jsonFormat)', records = 'true', columns = \(columns), "
        + "compression = '\(file.compression)', maximum_object_size = \(Dialect.longestRow))"
    }
  }

  private static func header(
    of file: TableFile, wanted: [String]?, _ database: Database
  ) throws -> (names: [String], types: [String]) {
    do {
      switch file.format {
      case .csv, .tsv:
        let names = try delimitedHeader(of: file, database)
        return (names, names.map { _ in "VARCHAR" })
      case .jsonl, .ndjson, .json:
        if let wanted { return (wanted, wanted.map { _ in "VARCHAR" }) }
        return try described(
          "read_json(\(file.literal), format = '\(file.jsonFormat)', records = 'true', sample_size = -1, map_inference_threshold = -1, "
            + "compression = '\(file.compression)', maximum_object_size = \(Dialect.longestRow))", database)
      case .parquet: return try described("read_parquet(\(file.literal))", database)
      }
    } catch TablesError.refused(let reason) {
      throw TablesError.damaged(file: file.path, row: nil, reason: reason)
    }
  }

  private static func described(_ reader: String, _ database: Database) throws -> ([String], [String]) {
    let columns = try database.columns("SELECT column_name, column_type FROM (DESCRIBE FROM \(reader))")
    let names = columns.text("column_name")
    let types = columns.text("column_type")
    return ((0..<columns.rows).map { names[$0] }, (0..<columns.rows).map { types[$0] })
  }

  /// The first line, read as a single field and split here: DuckDB's own detection guesses, and skips what it finds odd.
  private static func delimitedHeader(of file: TableFile, _ database: Database) throws -> [String] {
    let line = try database.columns(
      "SELECT line FROM read_csv(\(file.literal), auto_detect = false, header = false, delim = '\u{1}', quote = '', "
        + "escape = '', columns = {'line': 'VARCHAR'}, compression = '\(file.compression)', "
        + "max_line_size = \(Dialect.longestRow)) LIMIT 1")
    guard line.rows == 1, !line.text("line")[0].isEmpty else {
      throw TablesError.damaged(file: file.path, row: nil, reason: "its first line, the header, is empty.")
    }
    guard let fields = Dialect.fields(of: line.text("line")[0], delimiter: Character(file.delimiter)) else {
      throw TablesError.damaged(
        file: file.path, row: nil, reason: "the quotes of its first line, the header, do not match.")
    }
    return fields
  }
}

extension TableFile {
  var isJSON: Bool { format == .jsonl || format == .ndjson || format == .json }
  var delimiter: String { format == .tsv ? "\t" : "," }
  /// A `.json` file may hold one array, or objects one after another.
  var jsonFormat: String { format == .json ? "auto" : "newline_delimited" }
}
