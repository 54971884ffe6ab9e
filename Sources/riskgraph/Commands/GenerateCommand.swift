import Arguments
import Compute
import Foundation
import Marketplace

/// Makes a synthetic marketplace: the first thing that a new user runs.
struct GenerateCommand: Command {
  let name = "generate"
  let summary = "Makes a synthetic marketplace: tables, schema.json, and the truth kept apart in truth/."
  let discussion = """
    The same seed gives the same bytes on any number of threads. Scales: tiny (2,000 nodes), small (about 20 k edges), \
    medium (1 M), large (20 M), xl (100 M). What is stopped or fails takes away what it had written.
    """
  let examples = [
    Example("generate out --scale medium --seed 7", "A million edges as Parquet."),
    Example(
      "generate out --nodes 20k --format csv --typologies brushing,phoenix --risk-rate 0.02",
      "A small one as CSV, with two kinds of risk."),
    Example("generate out --scale medium --report", "And how hard it is to learn from."),
  ]

  let folder = Positional<FolderPath>("folder", "Where to write: a folder that is empty or not there yet.")
  let scale = Option<ScaleName?>("scale", "How large, by name (medium, if nothing is said).")
  let nodes = Option<NodeCount?>("nodes", "How large, in nodes: 20000, 20k, 1m.")
  let seed = Option("seed", "What fixes everything random.", default: 7, accepts: within(0...))
  let typologies = Option<[TypologyName]>(
    "typologies", "The kinds of risk that occur; all if nothing is said.")
  let riskRate = Option("risk-rate", "The share of merchants who are risky at some time.", default: 0.08)
  let labelCoverage = Option("label-coverage", "The share of the risky who are ever found.", default: 0.5)
  let format = Option("format", "What files are written.", default: FormatName.parquet)
  let report = Flag("report", "Measure how hard it is to learn who is risky, as of the last quarter's start.")

  func run(_ input: Input, in session: Session) throws -> Answer {
    if input[scale] != nil, input[nodes] != nil { throw UsageError.together("--scale", "--nodes") }
    var options = GeneratorOptions()
    if let scale = input[scale] { options.scale = scale.scale }
    if let nodes = input[nodes] { options.scale = .nodes(nodes.count) }
    options.seed = Seed(UInt64(input[seed]))
    let names = input[typologies].map(\.name)
    if !names.isEmpty { options.typologies = Typology.all.filter { names.contains($0.name) } }
    options.riskRate = input[riskRate]
    options.labelCoverage = input[labelCoverage]
    options.format = input[format] == .csv ? .csv : .parquet

    let path = input[folder].path
    let clock = ContinuousClock.now
    let made = try Generator(options).write(
      to: path, parallel: session.parallel, progress: session.progress, stop: session.stop)
    let seconds = (ContinuousClock.now - clock) / .seconds(1)
    var answer = answer(made, options, path: path, seconds: seconds)
    if input[report] {
      session.note("Learning who is risky, to see how hard it is …")
      let report = try DifficultyReport(
        folder: path, format: options.format, progress: session.progress, stop: session.stop)
      add(report, to: &answer)
    }
    return answer
  }

  private func add(_ report: DifficultyReport, to answer: inout Answer) {
    let rows: [(String, Double)] = [
      ("the best single own column (\(report.bestColumn.0))", report.bestColumn.1),
      ("logistic regression on own columns", report.logisticOwn), ("trees on own columns", report.treesOwn),
      ("trees on own and neighbours' columns", report.treesNeighbours),
      ("trees on keys, row order and time digits", report.treesKeys),
    ]
    answer.say(
      "Taught by \(grouped(report.taught)) merchants with labels known on 2026-07-01 (\(report.taughtRisky) risky), judged on "
        + "\(grouped(report.judged)) others by the truth after it (\(report.judgedRisky) risky):")
    var table = TextTable(["sees", "AUROC"], alignments: [.leading, .trailing])
    for (name, area) in rows { table.add([name, String(format: "%.3f", area)]) }
    answer.table(table)
    for (promise, holds) in report.promises { answer.say("\(holds ? "holds" : "does not hold"): \(promise)") }
    guard case .object(let members) = answer.json else { return }
    let figures: JSON = [
      "taught": JSON(report.taught), "taughtRisky": JSON(report.taughtRisky), "judged": JSON(report.judged),
      "judgedRisky": JSON(report.judgedRisky), "bestColumn": JSON(report.bestColumn.0),
      "bestColumnAUROC": JSON(report.bestColumn.1), "logisticOwn": JSON(report.logisticOwn),
      "treesOwn": JSON(report.treesOwn), "treesNeighbours": JSON(report.treesNeighbours),
      "treesKeys": JSON(report.treesKeys),
      "promises": JSON(report.promises.map { ["promise": JSON($0.promise), "holds": JSON($0.holds)] }),
    ]
    answer.json = .object(members + [JSON.Member(name: "report", value: figures)])
  }

  private func answer(
    _ made: Generator.Summary, _ options: GeneratorOptions, path: String, seconds: Double
  ) -> Answer {
    let tables = made.tables.sorted { $0.key < $1.key }
    var answer = Answer(json: [
      "folder": JSON(path), "scale": JSON(options.scale.name), "seed": JSON(Int(options.seed.value)),
      "nodes": JSON(made.nodes), "edges": JSON(made.edges), "rings": JSON(made.rings),
      "riskyMerchants": JSON(made.riskyMerchants), "seconds": JSON(seconds),
      "tables": JSON(tables.map { ($0.key, JSON($0.value)) }),
    ])
    answer.say(
      "\(grouped(made.nodes)) nodes, \(grouped(made.edges)) edges and \(grouped(made.rings)) rings with "
        + "\(grouped(made.riskyMerchants)) risky merchants in \(path), in \(humanSeconds(seconds)) "
        + "(\(humanRate(Double(made.edges) / seconds, "edges/s"))).")
    var table = TextTable(["table", "rows"], alignments: [.leading, .trailing])
    for (name, rows) in tables { table.add([name, grouped(rows)]) }
    answer.table(table)
    answer.say("\(path)/README.md explains every column; \(path)/schema.json is what import reads.")
    return answer
  }
}

/// A scale by its name.
enum ScaleName: String, CaseIterable, ArgumentValue {
  case tiny, small, medium, large, xl
  var scale: MarketScale { MarketScale.named(rawValue)! }
}

enum FormatName: String, CaseIterable, ArgumentValue { case parquet, csv }

/// A typology by its name.
struct TypologyName: ArgumentValue {
  let name: String

  init(argument text: String) throws(ValueMistake) {
    guard TypologyName.choices.contains(text) else {
      throw ValueMistake(
        "is none of \(listed(TypologyName.choices, "and"))",
        nearest: nearestName(to: text, among: TypologyName.choices))
    }
    name = text
  }

  var argument: String { name }
  static let placeholder = "TYPOLOGY,…"
  static let choices = Typology.all.map(\.name)
}

/// A count as people write it: `20000`, `20k`, `1.5m`.
struct NodeCount: ArgumentValue {
  let count: Int

  init(argument text: String) throws(ValueMistake) {
    var digits = Substring(text.lowercased())
    var unit = 1.0
    if digits.last == "k" {
      unit = 1e3
    } else if digits.last == "m" {
      unit = 1e6
    } else if digits.last == "g" {
      unit = 1e9
    }
    if unit > 1 { digits = digits.dropLast() }
    guard let number = Double(digits), number.isFinite, number > 0, number * unit < 1e15 else {
      throw ValueMistake("is no count like 20000, 20k or 1.5m")
    }
    count = Int(number * unit)
  }

  var argument: String { String(count) }
  static let placeholder = "COUNT"
}
