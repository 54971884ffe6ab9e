import Compute
import Testing

@testable import Graph

@Suite("Basic algorithms")
struct AlgorithmTests {
  static let threads = [1, 2, 3, 4]

  @Test("components are those of a plain search, on any number of threads", arguments: 0..<8)
  func components(seed: Int) {
    let nodes = 60 + seed * 300
    let edges = randomEdges(nodes: nodes, count: nodes * (seed % 3 + 1) / 2, seed: UInt64(seed))
    let graph = projection(nodes: nodes, edges)
    var expected = [UInt32](repeating: .max, count: nodes)
    for start in 0..<nodes where expected[start] == .max {
      var stack = [start]
      expected[start] = UInt32(start)
      while let node = stack.popLast() {
        for entry in graph.csr.row(node) where expected[Int(graph.csr.targets[entry])] == .max {
          expected[Int(graph.csr.targets[entry])] = UInt32(start)
          stack.append(Int(graph.csr.targets[entry]))
        }
      }
    }
    for threads in Self.threads {
      #expect(Array(graph.components(parallel: Parallel(threads: threads))) == expected, "seed \(seed)")
    }
    let sizes = ComponentSizes(of: Buffer(expected))
    #expect(sizes.largestFirst.map(\.size).reduce(0, +) == nodes)
    #expect(zip(sizes.largestFirst, sizes.largestFirst.dropFirst()).allSatisfy { $0.size >= $1.size })
  }

  @Test("core numbers are those of taking the poorest node away, over and over", arguments: 0..<8)
  func cores(seed: Int) {
    let nodes = 80 + seed * 40
    var edges = randomEdges(nodes: nodes, count: nodes * (seed + 1), seed: UInt64(seed))
    edges.append((5, 5))
    let graph = projection(nodes: nodes, edges)
    var neighbours = [Set<Int>](repeating: [], count: nodes)
    for (a, b) in edges where a != b {
      neighbours[a].insert(b)
      neighbours[b].insert(a)
    }
    var expected = [UInt32](repeating: 0, count: nodes)
    var left = Set(0..<nodes)
    var core = 0
    while let poorest = left.min(by: { (neighbours[$0].count, $0) < (neighbours[$1].count, $1) }) {
      core = max(core, neighbours[poorest].count)
      expected[poorest] = UInt32(core)
      left.remove(poorest)
      for other in neighbours[poorest] { neighbours[other].remove(poorest) }
    }
    for threads in Self.threads {
      #expect(Array(graph.coreNumbers(parallel: Parallel(threads: threads))) == expected, "seed \(seed)")
    }
  }

  @Test("ranks solve PageRank's equation, sum to 1, and have the same bits on any number of threads")
  func pageRank() {
    let edges = randomEdges(nodes: 900, count: 2500, seed: 4)
    let weights = edges.indices.map { Float($0 % 5 + 1) / 2 }
    for weights in [nil, weights] {
      let graph = projection(nodes: 900, edges, weights: weights)
      var settings = PageRankSettings()
      settings.tolerance = 1e-12
      for starts in [[:], [3: 1.0, 700: 2.0]] {
        settings.starts = starts
        let result = graph.pageRank(settings)
        #expect(abs(result.ranks.reduce(0, +) - 1) < 1e-9)
        // One step of the definition, written out: it must not move anything.
        let strengths = (0..<900).map { graph.csr.row($0).reduce(0.0) { $0 + Double(graph.csr.weight($1)) } }
        let lost = (0..<900).filter { strengths[$0] == 0 }.reduce(0.0) { $0 + result.ranks[$1] }
        for node in 0..<900 {
          let start = starts.isEmpty ? 1 / 900 : (starts[node] ?? 0) / 3
          let pulled = graph.csr.row(node).reduce(0.0) {
            let other = Int(graph.csr.targets[$1])
            return $0 + result.ranks[other] * Double(graph.csr.weight($1)) / strengths[other]
          }
          #expect(abs(result.ranks[node] - (0.85 * (pulled + lost * start) + 0.15 * start)) < 1e-10)
        }
        for threads in Self.threads {
          #expect(graph.pageRank(settings, parallel: Parallel(threads: threads)).ranks == result.ranks)
        }
      }
    }
  }

  @Test("few digits of PageRank are the first of many, on any number of threads")
  func shortShares() {
    let edges = randomEdges(nodes: 900, count: 2500, seed: 4)
    for weights in [nil, edges.indices.map { Float($0 % 5 + 1) / 2 }] {
      let graph = projection(nodes: 900, edges, weights: weights)
      var settings = PageRankSettings()
      settings.tolerance = 1e-12
      let exact = graph.pageRank(settings).ranks
      settings.tolerance = 1e-5
      let short = graph.pageRank(settings)
      #expect(short.lastChange < 1e-5)
      #expect(zip(exact, short.ranks).reduce(0) { $0 + abs($1.0 - $1.1) } < 3e-5)
      #expect(graph.pageRank(settings, parallel: Parallel(threads: 3)).ranks == short.ranks)
    }
  }

  @Test("PageRank of a star and of a ring is the closed form")
  func closedForms() {
    var settings = PageRankSettings()
    settings.tolerance = 1e-13
    let ring = projection(nodes: 7, (0..<7).map { ($0, ($0 + 1) % 7) }).pageRank(settings)
    #expect(ring.ranks.allSatisfy { abs($0 - 1 / 7) < 1e-12 })
    // A hub with k leaves: h = .15/n + .85 Σ leaves, l = .15/n + .85 h/k, and h + k l = 1.
    let star = projection(nodes: 5, (1..<5).map { (0, $0) }).pageRank(settings)
    let hub = (0.15 / 5 + 0.85) / 1.85
    #expect(abs(star.ranks[0] - hub) < 1e-10)
    #expect(abs(star.ranks[1] - (1 - hub) / 4) < 1e-10)
  }

  @Test("triangles are those of trying all triples", arguments: 0..<4)
  func triangles(seed: Int) {
    let nodes = 70
    let edges = randomEdges(nodes: nodes, count: 300 + seed * 200, seed: UInt64(seed))
    let joined = Set(edges.map { [$0.0, $0.1] })
    var expected = [UInt32](repeating: 0, count: nodes)
    var count = 0
    for a in 0..<nodes {
      for b in a + 1..<nodes where joined.contains([a, b]) {
        for c in b + 1..<nodes where joined.contains([a, c]) && joined.contains([b, c]) {
          count += 1
          for corner in [a, b, c] { expected[corner] += 1 }
        }
      }
    }
    let graph = projection(nodes: nodes, edges + [(3, 3)])
    for threads in Self.threads {
      let found = graph.triangles(parallel: Parallel(threads: threads))
      #expect(found.count == count && Array(found.ofNode) == expected, "seed \(seed)")
    }
  }

  @Test("distances are those of relaxing every edge until nothing changes", arguments: 0..<4)
  func distances(seed: Int) {
    let nodes = 400
    let edges = randomEdges(nodes: nodes, count: 300 + seed * 900, seed: UInt64(seed))
    let graph = projection(nodes: nodes, edges)
    var expected = [UInt32](repeating: .max, count: nodes)
    expected[0] = 0
    expected[9] = 0
    var changed = true
    while changed {
      changed = false
      for (a, b) in edges {
        for (x, y) in [(a, b), (b, a)] where expected[x] != .max && expected[x] + 1 < expected[y] {
          expected[y] = expected[x] + 1
          changed = true
        }
      }
    }
    for threads in Self.threads {
      #expect(
        Array(graph.distances(from: [0, 9, 0], parallel: Parallel(threads: threads))) == expected,
        "seed \(seed)")
    }
  }

  @Test("the karate club is as it was published")
  func karate() {
    let club = projection(nodes: 34, karateClub)
    #expect(club.triangles().count == 45)
    #expect(club.coreNumbers().max() == 4)
    #expect(club.coreNumbers().filter { $0 == 4 }.count == 10)
    #expect(ComponentSizes(of: club.components()).count == 1)
    #expect(club.distances(from: [0]).max() == 3)
    // The instructor (33) and the president (0) come first; ranks as networkx computes them.
    let ranks = club.pageRank().ranks
    #expect(abs(ranks[33] - 0.1009) < 1e-3 && abs(ranks[0] - 0.0970) < 1e-3)
    #expect(ranks.sorted().suffix(2).elementsEqual([ranks[0], ranks[33]]))
  }

  @Test("no nodes, one node, nodes without edges")
  func small() {
    for nodes in [0, 1, 5] {
      let graph = projection(nodes: nodes, [])
      #expect(Array(graph.components()) == (0..<UInt32(nodes)).map { $0 })
      #expect(graph.coreNumbers().allSatisfy { $0 == 0 })
      #expect(graph.triangles().count == 0)
      #expect(graph.pageRank().ranks.allSatisfy { abs($0 - 1 / Double(nodes)) < 1e-12 })
      #expect(graph.distances(from: nodes > 0 ? [0] : []).filter { $0 == 0 }.count == min(nodes, 1))
    }
  }

  @Test("rows are cut into ranges that cover them once")
  func balanced() {
    for nodes in [0, 1, 4000, 30_000] {
      let csr = projection(nodes: nodes, randomEdges(nodes: nodes, count: nodes * 2, seed: 1)).csr
      let ranges = csr.balancedRows()
      #expect(ranges.map(\.count).reduce(0, +) == nodes)
      #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
      #expect(ranges.allSatisfy { !$0.isEmpty })
    }
  }
}
