import Arguments
import Compute
import Graph

/// Building compressed rows, and the basic algorithms on them.
struct BenchCSR: Command {
  let name = "csr"
  let summary =
    "Building both directions of a graph from its edges, and components, cores, ranks and triangles on it."
  let examples = [
    Example(
      "bench csr", "An R-MAT graph of a million nodes and 15.7 million edges, and a planted partition."),
    Example("bench csr --scale 16", "A smaller one."),
  ]
  let repeats = BenchOptions.repeats
  let compare = BenchOptions.compare
  let scale = Option(
    "scale", "The R-MAT graph has two to this many nodes.", default: 20, accepts: within(8...24))

  func run(_ input: Input, in session: Session) throws -> Answer {
    var bench = try Bench("csr", input, in: session)
    let rmat = EdgeList.rmat(scale: input[scale], parallel: session.parallel)
    try measure("rmat\(input[scale])", rmat, &bench, session)
    let planted = EdgeList.planted(nodes: 1 << input[scale]).edges
    try measure("planted", planted, &bench, session)
    return bench.answer()
  }

  private func measure(_ name: String, _ edges: EdgeList, _ bench: inout Bench, _ session: Session) throws {
    let parallel = session.parallel
    let entries = 2 * edges.count
    // Read once to count and once to move, written once; each entry sorted where it lies.
    let csr = try bench.measure("\(name): both directions", work: .items(entries, "entries")) {
      try CSRBuilder(edges, parallel: parallel).symmetric()
    }
    let finished = csr.offsets.byteCount + csr.targets.byteCount
    bench.result("finished", Double(finished) / 1e6, unit: "MB")
    let graph = Projection(space: .plain(csr.rowCount), csr: csr)
    let components = try bench.measure("\(name): components", work: .items(entries, "entries")) {
      graph.components(parallel: parallel)
    }
    let count = ComponentSizes(of: components).count
    bench.result("components", Double(count))
    let cores = try bench.measure("\(name): core numbers", work: .items(entries, "entries")) {
      graph.coreNumbers(parallel: parallel)
    }
    let highest = Int(cores.max() ?? 0)
    bench.result("highest core", Double(highest))
    for (norm, words) in [(PageRankSettings.Norm.l2, "Euclidean"), (.l1, "absolute")] {
      var settings = PageRankSettings()
      settings.norm = norm
      let ranks = try bench.measure("\(name): PageRank to 1e-6, \(words)", work: .items(entries, "entries")) {
        graph.pageRank(settings, parallel: parallel)
      }
      bench.result("steps", Double(ranks.steps))
    }
    let triangles = try bench.measure("\(name): triangles", work: .items(entries, "entries")) {
      graph.triangles(parallel: parallel)
    }
    bench.result("triangles", Double(triangles.count))
  }
}
