import Compute
import Foundation
import Testing

@testable import Tables

@Suite("Reading tables from files")
struct TableSourceTests {
  let folder: String
  let database: Database

  init() throws {
    folder = NSTemporaryDirectory() + "tables-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    database = try Database()
  }

  func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }
  func write(_ name: String, _ data: Data) throws {
    try data.write(to: URL(fileURLWithPath: folder + "/" + name))
  }

  func read(_ name: String, wanted: [String]? = nil) throws -> [[String]] {
    let source = try TableSource(name, in: folder, wanted: wanted, of: database)
    let columns = try database.columns(
      "SELECT * FROM (SELECT \(source.columns.map { SQL.name($0) + "::VARCHAR" }.joined(separator: ", ")) "
        + "FROM \(source.relation))")
    return (0..<columns.rows).map { row in
      columns.columns.map { if case .text(let texts) = $0 { texts[row] } else { "?" } }
    }
  }

  /// The error of reading the table `t`, and nothing else.
  func failure(_ name: String = "t") -> TablesError? {
    do {
      _ = try read(name)
      return nil
    } catch { return error as? TablesError }
  }

  @Test(
    "every format and compression gives the same rows",
    arguments: ["csv", "csv.gz", "csv.zst", "tsv", "parquet", "jsonl", "jsonl.gz", "ndjson.zst", "json"])
  func formats(ending: String) throws {
    let format =
      ending.hasPrefix("csv")
      ? "csv, header" : ending == "tsv" ? "csv, header, delim '\t'" : ending == "parquet" ? "parquet" : "json"
    let compression =
      ending.hasSuffix("gz") ? ", compression gzip" : ending.hasSuffix("zst") ? ", compression zstd" : ""
    try database.run(
      "COPY (SELECT 'k' || range AS key, 'a,\"' || chr(10) || 'é' || range AS \"odd name\" FROM range(3)) "
        + "TO \(SQL.text("\(folder)/t.\(ending)")) (FORMAT \(format)\(compression))")
    #expect(try read("t") == (0..<3).map { ["k\($0)", "a,\"\né\($0)"] })
    let source = try TableSource("t", in: folder, of: database)
    #expect(source.columns == ["key", "odd name"])
    let place = try #require(try source.rows(where: "key = ?", ["k1"], limit: 5).first)
    #expect(place.row == 2)
    #expect(place.file == "\(folder)/t.\(ending)")
    #expect(place.values == ["key": "k1", "odd name": "a,\"\né1"])
  }

  @Test("parts in several formats and column orders are one table")
  func mixedParts() throws {
    try write("t.1.csv", "a,b\n1,x\n2,y\n")
    try write("t.2.csv", "b,a\nz,3\n")
    try write("t.jsonl", "{\"a\": 4}\n")
    try FileManager.default.createDirectory(atPath: folder + "/t", withIntermediateDirectories: true)
    try write("t/part-0.csv", "a,b\n5,v\n")
    try write("tt.csv", "other\n1\n")
    #expect(
      try Set(read("t", wanted: ["a", "b"])) == [
        ["1", "x"], ["2", "y"], ["3", "z"], ["4", ""], ["5", "v"],
      ])
    let source = try TableSource("t", in: folder, wanted: ["a", "b"], of: database)
    let places = try source.rows(where: "a::INTEGER % 2 = 1", limit: 10)
    #expect(places.map(\.row) == [1, 1, 1].sorted())
  }

  @Test("a Parquet file keeps its types")
  func nativeTypes() throws {
    try database.run("COPY (SELECT 7::UINTEGER AS n, DATE '2026-03-01' AS d) TO '\(folder)/t.parquet'")
    #expect(try TableSource("t", in: folder, of: database).types == ["UINTEGER", "DATE"])
  }

  @Test("file names with quotes and pattern characters are only names")
  func hostileNames() throws {
    for name in ["a*", "b?", "[c]", "d'; DROP TABLE x; --", "e\"f", "g\u{301}h", "i j"] {
      try write(name + ".csv", "k\n\(name.utf8.count)\n")
    }
    try write("axx.csv", "k\nwrong\n")
    for name in ["a*", "b?", "[c]", "d'; DROP TABLE x; --", "e\"f", "g\u{301}h", "i j"] {
      #expect(try read(name) == [["\(name.utf8.count)"]])
    }
  }

  @Test(
    "damaged text is refused with its row",
    arguments: [
      ("t.csv", "a,b\n1,2\n3\n4,5\n", 2), ("t.csv", "a,b\n1,2,3\n", 1), ("t.csv", "a,b\n1,\"2\n3,4\n", 1),
      ("t.jsonl", "{\"a\":1}\nhello\n", 2), ("t.jsonl", "{\"a\":1}\n{\"a\":2\n{\"a\":3}\n", 2),
      ("t.jsonl", "{\"a\":1}\n{\"a\":2}\n[3]\n", 3),
    ] as [(String, String, Int)])
  func damagedText(name: String, text: String, row: Int) throws {
    try write(name, text)
    let failure = try #require(self.failure())
    guard case .damaged(let file, let found, _) = failure else {
      Issue.record("\(failure)")
      return
    }
    #expect(file == "\(folder)/\(name)")
    #expect(found == row || found == nil && name.hasSuffix("jsonl"), "\(failure)")
  }

  @Test("bytes that are no UTF-8, no gzip and no Parquet are refused by name")
  func wrongBytes() throws {
    for (name, data) in [
      ("t.csv", Data("a,b\n1,2\n3,".utf8) + [0xff, 0xfe, 0x0a]), ("t.csv.gz", Data("a,b\n1,2\n".utf8)),
      ("t.parquet", Data("not parquet at all".utf8)),
      ("t.jsonl", Data("{\"a\": \"".utf8) + [0xff] + Data("\"}\n".utf8)),
      ("t.csv.zst", Data("a,b\n1,2\n".utf8)), ("t.csv", Data()), ("t.parquet", Data()),
      ("t.csv", Data("\n1\n".utf8)),
    ] {
      try write(name, data)
      let failure = self.failure()
      guard case .damaged(let file, _, _) = failure else {
        Issue.record("\(name): \(String(describing: failure))")
        continue
      }
      #expect(file == "\(folder)/\(name)")
      try FileManager.default.removeItem(atPath: folder + "/" + name)
    }
  }

  @Test("NUL characters and large fields are read as they are")
  func oddButLegal() throws {
    let large = String(repeating: "x", count: 5_000_000)
    try write("t.csv", "a,b\n1,x\u{0}y\n2,\(large)\n")
    let rows = try read("t")
    #expect(rows[0][1] == "x\u{0}y")
    #expect(rows[1][1].utf8.count == large.utf8.count)
  }

  @Test("a folder, a FIFO, and nothing are refused before anybody waits for them")
  func noFiles() throws {
    try FileManager.default.createDirectory(atPath: folder + "/t.csv", withIntermediateDirectories: true)
    #expect(failure() == .cannotOpen(path: "\(folder)/t.csv", reason: "it is not a regular file"))
    #expect(mkfifo("\(folder)/pipe.csv", 0o600) == 0)
    #expect(failure("pipe") == .cannotOpen(path: "\(folder)/pipe.csv", reason: "it is not a regular file"))
    #expect(failure("nothing") == .noTable(name: "nothing", folder: folder))
  }

  @Test("two columns of one name, and a part that lacks a column, are refused")
  func columnNames() throws {
    try write("t.csv", "a,A\n1,2\n")
    #expect(failure() == .duplicateColumn(name: "A", file: "\(folder)/t.csv"))
    try write("u.1.csv", "a,b\n1,2\n")
    try write("u.2.csv", "a\n1\n")
    #expect(failure("u") == .missingColumn(name: "b", file: "\(folder)/u.2.csv"))
  }
}

@Suite("Finding the library")
struct LibraryTests {
  @Test("a path that leads nowhere is an error that names it and the remedy")
  func nowhere() {
    do {
      _ = try Library.find(environment: ["RISKGRAPH_DUCKDB": "/nowhere/libduckdb.so"])
      Issue.record("a library was found")
    } catch {
      #expect("\(error)".contains("/nowhere/libduckdb.so"))
      #expect("\(error)".contains("Scripts/setup"))
    }
  }

  @Test("a Python extension asks for the Python it was built for")
  func companion() {
    #expect(Library.python(for: "/x/_duckdb.cpython-311-x86_64-linux-gnu.so") == "libpython3.11.so.1.0")
    #expect(Library.python(for: "/x/libduckdb.so") == nil)
  }
}
