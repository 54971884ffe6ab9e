import Arguments
import Compute
import Foundation
import Graph
import Learning
import Reports

struct CompareCommand: Command {
  let name = "compare"
  let summary = "Trains several kinds of models with several seeds and shows how they do, side by side."
  let discussion = """
    All see the same columns, moments and rows. A figure is the mean over the seeds; what follows ± is the standard \
    deviation of single runs: differences smaller than that may be chance. --examples compares on a table of questions \
    with times of their own; kinds are then logistic, trees, ensemble, auto, sage and rgcn. --out writes ROC curves, \
    precision against recall and a calibration plot for each model as SVG. Nothing is kept of the models.
    """
  let examples = [
    Example(
      "compare shop.rg --target merchant --models logistic,trees,gcn,sage,bwgnn --seeds 5",
      "Five kinds, five seeds each."),
    Example("compare shop.rg --target merchant --models trees,rgcn --out curves", "With the curves as SVG."),
    Example(
      "compare shop.rg --examples ex.csv --models logistic,trees,sage,ensemble --seeds 5",
      "On a table of examples."),
  ]
  let place = Positional<String>(
    "store", "The store, or a folder with nodes.csv and edges.csv.", completion: .folder)
  let target = Option<String>("target", "The node type to judge, where --examples does not say.", default: "")
  let kinds = Option<[String]>("models", "Which kinds.", as: "KIND", accepts: TaskInput.modelName)
  let seeds = Option("seeds", "How many seeds each.", default: 3, accepts: within(1...100))
  let seed = Option<Int>("seed", "The first seed.", default: 1)
  let label = Option<String?>("label", "The label column, if not the schema's first.")
  let asOf = Option<String?>(
    "as-of", "Only what was known before this time.", as: "TIME", accepts: TaskInput.time)
  let split = Option<String?>("split", "A column that says train, val or test.", as: "COLUMN")
  let hops = Option<Int?>("hops", "The length of the walks that features take.", accepts: within(0...4))
  let without = Option<[String]>("without", "Columns to leave out.", as: "COLUMN")
  let budget = Option(
    "budget", "The share of nodes that can be reviewed.", default: 0.05, accepts: within(0.0001...1))
  let out = Option<String?>(
    "out", "The folder to write curves into, as SVG.", as: "FOLDER", completion: .folder)

  let examplesFile = ExampleParameters.examples
  let choice = ExampleParameters.choice
  let parts = ExampleParameters.columns
  let gap = ExampleParameters.gap

  func run(_ input: Input, in session: Session) throws -> Answer {
    let named = input[kinds].isEmpty ? ["logistic", "trees", "sage"] : input[kinds]
    let wanted = named.compactMap { ModelKind(rawValue: $0) }
    var settings = EvaluationSettings()
    settings.budget = input[budget]
    settings.bootstrap.samples = 200
    let told =
      try input[examplesFile].map { try examples($0, wanted, settings, input, session) }
      ?? nodes(wanted, settings, input, session)
    guard told.rows.contains(where: { !$0.runs.isEmpty }) else {
      throw CompareError.nothingTrained(
        told.rows.compactMap { row in row.failure.map { "\(row.kind.rawValue): \($0)" } })
    }
    let files = try input[out].map { try write(told.rows, to: $0) } ?? []
    return answer(told, files, seeds: input[seeds])
  }

  /// What was compared, on what.
  private struct Told {
    let rows: [ModelComparison.Row]
    /// `test` or `validation`.
    let judged: String
    let count: Int
    let notes: [String]
  }

  private func nodes(
    _ kinds: [ModelKind], _ settings: EvaluationSettings, _ input: Input, _ session: Session
  ) throws -> Told {
    guard !input[target].isEmpty else {
      throw UsageError.noneOf(["--target", "--examples"], of: "compare")
    }
    let graph = try TaskInput.graph(input[place])
    let task = try TaskInput.task(
      graph, target: input[target], label: input[label], asOf: input[asOf], split: input[split],
      seed: input[seed])
    let like = ModelTraining(
      .trees, hops: input[hops],
      excluding: TaskInput.excluded(graph, target: input[target], split: input[split], and: input[without]),
      seed: Seed(UInt64(bitPattern: Int64(input[seed]))), code: RiskGraph.version)
    let rows = try ModelComparison(kinds: kinds, like: like, seeds: input[seeds], settings: settings).run(
      on: task, progress: session.progress, stop: session.stop)
    return Told(
      rows: rows, judged: task.hasTest ? "test" : "validation",
      count: task.judging.reduce(0) { $0 + $1.nodes.count }, notes: [])
  }

  private func examples(
    _ file: String, _ kinds: [ModelKind], _ settings: EvaluationSettings, _ input: Input, _ session: Session
  ) throws -> Told {
    try ExampleParameters.refuse([asOf, split, without], beside: input)
    let learned = LearnedExamples(
      path: input[place], file: file, target: input[target].isEmpty ? nil : input[target],
      label: input[label], parts: input[parts], choice: input[choice], gap: input[gap], hops: input[hops],
      seed: input[seed])
    let read = try learned.read(in: session)
    let told = try ExampleComparison(
      kinds: kinds, like: learned.training(.trees), seeds: input[seeds], settings: settings
    ).run(
      on: read.table, in: read.events, parallel: session.parallel, progress: session.progress,
      stop: session.stop)
    return Told(
      rows: told.rows, judged: told.judged.rawValue, count: told.count, notes: read.table.notes)
  }

  private func answer(_ told: Told, _ files: [String], seeds: Int) -> Answer {
    let rows = told.rows
    let figures =
      rows.first { !$0.runs.isEmpty }?.runs[0].figures.map(\.name).filter { !$0.hasPrefix("F1") } ?? []
    var answer = Answer(
      json: [
        "measuredOn": JSON(told.judged), "rows": JSON(told.count), "seeds": JSON(seeds),
        "models": JSON(
          rows.map { row in
            JSON(
              [("model", JSON(row.kind.rawValue)), ("failure", JSON(row.failure))]
                + figures.compactMap { name in
                  row.mean(name).map { (name, ["mean": JSON($0.mean), "spread": JSON($0.spread)]) }
                })
          }), "files": JSON(files), "notes": JSON(told.notes),
      ])
    answer.say(
      "Measured on \(grouped(told.count)) \(told.judged) rows, \(seeds) seeds each: mean ± standard deviation."
    )
    var table = TextTable(["model"] + figures.prefix(4))
    for row in rows where row.failure == nil {
      table.add(
        [row.kind.rawValue]
          + figures.prefix(4).map { name in
            row.mean(name).map { "\(fourDigits($0.mean)) ± \(fourDigits($0.spread))" } ?? "–"
          })
    }
    answer.table(table)
    for row in rows { if let failure = row.failure { answer.say("\(row.kind.rawValue): \(failure)") } }
    for note in told.notes { answer.say(note) }
    for file in files { answer.say("Wrote \(file).") }
    return answer
  }

  private func fourDigits(_ value: Double) -> String { String(format: "%.4f", value) }

  private func write(_ rows: [ModelComparison.Row], to folder: String) throws -> [String] {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var files: [String] = []
    func write(_ chart: any Chart, _ name: String) throws {
      let path = (folder as NSString).appendingPathComponent(name)
      try Data(chart.svg().utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      files.append(path)
    }
    let models = rows.compactMap { row in row.ranking.map { (name: row.kind.rawValue, ranking: $0) } }
    guard !models.isEmpty else { return [] }
    try write(LineChart.roc(models), "roc.svg")
    try write(LineChart.precisionRecall(models), "precision-recall.svg")
    let plots = models.map { CalibrationPlot(title: $0.name, bins: $0.ranking.calibration()) }
    try write(SmallMultiples(title: "Calibration", charts: plots), "calibration.svg")
    return files
  }
}

enum CompareError: Error, CustomStringConvertible {
  case nothingTrained([String])

  var description: String {
    switch self {
    case .nothingTrained(let reasons):
      "None of the models could be trained. \(reasons.joined(separator: " "))"
    }
  }
}
