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
}
