import Foundation
import Graph
import Testing

@testable import Store

@Suite struct DuplicateEdgeTests {
  let pad = Scratchpad()

  private func schema(_ duplicates: RelationType.Duplicates, isDirected: Bool) -> Schema {
    Schema(
      name: "pairs", nodeTypes: [NodeType(name: "node")],
      relations: [
        RelationType(
          name: "edge", from: "node", to: "node", fromColumn: "a", toColumn: "b", isDirected: isDirected,
          columns: [ColumnType("w", .number), ColumnType("note", .text)], weight: "w", duplicates: duplicates)
      ])
  }

  private let nodes = "id\nx\ny\nz\n"
  private let edges = "a,b,w,note\nx,y,1,first\ny,z,5,\nx,y,2,second\ny,x,4,back\n"

  @Test("rows with the same ends are summed where the schema says so", arguments: [true, false])
  func sums(isDirected: Bool) throws {
    let store = try pad.store(schema(.sum, isDirected: isDirected))
    try store.importTables(from: pad.write(["node.csv": nodes, "edge.csv": edges]))
    let lines = described(try store.graph()).filter { $0.hasPrefix("edge out") }.sorted()
    if isDirected {
      #expect(
        lines == [
          "edge out x y note=first w=3.0 t=- w=3.0", "edge out y x note=back w=4.0 t=- w=4.0",
          "edge out y z note= w=5.0 t=- w=5.0",
        ])
    } else {
      #expect(lines.filter { $0.contains(" x y ") } == ["edge out x y note=first w=7.0 t=- w=7.0"])
      #expect(lines.count == 4)
    }
    #expect(try store.check().isSound)

    var lines2 = JSONLines(of: try #require(store.schema.relation("edge")), file: "new")
    try store.append(relation: "edge", rows: lines2.rows(in: Array(#"{"a": "y", "b": "z", "w": 10}"#.utf8)))
    for _ in 0..<2 {
      let now = described(try store.graph()).filter { $0.hasPrefix("edge out y z") }
      #expect(now == ["edge out y z note= w=15.0 t=- w=15.0"])
      try store.compact()
    }
    #expect(try store.check().isSound)
  }

  @Test(
    "a pair that stands twice is refused with its place, in tables and in appended rows",
    arguments: [true, false])
  func refuses(isDirected: Bool) throws {
    let store = try pad.store(schema(.refuse, isDirected: isDirected))
    let tables = try pad.write(["node.csv": nodes, "edge.csv": edges])
    #expect {
      try store.importTables(from: tables)
    } throws: { error in
      "\(error)".contains("edge.csv, row 3: x – y stood before")
        && "\(error)".contains("row 4") == !isDirected
    }
    try store.importTables(
      from: pad.write(["node.csv": nodes, "edge.csv": "a,b,w,note\nx,y,1,\n"], in: "good"))
    var lines = JSONLines(of: try #require(store.schema.relation("edge")), file: "new")
    for text in [
      #"{"a": "x", "b": "y", "w": 1}"#, "{\"a\": \"y\", \"b\": \"z\"}\n{\"a\": \"y\", \"b\": \"z\"}",
    ] {
      #expect(throws: StoreError.self) {
        try store.append(relation: "edge", rows: lines.rows(in: Array(text.utf8)))
      }
    }
    try store.append(relation: "edge", rows: lines.rows(in: Array(#"{"a": "y", "b": "z", "w": 2}"#.utf8)))
    #expect(throws: StoreError.self) {
      try store.append(relation: "edge", rows: lines.rows(in: Array(#"{"a": "y", "b": "z", "w": 3}"#.utf8)))
    }
    try store.compact()
    #expect(try store.graph().relations["edge"]!.rowCount == 2)
    #expect(try store.check().isSound)
  }
}
