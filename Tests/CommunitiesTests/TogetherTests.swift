import Communities
import Compute
import Graph
import Testing

/// Visits by chance, over a year.
private func visits(
  _ count: Int, by actors: Range<UInt32>, to objects: Range<UInt32>, _ numbers: inout CounterGenerator
) -> [Action] {
  (0..<count).map { _ in
    Action(
      actor: UInt32.random(in: actors, using: &numbers), object: UInt32.random(in: objects, using: &numbers),
      seconds: Int64.random(in: 0..<365 * 86_400, using: &numbers))
  }
}

/// Four objects to which all of some actors come within hours, two months apart.
private func gatherings(
  of actors: Range<UInt32>, at objects: Range<UInt32>, _ numbers: inout CounterGenerator
) -> [Action] {
  objects.enumerated().flatMap { place, object in
    actors.map { actor in
      Action(
        actor: actor, object: object,
        seconds: Int64(place * 60 + 10) * 86_400 + Int64.random(in: 0..<40_000, using: &numbers))
    }
  }
}

/// 600 actors, of whom 0…11 are a farm: two share a device each, and all visit objects 590…593 within the same days.
/// Others share devices in pairs and visit objects at random; 100…109 all share one office and nothing else.
private func market(_ seed: UInt64) throws -> ActorMeetings {
  var numbers = Seed(seed).generator(for: "market")
  var devices = (0..<600).map { ($0, $0 / 2) }
  devices += (0..<12).map { ($0, 300 + $0 % 3) }
  let offices = (100..<110).map { ($0, 0) }
  let actions =
    visits(3000, by: 0..<560, to: 560..<600, &numbers) + gatherings(of: 0..<12, at: 590..<594, &numbers)
  return ActorMeetings(
    actorCount: 600,
    things: [
      try BipartiteGraph(EdgeList(nodes: 600, devices)), try BipartiteGraph(EdgeList(nodes: 600, offices)),
    ], actions: [actions])
}

@Suite("Who acts together") struct TogetherTests {
  @Test(
    "a farm is found whole with what it visits, and people of one office are not",
    arguments: [1, 2, 3] as [UInt64])
  func farm(seed: UInt64) throws {
    let found = try Together().groups(try market(seed))
    let partition = found.partition
    let farm = partition[0]
    let members = Array(partition.members()[farm])
    #expect(Set(members).isSuperset(of: Set(0..<12)), "seed \(seed)")
    // An object that a few of them happened to visit at one time may be among them.
    #expect(Set(members).subtracting(0..<12).subtracting(590..<594).count <= 2, "seed \(seed): \(members)")
    #expect(partition.sizes()[partition[100]] < 10, "seed \(seed)")
    #expect(disconnectedCommunities(partition, in: found.graph) == 0)
    // The most suspicious of all, by what it does and shares.
    var judge = SuspicionJudge(SharedInstruments(memberCount: 600, kinds: []))
    judge.ties = (found.ties, found.threshold)
    judge.weights = SuspicionJudge.weightsWithTies
    let first = try #require(judge.groups(partition).first)
    #expect(first.community == farm)
    let part = try #require(first.part(.together))
    #expect(part.value >= 40 && part.comparison < 1 && (part.pValue ?? 1) < 1e-9)
  }

  @Test("where a graph knows things alone they count alone, and where it knows deeds too they do not")
  func thingsAlone() throws {
    // Twelve who meet at each of six things that few others come to; everybody else has one of his own.
    let shared = (0..<12).flatMap { member in (0..<6).map { (member, $0) } }
    let things = try BipartiteGraph(EdgeList(nodes: 400, shared + (12..<400).map { ($0, $0) }))
    func strength(_ actions: [Action]) throws -> Double {
      let found = try Together().groups(
        ActorMeetings(actorCount: 400, things: [things], actions: [actions]))
      var judge = SuspicionJudge(SharedInstruments(memberCount: 400, kinds: []))
      judge.ties = (found.ties, found.threshold)
      judge.weights = SuspicionJudge.weightsWithTies
      let group = try #require(judge.groups(found.partition).first { $0.members.contains(0) })
      return try #require(group.part(.together)).strength
    }
    #expect(try strength([]) > 0.5)
    // Twelve others visit four objects within hours of each other, among many who come at any time: now deeds are known, and
    // those who share have none.
    var numbers = Seed(6).generator(for: "visits")
    let meetings =
      visits(2000, by: 20..<360, to: 360..<400, &numbers) + gatherings(of: 200..<212, at: 390..<394, &numbers)
    #expect(try strength(meetings) < 0.1)
  }

  @Test("two who share a thing and a taste are tied only where chance would not have it")
  func threshold() throws {
    let found = try Together().groups(try market(4))
    #expect(found.ties.allSatisfy { $0.surprise >= found.threshold && $0.ofActions <= $0.surprise })
    // By chance one node in fifty at most: the rest of the ties are the farm's.
    let outside = found.ties.count { $0.a >= 12 || $0.b >= 12 }
    #expect(outside <= 12, "\(outside)")
    #expect(found.ties.count { $0.b < 12 } == 66)
  }

  @Test("nobody, one actor and actors without meetings are no groups")
  func empty() throws {
    for count in [0, 1, 5] {
      let found = try Together().groups(ActorMeetings(actorCount: count, things: [], actions: [[]]))
      #expect(found.partition.communityCount == count && found.ties.isEmpty)
    }
  }

  @Test("threads do not change what is found, and too many pairs are refused with the figure")
  func limits() throws {
    let meetings = try market(5)
    let hashes = try [1, 2, 3].map { threads in
      try Together().groups(meetings, settings: SearchSettings(parallel: Parallel(threads: threads)))
        .partition.fingerprint
    }
    #expect(Set(hashes).count == 1)
    #expect { try Together().groups(meetings, memoryLimit: 1000) } throws: {
      "\($0)".contains("pairs that met")
    }
  }

  @Test("a block is judged by how much denser it is than its degrees allow")
  func block() throws {
    // Rows 0…9 know columns 0…4, all others one column of their own.
    let edges = (0..<10).flatMap { row in (0..<5).map { (row, $0) } } + (10..<400).map { ($0, $0) }
    let graph = try BipartiteGraph(EdgeList(nodes: 400, edges))
    var judge = SuspicionJudge(SharedInstruments(memberCount: 800, kinds: []))
    judge.weights = SuspicionJudge.weightsOfBlocks
    let dense = DenseBlock(rows: Array(0..<10), columns: Array(0..<5), score: 1, edges: 50)
    let loose = DenseBlock(rows: [10, 11], columns: [10, 11], score: 1, edges: 2)
    let judged = judge.blocks([loose, dense], in: graph)
    #expect(judged.map(\.community) == [1, 0])
    #expect(judged[0].members == Array(0..<10) + Array(400..<405))
    let part = try #require(judged[0].part(.density))
    // 50 ends of rows times 50 of columns by 440 edges.
    #expect(part.value == 50 && abs(part.comparison - 2500.0 / 440) < 1e-9)
  }
}
