import Communities
import Compute
import Graph

extension BenchCommunities {
  /// A day's new edges: what it saves to start from yesterday's communities, and what that costs in quality.
  func measureWarmStart(
    of graph: Projection, heldBack: Int, _ bench: inout Bench, _ session: Session
  ) throws {
    let (before, ends) = try held(back: heldBack, from: graph, session)
    let settings = SearchSettings(parallel: session.parallel, stop: session.stop)
    let yesterday = try Leiden(settings).partition(of: before)
    let edges = graph.csr.entryCount / 2
    let anew = try bench.measure("leiden from nothing", work: .items(edges, "edges")) {
      try Leiden(settings).partition(of: graph)
    }
    bench.result("modularity", modularity(of: anew, in: graph), decimals: 5)
    bench.result("disconnected", Double(disconnectedCommunities(anew, in: graph)))
    let cold = bench.measurements.last?.median ?? .nan
    let updated = try bench.measure("leiden from yesterday, \(ends.count) nodes touched") {
      try Leiden(settings).partition(of: graph, startingFrom: yesterday, touched: ends)
    }
    bench.result("modularity", modularity(of: updated, in: graph), decimals: 5)
    bench.result("disconnected", Double(disconnectedCommunities(updated, in: graph)))
    bench.result("time saved", 1 - (bench.measurements.last?.median ?? .nan) / cold, decimals: 3)
    bench.result("NMI with a run from nothing", normalizedMutualInformation(updated, anew), decimals: 4)
  }

  /// The graph without some edges, chosen at random, and the nodes at their ends.
  private func held(
    back count: Int, from graph: Projection, _ session: Session
  ) throws -> (graph: Projection, ends: [Int]) {
    let all = EdgeList(of: graph)
    var edges = Array(zip(all.sources, all.targets))
    var numbers = Seed(1).generator(for: "held back")
    let held = min(count, edges.count)
    for place in 0..<held { edges.swapAt(place, Int.random(in: place..<edges.count, using: &numbers)) }
    let ends = Set(edges[..<held].flatMap { [Int($0.0), Int($0.1)] })
    let left = EdgeList(
      nodeCount: graph.nodeCount, sources: Buffer(edges[held...].map { $0.0 }),
      targets: Buffer(edges[held...].map { $0.1 }))
    let csr = try CSRBuilder(left, parallel: session.parallel).symmetric()
    return (Projection(space: .plain(graph.nodeCount), csr: csr), ends.sorted())
  }
}
