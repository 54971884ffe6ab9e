import Tables

/// A file with rows of a table, and what messages call it: its path relative to the folder that was named.
struct ImportFile {
  let table: TableFile
  let name: String
}

/// A folder of tables: `order.csv`, `order.2026.parquet`, or what lies in a folder `order/`.
struct ImportFolder {
  let path: String
  private let names: [String]

  init(_ path: String) throws(StoreError) {
    guard Disk.isFolder(path) else {
      throw .file(path: path, operation: "imported", reason: "it is not a folder of tables")
    }
    self.path = path
    self.names = Disk.names(in: path)
  }

  /// The files of a table, sorted by name; none where the folder has no such table. A file that bears the table's name but
  /// is no regular file, or is empty, is refused.
  func files(of table: String) throws(StoreError) -> [ImportFile] {
    do {
      return try TableFile.find(table, in: path).map { ImportFile(table: $0, name: relative($0.path)) }
    } catch {
      if case .noTable = error { return [] }
      throw .tables("\(error)")
    }
  }

  private func relative(_ file: String) -> String {
    file.hasPrefix(path) ? String(file.dropFirst(path.count).drop { $0 == "/" }) : file
  }

  /// Files that look like tables but belong to none of these.
  func unused(_ tables: Set<String>) -> [String] {
    names.filter { name in
      TableFile.isTable(named: name) && !tables.contains { name == $0 || name.hasPrefix($0 + ".") }
    }
  }
}
