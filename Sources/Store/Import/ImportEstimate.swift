import Compute
import Foundation
import Graph
import Tables

/// What an import will need, told before it reads the rows: from Parquet's own counts, and for texts from the size of the
/// files and of the first rows.
public struct ImportEstimate: Sendable {
  /// Rows of each table, about.
  public var rows: [String: Int] = [:]
  /// At the most demanding moment, what DuckDB may hold included.
  public var memoryBytes = 0
  /// What the new snapshot adds to the store.
  public var diskBytes = 0
}

extension Store {
  /// Estimates an import in a fraction of a second.
  ///
  /// Counts what the assembling holds at once: for a node its key, its place in the index and its columns; for an edge
  /// both ends as they were read, both directions with the rows they stand for and their times, and its columns. Keys
  /// that only edges will bring are taken to be as many as a fifth of the edges. What the store holds comes on top, since
  /// old and new are written together. It is an estimate: expect it within a third.
  public func estimateImport(
    from folder: String, options: ImportOptions = ImportOptions()
  ) throws(StoreError) -> ImportEstimate {
    let tables = try ImportFolder(folder)
    let names = schema.nodeTypes.map(\.table) + schema.relations.map(\.table)
    var isEmpty = true
    for name in names where isEmpty { isEmpty = try tables.files(of: name).isEmpty }
    guard !isEmpty else { throw .noTables(path: folder, expected: names) }
    var estimate = ImportEstimate()
    var content = 0
    var fileBytes = 0
    do {
      let database = try Tables.Database(memoryLimit: options.memoryLimit)
      for type in schema.nodeTypes {
        let size = try TableSize(tables.files(of: type.table), in: database)
        fileBytes += size.fileBytes
        let shape = TableShape(type)
        estimate.rows[type.table] = size.rows
        content += size.rows * (NodeCost.index + shape.bytesPerRow) + size.textBytes(shape)
      }
      for type in schema.relations {
        let size = try TableSize(tables.files(of: type.table), in: database)
        fileBytes += size.fileBytes
        let shape = TableShape(type)
        estimate.rows[type.table] = size.rows
        let edge = EdgeCost.ends + 2 * (EdgeCost.direction + (shape.hasClocks ? EdgeCost.time : 0))
        content += size.rows * (edge + shape.bytesPerRow) + size.textBytes(shape)
        if options.unknownKeys == .create {
          content += size.rows / 5 * (NodeCost.index + size.bytesPerRow / (2 + shape.columns.count))
        }
      }
      content += try state().entry?.bytes ?? 0
    } catch let error as StoreError {
      throw error
    } catch { throw .tables("\(error)") }
    estimate.memoryBytes = content + min(options.memoryLimit, fileBytes)
    estimate.diskBytes = content
    return estimate
  }

  /// Refuses an import that this machine's memory cannot hold, rather than have it killed half-way.
  public func refuseImportBeyondMemory(
    from folder: String, options: ImportOptions, available: Int? = ProcessMemory.available
  ) throws(StoreError) {
    guard let available else { return }
    let estimate = try estimateImport(from: folder, options: options)
    guard estimate.memoryBytes > available else { return }
    throw .tooLarge(
      what: "Importing \(folder)", needed: estimate.memoryBytes, available: available,
      remedy: "Import on a machine with more, give fewer columns in the schema, or lower --memory")
  }
}

private enum NodeCost {
  /// Offset and slot of the key, at the table's usual fill.
  static let index = 40
}

private enum EdgeCost {
  /// Both ends as they were read.
  static let ends = 8
  /// In one direction: the other end, and the row it stands for.
  static let direction = 8
  static let time = 8
}

extension TableShape {
  /// Memory of the columns of one row, texts aside.
  fileprivate var bytesPerRow: Int {
    columns.reduce(0) { sum, column in
      sum + (column.kind == .time || column.kind == .text ? 8 : 4)
    }
  }
}

/// How many rows files have, about, and how long a row is.
private struct TableSize {
  var rows = 0
  /// Of the rows as text.
  var bytesPerRow = 0
  var fileBytes = 0

  /// How much smaller than its content a compressed text is taken to be.
  private static let compression = 5

  init(_ files: [ImportFile], in database: Tables.Database) throws {
    var bytes = 0
    for file in files {
      let size = Disk.size(of: file.table.path) ?? 0
      fileBytes += size
      if file.table.format == .parquet {
        let found = try database.columns(
          "SELECT sum(num_rows)::BIGINT AS rows FROM parquet_file_metadata(\(SQL.file(file.table.path)))")
        rows += Int(found.integer("rows")[0])
        // Parquet writes a text that repeats once; a row's own length is not known.
        bytes += Int(found.integer("rows")[0]) * 32
      } else {
        let isPacked = file.name.hasSuffix(".gz") || file.name.hasSuffix(".zst")
        let content = isPacked ? size * TableSize.compression : size
        rows += content / (isPacked ? 64 : TableSize.meanLine(of: file.table.path))
        bytes += content
      }
    }
    bytesPerRow = rows > 0 ? bytes / rows : 0
  }

  /// Of the columns that are texts: as their part of a row. Keys count as one.
  func textBytes(_ shape: TableShape) -> Int {
    let texts = shape.keyColumns.count + shape.columns.count { $0.kind == .text }
    return rows * bytesPerRow * (shape.keyColumns.count == 1 ? texts : texts - 2)
      / max(1, shape.keyColumns.count + shape.columns.count)
  }

  /// Bytes of a line, over the first mebibyte.
  private static func meanLine(of path: String) -> Int {
    guard let file = FileHandle(forReadingAtPath: path), let head = try? file.read(upToCount: 1 << 20) else {
      return 64
    }
    return max(1, head.count / max(1, head.count { $0 == UInt8(ascii: "\n") }))
  }
}
