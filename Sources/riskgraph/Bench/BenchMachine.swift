import Arguments
import Compute

/// The machine itself: dense products of the shapes that graph learning has, beside the largest product.
struct BenchMachine: Command {
  let name = "machine"
  let summary = "Dense products, square and tall, beside what memory and processor reach at most."
  let examples = [Example("bench machine --repeat 9", "Nine runs of each.")]
  let repeats = BenchOptions.repeats
  let compare = BenchOptions.compare

  func run(_ input: Input, in session: Session) throws -> Answer {
    var bench = try Bench("machine", input, in: session)
    for (rows, inner, columns) in [(1536, 1536, 1536), (100_000, 128, 256), (100_000, 64, 16)] {
      let a = Matrix(rows: rows, columns: inner)
      let b = Matrix(rows: inner, columns: columns)
      var c = Matrix(rows: rows, columns: columns)
      try bench.measure("\(rows)×\(inner)×\(columns)", work: .flops(2 * rows * inner * columns)) {
        BLAS.multiply(a, b, into: &c, parallel: session.parallel)
      }
    }
    return bench.answer()
  }
}
