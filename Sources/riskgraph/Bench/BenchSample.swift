import Arguments
import Compute
import Graph
import Learning

/// Drawing neighbourhoods for mini-batches.
struct BenchSample: Command {
  let name = "sample"
  let summary =
    "Drawing 15, 10 and 5 neighbours of batches of 1,024 nodes of an R-MAT graph of a million nodes."
  let examples = [Example("bench sample", "Batches of 1,024 nodes, one after another on each core.")]
  let repeats = BenchOptions.repeats
  let compare = BenchOptions.compare
  let scale = Option("scale", "The graph has two to this many nodes.", default: 20, accepts: within(8...24))

  func run(_ input: Input, in session: Session) throws -> Answer {
    var bench = try Bench("sample", input, in: session)
    let edges = EdgeList.rmat(scale: input[scale], parallel: session.parallel)
    let csr = try CSRBuilder(edges, selfLoops: .drop, parallel: session.parallel).symmetric()
    let graph = NetworkGraph(relations: [
      .init(
        name: "neighbours",
        neighbours: SparseMatrix(columns: csr.targetCount, offsets: csr.offsets, targets: csr.targets),
        isSymmetric: true)
    ])
    let sampler = NeighbourSampler(graph, kind: .mean, neighbours: [15, 10, 5])
    let batches = 8
    func draw() -> Int {
      session.parallel.map(rows: batches, atLeast: 1) { range in
        range.reduce(0) { sum, batch in
          var numbers = Seed(1).generator(for: "batch", item: batch)
          let rows = (0..<1024).map { _ in Int.random(in: 0..<csr.rowCount, using: &numbers) }
          return sum + sampler.sample(Array(Set(rows)).sorted(), seed: Seed(1), step: batch).entryCount
        }
      }.reduce(0, +)
    }
    let drawn = draw()
    try bench.measure("15, 10, 5 neighbours", work: .items(drawn, "edges")) { draw() }
    return bench.answer()
  }
}
