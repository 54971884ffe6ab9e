import Compute
import Foundation
import Testing

@testable import Tables

@Suite("Writing tables")
struct TableWriterTests {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "writer-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  let columns: [(name: String, type: ColumnType)] = [
    ("key", .text), ("id", .uint32), ("score", .float), ("n", .integer), ("at", .time), ("x y", .double),
  ]

  func batch(_ rows: Range<Int>) -> [TableColumn] {
    [
      .text(TextArray(rows.map { $0 % 5 == 0 ? "" : $0 % 2 == 0 ? "k\($0)" : "a \"long\", key\n\($0)" })),
      .uint32(Buffer(rows.map { $0 % 7 == 0 ? .max : UInt32($0) })),
      .float(Buffer(rows.map { $0 % 3 == 0 ? .nan : Float($0) / 4 })),
      .integer(Buffer(rows.map { $0 % 11 == 0 ? .min : Int64(-$0) })),
      .time(Buffer(rows.map { $0 % 13 == 0 ? .min : Int64($0) * 86_400 - 1 })),
      .double(Buffer(rows.map { Double($0) / 8 })),
    ]
  }

  func write(_ path: String, rows: Int, batches size: Int) throws {
    let writer = try TableWriter(path: path, columns: columns)
    for start in stride(from: 0, to: rows, by: size) {
      try writer.append(batch(start..<min(rows, start + size)))
    }
    try writer.finish()
  }

  @Test(
    "what was written is read back, in order and with its gaps",
    arguments: ["parquet", "csv", "csv.gz", "csv.zst", "tsv", "jsonl", "ndjson.gz"])
  func roundTrip(ending: String) throws {
    try write("\(folder)/t.\(ending)", rows: 5000, batches: 1700)
    let database = try Database()
    let source = try TableSource("t", in: folder, of: database)
    #expect(source.columns == columns.map(\.name))
    let read = try database.columns(
      """
      SELECT key, id::UINTEGER AS id, score::FLOAT AS score, n::BIGINT AS n, "at"::TIMESTAMP AS "at",
        "x y"::DOUBLE AS "x y" FROM \(source.relation)
      """)
    for (found, wanted) in zip(read.columns, batch(0..<5000)) {
      // NaN is unequal to itself, so floats are compared by their bits.
      if case (.float(let a), .float(let b)) = (found, wanted) {
        #expect(zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern } && a.count == b.count)
      } else {
        #expect(found == wanted)
      }
    }
  }

  @Test("batches of any size give the same bytes", arguments: ["parquet", "csv"])
  func sameBytes(ending: String) throws {
    try write("\(folder)/a.\(ending)", rows: 130_000, batches: 130_000)
    try write("\(folder)/b.\(ending)", rows: 130_000, batches: 7_001)
    #expect(
      FileManager.default.contents(atPath: "\(folder)/a.\(ending)")
        == FileManager.default.contents(atPath: "\(folder)/b.\(ending)"))
  }

  @Test("a table of no rows has its header")
  func noRows() throws {
    try TableWriter(path: "\(folder)/t.csv", columns: [("a", .text), ("b c", .float)]).finish()
    #expect(try String(contentsOfFile: "\(folder)/t.csv", encoding: .utf8) == "a,b c\n")
  }

  @Test("a writer that is given up leaves nothing behind, and the file of before untouched")
  func givenUp() throws {
    try "before".write(toFile: "\(folder)/t.csv", atomically: true, encoding: .utf8)
    do {
      let writer = try TableWriter(path: "\(folder)/t.csv", columns: columns)
      try writer.append(batch(0..<5000))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["t.csv"])
    #expect(try String(contentsOfFile: "\(folder)/t.csv", encoding: .utf8) == "before")
  }

  @Test("a folder that is not there, and a column of the wrong type, are errors")
  func refusals() throws {
    #expect(throws: TablesError.self) { try TableWriter(path: "\(folder)/none/t.csv", columns: columns) }
    #expect(throws: TablesError.self) { try TableWriter(path: "\(folder)/t.xlsx", columns: columns) }
    let writer = try TableWriter(path: "\(folder)/t.csv", columns: [("a", .text)])
    #expect(throws: TablesError.wrongType(column: "a", found: "float", wanted: "text")) {
      try writer.append([.float([1])])
    }
  }
}
