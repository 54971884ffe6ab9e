import Arguments
import Compute
import Learning

/// A sparse matrix times a dense one: what a graph layer does to its nodes' features.
struct BenchSpMM: Command {
  let name = "spmm"
  let summary = "Sparse times dense, on a graph of 169,343 nodes and 2.5 M entries."
  let discussion = """
    A rate counts the bytes of the rows that are gathered, so it may pass what memory can do where neighbours share the \
    cache.
    """
  let examples = [Example("bench spmm --repeat 9", "Nine runs of each width.")]
  let repeats = BenchOptions.repeats
  let compare = BenchOptions.compare
  let data = BenchOptions.data

  func run(_ input: Input, in session: Session) throws -> Answer {
    var bench = try Bench("spmm", input, in: session)
    let graph = try CitationGraph.make(parallel: session.parallel)
    let matrix = GraphOperators(.normalized, of: graph).forward[0]
    if let folder = input[data]?.path { try BenchData(folder).write(matrix, "graph") }
    for width in [64, 128, 256] {
      let x = CitationGraph.features(width)
      var y = Matrix(rows: x.rows, columns: width)
      try bench.measure("\(width) floats, weighted", work: .bytes(matrix.entryCount * width * 4)) {
        matrix.multiply(x, into: &y, parallel: session.parallel)
      }
      bench.result("GFLOP/s", 2e-9 * Double(matrix.entryCount * width) / bench.measurements.last!.median)
    }
    let x = CitationGraph.features(128)
    var y = Matrix(rows: x.rows, columns: 128)
    let mean = GraphOperators(.mean, of: graph).forward[0]
    try bench.measure("128 floats, mean", work: .bytes(mean.entryCount * 128 * 4)) {
      mean.multiply(x, into: &y, parallel: session.parallel)
    }
    return bench.answer()
  }
}
