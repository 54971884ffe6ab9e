import Compute
import Foundation
import Graph
import Testing

@testable import Store

/// Tables that are damaged, absurd or meant to harm: each is taken in as documented, or refused with its place, and the
/// store is sound afterwards and holds what it held.
@Suite struct HostileTableTests {
  let pad = Scratchpad()

  private static let schema = Schema(
    name: "hostile",
    nodeTypes: [
      NodeType(
        name: "n", columns: [ColumnType("x", .number), ColumnType("t", .time), ColumnType("s", .text)])
    ],
    relations: [RelationType(name: "e", from: "n", to: "n", fromColumn: "a", toColumn: "b")])

  /// Name, the bytes of n.csv, and what the error has to say; nil where the table is good.
  private static let cases: [(name: String, bytes: [UInt8], says: String?)] = [
    ("no such day", Array("id,x,t,s\nk,1,2026-02-30,\n".utf8), "row 1: t is \"2026-02-30\""),
    ("no number", Array("id,x,t,s\nk,1,,\nl,1e,,\n".utf8), "row 2: x is \"1e\""),
    ("out of range", Array("id,x,t,s\nk,1e99,,\n".utf8), "row 1: x is \"1e99\""),
    ("duplicate key", Array("id,x,t,s\nk,,,\nk,,,\n".utf8), "row 2: id is \"k\""),
    ("missing key", Array("id,x,t,s\n,1,,\n".utf8), "row 1: id is empty"),
    ("missing column", Array("id,x,t\nk,1,\n".utf8), "no column \"s\""),
    ("ragged", Array("id,x,t,s\nk,1\nl,2,,,,,\n".utf8), "n.csv"),
    ("not UTF-8", Array("id,x,t,s\nk,1,,".utf8) + [0xff, 0xfe, 0x0a], "n.csv"),
    ("empty", [], "empty"),
    ("header only", Array("id,x,t,s\n".utf8), nil),
    ("no line end", Array("id,x,t,s\nk,1,,last".utf8), nil),
    ("carriage returns", Array("id,x,t,s\r\nk,1,,a\r\n".utf8), nil),
    ("Unicode", Array("id,x,t,s\né,1,,\ne\u{301},1,,\n🛍️,1,,\n\u{202e}abc,1,,\n".utf8), nil),
    ("huge field", Array("id,x,t,s\nk,1,,".utf8) + [UInt8](repeating: 65, count: 3_000_000) + [10], nil),
    ("SQL in a key", Array("id,x,t,s\n\"'); DROP TABLE n; --\",1,,\n".utf8), nil),
  ]

  @Test("every odd table is taken in or refused with its place", arguments: cases.indices)
  func odd(index: Int) throws {
    let (name, bytes, says) = Self.cases[index]
    let store = try pad.store(Self.schema)
    let folder = pad.path + "/tables"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: folder + "/n.csv"))
    if let says {
      #expect("\(name)") {
        try store.importTables(from: folder)
      } throws: { error in
        "\(error)".contains(says)
      }
      #expect(try store.graph().nodes["n"]!.count == 0, "\(name)")
    } else {
      try store.importTables(from: folder)
    }
    #expect(try store.check().isSound, "\(name)")
  }

  @Test("a FIFO or a folder in a table's place is refused by name and does not hang")
  func notAFile() throws {
    let store = try pad.store(Self.schema)
    let folder = pad.path + "/odd"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try #require(mkfifo(folder + "/n.csv", 0o600) == 0)
    #expect { try store.importTables(from: folder) } throws: { "\($0)".contains("n.csv") }
    unlink(folder + "/n.csv")
    try FileManager.default.createDirectory(atPath: folder + "/n.csv", withIntermediateDirectories: true)
    #expect { try store.importTables(from: folder) } throws: { "\($0)".contains("n.csv") }
  }

  @Test("a file name with a pattern in it means itself")
  func pattern() throws {
    let store = try pad.store(Self.schema)
    let folder = try pad.write(["n.[ab].csv": "id,x,t,s\ngood,1,,\n"], in: "pattern*")
    try store.importTables(from: folder)
    #expect(try store.graph().nodes["n"]!.count == 1)
  }

  @Test("a hundred thousand duplicates are counted, and the first are told")
  func manyDuplicates() throws {
    let store = try pad.store(Self.schema)
    let folder = try pad.write(["n.csv": "id,x,t,s\n" + String(repeating: "k,1,,\n", count: 100_001)])
    #expect { try store.importTables(from: folder) } throws: {
      "\($0)".contains("row 2: id is \"k\"") && "\($0)".contains("99,980 more")
    }
    var options = ImportOptions()
    options.skipsBadRows = true
    let report = try store.importTables(from: folder, options: options)
    #expect(report.badRowsSkipped == 100_000)
    #expect(try store.graph().nodes["n"]!.count == 1)
  }

  @Test("random bytes in JSON lines never trap: each line is a row or a problem", arguments: 0..<4)
  func fuzzedLines(seed: Int) throws {
    var numbers = Seed(UInt64(seed)).generator(for: "fuzz")
    let type = try #require(Self.schema.nodeType("n"))
    let good = Array(
      #"{"id": "k\u00e9\n", "x": -1.5e3, "t": "2026-03-01", "s": "a \"b\" \ud83d\ude00"}"#.utf8)
    for _ in 0..<3000 {
      var bytes = good
      for _ in 0..<(1 + Int(numbers.unit() * 4)) {
        let place = Int(numbers.unit() * Double(bytes.count))
        switch Int(numbers.unit() * 4) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: numbers.next())
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(Array("{}[]\",:\\u0\n".utf8)[Int(numbers.unit() * 11)], at: place)
        default: bytes.removeSubrange(place...)
        }
        if bytes.isEmpty { bytes = good }
      }
      var lines = JSONLines(of: type, file: "fuzz")
      let rows = lines.rows(in: bytes)
      let full = bytes.split(separator: 10).filter { !$0.allSatisfy { [9, 13, 32].contains($0) } }
      #expect(rows.count + lines.problems.count >= full.count, "seed \(seed): \(bytes)")
    }
  }
}
