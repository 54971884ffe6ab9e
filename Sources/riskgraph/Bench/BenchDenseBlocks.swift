import Arguments
import Communities
import Compute
import Graph

/// Fraudar: how fast it is, and down to which density it finds a block behind camouflage.
struct BenchDenseBlocks: Command {
  let name = "dense-blocks"
  let summary = "Dense blocks: seconds on a large bipartite graph, and accuracy by density and camouflage."
  let discussion = """
    The large graph has ten edges a row and four rows a column, and a block of 500 × 500 at density 0.2 in it. Accuracy is \
    the F1 of the first block found against one of 200 × 200 that was injected among 25,000 rows and 5,000 columns, over \
    the members of both sides; its rows have as many edges elsewhere as in the block, chosen at random or by popularity. \
    The lowest F1 of --seeds graphs is shown.
    """
  let examples = [
    Example("bench dense-blocks --repeat 3", "20 million edges, and the table of accuracy."),
    Example("bench dense-blocks --edges 1000000 --densities 0.05,0.1", "Smaller, at two densities."),
  ]
  let edges = Option("edges", "Edges of the large graph.", default: 20_000_000, accepts: within(1000...))
  let densities = Option<[Double]>(
    "densities", "Which; 0.01 to 0.5 without.",
    accepts: { $0 > 0 && $0 <= 1 ? nil : "must be a share of all pairs, above 0 and at most 1" })
  let seeds = Option("seeds", "Graphs a density.", default: 3, accepts: within(1...100))
  let repeats = BenchOptions.repeats
  let compare = BenchOptions.compare

  func run(_ input: Input, in session: Session) throws -> Answer {
    var bench = try Bench("dense-blocks", input, in: session)
    try measureSpeed(edges: input[edges], &bench, session)
    let chosen =
      input[densities].isEmpty ? [0.5, 0.3, 0.2, 0.1, 0.07, 0.05, 0.04, 0.03, 0.02, 0.01] : input[densities]
    for density in chosen { try measureAccuracy(density: density, seeds: input[seeds], &bench, session) }
    return bench.answer()
  }

  private func measureSpeed(edges: Int, _ bench: inout Bench, _ session: Session) throws {
    session.note("Making a bipartite graph …")
    let rows = edges / 10
    let size = min(500, rows / 8)
    let block = InjectedBlock(rows: size, columns: size, density: 0.2, camouflage: .biased)
    let graph = try BipartiteGraph(
      rows: rows, columns: rows / 4, degree: 10, with: block, parallel: session.parallel)
    let found = try bench.measure("the first block", work: .items(graph.edgeCount, "edges")) {
      try Fraudar().blocks(in: graph, stop: session.stop).first
    }
    bench.result("edges", Double(graph.edgeCount))
    bench.result("F1", block.f1(of: found, in: graph))
  }

  private func measureAccuracy(
    density: Double, seeds: Int, _ bench: inout Bench, _ session: Session
  ) throws {
    var lowest: [(InjectedBlock.Camouflage, Double)] = []
    var seconds: [Double] = []
    for camouflage in InjectedBlock.Camouflage.allCases {
      let block = InjectedBlock(rows: 200, columns: 200, density: density, camouflage: camouflage)
      var worst = 1.0
      for seed in 1...UInt64(seeds) {
        try session.stop.check()
        let graph = try BipartiteGraph(
          rows: 25_000, columns: 5_000, degree: 10, with: block, seed: Seed(seed), parallel: session.parallel)
        let start = ContinuousClock.now
        let found = try Fraudar().blocks(in: graph, stop: session.stop).first
        seconds.append((ContinuousClock.now - start) / .seconds(1))
        worst = min(worst, block.f1(of: found, in: graph))
      }
      lowest.append((camouflage, worst))
    }
    bench.record(
      Bench.Measurement(
        what: "200 × 200 at density \(density)", seconds: seconds, work: nil, peakBytes: nil, addedBytes: nil)
    )
    for (camouflage, worst) in lowest { bench.result("F1, \(camouflage.rawValue) camouflage", worst) }
  }
}
