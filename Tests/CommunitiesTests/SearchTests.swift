import CKernels
import Communities
import Compute
import Graph
import Testing

/// What every method must do, whatever its idea.
enum Method: String, CaseIterable, Sendable {
  case louvain, leiden, leidenHigh

  func partition(
    of graph: Projection, _ settings: SearchSettings = SearchSettings(), from start: Partition? = nil
  ) throws -> Partition {
    switch self {
    case .louvain: try Louvain(settings).partition(of: graph, startingFrom: start)
    case .leiden: try Leiden(settings).partition(of: graph, startingFrom: start)
    case .leidenHigh: try Leiden(settings, effort: .high).partition(of: graph, startingFrom: start)
    }
  }
}

@Suite("Louvain and Leiden") struct SearchTests {
  @Test("find the two triangles of two triangles", arguments: Method.allCases)
  func triangles(_ method: Method) throws {
    #expect(try method.partition(of: twoTriangles) == Partition([0, 0, 0, 1, 1, 1]))
  }

  @Test("reach the karate club's best known modularity, within a thousandth", arguments: Method.allCases)
  func karate(_ method: Method) throws {
    // 0.4197896 is the maximum, proven by Brandes and others (2008).
    let best = try (1...5).map { seed in
      modularity(of: try method.partition(of: karateClub, SearchSettings(seed: Seed(seed))), in: karateClub)
    }.max()!
    #expect(best <= 0.419790)
    #expect(best > (method == .louvain ? 0.4155 : 0.4188), "\(best)")
  }

  @Test("find planted groups to the last node", arguments: Method.allCases)
  func planted(_ method: Method) throws {
    let (graph, truth) = plantedGraph(groups: 20, size: 30, inside: 0.5, outside: 0.01, seed: 7)
    #expect(try method.partition(of: graph) == truth)
  }

  @Test(
    "give the same partition on any number of threads and with every instruction set",
    arguments: Method.allCases,
    [false, true])
  func deterministic(_ method: Method, weighted: Bool) throws {
    // Large and blurred enough that batches hold many nodes and choices are close.
    let graph = blurredGraph(nodes: 20_000, edges: 100_000, seed: 11, weighted: weighted)
    var fingerprints: Set<String> = []
    for threads in 1...4 {
      let settings = SearchSettings(parallel: Parallel(threads: threads))
      fingerprints.insert(try method.partition(of: graph, settings).fingerprintText)
    }
    for set in 0...rg_instruction_set() {
      var settings = SearchSettings()
      settings.instructionSet = set
      fingerprints.insert(try method.partition(of: graph, settings).fingerprintText)
    }
    #expect(fingerprints.count == 1, "\(fingerprints)")
  }

  @Test("every Leiden community is connected, by a breadth-first search", arguments: 1...6)
  func connected(seed: UInt64) throws {
    let graph = blurredGraph(nodes: 6000, edges: 9000, seed: seed, weighted: seed % 2 == 0)
    for method in [Method.leiden, .leidenHigh] {
      #expect(disconnectedCommunities(try method.partition(of: graph), in: graph) == 0, "seed \(seed)")
    }
  }

  @Test("a run on equal weights is a run without weights", arguments: Method.allCases)
  func equalWeights(_ method: Method) throws {
    let edges = (0..<300).map { ($0, ($0 * 7 + 1) % 301) }.filter { $0.0 != $0.1 }
    let plain = plainGraph(301, edges)
    let expected = try method.partition(of: plain)
    for weight: Float in [1, 0.25, 3] {
      let graph = plainGraph(301, edges, weights: edges.map { _ in weight })
      #expect(try method.partition(of: graph) == expected, "weight \(weight)")
    }
    // A weight that no power of two makes whole runs in 64 bits.
    let graph = plainGraph(301, edges, weights: edges.map { _ in 0.1 })
    #expect(try method.partition(of: graph) == expected)
  }

  @Test("weights decide", arguments: Method.allCases)
  func weights(_ method: Method) throws {
    // A square: its heavy sides make the pairs.
    let edges = [(0, 1), (1, 2), (2, 3), (3, 0)]
    let first = plainGraph(4, edges, weights: [5, 1, 5, 1])
    let second = plainGraph(4, edges, weights: [1.1, 5.3, 1.1, 5.3])
    #expect(try method.partition(of: first) == Partition([0, 0, 1, 1]))
    #expect(try method.partition(of: second) == Partition([0, 1, 1, 0]))
  }

  @Test("the constant Potts model keeps cliques apart that modularity melts", arguments: Method.allCases)
  func resolutionLimit(_ method: Method) throws {
    // Fortunato and Barthélemy (2007): a ring of 30 cliques of 5; modularity joins them by twos.
    var edges: [(Int, Int)] = []
    for clique in 0..<30 {
      for a in 0..<5 { for b in (a + 1)..<5 { edges.append((clique * 5 + a, clique * 5 + b)) } }
      edges.append((clique * 5, (clique * 5 + 5 + 1) % 150))
    }
    let ring = plainGraph(150, edges)
    let cliques = Partition((0..<150).map { UInt32($0 / 5) })
    #expect(
      try method.partition(of: ring, SearchSettings(quality: .constantPotts(resolution: 0.5))) == cliques)
    #expect(try method.partition(of: ring, SearchSettings(quality: .modularity(resolution: 4))) == cliques)
    #expect(try method.partition(of: ring).communityCount < 30)
  }

  @Test("graphs without edges leave each node alone", arguments: Method.allCases)
  func empty(_ method: Method) throws {
    for count in [0, 1, 2, 100] {
      #expect(try method.partition(of: plainGraph(count, [])) == .singletons(count))
    }
    #expect(try method.partition(of: plainGraph(1, [(0, 0)])) == .singletons(1))
    #expect(try method.partition(of: plainGraph(3, [(0, 1)], weights: [0])) == .singletons(3))
  }

  @Test("a self-loop counts, and ties nobody", arguments: Method.allCases)
  func selfLoops(_ method: Method) throws {
    let graph = plainGraph(4, [(0, 0), (0, 1), (2, 3), (3, 3), (1, 2)])
    #expect(try method.partition(of: graph) == Partition([0, 0, 1, 1]))
  }

  @Test("weights that are no weights are refused by name", arguments: [Float.nan, -1, .infinity])
  func badWeights(_ weight: Float) throws {
    let graph = plainGraph(3, [(0, 1), (1, 2)], weights: [1, weight])
    #expect { try Leiden().partition(of: graph) } throws: { error in
      guard case .badWeight(row: 1, neighbour: 2, _) = error as? CommunityError else { return false }
      return true
    }
  }

  @Test("a resolution below zero is refused")
  func badResolution() {
    #expect(throws: CommunityError.badResolution(-1)) {
      try Louvain(SearchSettings(quality: .modularity(resolution: -1))).partition(of: twoTriangles)
    }
  }

  @Test("graphs whose ids follow their edges are cut as well as others", arguments: Method.allCases)
  func orderedIDs(_ method: Method) throws {
    // A path of n nodes: at best √n pieces, modularity about 1 - 2/√n.
    let count = 10_000
    let path = plainGraph(count, (1..<count).map { ($0 - 1, $0) })
    let quality = modularity(of: try method.partition(of: path), in: path)
    #expect(quality > 0.97, "\(quality)")
  }

  @Test("a start from the result stays there or improves")
  func warmStart() throws {
    let graph = blurredGraph(nodes: 5000, edges: 20_000, seed: 3, weighted: false)
    let first = try Leiden().partition(of: graph)
    let again = try Leiden().partition(of: graph, startingFrom: first)
    #expect(modularity(of: again, in: graph) >= modularity(of: first, in: graph) - 1e-9)
    #expect(throws: CommunityError.otherNodeCount(partition: 3, graph: 5000)) {
      try Leiden().partition(of: graph, startingFrom: .singletons(3))
    }
  }
}

/// Groups of many sizes with blurred borders, made edge by edge.
func blurredGraph(nodes: Int, edges: Int, seed: UInt64, weighted: Bool) -> Projection {
  var numbers = Seed(seed).generator(for: "blurred")
  var seen: Set<Int> = []
  var pairs: [(Int, Int)] = []
  var weights: [Float] = []
  while pairs.count < edges {
    let a = Int(numbers.next() % UInt64(nodes))
    let reach = 1 << (4 + a % 7)
    let b =
      numbers.unit() < 0.7
      ? (a / reach * reach + Int(numbers.next() % UInt64(reach))) % nodes
      : Int(numbers.next() % UInt64(nodes))
    let (low, high) = (min(a, b), max(a, b))
    guard low != high, seen.insert(low * nodes + high).inserted else { continue }
    pairs.append((low * 7919 % nodes, high * 7919 % nodes))
    weights.append(Float(numbers.unit() * 3 + 0.01))
  }
  return plainGraph(nodes, pairs, weights: weighted ? weights : nil)
}
