import Compute
import Testing

@testable import Graph

/// What a builder should make, by sorting tuples: no buckets, no counting.
struct ObviousCSR {
  struct Entry: Equatable {
    var target: UInt32
    var weight: Float
    var time: Int64
    var edge: UInt32
  }
  var rows: [[Entry]]

  init(_ edges: EdgeList, symmetric: Bool, dropsLoops: Bool = false, sums: Bool = false) {
    rows = Array(repeating: [], count: edges.sourceCount)
    for edge in 0..<edges.count {
      let (u, v) = (edges.sources[edge], edges.targets[edge])
      if u == v && dropsLoops { continue }
      let weight = edges.weights?[edge] ?? 1
      let time = edges.times?[edge] ?? 0
      rows[Int(u)].append(Entry(target: v, weight: weight, time: time, edge: UInt32(edge)))
      if symmetric && u != v {
        rows[Int(v)].append(Entry(target: u, weight: weight, time: time, edge: UInt32(edge)))
      }
    }
    for row in rows.indices {
      rows[row].sort { ($0.time, $0.target, $0.edge) < ($1.time, $1.target, $1.edge) }
      guard sums else { continue }
      var merged: [Entry] = []
      for entry in rows[row] {
        if merged.last?.target == entry.target {
          merged[merged.count - 1].weight += entry.weight
        } else {
          merged.append(entry)
        }
      }
      rows[row] = merged
    }
  }

  func agrees(with csr: CSR) -> Bool {
    guard csr.rowCount == rows.count else { return false }
    return rows.indices.allSatisfy { row in
      csr.row(row).map {
        Entry(
          target: csr.targets[$0], weight: csr.weight($0), time: csr.times?[$0] ?? 0,
          edge: csr.edgeRows?[$0] ?? 0)
      }
        == rows[row].map {
          csr.edgeRows == nil ? Entry(target: $0.target, weight: $0.weight, time: $0.time, edge: 0) : $0
        }
    }
  }
}

func randomEdges(
  sources: Int, targets: Int, count: Int, weighted: Bool = false, timed: Bool = false, skewed: Bool = false,
  sorted: Bool = false, using numbers: inout CounterGenerator
) -> EdgeList {
  var pairs: [(UInt32, UInt32)] = []
  for _ in 0..<count {
    let u =
      skewed && Bool.random(using: &numbers) ? 0 : UInt32.random(in: 0..<UInt32(sources), using: &numbers)
    pairs.append((u, UInt32.random(in: 0..<UInt32(targets), using: &numbers)))
  }
  if sorted { pairs.sort { $0 < $1 } }
  return EdgeList(
    sourceCount: sources, targetCount: targets, sources: Buffer(pairs.map(\.0)),
    targets: Buffer(pairs.map(\.1)),
    // Multiples of a half, so that sums are exact in any order.
    weights: weighted
      ? Buffer((0..<count).map { _ in Float(Int.random(in: -8...8, using: &numbers)) / 2 }) : nil,
    times: timed ? Buffer((0..<count).map { _ in Int64.random(in: -20...20, using: &numbers) }) : nil)
}

@Suite("Building a CSR") struct CSRBuilderTests {
  @Test("a small graph has the rows one expects") func small() throws {
    let edges = EdgeList(nodes: 4, [(0, 1), (2, 0), (0, 1), (3, 3)])
    let out = try CSRBuilder(edges).forward()
    #expect(out.offsets == [0, 2, 2, 3, 4])
    #expect(out.targets == [1, 1, 0, 3])
    let into = try CSRBuilder(edges).backward()
    #expect(into.offsets == [0, 1, 3, 3, 4])
    #expect(into.targets == [2, 0, 0, 3])
    let both = try CSRBuilder(edges).symmetric()
    #expect(both.targets == [1, 1, 2, 0, 0, 0, 3])
    #expect(both.violation(isSymmetric: true) == nil)
  }

  @Test("random lists give what sorting gives, on any number of threads")
  func random() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var numbers = Seed(seed).generator(for: "csr")
    for round in 0..<40 {
      let nodes = Int.random(in: 1...400, using: &numbers)
      let count = Int.random(in: 0...3000, using: &numbers)
      let edges = randomEdges(
        sources: nodes, targets: nodes, count: count, weighted: round % 3 == 0, timed: round % 4 == 1,
        skewed: round % 5 == 0, sorted: round % 7 == 0, using: &numbers)
      for symmetric in [false, true] {
        let drops = round % 2 == 0
        let expected = ObviousCSR(edges, symmetric: symmetric, dropsLoops: drops)
        for threads in 1...4 {
          let builder = CSRBuilder(
            edges, selfLoops: drops ? .drop : .keep, keepsEdgeRows: round % 2 == 1,
            parallel: Parallel(threads: threads))
          let csr = try symmetric ? builder.symmetric() : builder.forward()
          #expect(csr.violation(isSymmetric: symmetric) == nil, "seed \(seed)")
          #expect(expected.agrees(with: csr), "seed \(seed), round \(round)")
          #expect((csr.edgeRows != nil) == (round % 2 == 1))
        }
      }
    }
  }

  @Test("many buckets and blocks, packed and not, give what sorting gives", arguments: [18, 26])
  func large(targetBits: Int) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var numbers = Seed(seed).generator(for: "csr")
    let edges = randomEdges(
      sources: 50_000, targets: 1 << targetBits, count: 150_000, skewed: true, using: &numbers)
    #expect(
      BucketLayout(rows: 50_000, targets: 1 << targetBits, entries: 150_000).isPacked == (targetBits == 18))
    let expected = ObviousCSR(edges, symmetric: false)
    for threads in [1, 3] {
      #expect(
        expected.agrees(with: try CSRBuilder(edges, parallel: Parallel(threads: threads)).forward()),
        "seed \(seed)")
      #expect(
        expected.agrees(
          with: try CSRBuilder(edges, keepsEdgeRows: true, parallel: Parallel(threads: threads)).forward()),
        "seed \(seed)")
    }
  }

  @Test("seen from the targets, every edge is the same edge") func backward() throws {
    var numbers = Seed(3).generator(for: "csr")
    let edges = randomEdges(
      sources: 30, targets: 70, count: 500, weighted: true, timed: true, using: &numbers)
    let into = try CSRBuilder(edges, keepsEdgeRows: true).backward()
    #expect(into.rowCount == 70 && into.targetCount == 30 && into.entryCount == 500)
    for row in 0..<70 {
      for entry in into.row(row) {
        let edge = into.edgeRow(entry)
        #expect(edges.targets[edge] == UInt32(row) && edges.sources[edge] == into.targets[entry])
        #expect(edges.times![edge] == into.times![entry] && edges.weights![edge] == into.weights![entry])
      }
    }
  }

  @Test("duplicates are summed, their weights too") func sums() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var numbers = Seed(seed).generator(for: "csr")
    for round in 0..<20 {
      let edges = randomEdges(
        sources: 20, targets: 20, count: 40 * round, weighted: round % 2 == 0, using: &numbers)
      for symmetric in [false, true] {
        let builder = CSRBuilder(edges, duplicates: .sum, keepsEdgeRows: round % 3 == 0)
        let csr = try symmetric ? builder.symmetric() : builder.forward()
        #expect(csr.violation(isSymmetric: symmetric) == nil, "seed \(seed)")
        #expect(ObviousCSR(edges, symmetric: symmetric, sums: true).agrees(with: csr), "seed \(seed)")
      }
    }
  }

  @Test("duplicates are refused by name, at whatever times") func refusesDuplicates() throws {
    let edges = EdgeList(nodes: 5, [(0, 1), (3, 4), (2, 2), (3, 1), (3, 4)])
    #expect(throws: GraphError.duplicateEdge(source: 3, target: 4)) {
      try CSRBuilder(edges, duplicates: .refuse).forward()
    }
    #expect(throws: GraphError.duplicateEdge(source: 3, target: 4)) {
      try CSRBuilder(edges, duplicates: .refuse).backward()
    }
    let timed = EdgeList(nodes: 5, [(3, 4), (3, 1), (3, 4)], times: [1, 2, 3])
    #expect(throws: GraphError.duplicateEdge(source: 3, target: 4)) {
      try CSRBuilder(timed, duplicates: .refuse).forward()
    }
    let twoWays = EdgeList(nodes: 5, [(3, 4), (4, 3)])
    #expect(throws: GraphError.duplicateEdge(source: 3, target: 4)) {
      try CSRBuilder(twoWays, duplicates: .refuse).symmetric()
    }
    #expect(try CSRBuilder(twoWays, duplicates: .refuse).forward().entryCount == 2)
  }

  @Test("self-loops are dropped, or refused with their row") func selfLoops() throws {
    let edges = EdgeList(nodes: 3, [(0, 1), (2, 2), (1, 1)])
    #expect(try CSRBuilder(edges, selfLoops: .drop).symmetric().targets == [1, 0])
    #expect(throws: GraphError.selfLoop(row: 1, node: 2)) {
      try CSRBuilder(edges, selfLoops: .refuse).forward()
    }
    let type = RelationType(name: "sells", from: "merchant", to: "product", selfLoops: .refuse)
    #expect(try CSRBuilder(edges, of: type).forward().entryCount == 3)
  }

  @Test("a node out of range is named with its row") func outOfRange() throws {
    var edges = EdgeList(nodes: 3, [(0, 1), (1, 3)])
    #expect(throws: GraphError.nodeOutOfRange(row: 1, node: 3, count: 3)) { try CSRBuilder(edges).forward() }
    #expect(throws: GraphError.nodeOutOfRange(row: 1, node: 3, count: 3)) { try CSRBuilder(edges).backward() }
    #expect(throws: GraphError.nodeOutOfRange(row: 1, node: 3, count: 3)) {
      try CSRBuilder(edges).symmetric()
    }
    edges.targetCount = 4
    #expect(try CSRBuilder(edges).forward().entryCount == 2)
    #expect(throws: GraphError.nodeOutOfRange(row: 0, node: 0, count: 0)) {
      try CSRBuilder(EdgeList(nodes: 0, [(0, 0)])).forward()
    }
  }

  @Test("no nodes and no edges are a graph too") func empty() throws {
    let none = try CSRBuilder(EdgeList(nodes: 0, [])).symmetric()
    #expect(none.rowCount == 0 && none.entryCount == 0 && none.violation(isSymmetric: true) == nil)
    let one = try CSRBuilder(EdgeList(nodes: 1, []), duplicates: .sum).forward()
    #expect(one.offsets == [0, 0])
    let alone = try CSRBuilder(EdgeList(nodes: 1, [(0, 0)])).symmetric()
    #expect(alone.targets == [0])
  }

  @Test("every broken invariant is found and named") func violations() {
    let weights: Buffer<Float> = [1, 1, .nan]
    #expect(CSR(targetCount: 3, offsets: [0, 2, 3], targets: [0, 2, 1]).violation() == nil)
    #expect(CSR(targetCount: 2, offsets: [0, 2, 3], targets: [0, 2, 1]).violation()!.contains("target 2"))
    #expect(
      CSR(targetCount: 3, offsets: [0, 2, 3], targets: [2, 0, 1]).violation()!.contains("targets of row 0"))
    #expect(
      CSR(targetCount: 3, offsets: [0, 4, 3], targets: [0, 2, 1]).violation()!.contains("after row 1"))
    #expect(
      CSR(targetCount: 3, offsets: [1, 2, 3], targets: [0, 2, 1]).violation()!.contains("first offset"))
    #expect(
      CSR(targetCount: 3, offsets: [0, 2, 3], targets: [0, 2, 1], times: [5, 4, 1]).violation()!.contains(
        "times"))
    #expect(
      CSR(targetCount: 3, offsets: [0, 2, 3], targets: [0, 2, 1], weights: weights).violation()!.contains(
        "weight"))
    #expect(
      CSR(targetCount: 2, offsets: [0, 1, 1], targets: [1]).violation(isSymmetric: true)!.contains(
        "counterpart"))
  }
}
