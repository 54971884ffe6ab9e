import Foundation

// A table's file, written block by block in order.
//
// CSV blocks go to the file as they are. Parquet pages are gathered until they make a row group of about a hundred
// thousand rows (fewer would cost every reader a seek a column for little, more would hold memory for nothing), each
// column's pages together, as the format wants.

/// A block of a table, in the bytes of its format.
enum EncodedBlock: Sendable {
  case csv([UInt8], rows: Int)
  case parquet([ParquetPage], rows: Int)

  static func encode(_ rows: Rows, _ spec: TableSpec, _ format: GeneratorOptions.Format) -> EncodedBlock {
    switch format {
    case .csv: .csv(CSVPage.encode(rows, spec), rows: rows.count)
    case .parquet: .parquet(ParquetPage.encode(rows, spec), rows: rows.count)
    }
  }
}

final class TableFile {
  private let spec: TableSpec
  private let file: OutputFile
  private let format: GeneratorOptions.Format
  private(set) var rows = 0

  private var pending: [[ParquetPage]] = []
  private var pendingRows = 0
  private var groups: [RowGroup] = []

  private struct RowGroup {
    struct Chunk {
      var dictionaryOffset: Int?
      var dataOffset: Int
      var byteCount: Int
    }
    var chunks: [Chunk]
    var rows: Int
  }

  private static let rowsPerGroup = 100_000

  init(_ spec: TableSpec, folder: String, format: GeneratorOptions.Format) throws(MarketplaceError) {
    self.spec = spec
    self.format = format
    file = try OutputFile(path: folder + "/" + spec.name + "." + format.rawValue)
    switch format {
    case .csv: try file.write(CSVPage.header(spec))
    case .parquet: try file.write(Array("PAR1".utf8))
    }
  }

  func append(_ block: EncodedBlock) throws(MarketplaceError) {
    switch block {
    case .csv(let bytes, let count):
      rows += count
      try file.write(bytes)
    case .parquet(let pages, let count):
      guard count > 0 else { return }
      rows += count
      pending.append(pages)
      pendingRows += count
      if pendingRows >= TableFile.rowsPerGroup { try flush() }
    }
  }

  func finish() throws(MarketplaceError) {
    if format == .parquet {
      try flush()
      let footer = self.footer()
      var tail = ByteWriter()
      tail.append(littleEndian: UInt32(footer.count))
      try file.write(footer + tail.bytes + Array("PAR1".utf8))
    }
    try file.close()
  }

  private func flush() throws(MarketplaceError) {
    guard pendingRows > 0 else { return }
    var chunks: [RowGroup.Chunk] = []
    for (index, column) in spec.columns.enumerated() {
      let start = file.position
      var dictionaryOffset: Int?
      if case .category(let levels) = column.kind {
        dictionaryOffset = start
        try file.write(ParquetPage.dictionaryPage(levels))
      }
      let dataOffset = file.position
      for pages in pending { try file.write(pages[index].bytes) }
      chunks.append(
        .init(dictionaryOffset: dictionaryOffset, dataOffset: dataOffset, byteCount: file.position - start))
    }
    groups.append(RowGroup(chunks: chunks, rows: pendingRows))
    pending.removeAll(keepingCapacity: true)
    pendingRows = 0
  }

  private func footer() -> [UInt8] {
    var thrift = ThriftWriter()
    thrift.element { file in
      file.int32(1, 1)
      file.list(2, of: .structure, count: spec.columns.count + 1) { list in
        list.element {
          $0.text(4, "schema")
          $0.int32(5, spec.columns.count)
        }
        for column in spec.columns { list.element { TableFile.describe(column, &$0) } }
      }
      file.int64(3, rows)
      file.list(4, of: .structure, count: groups.count) { list in
        for group in groups { list.element { describe(group, &$0) } }
      }
      file.text(6, "riskgraph")
    }
    return thrift.bytes.bytes
  }

  private static func describe(_ column: TableSpec.ColumnSpec, _ thrift: inout ThriftWriter) {
    thrift.int32(1, physicalType(column))
    thrift.int32(3, column.optional ? 1 : 0)
    thrift.text(4, column.name)
    switch column.kind {
    case .key, .category, .text:
      thrift.int32(6, 0)  // UTF8
      thrift.structure(10) { $0.structure(1) { _ in } }
    case .time:
      thrift.structure(10) {
        $0.structure(8) {
          $0.flag(1, false)
          $0.structure(2) { $0.structure(2) { _ in } }
        }
      }
    case .number, .flag: break
    }
  }

  private func describe(_ group: RowGroup, _ thrift: inout ThriftWriter) {
    thrift.list(1, of: .structure, count: group.chunks.count) { list in
      for (column, chunk) in zip(spec.columns, group.chunks) {
        list.element {
          $0.int64(2, chunk.dictionaryOffset ?? chunk.dataOffset)
          $0.structure(3) {
            $0.int32(1, TableFile.physicalType(column))
            let encodings =
              chunk.dictionaryOffset == nil
              ? [ParquetPage.plain, ParquetPage.runLength]
              : [ParquetPage.plain, ParquetPage.runLength, ParquetPage.dictionary]
            $0.list(2, of: .int32, count: encodings.count) {
              for encoding in encodings { $0.element(encoding) }
            }
            $0.list(3, of: .binary, count: 1) { $0.element(column.name) }
            $0.int32(4, 0)
            $0.int64(5, group.rows)
            $0.int64(6, chunk.byteCount)
            $0.int64(7, chunk.byteCount)
            $0.int64(9, chunk.dataOffset)
            if let offset = chunk.dictionaryOffset { $0.int64(11, offset) }
          }
        }
      }
    }
    thrift.int64(2, group.chunks.reduce(0) { $0 + $1.byteCount })
    thrift.int64(3, group.rows)
  }

  private static func physicalType(_ column: TableSpec.ColumnSpec) -> Int {
    switch column.kind {
    case .key, .category, .text: 6
    case .time: 2
    case .number: 4
    case .flag: 0
    }
  }
}
