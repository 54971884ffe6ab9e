import Compute
import Graph
import Testing

@testable import Features

/// Two types: shops sell goods; shops are also joined to shops. Small enough to reckon by hand.
///
///     shop 0 – shop 1, shop 1 – shop 2;  shop 0 sells goods 0 and 1, shop 2 sells good 1 (on day 10).
func smallMarket() throws -> MarketGraph {
  let shop = NodeType(
    name: "shop",
    columns: [ColumnType("age", .number), ColumnType("kind", .category), ColumnType("bad", .number)],
    labels: [LabelType(column: "bad")])
  let good = NodeType(name: "good", columns: [ColumnType("price", .number)])
  let joined = RelationType(name: "joined", from: "shop", to: "shop", isDirected: false)
  let sells = RelationType(
    name: "sells", from: "shop", to: "good", clocks: Clocks(happened: "at"))
  let near = try CSRBuilder(EdgeList(nodes: 3, [(0, 1), (1, 2)])).symmetric()
  let edges = EdgeList(
    sourceCount: 3, targetCount: 2, sources: [0, 0, 2], targets: [0, 1, 1], times: [0, 86_400, 864_000])
  let out = try CSRBuilder(edges).forward()
  let into = try CSRBuilder(edges).backward()
  return MarketGraph(
    schema: Schema(name: "small", nodeTypes: [shop, good], relations: [joined, sells]),
    nodes: [
      "shop": NodeTable(
        type: shop, keys: try KeyIndex(texts: TextArray(["a", "b", "c"])),
        columns: [
          "age": .number([10, 20, .nan]),
          "kind": .category(codes: [0, 1, 0], levels: TextArray(["toys", "food"])),
          "bad": .number([1, 0, 1]),
        ]),
      "good": NodeTable(
        type: good, keys: try KeyIndex(texts: TextArray(["x", "y"])), columns: ["price": .number([5, 7])]),
    ],
    relations: [
      "joined": Relation(
        type: joined, out: Adjacency(snapshot: near), into: Adjacency(snapshot: near), columns: [:]),
      "sells": Relation(
        type: sells, out: Adjacency(snapshot: out), into: Adjacency(snapshot: into), columns: [:]),
    ])
}

@Suite("Features of the neighbourhood")
struct NeighbourhoodTests {
  func columns(_ asOf: Timestamp? = nil, labels: KnownLabels? = nil) throws -> Matrix {
    let view = VisibleGraph(try smallMarket(), asOf: asOf)
    return try FeatureRecipe(hops: 2, spectralRank: 2).features(of: "shop", in: view).columns(
      in: view, labels: labels)
  }

  @Test("own columns, levels and missing cells, but never the label")
  func own() throws {
    let x = try columns()
    let age = x.column(named: "age")!
    #expect(age[0] == 10 && age[1] == 20 && age[2].isNaN)
    #expect(x.column(named: "kind = toys")! == [1, 0, 1])
    #expect(!x.columnNames!.contains { $0.contains("bad") })
    #expect(Set(x.columnNames!).count == x.columns)
  }

  @Test("statistics over neighbours are those reckoned by hand")
  func statistics() throws {
    let x = try columns()
    let mean = x.column(named: "mean age of neighbours by joined")!
    #expect(mean[0] == 20 && mean[1] == 10 && mean[2] == 20)
    let prices = x.column(named: "mean price of neighbours by sells")!
    #expect(prices[0] == 6 && prices[1].isNaN && prices[2] == 7)
    #expect(x.column(named: "max price of neighbours by sells")![0] == 7)
    #expect(x.column(named: "min price of neighbours by sells")![0] == 5)
    #expect(x.column(named: "spread price of neighbours by sells")![0] == 1)
    let two = x.column(named: "mean price of neighbours by joined, then sells")!
    #expect(two[0].isNaN && two[1] == 6.5 && two[2].isNaN)
    #expect(abs(x.column(named: "ln(1 + number of sells)")![0] - 1.0986123) < 1e-6)
  }

  @Test("a difference is a node's own value less its neighbours' mean, along every walk back to its own type")
  func differences() throws {
    let x = try columns()
    let age = x.column(named: "age less its mean over neighbours by joined")!
    #expect(age[0] == -10 && age[1] == 10 && age[2].isNaN)
    let toys = x.column(named: "kind = toys less its mean over neighbours by joined")!
    #expect(toys == [1, -1, 1])
    // Two steps lead back: from shop 0 to shop 0 and shop 2, whose kind is the same and whose age is missing.
    let far = x.column(named: "age less its mean over neighbours by joined, then joined")!
    #expect(far[0] == 0 && far[1] == 0 && far[2].isNaN)
    let sold = x.column(named: "age less its mean over neighbours by sells, then sells (back)")!
    #expect(sold[0] == 0 && sold[1].isNaN)
    // Goods have no age to subtract from.
    #expect(!x.columnNames!.contains { $0.contains("price less") })
    let set = FeatureSet(
      target: "shop", features: [.neighbours([Step("sells")], .difference, .number("price"))])
    #expect(throws: FeatureError.self) { try set.columns(in: VisibleGraph(try smallMarket())) }
  }

  @Test("what happened on or after the as-of time does not exist")
  func past() throws {
    let x = try columns(Timestamp(seconds: 864_000))
    let prices = x.column(named: "mean price of neighbours by sells")!
    #expect(prices[0] == 6 && prices[2].isNaN)
    let earlier = try columns(Timestamp(seconds: 86_400)).column(named: "mean price of neighbours by sells")!
    #expect(earlier[0] == 5)
    let later = try columns(Timestamp(seconds: 864_001)).column(named: "mean price of neighbours by sells")!
    #expect(later[2] == 7)
  }

  @Test("a node's own label never reaches its own columns, on any walk")
  func ownLabel() throws {
    let n = 40
    var numbers = Seed(3).generator(for: "own label")
    var edges: [(Int, Int)] = []
    for a in 0..<n { for b in (a + 1)..<n where numbers.unit() < 0.15 { edges.append((a, b)) } }
    let csr = try CSRBuilder(EdgeList(nodes: n, edges)).symmetric()
    let matrix = SparseMatrix(columns: n, offsets: csr.offsets, targets: csr.targets).averaging()
    let classes = (0..<n).map { _ in Int32(numbers.unit() < 0.5 ? 1 : 0) }
    for node in 0..<n {
      var other = classes
      other[node] = 1 - other[node]
      let a = KnownLabels(type: "t", classes: classes, classCount: 2)
      let b = KnownLabels(type: "t", classes: other, classCount: 2)
      for walk in [[matrix], [matrix, matrix], [matrix, matrix, matrix]] {
        #expect(a.seen(along: walk).row(node) == b.seen(along: walk).row(node))
      }
    }
  }

  @Test("neighbours' labels count, hidden where they are of the node's own fold")
  func labels() throws {
    let x = try columns(labels: KnownLabels(type: "shop", classes: [-1, 1, -1], classCount: 2))
    let share = x.column(named: "share of label 1 among neighbours by joined")!
    #expect(share[0] > 0.99 && share[2] > 0.99)
    #expect(x.column(named: "share of labelled among neighbours by joined")! == [1, 0, 1])
  }

  @Test("the spectral embedding gives the leading eigenvectors of the normalized adjacency")
  func spectral() throws {
    // A path of three: eigenvalues 1, 0, -1; the leading vector is √degree, scaled by √n.
    let view = VisibleGraph(try smallMarket())
    let whole = try view.wholeGraph()
    #expect(whole.nodeCount == 5 && whole.csr.entryCount == 10)
    let u = whole.spectralEmbedding(rank: 1)
    #expect(u.rows == 5 && (0..<5).allSatisfy { u[$0, 0].isFinite })
    let norm = (0..<5).reduce(Float(0)) { $0 + u[$1, 0] * u[$1, 0] }
    #expect(abs(norm - 5) < 1e-3)
  }

  @Test(
    "the coordinates fulfil the eigenvectors' equation, the largest eigenvalue first and no negative one before it"
  )
  func eigenvectors() throws {
    // Two cliques of six joined by an edge, and a star, whose spectrum is as negative as it is positive.
    var pairs: [(Int, Int)] = [(0, 6)]
    for start in [0, 6] { for a in 0..<6 { for b in 0..<a { pairs.append((start + a, start + b)) } } }
    for leaf in 13..<20 { pairs.append((12, leaf)) }
    let csr = try CSRBuilder(EdgeList(nodes: 20, pairs)).symmetric()
    let graph = Projection(space: NodeSpace([("node", 20)]), csr: csr)
    let u = graph.spectralEmbedding(rank: 3)
    // Eigenvalues by Rayleigh's quotient: 1 for each of the two parts, and the cliques' cut just below.
    let values = (0..<3).map { column -> Double in
      var sum = 0.0
      for row in 0..<20 {
        for entry in csr.row(row) {
          let other = Int(csr.targets[entry])
          sum +=
            Double(u[row, column]) * Double(u[other, column])
            / (Double(csr.degree(row)) * Double(csr.degree(other))).squareRoot()
        }
      }
      return sum / 20
    }
    #expect(abs(values[0] - 1) < 1e-3 && abs(values[1] - 1) < 1e-3)
    #expect(values[2] > 0.9 && values[2] < 0.999)
  }

  @Test("a model's features on another schema are refused by name")
  func otherSchema() throws {
    let view = VisibleGraph(try smallMarket())
    let set = FeatureSet(target: "shop", features: [.own(.number("height"))])
    #expect(throws: FeatureError.otherSchema(feature: "height", reason: "shop has no column \"height\"")) {
      try set.columns(in: view)
    }
    #expect(throws: FeatureError.self) { try FeatureRecipe().features(of: "shops", in: view) }
    let walk = FeatureSet(target: "good", features: [.neighbours([Step("joined")], .mean, .number("age"))])
    #expect(throws: FeatureError.self) { try walk.columns(in: view) }
  }

  @Test("the whole graph joins each pair of neighbours once, over blocks of rows and several relations")
  func whole() throws {
    let (shops, goods) = (5000, 3000)
    var numbers = Seed(5).generator(for: "whole graph")
    var expected = [Set<UInt32>](repeating: [], count: goods + shops)
    func edges(_ count: Int, to targets: Int, at start: Int) -> (CSR, CSR) {
      var (from, to): ([UInt32], [UInt32]) = ([], [])
      for _ in 0..<count {
        // Some rows are empty, one is very long, and pairs repeat.
        let a = numbers.unit() < 0.1 ? 7 : Int.random(in: 0..<shops / 2, using: &numbers)
        let b = Int.random(in: 0..<targets / 3, using: &numbers)
        from.append(UInt32(a))
        to.append(UInt32(b))
        let (one, other) = (goods + a, start + b)
        if one != other {
          expected[one].insert(UInt32(other))
          expected[other].insert(UInt32(one))
        }
      }
      let list = EdgeList(
        sourceCount: shops, targetCount: targets, sources: Buffer(from), targets: Buffer(to))
      return (try! CSRBuilder(list).forward(), try! CSRBuilder(list).backward())
    }
    let types = [NodeType(name: "good", columns: []), NodeType(name: "shop", columns: [])]
    func table(_ type: NodeType, _ count: Int) throws -> NodeTable {
      NodeTable(
        type: type, keys: try KeyIndex(texts: TextArray((0..<count).map { "\(type.name)\($0)" })),
        columns: [:])
    }
    let relations = [
      ("sells", "good", edges(20_000, to: goods, at: 0)), ("also", "good", edges(9000, to: goods, at: 0)),
      ("pays", "shop", edges(15_000, to: shops, at: goods)),
    ].map { name, end, rows in
      Relation(
        type: RelationType(name: name, from: "shop", to: end), out: Adjacency(snapshot: rows.0),
        into: Adjacency(snapshot: rows.1), columns: [:])
    }
    let market = MarketGraph(
      schema: Schema(name: "whole", nodeTypes: types, relations: relations.map(\.type)),
      nodes: ["good": try table(types[0], goods), "shop": try table(types[1], shops)],
      relations: Dictionary(uniqueKeysWithValues: relations.map { ($0.type.name, $0) }))
    for threads in [1, 3] {
      let found = try VisibleGraph(market).wholeGraph(parallel: Parallel(threads: threads)).csr
      #expect(found.rowCount == goods + shops && found.entryCount == expected.reduce(0) { $0 + $1.count })
      for row in 0..<found.rowCount {
        let entries = Int(found.offsets[row])..<Int(found.offsets[row + 1])
        #expect(entries.map { found.targets[$0] } == expected[row].sorted())
      }
    }
  }

  @Test("columns are copied from others, less what they are taken from; rows that are not there are missing")
  func columnCopies() {
    let a = Matrix([[1, 2], [3, 4], [5, 6]])
    let short = Matrix([[10, 20, 30], [40, 50, 60]])
    var result = Matrix(rows: 3, columns: 4)
    result.fill([
      ColumnCopy(place: 3, source: a, column: 0), ColumnCopy(place: 1, source: short, column: 2),
      ColumnCopy(place: 0, source: short, column: 1, minuend: (a, 1)),
    ])
    #expect(result.row(0) == [-18, 30, 0, 1] && result.row(1) == [-46, 60, 0, 3])
    #expect(result[2, 0].isNaN && result[2, 1].isNaN && result[2, 2] == 0 && result[2, 3] == 5)
  }
}
