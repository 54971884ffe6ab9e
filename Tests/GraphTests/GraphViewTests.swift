import Compute
import Testing

@testable import Graph

private let schema = Schema(
  name: "shop",
  nodeTypes: [
    NodeType(
      name: "merchant", columns: [ColumnType("age", .number)],
      clocks: Clocks(happened: "opened", known: "seen"),
      labels: [LabelType(column: "risky", known: "found"), LabelType(column: "score")]),
    NodeType(name: "product"),
  ],
  relations: [
    RelationType(
      name: "sells", from: "merchant", to: "product", columns: [ColumnType("units", .number)],
      clocks: Clocks(happened: "at", known: "known"), weight: "units"),
    RelationType(
      name: "knows", from: "merchant", to: "merchant", fromColumn: "a", toColumn: "b", isDirected: false),
  ])

private func instants(_ seconds: [Int64?]) -> Column {
  .times(seconds.map { $0.map { Timestamp(seconds: $0) } })
}

private func shop(appended: Int = 0) throws -> MarketGraph {
  var builder = MarketGraphBuilder(schema)
  try builder.addNodes(
    "merchant", keys: ["A", "B", "C"],
    columns: [
      "age": .numbers([1, nil, 3]), "opened": instants([0, 100, nil]), "seen": instants([nil, 150, nil]),
      "risky": .categories(["yes", "no", "yes"]), "found": instants([200, nil, 300]),
    ])
  try builder.addNodes("product", keys: ["P", "Q"])
  try builder.addEdges(
    "sells", from: ["A", "A", "B", "A", "C"], to: ["P", "Q", "P", "P", "Q"],
    columns: [
      "units": .numbers([10, 20, 30, 40, nil]), "at": instants([50, 40, 120, 60, 10]),
      "known": instants([70, nil, 130, 60, 400]),
    ], appended: appended)
  try builder.addEdges("knows", from: ["A", "B"], to: ["B", "C"], appended: min(appended, 1))
  return try builder.finished()
}

@Suite("Views of a graph as of an instant") struct GraphViewTests {
  private func keys(
    _ view: GraphView, _ key: String, _ relation: String, _ direction: Direction = .out
  ) throws -> [String] {
    let type = key.first!.isLetter && "PQ".contains(key) ? "product" : "merchant"
    let node = try view.node(NodeKey(type: type, key: key))
    let found = try view.neighbours(of: node, relation, direction)
    #expect(try view.degree(of: node, relation, direction) == found.count)
    let other = relation == "knows" || type == "product" ? "merchant" : "product"
    return try found.map { try view.nodes(other).keys.key($0.node) }
  }

  @Test("an edge at the very instant is the future, one second before it is seen", arguments: [0, 1, 3, 5])
  func edges(appended: Int) throws {
    let graph = try shop(appended: appended)
    // A sells Q from 40, P from 60, P again from 70, when the first was known.
    for (instant, seen) in [
      (40, []), (41, ["Q"]), (60, ["Q"]), (61, ["Q", "P"]), (70, ["Q", "P"]), (71, ["Q", "P", "P"]),
    ] {
      #expect(try keys(graph.view(asOf: Timestamp(seconds: Int64(instant))), "A", "sells") == seen)
    }
    #expect(try keys(graph.view(), "A", "sells") == ["Q", "P", "P"])
    let neighbours = try graph.view().neighbours(of: NodeID(0), "sells")
    #expect(neighbours.map(\.weight) == [20, 40, 10])
    #expect(neighbours.map(\.edgeRow) == [1, 3, 0])
    #expect(neighbours.map(\.time.seconds) == [40, 60, 70])
    #expect(try keys(graph.view(), "P", "sells", .into) == ["A", "A", "B"])
    #expect(try keys(graph.view(asOf: Timestamp(seconds: 130)), "P", "sells", .into) == ["A", "A"])
  }

  @Test("a node that is not known yet has no edges, from either end") func nodes() throws {
    let graph = try shop()
    let early = graph.view(asOf: Timestamp(seconds: 150))
    #expect(try early.visibleNodes("merchant") == [NodeID(0), NodeID(2)])
    #expect(try early.visibleNodes("product").count == 2)
    #expect(try keys(early, "B", "sells") == [])
    #expect(try keys(early, "A", "knows") == [])
    #expect(try keys(early, "P", "sells", .into) == ["A", "A"])
    let later = graph.view(asOf: Timestamp(seconds: 151))
    #expect(try later.visibleNodes("merchant").count == 3)
    #expect(try keys(later, "B", "sells") == ["P"])
    #expect(try keys(later, "A", "knows") == ["B"])
    #expect(try keys(later, "B", "knows") == ["A", "C"])
    #expect(try graph.view(asOf: Timestamp(seconds: 0)).visibleNodes("merchant") == [NodeID(2)])
  }

  @Test("a label is known from the second after it was found") func labels() throws {
    let graph = try shop()
    func codes(_ instant: Int64?) throws -> [UInt32] {
      guard
        case .category(let codes, let levels) = try graph.view(asOf: instant.map { Timestamp(seconds: $0) })
          .labels("risky", of: "merchant")
      else { return [] }
      #expect(levels == TextArray(["yes", "no"]))
      return Array(codes)
    }
    let none = Column.missingCode
    #expect(try codes(200) == [none, none, none])
    #expect(try codes(201) == [0, none, none])
    #expect(try codes(300) == [0, none, none])
    #expect(try codes(301) == [0, none, 0])
    // Nobody knows when B's was found: only the view of everything has it.
    #expect(try codes(nil) == [0, 1, 0])
  }

  @Test("wrong names are answered with the right ones") func names() throws {
    let view = try shop().view()
    #expect(throws: GraphError.unknownRelation(name: "sels", known: ["sells", "knows"])) {
      try view.degree(of: NodeID(0), "sels")
    }
    #expect(
      GraphError.unknownRelation(name: "sels", known: ["sells"]).description.contains(
        "Did you mean \"sells\"?"))
    #expect(throws: GraphError.self) { try view.nodes("shop") }
    #expect(throws: GraphError.unknownKey(key: "Z", type: "merchant")) {
      try view.node(NodeKey(type: "merchant", key: "Z"))
    }
    #expect(throws: GraphError.self) { try view.column("agee", of: "merchant") }
    #expect(throws: GraphError.self) { try view.labels("age", of: "merchant") }
    #expect(try view.column("age", of: "merchant").count == 3)
  }

  @Test("columns that do not fit the schema are refused") func unfit() throws {
    var builder = MarketGraphBuilder(schema)
    #expect(throws: GraphError.self) {
      try builder.addNodes("merchant", keys: ["A"], columns: ["age": .numbers([1, 2])])
    }
    #expect(throws: GraphError.self) {
      try builder.addNodes("merchant", keys: ["A"], columns: ["age": .texts(["1"])])
    }
    #expect(throws: GraphError.self) {
      try builder.addNodes("merchant", keys: ["A"], columns: ["b": .numbers([1])])
    }
    #expect(throws: GraphError.duplicateKey(key: "A")) { try builder.addNodes("merchant", keys: ["A", "A"]) }
    try builder.addEdges("sells", from: ["A"], to: ["P"])
    #expect(throws: GraphError.unknownKey(key: "A", type: "merchant")) { try builder.finished() }
  }

  /// Every edge looked at, one by one.
  @Test("random graphs in two layers look as they do edge by edge") func random() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var numbers = Seed(seed).generator(for: "views")
    for _ in 0..<12 {
      let merchants = (0..<12).map { "M\($0)" }
      let products = (0..<7).map { "P\($0)" }
      let count = Int.random(in: 0...120, using: &numbers)
      func times(_ count: Int) -> [Int64?] {
        (0..<count).map { _ in Bool.random(using: &numbers) ? Int64.random(in: 0...30, using: &numbers) : nil
        }
      }
      let (opened, seen, at, known) = (times(12), times(12), times(count), times(count))
      let from = (0..<count).map { _ in Int.random(in: 0..<12, using: &numbers) }
      let to = (0..<count).map { _ in Int.random(in: 0..<7, using: &numbers) }
      let appended = Int.random(in: 0...count, using: &numbers)
      var builder = MarketGraphBuilder(schema)
      try builder.addNodes(
        "merchant", keys: merchants, columns: ["opened": instants(opened), "seen": instants(seen)])
      try builder.addNodes("product", keys: products)
      try builder.addEdges(
        "sells", from: from.map { merchants[$0] }, to: to.map { products[$0] },
        columns: [
          "units": .numbers((0..<count).map { Float($0) }), "at": instants(at), "known": instants(known),
        ],
        appended: appended)
      let graph = try builder.finished()
      for instant in [nil, -1, 0, 1, 7, 15, 30, 31] as [Int64?] {
        let view = graph.view(asOf: instant.map { Timestamp(seconds: $0) })
        func isSeen(_ happened: Int64?, _ known: Int64?) -> Bool {
          guard let instant else { return true }
          return (happened ?? .min) < instant && (known ?? .min) < instant
        }
        let expected = (0..<count).filter {
          isSeen(at[$0], known[$0]) && isSeen(opened[from[$0]], seen[from[$0]])
        }
        let out = try view.rows("sells", .out)
        let into = try view.rows("sells", .into)
        #expect(out.violation() == nil && into.violation() == nil, "seed \(seed)")
        for merchant in 0..<12 {
          let edges = expected.filter { from[$0] == merchant }
          let found = try view.neighbours(of: NodeID(UInt32(merchant)), "sells")
          #expect(found.map(\.edgeRow).sorted() == edges, "seed \(seed)")
          #expect(found.map(\.time) == found.map(\.time).sorted())
          #expect(
            found.allSatisfy { $0.weight == Float($0.edgeRow) && Int($0.node.rawValue) == to[$0.edgeRow] })
          #expect(out.row(merchant).map { out.edgeRow($0) } == found.map(\.edgeRow), "seed \(seed)")
          #expect(try view.degree(of: NodeID(UInt32(merchant)), "sells") == edges.count)
        }
        for product in 0..<7 {
          let found = try view.neighbours(of: NodeID(UInt32(product)), "sells", .into)
          #expect(found.map(\.edgeRow).sorted() == expected.filter { to[$0] == product }, "seed \(seed)")
          #expect(into.row(product).map { into.edgeRow($0) } == found.map(\.edgeRow), "seed \(seed)")
          #expect(try view.degree(of: NodeID(UInt32(product)), "sells", .into) == found.count)
        }
      }
    }
  }
}
