import Foundation

/// A file with rows of a table.
struct TableFile {
  enum Format { case csv, tsv, parquet, jsonLines }
  let path: String
  /// As messages call it: relative to the folder that was named.
  let name: String
  let format: Format
}

/// Finds the files of a table in a folder: `order.csv`, `order.2026.parquet`, or what lies in a folder `order/`.
struct TableFiles {
  let folder: String
  private let names: [String]

  init(folder: String) throws(StoreError) {
    guard Disk.isFolder(folder) else {
      throw .file(path: folder, operation: "imported", reason: "it is not a folder of tables")
    }
    self.folder = folder
    self.names = Disk.names(in: folder)
  }

  /// Sorted by name. A file that bears the table's name but is no regular file is refused.
  func files(of table: String) throws(StoreError) -> [TableFile] {
    var found: [TableFile] = []
    for name in names where name == table || name.hasPrefix(table + ".") {
      let path = folder + "/" + name
      if name == table, Disk.isFolder(path) {
        for inner in Disk.names(in: path) where !inner.hasPrefix(".") {
          try add("\(table)/\(inner)", format: TableFiles.format(inner), to: &found)
        }
      } else {
        try add(name, format: TableFiles.format(name), to: &found)
      }
    }
    return found
  }

  private func add(_ name: String, format: TableFile.Format?, to found: inout [TableFile]) throws(StoreError)
  {
    guard let format else { return }
    let path = folder + "/" + name
    guard let size = Disk.size(of: path) else {
      throw .file(path: path, operation: "imported", reason: "it is not a regular file")
    }
    guard size > 0 else {
      throw .file(path: path, operation: "imported", reason: "it is empty, without even a header")
    }
    found.append(TableFile(path: path, name: name, format: format))
  }

  /// By the ending, which may be followed by that of a compression.
  static func format(_ name: String) -> TableFile.Format? {
    var parts = name.lowercased().split(separator: ".")
    if let last = parts.last, last == "gz" || last == "zst" { parts.removeLast() }
    guard parts.count > 1 else { return nil }
    return switch parts.last {
    case "csv": .csv
    case "tsv": .tsv
    case "parquet": .parquet
    case "jsonl", "ndjson", "json": .jsonLines
    default: nil
    }
  }

  /// Files that look like tables but belong to none of these.
  func unused(_ tables: Set<String>) -> [String] {
    names.filter { name in
      TableFiles.format(name) != nil && !tables.contains { name == $0 || name.hasPrefix($0 + ".") }
    }
  }
}
