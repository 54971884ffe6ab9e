import CKernels
import Communities
import Compute
import Graph
import Testing

/// The methods that seek the best quality.
private let searches: [CommunityMethod] = [.louvain, .leiden, .leidenHigh]

extension CommunityMethod {
  fileprivate func partition(of graph: Projection, _ settings: SearchSettings) throws -> Partition {
    try partition(of: graph, settings: settings)
  }
}

@Suite("Louvain and Leiden") struct SearchTests {
  @Test("find the two triangles of two triangles", arguments: searches)
  func triangles(_ method: CommunityMethod) throws {
    #expect(try method.partition(of: twoTriangles) == Partition([0, 0, 0, 1, 1, 1]))
  }

  @Test("reach the karate club's best known modularity, within a thousandth", arguments: searches)
  func karate(_ method: CommunityMethod) throws {
    // 0.4197896 is the maximum, proven by Brandes and others (2008).
    let best = try (1...5).map { seed in
      modularity(of: try method.partition(of: karateClub, SearchSettings(seed: Seed(seed))), in: karateClub)
    }.max()!
    #expect(best <= 0.419790)
    #expect(best > (method == .louvain ? 0.4155 : 0.4188), "\(best)")
  }

  @Test("find planted groups to the last node", arguments: searches)
  func planted(_ method: CommunityMethod) throws {
    let (graph, truth) = plantedGraph(groups: 20, size: 30, inside: 0.5, outside: 0.01, seed: 7)
    #expect(try method.partition(of: graph) == truth)
  }

  @Test(
    "give the same partition on any number of threads and with every instruction set",
    arguments: searches,
    [false, true])
  func deterministic(_ method: CommunityMethod, weighted: Bool) throws {
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

  @Test("the same where communities are clear, and parts come from the hierarchy")
  func deterministicClear() throws {
    let (edges, communities) = EdgeList.planted(nodes: 20_000, meanDegree: 16, mixing: 0.2)
    let graph = Projection(space: .plain(20_000), csr: try CSRBuilder(edges).symmetric())
    var found: Set<Partition> = []
    for threads in 1...4 {
      found.insert(try Leiden(SearchSettings(parallel: Parallel(threads: threads))).partition(of: graph))
    }
    for set in 0...rg_instruction_set() {
      var settings = SearchSettings()
      settings.instructionSet = set
      found.insert(try Leiden(settings).partition(of: graph))
    }
    let partition = try #require(found.first)
    #expect(found.count == 1)
    #expect(modularity(of: partition, in: graph) > 0.3)
    #expect(disconnectedCommunities(partition, in: graph) == 0)
    #expect(normalizedMutualInformation(partition, Partition(communities)) > 0.8)
  }

  @Test("every Leiden community is connected, by a breadth-first search", arguments: 1...6)
  func connected(seed: UInt64) throws {
    let graph = blurredGraph(nodes: 6000, edges: 9000, seed: seed, weighted: seed % 2 == 0)
    for method in [CommunityMethod.leiden, .leidenHigh] {
      #expect(disconnectedCommunities(try method.partition(of: graph), in: graph) == 0, "seed \(seed)")
    }
  }

  @Test("a run on equal weights is a run without weights", arguments: searches)
  func equalWeights(_ method: CommunityMethod) throws {
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

  @Test("weights decide", arguments: searches)
  func weights(_ method: CommunityMethod) throws {
    // A square: its heavy sides make the pairs.
    let edges = [(0, 1), (1, 2), (2, 3), (3, 0)]
    let first = plainGraph(4, edges, weights: [5, 1, 5, 1])
    let second = plainGraph(4, edges, weights: [1.1, 5.3, 1.1, 5.3])
    #expect(try method.partition(of: first) == Partition([0, 0, 1, 1]))
    #expect(try method.partition(of: second) == Partition([0, 1, 1, 0]))
  }

  @Test("the constant Potts model keeps cliques apart that modularity melts", arguments: searches)
  func resolutionLimit(_ method: CommunityMethod) throws {
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

  @Test("graphs without edges leave each node alone", arguments: searches)
  func empty(_ method: CommunityMethod) throws {
    for count in [0, 1, 2, 100] {
      #expect(try method.partition(of: plainGraph(count, [])) == .singletons(count))
    }
    #expect(try method.partition(of: plainGraph(1, [(0, 0)])) == .singletons(1))
    #expect(try method.partition(of: plainGraph(3, [(0, 1)], weights: [0])) == .singletons(3))
  }

  @Test("a self-loop counts, and ties nobody", arguments: searches)
  func selfLoops(_ method: CommunityMethod) throws {
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

  @Test("graphs whose ids follow their edges are cut as well as others", arguments: searches)
  func orderedIDs(_ method: CommunityMethod) throws {
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
    #expect(throws: CommunityError.otherNodeCount(partition: 6000, graph: 5000)) {
      try Leiden().partition(of: graph, startingFrom: .singletons(6000))
    }
  }

  @Test("a few new edges move only what they touch")
  func update() throws {
    let (graph, truth) = plantedGraph(groups: 20, size: 30, inside: 0.5, outside: 0.01, seed: 7)
    // Node 0 leaves for the second group, and node 600 is new in the third.
    var edges: [(Int, Int)] = []
    for row in 0..<600 {
      for target in graph.csr.targets[graph.csr.row(row)] where row < Int(target) && row != 0 {
        edges.append((row, Int(target)))
      }
    }
    edges += (30..<45).map { (0, $0) } + (60..<70).map { ($0, 600) }
    let grown = plainGraph(601, edges)
    var expected = truth.membership.map { $0 } + [2]
    expected[0] = 1
    for touched in [[0], nil] as [[Int]?] {
      let updated = try Leiden().partition(of: grown, startingFrom: truth, touched: touched)
      #expect(updated == Partition(expected))
      #expect(
        try Louvain().partition(of: grown, startingFrom: truth, touched: touched) == Partition(expected))
    }
  }

  @Test(
    "sizes stay within their limits, and limited communities are connected",
    arguments: searches + [.labelPropagation])
  func limits(_ method: CommunityMethod) throws {
    let graph = blurredGraph(nodes: 3000, edges: 15_000, seed: 21, weighted: true)
    let components = componentsAsCommunities(of: graph)
    for limits in [1...40, 5...60, 20...Int.max] {
      let partition = try method.partition(of: graph, SearchSettings(sizes: limits))
      #expect(partition.sizes().max()! <= limits.upperBound)
      // What stays smaller is a whole component, or has no neighbour with room.
      let small = partition.members().filter { $0.count < limits.lowerBound }
      if limits.upperBound == .max {
        for members in small {
          #expect(components.sizes()[components[Int(members.first!)]] < limits.lowerBound)
        }
      }
      #expect(small.count < 10, "\(small.count)")
      if method == .leiden || method == .leidenHigh {
        #expect(disconnectedCommunities(partition, in: graph) == 0)
      }
    }
    #expect(throws: CommunityError.badSizes(smallest: 0, largest: 5)) {
      try method.partition(of: graph, SearchSettings(sizes: 0...5))
    }
  }

  @Test("a wish to stop is heard")
  func stops() {
    let stop = StopRequest()
    stop.stop()
    #expect(throws: CommunityError.stopped) {
      try Leiden(SearchSettings(stop: stop)).partition(of: karateClub)
    }
  }
}

@Suite("Label propagation and components") struct SimpleMethodTests {
  @Test("label propagation finds clear groups, and leaves the isolated alone")
  func labels() throws {
    let (graph, truth) = plantedGraph(groups: 10, size: 40, inside: 0.5, outside: 0.005, seed: 2)
    #expect(try LabelPropagation().partition(of: graph) == truth)
    #expect(try LabelPropagation().partition(of: plainGraph(3, [])) == .singletons(3))
    #expect(try LabelPropagation().partition(of: plainGraph(0, [])) == .singletons(0))
  }

  @Test("label propagation gives the same on any number of threads")
  func deterministic() throws {
    let graph = blurredGraph(nodes: 20_000, edges: 100_000, seed: 12, weighted: true)
    let results = try (1...4).map {
      try LabelPropagation(SearchSettings(parallel: Parallel(threads: $0))).partition(of: graph)
    }
    #expect(Set(results).count == 1)
  }

  @Test("components are communities, and an edge of no weight ties nobody")
  func components() {
    #expect(componentsAsCommunities(of: plainGraph(5, [(0, 3), (1, 4)])) == Partition([0, 1, 2, 0, 1]))
    let graph = plainGraph(4, [(0, 1), (1, 2)], weights: [1, 0])
    #expect(componentsAsCommunities(of: graph) == Partition([0, 0, 1, 2]))
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
