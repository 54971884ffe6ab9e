import Foundation
import Graph
import Tables
import Testing

@testable import Store

@Suite("what an import will need") struct ImportEstimateTests {
  let pad = Scratchpad()

  @Test("rows are counted without reading them: exactly in Parquet, nearly in texts")
  func rows() throws {
    let store = try pad.store(Shop.schema)
    let lines = (0..<20_000).map { "b\($0),NL,2026-01-01" }
    let folder = try pad.write(["buyer.csv": "id,country,since\n" + lines.joined(separator: "\n") + "\n"])
    try Tables.Database().run(
      "COPY (SELECT 'p' || range AS id, range::FLOAT AS price, 'a title' AS title FROM range(5000)) TO \(SQL.text(folder + "/product.parquet"))"
    )
    let estimate = try store.estimateImport(from: folder)
    #expect(estimate.rows["product"] == 5000)
    #expect(abs(estimate.rows["buyer"]! - 20_000) < 1000)
    #expect(estimate.rows["order"] == 0)
    try store.importTables(from: folder)
    #expect(try store.graph().nodes["buyer"]!.count == 20_000)
    // What it lays on the disk is within a factor of two of what was said.
    let bytes = try store.info().snapshotBytes
    #expect(
      estimate.diskBytes < 2 * bytes && bytes < 2 * estimate.diskBytes, "\(estimate.diskBytes) for \(bytes)")
  }

  @Test("what cannot fit is refused with the figure, before anything is read")
  func refusal() throws {
    let store = try pad.store(Shop.schema)
    let folder = try pad.write(Shop.tables)
    try store.refuseImportBeyondMemory(from: folder, options: ImportOptions(), available: 1 << 30)
    #expect {
      try store.refuseImportBeyondMemory(from: folder, options: ImportOptions(), available: 100)
    } throws: {
      "\($0)".contains("needs about") && "\($0)".contains("--memory")
    }
  }

  @Test("nodes that only edges named are told apart from those of the tables")
  func created() throws {
    let store = try pad.store(Shop.schema)
    var tables = Shop.tables
    tables["friend.csv"] = "a,b,strength\nb1,stranger,1\nghost,stranger,1\n"
    var options = ImportOptions()
    options.unknownKeys = .create
    let report = try store.importTables(from: try pad.write(tables), options: options)
    #expect(report.nodes["buyer"] == 6)
    #expect(report.nodesCreated["buyer"] == 2)
    #expect(report.nodesCreated["product"] == 0)
  }
}
