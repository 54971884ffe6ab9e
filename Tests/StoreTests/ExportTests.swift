import Foundation
import Graph
import Testing

@testable import Store

@Suite struct ExportTests {
  let pad = Scratchpad()

  @Test(
    "exported tables, imported again, are the same graph, appended rows with it",
    arguments: ExportFormat.allCases)
  func comesBack(format: ExportFormat) throws {
    let store = try pad.shop()
    var lines = JSONLines(of: try #require(store.schema.relation("order")), file: "new")
    let row = #"{"buyer": "b3", "product": "p2", "at": "2026-03-09", "amount": 7.25, "channel": "web"}"#
    try store.append(relation: "order", rows: lines.rows(in: Array(row.utf8)))
    let folder = pad.path + "/out-\(format)"
    let report = try store.export(to: folder, format: format)
    #expect(report.nodes == ["buyer": 4, "product": 3])
    #expect(report.edges == ["order": 5, "view": 3, "friend": 3])
    let copy = try Store.create(
      at: pad.path + "/copy-\(format).rg", schema: Schema(file: folder + "/schema.json"))
    try copy.importTables(from: folder)
    #expect(described(try copy.graph()).sorted() == described(try store.graph()).sorted())
  }

  @Test("a folder that holds something is left alone")
  func refuses() throws {
    let store = try pad.shop()
    #expect(throws: StoreError.self) { try store.export(to: store.path) }
    #expect(try store.check().isSound)
  }
}
