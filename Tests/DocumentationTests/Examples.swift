import Arguments
import Communities
import Compute
import Features
import Foundation
import Governance
import Graph
import Learning
import Marketplace
import Reports
import Store
import Tables
import Testing

/// The examples of the articles, one function a module: what stands in an article stands here, and is compiled and run.
@Suite("Examples of the documentation")
struct Examples {
  @Test("Arguments")
  func arguments() {
    var table = TextTable(["type", "nodes"], alignments: [.leading, .trailing])
    table.add(["merchant", "1,204"])
    table.add(["evil\u{1B}[2J", "1"])
    for line in table.lines(width: 40) { print(line) }
    #expect(!table.lines(width: 40).joined().contains("\u{1B}"))
  }

  @Test("Compute")
  func compute() {
    let x: Matrix = Matrix([[1, 2], [3, 4], [5, 6]])
    let squares = BLAS.product(x, x, form: .firstTransposed)
    print(squares[0, 1])  // 1·2 + 3·4 + 5·6 = 44
    var numbers = Seed(7).generator(for: "dropout", item: 3)
    print(numbers.unit())  // the same on every machine, whatever the threads
    #expect(squares[0, 1] == 44)
  }

  @Test("Graph")
  func graph() throws {
    let schema = try Schema(
      json: """
        {"name": "shop", "nodes": {"merchant": {}, "device": {}},
         "relations": {"uses": {"from": "merchant", "to": "device"}}}
        """)
    var builder = MarketGraphBuilder(schema)
    try builder.addNodes("merchant", keys: ["M1", "M2", "M3"])
    try builder.addNodes("device", keys: ["D1", "D2"])
    try builder.addEdges("uses", from: ["M1", "M2", "M3"], to: ["D1", "D1", "D2"])
    let view = try builder.finished().view()
    let (shared, _) = try view.projection("merchant-device-merchant")
    print(shared.csr.degree(0))  // 1: M1 shares a device with M2
    #expect(shared.csr.degree(0) == 1 && shared.csr.degree(2) == 0)
  }

  @Test("Tables")
  func tables() throws {
    let database = try Database()
    let rows = try database.columns("SELECT i::FLOAT AS amount FROM range(4) t(i)")
    print(rows.float("amount")[3])  // 3.0
    #expect(rows.float("amount")[3] == 3)
  }

  @Test("Store")
  func store() throws {
    let folder = NSTemporaryDirectory() + "riskgraph-example-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let schema = try Schema(json: "{\"name\": \"shop\", \"nodes\": {\"merchant\": {}}, \"relations\": {}}")
    try "id\nM1\nM2\n".write(toFile: folder + "/merchant.csv", atomically: true, encoding: .utf8)
    let store = try Store.create(at: folder + "/shop.rg", schema: schema)
    try store.importTables(from: folder)
    let graph = try Store.open(at: folder + "/shop.rg").graph()
    print(graph.nodes["merchant"]!.count)  // 2
    #expect(graph.nodes["merchant"]?.count == 2)
  }

  @Test("Features")
  func features() {
    let days = DailyCounts([2, 1, 3, 2, 2, 14, 17, 12, 15])
    let report = changePoints(in: days)
    print(report.latest!.day)  // 5: from then on about fourteen a day instead of two
    #expect(report.latest?.day == 5)
  }

  @Test("Communities")
  func communities() throws {
    let edges = EdgeList(nodes: 6, [(0, 1), (1, 2), (0, 2), (2, 3), (3, 4), (4, 5), (3, 5)])
    let twoTriangles = Projection(space: .plain(6), csr: try CSRBuilder(edges).symmetric())
    let partition = try Leiden().partition(of: twoTriangles)
    print(partition.communityCount)  // 2
    print(modularity(of: partition, in: twoTriangles))  // 0.357…
    #expect(partition == Partition([0, 0, 0, 1, 1, 1]))
  }

  @Test("Learning")
  func learning() throws {
    let ranking = try Ranking(scores: [0.9, 0.8, 0.4, 0.2], labels: [true, false, true, false])
    print(ranking.areaUnderROC)  // 0.75
    print(ranking.precision(atTop: 1))  // 1.0
    let drift = PopulationStability(then: [500, 300, 200], now: [200, 300, 500])
    print(drift.verdict())  // drifted
    #expect(ranking.areaUnderROC == 0.75 && drift.verdict() == .drifted)
  }

  @Test("Marketplace")
  func marketplace() throws {
    let folder = NSTemporaryDirectory() + "riskgraph-example-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let options = GeneratorOptions(scale: .named("tiny")!, seed: Seed(7), format: .csv)
    let made = try Generator(options).write(to: folder)
    print(made.edges)  // some 11,000 edges; the truth lies apart, in folder/truth
    #expect(made.edges > 5000)
  }

  @Test("Governance")
  func governance() {
    let innocents = (0..<400).map { Double($0) / 1000 }
    let promise = FalseSharePromise(innocentScores: innocents)
    let today = [0.95, 0.9, 0.2, 0.1]
    print(promise.flagged(today, share: 0.1).places)  // [0, 1]
    #expect(promise.flagged(today, share: 0.1).places == [0, 1])
  }

  @Test("Reports")
  func reports() throws {
    let chart = LineChart(
      title: "Cost against size", x: Axis("edges", scale: .log),
      y: Axis("time", scale: .log, format: .seconds),
      series: [LineChart.Series("Leiden", [(1e6, 0.4), (1e7, 5.1), (1e8, 66)])])
    var page = Page(title: "Measured today")
    page.add(PageSection(id: "cost", title: "Cost", blocks: [.charts([chart])]))
    let html = page.html()  // one file: style and pictures are inside
    #expect(html.contains("<svg") && !html.contains("src="))
  }
}
