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
  let data = BenchOptions.data
  let scale = Option(
    "scale", "The R-MAT graph has two to this many nodes.", default: 20, accepts: within(8...24))

  let only = Option<[GraphName]>("only", "Which graphs, separated by commas; both without.")

  /// The graphs it can be asked for.
  enum GraphName: String, CaseIterable, ArgumentValue { case rmat, planted }

  func run(_ input: Input, in session: Session) throws -> Answer {
    var bench = try Bench("csr", input, in: session)
    for graph in input[only].isEmpty ? GraphName.allCases : input[only] {
      let name = graph == .rmat ? "rmat\(input[scale])" : "planted"
      let edges =
        graph == .rmat
        ? EdgeList.rmat(scale: input[scale], parallel: session.parallel)
        : EdgeList.planted(nodes: 1 << input[scale]).edges
      if let folder = input[data]?.path { try BenchData(folder).write(edges, name) }
      try measure(name, edges, &bench, session)
    }
    return bench.answer()
  }

  private func measure(_ name: String, _ edges: EdgeList, _ bench: inout Bench, _ session: Session) throws {
    let parallel = session.parallel
    let entries = 2 * edges.count
    // Edges are read once to count and once to move, and both directions written.
    let csr = try bench.measure(
      "\(name): both directions", work: .items(entries, "entries", leastBytes: 3 * 8 * edges.count)
    ) {
      try CSRBuilder(edges, parallel: parallel).symmetric()
    }
    let finished = csr.offsets.byteCount + csr.targets.byteCount
    bench.result("finished", Double(finished) / 1e6, unit: "MB")
    let graph = Projection(space: .plain(csr.rowCount), csr: csr)
    let passOverEdges = Bench.Work.items(entries, "entries", leastBytes: 4 * entries)
    let components = try bench.measure("\(name): components", work: .items(entries, "entries")) {
      graph.components(parallel: parallel)
    }
    let count = ComponentSizes(of: components).count
    bench.result("components", Double(count))
    let cores = try bench.measure("\(name): core numbers", work: passOverEdges) {
      graph.coreNumbers(parallel: parallel)
    }
    let highest = Int(cores.max() ?? 0)
    bench.result("highest core", Double(highest))
    for (norm, words) in [(PageRankSettings.Norm.l2, "Euclidean"), (.l1, "absolute")] {
      var settings = PageRankSettings()
      settings.norm = norm
      // How many steps it takes is known after the first.
      let steps = graph.pageRank(settings, parallel: parallel).steps
      try bench.measure(
        "\(name): PageRank to 1e-6, \(words)",
        work: .items(steps * entries, "entries", leastBytes: 4 * steps * entries)
      ) {
        graph.pageRank(settings, parallel: parallel)
      }
      bench.result("steps", Double(steps))
    }
    let triangles = try bench.measure("\(name): triangles", work: .items(entries, "entries")) {
      graph.triangles(parallel: parallel)
    }
    bench.result("triangles", Double(triangles.count))
  }
}
