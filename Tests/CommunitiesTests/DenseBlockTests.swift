import Communities
import Compute
import Graph
import Testing

@Suite("Fraudar") struct FraudarTests {
  @Test(
    "finds an injected block behind every camouflage, dense or thin",
    arguments: InjectedBlock.Camouflage.allCases,
    [0.5, 0.3, 0.2])
  func camouflage(_ camouflage: InjectedBlock.Camouflage, density: Double) throws {
    let block = InjectedBlock(rows: 100, columns: 80, density: density, camouflage: camouflage)
    for seed in 5...6 as ClosedRange<UInt64> {
      let graph = try BipartiteGraph(rows: 3000, columns: 2000, degree: 4, with: block, seed: Seed(seed))
      let score = block.f1(of: try Fraudar().blocks(in: graph).first, in: graph)
      #expect(score >= 0.9, "F1 \(score), seed \(seed)")
    }
  }

  @Test("a block as thin as what is around it is not found, and its score says so")
  func tooThin() throws {
    let block = InjectedBlock(rows: 100, columns: 80, density: 0.004)
    let graph = try BipartiteGraph(rows: 3000, columns: 2000, degree: 4, with: block)
    #expect(block.f1(of: try Fraudar().blocks(in: graph).first, in: graph) < 0.5)
    #expect(block.f1(of: nil, in: graph) == 0)
  }

  @Test("has at least half of the best block's score, by trying all blocks", arguments: 1...8)
  func half(seed: UInt64) throws {
    var numbers = Seed(seed).generator(for: "all blocks")
    var edges: [(Int, Int)] = []
    for row in 0..<6 { for column in 0..<6 where numbers.unit() < 0.35 { edges.append((row, column)) } }
    let graph = try BipartiteGraph(EdgeList(nodes: 6, edges))
    var method = Fraudar()
    method.columnWeight = .equal
    var best = 0.0
    for set in 1..<(1 << 12) {
      let inside = edges.count { set >> $0.0 & 1 == 1 && set >> (6 + $0.1) & 1 == 1 }
      best = max(best, Double(inside) / Double(set.nonzeroBitCount))
    }
    let found = try method.blocks(in: graph).first
    #expect((found?.score ?? 0) >= best / 2 - 1e-9 && (found?.score ?? 0) <= best + 1e-6, "seed \(seed)")
    if let found {
      let inside = edges.count { found.rows.contains(UInt32($0.0)) && found.columns.contains(UInt32($0.1)) }
      #expect(found.edges == inside)
    }
  }

  @Test("finds several blocks, one after another, the denser first")
  func several() throws {
    var edges: [(Int, Int)] = []
    for row in 0..<20 { for column in 0..<20 { edges.append((row, column)) } }
    for row in 30..<40 { for column in 30..<40 { edges.append((row, column)) } }
    for row in 0..<100 { edges.append((row, (row * 13) % 100)) }
    let graph = try BipartiteGraph(EdgeList(nodes: 100, edges))
    let blocks = try Fraudar().blocks(in: graph, count: 2)
    #expect(blocks.map(\.rows) == [Array(0..<20), Array(30..<40)])
    #expect(blocks[0].density == 1 && blocks[0].score > blocks[1].score)
  }

  @Test("a node's own suspicion counts, and a bad one is refused")
  func suspicion() throws {
    let edges = (0..<10).flatMap { group in (0..<9).map { (group * 3 + $0 % 3, group * 3 + $0 / 3) } }
    let graph = try BipartiteGraph(EdgeList(nodes: 30, edges))
    var method = Fraudar()
    method.rowSuspicion = (0..<30).map { $0 / 3 == 7 ? 0.5 : 0 }
    #expect(try method.blocks(in: graph)[0].rows == [21, 22, 23])
    method.rowSuspicion[3] = -.infinity
    #expect(throws: CommunityError.badSuspicion(node: 3, value: -.infinity)) { try method.blocks(in: graph) }
  }

  @Test("of a graph without edges there is no block")
  func empty() throws {
    #expect(try Fraudar().blocks(in: BipartiteGraph(EdgeList(nodes: 0, []))).isEmpty)
    #expect(try Fraudar().blocks(in: BipartiteGraph(EdgeList(nodes: 5, []))).isEmpty)
    #expect(SpectralBlocks().blocks(in: try BipartiteGraph(EdgeList(nodes: 5, []))).isEmpty)
  }
}

@Suite("Spectral blocks") struct SpectralTests {
  @Test("are the dense parts of a sparse graph")
  func planted() throws {
    let injected = InjectedBlock(rows: 60, columns: 50, density: 0.6, camouflage: .random)
    let graph = try BipartiteGraph(rows: 1000, columns: 800, degree: 4, with: injected, seed: Seed(3))
    let blocks = SpectralBlocks().blocks(in: graph)
    let best =
      blocks.map { block in
        2 * Double(block.rows.count { $0 < 60 }) / Double(block.rows.count + 60)
      }.max() ?? 0
    #expect(best >= 0.9, "\(best)")
  }
}

@Suite("Lockstep") struct LockstepTests {
  @Test("is who meets over many objects in the same hours")
  func together() throws {
    var numbers = Seed(8).generator(for: "actions")
    var actions: [Action] = []
    let day: Int64 = 86_400
    for actor in 0..<300 as Range<UInt32> {
      for _ in 0..<8 {
        actions.append(
          Action(
            actor: actor, object: UInt32(numbers.next() % 50),
            seconds: Int64(numbers.next() % UInt64(60 * day))))
      }
    }
    // Twelve actors visit ten objects within minutes of each other.
    for object in 100..<110 as Range<UInt32> {
      let moment = Int64(numbers.next() % UInt64(60 * day))
      for actor in 40..<52 as Range<UInt32> {
        actions.append(Action(actor: actor, object: object, seconds: moment + Int64(numbers.next() % 1200)))
      }
    }
    let groups = try Lockstep().groups(actions)
    #expect(groups.map(\.actors) == [Array(40..<52)])
    #expect(groups.first?.objects == Array(100..<110))
    #expect((groups.first?.ties ?? 0) == 66)
  }

  @Test("needs no common bin border")
  func borders() throws {
    // Three meetings, each of them an instant before and an instant after a full hour.
    let actions = (1...3).flatMap { hour in
      [
        Action(actor: 1, object: UInt32(hour), seconds: Int64(hour) * 3600 - 1),
        Action(actor: 2, object: UInt32(hour), seconds: Int64(hour) * 3600 + 1),
      ]
    }
    let groups = try Lockstep().groups(actions)
    #expect(groups.map(\.actors) == [[1, 2]] && groups[0].likeness == 1)
  }

  @Test("is not looked for where it would explode; the message says what to do")
  func explosion() throws {
    let actions = (0..<150).map { Action(actor: $0, object: 0, seconds: 0) }
    #expect { try Lockstep().groups(actions, memoryLimit: 1000) } throws: {
      "\($0)".contains("22,350 pairs") && "\($0)".contains("shorter window")
    }
    #expect(try Lockstep().groups([]).isEmpty)
  }
}
