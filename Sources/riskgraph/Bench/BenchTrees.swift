import Arguments
import Compute
import Learning

/// Boosted trees on made data: growing them, and predicting with them.
struct BenchTrees: Command {
  let name = "trees"
  let summary = "Growing boosted trees on made rows, predicting with them, and explaining predictions."
  let discussion = """
    Labels follow from products and steps of a few columns, with noise; one cell in ten is missing. The limit for growing is \
    reading a byte a cell in each round, which the root of each tree needs; for predicting, reading each cell once.
    """
  let examples = [
    Example("bench trees", "200,000 rows of 64 columns, 100 rounds."),
    Example(
      "bench trees --rows 20000 --columns 200 --rounds 300", "Few rows, many columns, as graph features are."),
  ]
  let rows = Option(
    "rows", "Training rows; five times as many are predicted.", default: 200_000,
    accepts: within(100...100_000_000))
  let columns = Option("columns", "Columns.", default: 64, accepts: within(4...2000))
  let rounds = Option("rounds", "Trees that are grown.", default: 100, accepts: within(1...10_000))
  let depth = Option("depth", "How deep each is.", default: 6, accepts: within(1...16))
  let repeats = BenchOptions.repeats
  let compare = BenchOptions.compare
  let data = BenchOptions.data

  func run(_ input: Input, in session: Session) throws -> Answer {
    let (rows, width) = (input[rows], input[columns])
    var bench = try Bench("trees", input, in: session)
    let training = MadeRows(rows, width, seed: Seed(1), parallel: session.parallel)
    let fresh = MadeRows(rows * 5, width, seed: Seed(2), parallel: session.parallel)
    if let folder = input[data]?.path {
      let files = try BenchData(folder)
      try files.write(training.columns, "train.x")
      try files.write(Buffer(training.classes.map { Int32($0) }), "train.y")
      try files.write(fresh.columns, "test.x")
      try files.write(Buffer(fresh.classes.map { Int32($0) }), "test.y")
    }
    let settings = TreeSettings(
      rounds: input[rounds], learningRate: 0.1, depth: input[depth], leafWeight: 1, rowShare: 1,
      columnShare: 1)
    let cells = rows * width
    let labelled = LabelledRows(columns: training.columns, classes: training.classes)
    let model = try bench.measure(
      "grow", work: .items(rows * input[rounds], "rows · rounds", leastBytes: cells * input[rounds])
    ) {
      try Trees(settings, parallel: session.parallel).fit(labelled, seed: Seed(1), stop: session.stop)
    }
    let scores = try bench.measure(
      "predict", work: .items(fresh.classes.count, "rows", leastBytes: 5 * cells * 4)
    ) {
      try model.scores(fresh.columns)
    }
    let ranking = try Ranking(scores: scores.map(Double.init), labels: fresh.classes.map { $0 == 1 })
    bench.result("AUROC", ranking.areaUnderROC)
    let few = fresh.columns.rows(at: Array(0..<min(2000, fresh.classes.count)))
    try bench.measure("explain", work: .items(few.rows, "rows")) { try model.contributions(few) }
    return bench.answer()
  }

  /// Rows whose classes trees can learn from their columns.
  private struct MadeRows {
    let columns: Matrix
    let classes: [Int]

    init(_ rows: Int, _ width: Int, seed: Seed, parallel: Parallel) {
      var matrix = Matrix(uninitializedRows: rows, columns: width)
      let stream = seed.stream(for: "rows of bench trees")
      var classes = [Int](repeating: 0, count: rows)
      matrix.withUnsafeMutableBufferPointer { cells in
        classes.withUnsafeMutableBufferPointer { classes in
          nonisolated(unsafe) let cells = cells.baseAddress!
          nonisolated(unsafe) let classes = classes.baseAddress!
          parallel.forEach(rows: rows, atLeast: 4096) { range in
            for row in range {
              var numbers = stream.generator(item: row)
              let own = cells + row * width
              for column in 0..<width { own[column] = Float(numbers.unit() * 2 - 1) }
              var sum = own[0] * own[1] + (own[2] > 0.3 ? 0.4 : -0.1) + 0.3 * abs(own[3])
              sum += Float(numbers.unit() + numbers.unit() - 1) * 0.4
              classes[row] = sum > 0.5 ? 1 : 0
              for column in 0..<width where numbers.unit() < 0.1 { own[column] = .nan }
            }
          }
        }
      }
      columns = matrix
      self.classes = classes
    }
  }
}
