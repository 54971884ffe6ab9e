import Compute
import Features
import Graph
import Testing

@testable import Learning

@Suite("Neighbourhoods in time")
struct TimedNeighbourhoodsTests {
  private func isSmallerThanAsOf(_ drawn: TimedNeighbourhoods.Drawn, _ examples: ExampleTable) -> Bool {
    drawn.places.allSatisfy { place in place.time.map { $0 < examples.asOf[place.example] } ?? true }
  }

  @Test("trees hold the newest of what was seen strictly before each example's own time")
  func newest() throws {
    let market = try BurstMarket(buyers: 12)
    let events = try EventGraph(market.graph, target: "buyer")
    let drawn = try TimedNeighbourhoods(neighbours: [5, 3]).draw(for: market.examples, in: events)
    #expect(isSmallerThanAsOf(drawn, market.examples))
    let out = market.graph.relations["orders"]!.out.merged()
    for example in 0..<market.examples.count {
      let asOf = market.examples.asOf[example]
      let seen = out.row(Int(market.examples.nodes[example])).filter { out.times![$0] < asOf }
      let wanted = seen.suffix(5).map { out.times![$0] }
      let first = drawn.places.filter { $0.example == example && $0.parent == example }
      #expect(first.map { $0.time! } == wanted.reversed())
      #expect(first.allSatisfy { $0.type == "shop" })
      // A shop's latest other buyers, none of whom is the one that is asked about.
      let second = drawn.places.filter { $0.example == example && $0.parent != example }
      #expect(second.allSatisfy { $0.type == "buyer" && $0.node != market.examples.nodes[example] })

    }
    #expect(drawn.features.rows == market.examples.count + drawn.places.count)
    // Every edge joins a place with its parent, both ways.
    let relations = drawn.graph.relations.reduce(0) { $0 + $1.neighbours.targets.count }
    #expect(relations == 2 * drawn.places.count)
  }

  @Test("drawn evenly, trees stay in the past, and the seed decides them")
  func uniform() throws {
    let market = try BurstMarket(buyers: 12)
    let events = try EventGraph(market.graph, target: "buyer")
    let a = try TimedNeighbourhoods(neighbours: [4, 2], order: .uniform, seed: 1).draw(
      for: market.examples, in: events)
    let same = try TimedNeighbourhoods(neighbours: [4, 2], order: .uniform, seed: 1).draw(
      for: market.examples, in: events)
    let other = try TimedNeighbourhoods(neighbours: [4, 2], order: .uniform, seed: 2).draw(
      for: market.examples, in: events)
    #expect(isSmallerThanAsOf(a, market.examples))
    #expect(a.places == same.places && a.places != other.places)
  }

  @Test("what happens after an example's time changes nothing in its tree")
  func future() throws {
    let market = try BurstMarket(buyers: 6)
    let events = try EventGraph(market.graph, target: "buyer")
    let early = market.examples.asOf.indices.filter { market.examples.asOf[$0] <= 90 * 86_400 }
    let alone = try TimedNeighbourhoods().draw(for: market.examples.rows(early), in: events)
    let all = try TimedNeighbourhoods().draw(for: market.examples, in: events)
    let theirs = Set(early)
    let same = all.places.filter { theirs.contains($0.example) }
    #expect(alone.places.map(\.node) == same.map(\.node) && alone.places.map(\.time) == same.map(\.time))
  }

  @Test(
    "a network learns from examples at many times, and scores the same when loaded",
    arguments: [ModelKind.sage])
  func network(kind: ModelKind) throws {
    let market = try BurstMarket()
    let events = try EventGraph(market.graph, target: "buyer")
    var training = ExampleTraining(kind, parts: [.own, .events])
    training.neighbourhoods = TimedNeighbourhoods(neighbours: [8, 2])
    let fitted = try training.fit(market.examples, in: events)
    let judged = try ExampleJudgement(fitted)
    #expect(try judged.measured()["AUROC"]!.value > 0.8)
    #expect(fitted.model.card.neighbourhoods == training.neighbourhoods)
  }

  @Test("labels that may not be used on a type's nodes are not seen through them, and those of others are")
  func forbiddenVerdicts() throws {
    // Firm F0 bid twice before; in the second tender F1 bid too. Each earlier bid has a label that is known.
    let schema = Schema(
      name: "tenders",
      nodeTypes: [
        NodeType(
          name: "bid", columns: [ColumnType("rigged", .flag)], clocks: Clocks(happened: "at"),
          labels: [LabelType(column: "rigged")]), NodeType(name: "firm"), NodeType(name: "tender"),
      ],
      relations: ["firm", "tender"].map { end in
        RelationType(
          name: "bid.\(end)", table: "bid", from: "bid", to: end, fromColumn: "id", toColumn: end,
          clocks: Clocks(happened: "at"))
      })
    let times = Column.times([10, 20, 20, 30].map { Timestamp(seconds: $0) })
    var builder = MarketGraphBuilder(schema)
    let bids = ["A0", "B0", "B1", "C0"]
    try builder.addNodes(
      "bid", keys: bids, columns: ["rigged": .numbers([1, 0, 1, nil]), "at": times])
    try builder.addNodes("firm", keys: ["F0", "F1"])
    try builder.addNodes("tender", keys: ["T0", "T1"])
    try builder.addEdges("bid.firm", from: bids, to: ["F0", "F0", "F1", "F0"], columns: ["at": times])
    try builder.addEdges("bid.tender", from: bids, to: ["T0", "T1", "T1", "T1"], columns: ["at": times])
    let graph = try builder.finished()
    let example = ExampleTable(target: "bid", nodes: [3], asOf: [30], labels: [0])
    func shown(_ forbidden: [String]) throws -> [UInt32: [Float]] {
      let drawn = try TimedNeighbourhoods(neighbours: [4, 4], withoutVerdictsOn: forbidden).draw(
        for: example, in: EventGraph(graph, target: "bid"))
      var labels: [UInt32: [Float]] = [:]
      for (offset, place) in drawn.places.enumerated() where place.type == "bid" {
        let through = place.parent > 0 ? drawn.places[place.parent - 1].type : "bid"
        if through == "firm" {
          labels[place.node] = [drawn.features[1 + offset, 2], drawn.features[1 + offset, 3]]
        }
        if through == "tender" {
          labels[place.node + 100] = [drawn.features[1 + offset, 2], drawn.features[1 + offset, 3]]
        }
      }
      return labels
    }
    #expect(try shown([]) == [0: [1, 0], 1: [0, 1], 101: [0, 1], 102: [1, 0]])
    #expect(try shown(["firm"]) == [0: [0, 0], 1: [0, 0], 101: [0, 1], 102: [1, 0]])
    var training = ExampleTraining(.sage)
    training.choice.withoutVerdictsOn = ["firm"]
    #expect(training.allowedNeighbourhoods.withoutVerdictsOn == ["firm"])
  }
}
