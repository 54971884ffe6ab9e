import Compute
import Testing

@testable import Graph

private let schema = Schema(
  name: "shop",
  nodeTypes: ["merchant", "device", "account", "buyer", "product", "pay-card"].map { NodeType(name: $0) },
  relations: [
    RelationType(name: "uses", from: "merchant", to: "device", clocks: Clocks(happened: "at")),
    RelationType(name: "paid-to", from: "account", to: "merchant"),
    RelationType(name: "holds", from: "merchant", to: "pay-card"),
    RelationType(name: "lost", from: "merchant", to: "pay-card"),
    RelationType(
      name: "order", from: "buyer", to: "product", columns: [ColumnType("units", .number)], weight: "units"),
    RelationType(name: "review", from: "buyer", to: "product"),
    RelationType(name: "trusts", from: "buyer", to: "buyer", fromColumn: "a", toColumn: "b"),
    RelationType(
      name: "friends", from: "buyer", to: "buyer", fromColumn: "a", toColumn: "b", isDirected: false),
  ])

private func keys(_ prefix: String, _ count: Int) -> [String] { (0..<count).map { "\(prefix)\($0)" } }

/// The weight between two nodes, 0 where they are not joined.
private func weight(_ projection: Projection, _ a: Int, _ b: Int) -> Float {
  projection.csr.row(a).reduce(0) {
    $0 + (projection.csr.targets[$1] == UInt32(b) ? projection.csr.weight($1) : 0)
  }
}

/// The step along a relation from one of its ends.
private func step(_ name: String, _ direction: Direction) -> RelationPath.Step {
  let relation = schema.relation(name)!
  return direction == .out
    ? .init(relation: name, direction: .out, from: relation.from, to: relation.to)
    : .init(relation: name, direction: .into, from: relation.to, to: relation.from)
}

@Suite("Paths along relations") struct RelationPathTests {
  @Test("a path is read in any of its forms") func forms() throws {
    func form(_ text: String) throws -> RelationPath.Form { try RelationPath(text, in: schema).form }
    #expect(try form("merchant-device") == .direct([step("uses", .out)]))
    #expect(try form("device-merchant") == .direct([step("uses", .into)]))
    #expect(try form("merchant-device-merchant") == .shared([step("uses", .out)]))
    #expect(try form("merchant-uses-merchant") == .shared([step("uses", .out)]))
    #expect(
      try form("merchant - device | account - merchant")
        == .shared([step("uses", .out), step("paid-to", .into)]))
    #expect(try form("merchant-paid-to-merchant") == .shared([step("paid-to", .into)]))
    #expect(
      try form("device|account-merchant-account|device")
        == .shared([step("uses", .into), step("paid-to", .out)]))
    #expect(
      try RelationPath("device|account-merchant-account|device", in: schema).types == ["device", "account"])
    #expect(try form("merchant-holds|lost-pay-card").isDirect(["holds", "lost"]))
    #expect(try form("buyer-trusts-buyer").isDirect(["trusts"]))
    #expect(try form("product-order|review-buyer").isDirect(["order", "review"]))
  }

  @Test(
    "a path that leads nowhere is answered with the way",
    arguments: [
      ("merchant", "two or three parts"),
      ("a-b-c-d", "two or three parts"),
      ("", "two or three parts"),
      ("merchnt-device-merchant", "Did you mean \"merchant\"?"),
      ("merchant-devise-merchant", "Did you mean \"device\"?"),
      ("merchant|buyer-device-merchant", "stands at both ends alike"),
      ("merchant|buyer-device", "stands at both ends alike"),
      ("merchant|merchant-device-merchant|merchant", "names a type twice"),
      ("buyer|product-device-product|buyer", "device is nothing that buyer, product are joined with"),
      ("merchant-pay-card-merchant", "2 relations join merchant and pay-card: holds, lost. Name one"),
      ("merchant-product", "From merchant one comes to device (uses), account (paid-to)"),
      ("buyer-product-merchant", "are two"),
      ("buyer-uses-buyer", "uses joins merchant and device"),
      ("buyer-buyer-buyer", "write buyer-RELATION-buyer"),
      ("buyer-buyer", "2 relations join buyer and buyer: trusts, friends"),
      ("buyer-trusts|order-buyer", "take one at a time"),
      ("merchant--merchant", "no relation or type of node \"\""),
    ])
  func faults(path: String, says: String) {
    do throws(GraphError) {
      _ = try RelationPath(path, in: schema)
      Issue.record("\(path) was read")
    } catch { #expect(error.description.contains(says), "\(error)") }
  }
}

extension RelationPath.Form {
  fileprivate func isDirect(_ relations: [String]) -> Bool {
    if case .direct(let steps) = self { steps.map(\.relation) == relations } else { false }
  }
}

@Suite("Projections") struct ProjectionTests {
  @Test("edges of both directions and of several relations become one weighted edge") func direct() throws {
    var builder = MarketGraphBuilder(schema)
    try builder.addNodes("buyer", keys: keys("B", 3))
    try builder.addNodes("product", keys: keys("P", 2))
    try builder.addEdges(
      "order", from: ["B0", "B0", "B2"], to: ["P1", "P1", "P0"], columns: ["units": .numbers([2, 5, nil])],
      appended: 1)
    try builder.addEdges("review", from: ["B0"], to: ["P1"])
    try builder.addEdges("trusts", from: ["B0", "B1", "B2"], to: ["B1", "B0", "B2"])
    try builder.addEdges("friends", from: ["B0", "B2"], to: ["B1", "B2"])
    let view = try builder.finished().view()
    let (orders, report) = try view.projection("buyer-order-product")
    #expect(orders.space == NodeSpace([("buyer", 3), ("product", 2)]))
    #expect(weight(orders, 0, 4) == 7 && weight(orders, 4, 0) == 7 && weight(orders, 2, 3) == 1)
    #expect(report.edges == 2 && orders.csr.violation(isSymmetric: true) == nil)
    #expect(weight(try view.projection("product-order|review-buyer").projection, 1, 2) == 8)
    let trust = try view.projection("buyer-trusts-buyer").projection
    #expect(weight(trust, 0, 1) == 2 && weight(trust, 2, 2) == 1)
    let friends = try view.projection("buyer-friends-buyer")
    #expect(weight(friends.projection, 0, 1) == 1 && weight(friends.projection, 2, 2) == 1)
    #expect(friends.report.edges == 2)
  }

  @Test("a shared thing gives each of its nodes one, and hubs give nothing and are counted") func shared()
    throws
  {
    var builder = MarketGraphBuilder(schema)
    try builder.addNodes("merchant", keys: keys("M", 6))
    try builder.addNodes("device", keys: keys("D", 4))
    // D0: M0 M1 (twice M0); D1: M0 M1 M2; D2: M3 alone; D3: everybody.
    try builder.addEdges(
      "uses", from: ["M0", "M0", "M1", "M0", "M1", "M2", "M3"] + keys("M", 6),
      to: ["D0", "D0", "D0", "D1", "D1", "D1", "D2"] + Array(repeating: "D3", count: 6))
    let view = try builder.finished().view()
    let (graph, report) = try view.projection("merchant-device-merchant", ProjectionSettings(maxDegree: 5))
    #expect(weight(graph, 0, 1) == 1.5 && weight(graph, 0, 2) == 0.5 && weight(graph, 2, 1) == 0.5)
    #expect(report.edges == 3 && graph.csr.row(3).isEmpty)
    #expect(
      report.shared == [
        .init(type: "device", relation: "uses", used: 2, leftOut: 1, leftOutEnds: 6, largestDegree: 6)
      ])
    #expect(report.description.contains("1 left out, which 6 nodes"))
    let whole = try view.projection("merchant-device-merchant").projection
    #expect(weight(whole, 4, 5) == Float(1.0 / 5) && weight(whole, 0, 1) == Float(1.0 + 0.5 + 1.0 / 5))
    // What a node is joined by in all is how many things it shares.
    let sums = (0..<6).map { row in whole.csr.row(row).reduce(0) { $0 + whole.csr.weight($1) } }
    #expect(zip(sums, [3, 3, 2, 1, 1, 1]).allSatisfy { abs($0 - Float($1)) < 1e-5 })
  }

  @Test("nodes of several types share one thing together") func severalTypes() throws {
    var builder = MarketGraphBuilder(schema)
    try builder.addNodes("merchant", keys: keys("M", 2))
    try builder.addNodes("device", keys: keys("D", 2))
    try builder.addNodes("account", keys: keys("A", 1))
    try builder.addEdges("uses", from: ["M0", "M0", "M1"], to: ["D0", "D1", "D1"])
    try builder.addEdges("paid-to", from: ["A0", "A0"], to: ["M0", "M1"])
    let view = try builder.finished().view()
    // Two devices and the account (place 2) share M0; one device and the account share M1.
    let (graph, report) = try view.projection("device|account-merchant-device|account")
    #expect(graph.space == NodeSpace([("device", 2), ("account", 1)]))
    #expect(weight(graph, 0, 1) == 0.5 && weight(graph, 0, 2) == 0.5 && weight(graph, 1, 2) == 1.5)
    #expect(report.shared.map(\.relation) == ["uses, paid-to"] && report.shared[0].largestDegree == 3)
  }

  @Test("a projection that would be too large is refused with the degree that fits") func tooLarge() throws {
    var builder = MarketGraphBuilder(schema)
    try builder.addNodes("merchant", keys: keys("M", 20))
    try builder.addNodes("device", keys: keys("D", 2))
    try builder.addEdges(
      "uses", from: keys("M", 20) + keys("M", 7),
      to: Array(repeating: "D0", count: 20) + Array(repeating: "D1", count: 7))
    let view = try builder.finished().view()
    var settings = ProjectionSettings()
    settings.mostPairs = 50
    #expect(
      throws: GraphError.projectionTooLarge(
        path: "merchant-device-merchant", pairs: 190 + 21, most: 50, fitting: 19)
    ) { try view.projection("merchant-device-merchant", settings) }
    settings.maxDegree = 19
    #expect(try view.projection("merchant-device-merchant", settings).report.edges == 21)
  }

  @Test("pairs found one by one weigh the same, at any instant, on any number of threads") func random()
    throws
  {
    let seed = UInt64.random(in: 0...UInt64.max)
    var numbers = Seed(seed).generator(for: "projection")
    for _ in 0..<6 {
      let (merchants, devices, accounts) = (30, 12, 9)
      let uses = (0..<Int.random(in: 0...150, using: &numbers)).map { _ in
        (
          Int.random(in: 0..<merchants, using: &numbers), Int.random(in: 0..<devices, using: &numbers),
          Int64.random(in: 0...9, using: &numbers)
        )
      }
      let paid = (0..<40).map { _ in
        (Int.random(in: 0..<accounts, using: &numbers), Int.random(in: 0..<merchants, using: &numbers))
      }
      var builder = MarketGraphBuilder(schema)
      try builder.addNodes("merchant", keys: keys("M", merchants))
      try builder.addNodes("device", keys: keys("D", devices))
      try builder.addNodes("account", keys: keys("A", accounts))
      try builder.addEdges(
        "uses", from: uses.map { "M\($0.0)" }, to: uses.map { "D\($0.1)" },
        columns: ["at": .times(uses.map { Timestamp(seconds: $0.2) })], appended: uses.count / 3)
      try builder.addEdges("paid-to", from: paid.map { "A\($0.0)" }, to: paid.map { "M\($0.1)" })
      let graph = try builder.finished()
      for instant in [0, 4, 100] as [Int64] {
        var expected: [[Double]] = Array(repeating: Array(repeating: 0, count: merchants), count: merchants)
        let things =
          (0..<devices).map { device in Set(uses.filter { $0.1 == device && $0.2 < instant }.map(\.0)) }
          + (0..<accounts).map { account in Set(paid.filter { $0.0 == account }.map(\.1)) }
        for members in things where members.count > 1 && members.count <= 8 {
          for a in members {
            for b in members where a != b { expected[a][b] += 1 / Double(members.count - 1) }
          }
        }
        let view = graph.view(asOf: Timestamp(seconds: instant))
        let results = try (1...4).map {
          try view.projection(
            "merchant-device|account-merchant", ProjectionSettings(maxDegree: 8),
            parallel: Parallel(threads: $0))
        }
        #expect(results[0].projection.csr.violation(isSymmetric: true) == nil, "seed \(seed)")
        for result in results {
          #expect(result.projection.csr.targets == results[0].projection.csr.targets)
          #expect(result.projection.csr.weights == results[0].projection.csr.weights)
        }
        for a in 0..<merchants {
          for b in 0..<merchants {
            #expect(abs(Double(weight(results[0].projection, a, b)) - expected[a][b]) < 1e-5, "seed \(seed)")
          }
        }
      }
    }
  }
}
