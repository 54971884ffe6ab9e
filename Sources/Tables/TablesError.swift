/// What can go wrong with tables, each with its place and the way out.
public enum TablesError: Error, Equatable {
  /// DuckDB was found nowhere, or what was found cannot be used.
  case noLibrary(tried: [String])
  /// DuckDB refused a statement for a reason that lies in no file.
  case refused(reason: String)
  /// More memory was needed than the limit allows.
  case outOfMemory(reason: String)
  case noTable(name: String, folder: String)
  case cannotOpen(path: String, reason: String)
  /// A file that holds no table; `row` counts from 1 after the header where the place is known.
  case damaged(file: String, row: Int?, reason: String)
  case unknownColumn(name: String, file: String, known: [String])
  case duplicateColumn(name: String, file: String)
  case missingColumn(name: String, file: String)
  case wrongType(column: String, found: String, wanted: String)
  case badName(String)
  case cannotWrite(path: String, reason: String)
}

extension TablesError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noLibrary(let tried):
      "DuckDB, which reads and writes tables, was not found. Run Scripts/setup, or install libduckdb.so, or name the "
        + "library in RISKGRAPH_DUCKDB." + tried.map { "\n  tried \($0)" }.joined()
    case .refused(let reason): reason
    case .outOfMemory(let reason): "The tables need more memory than the limit allows: \(reason)"
    case .noTable(let name, let folder):
      "\(folder) has no table \"\(name)\": looked for \(name).csv, .tsv, .parquet, .jsonl, .ndjson or .json "
        + "(also .gz and .zst), \(name).*.csv and the like, and a folder \(name)/."
    case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(reason)."
    case .damaged(let file, let row, let reason): "\(file)\(row.map { ", row \($0)" } ?? ""): \(reason)"
    case .unknownColumn(let name, let file, let known):
      "\(file) has no column \"\(name)\". It has \(known.map { "\"\($0)\"" }.joined(separator: ", "))."
    case .duplicateColumn(let name, let file): "\(file): two columns are called \"\(name)\"; rename one."
    case .missingColumn(let name, let file):
      "\(file) lacks the column \"\(name)\", which other files of the same table have."
    case .wrongType(let column, let found, let wanted):
      "Column \"\(column)\" holds \(found), and \(wanted) was asked for."
    case .badName(let name): "\"\(name)\" cannot be a name: it is empty or holds a NUL character."
    case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)."
    }
  }
}
