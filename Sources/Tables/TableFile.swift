import Foundation

/// One file of a table, by its name's ending: `orders.csv`, `orders.2.jsonl.gz`, `part-7.parquet`.
public struct TableFile: Sendable, Equatable {
  public enum Format: String, Sendable, CaseIterable {
    case csv, tsv, parquet, jsonl, ndjson, json
  }

  public let path: String
  public let format: Format
  /// `gzip`, `zstd`, or `none`, as DuckDB calls them.
  let compression: String

  /// A regular file that we may read and whose name's ending says its format.
  public init(path: String) throws(TablesError) {
    guard let (_, format, compression) = TableFile.parts(of: path) else {
      throw .cannotOpen(
        path: path,
        reason: "its name ends in none of .csv, .tsv, .parquet, .jsonl, .ndjson, .json (and .gz or .zst)")
    }
    guard !path.utf8.contains(0) else { throw .badName(path) }
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    // A FIFO would wait for ever, and a folder or device is no table: said before anybody opens it.
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotOpen(path: path, reason: "it is not a regular file")
    }
    guard access(path, R_OK) == 0 else {
      throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    guard status.st_size > 0 else { throw .damaged(file: path, row: nil, reason: "it is empty.") }
    self.path = path
    self.format = format
    self.compression = compression
  }

  /// The files of a table in a folder, sorted by path: `name.csv` and its like, `name.*.csv` and their like, and whatever
  /// tables lie in a folder `name/`. Formats may mix.
  ///
  ///     try TableFile.find("orders", in: "tables/")     // tables/orders.parquet
  public static func find(_ name: String, in folder: String) throws(TablesError) -> [TableFile] {
    guard !name.isEmpty, !name.utf8.contains(0), !name.contains("/") else { throw .badName(name) }
    func names(_ folder: String) throws(TablesError) -> [String] {
      do { return try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
        throw .cannotOpen(path: folder, reason: "it is not a folder that can be read")
      }
    }
    let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    var paths: [String] = []
    for entry in try names(folder.isEmpty ? "." : folder) {
      let path = base.isEmpty ? (folder.isEmpty ? entry : "/" + entry) : base + "/" + entry
      if let (stem, _, _) = parts(of: entry), stem == name || stem.hasPrefix(name + ".") {
        paths.append(path)
      } else if entry == name {
        for part in try names(path)
        where parts(of: part) != nil && !part.hasPrefix(".") && !part.hasPrefix("_") {
          paths.append(path + "/" + part)
        }
      }
    }
    guard !paths.isEmpty else { throw .noTable(name: name, folder: folder) }
    var files: [TableFile] = []
    for path in paths { files.append(try TableFile(path: path)) }
    return files
  }

  /// Whether a file's name ends as a table's does.
  package static func isTable(named name: String) -> Bool { parts(of: name) != nil }

  static func parts(of path: String) -> (stem: String, Format, compression: String)? {
    var name = (path as NSString).lastPathComponent
    var compression = "none"
    for (ending, called) in [(".gz", "gzip"), (".zst", "zstd")] where name.hasSuffix(ending) {
      name = String(name.dropLast(ending.count))
      compression = called
    }
    for format in Format.allCases where name.hasSuffix("." + format.rawValue) {
      let stem = String(name.dropLast(format.rawValue.count + 1))
      return stem.isEmpty || (format == .parquet && compression != "none") ? nil : (stem, format, compression)
    }
    return nil
  }

  /// The path as DuckDB takes it.
  var literal: String { SQL.file(path) }
}
