import Arguments
import Compute

/// Dense products of the shapes that a graph network has: tall, thin, and a weight's gradient.
struct BenchGEMM: Command {
  let name = "gemm"
  let summary = "Dense products of the shapes of a graph network's layers."
  let examples = [Example("bench gemm", "Forward, backward and weight-gradient products.")]
  let repeats = BenchOptions.repeats
  let compare = BenchOptions.compare

  func run(_ input: Input, in session: Session) throws -> Answer {
    var bench = try Bench("gemm", input, in: session)
    let rows = CitationGraph.nodeCount
    for (inner, columns) in [(128, 256), (256, 256), (256, 40)] {
      let x = CitationGraph.features(inner)
      let weight = Matrix(rows: inner, columns: columns)
      let gradient = Matrix(rows: rows, columns: columns)
      let work = Bench.Work.flops(2 * rows * inner * columns)
      var y = Matrix(rows: rows, columns: columns)
      try bench.measure("\(rows)×\(inner)×\(columns)", work: work) {
        BLAS.multiply(x, weight, into: &y, parallel: session.parallel)
      }
      var dw = Matrix(rows: inner, columns: columns)
      try bench.measure("its weight's gradient", work: work) {
        BLAS.multiply(x, gradient, form: .firstTransposed, into: &dw, parallel: session.parallel)
      }
      var dx = Matrix(rows: rows, columns: inner)
      try bench.measure("its input's gradient", work: work) {
        BLAS.multiply(gradient, weight, form: .secondTransposed, into: &dx, parallel: session.parallel)
      }
    }
    return bench.answer()
  }
}
