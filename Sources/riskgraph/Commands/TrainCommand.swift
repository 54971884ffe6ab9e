import Arguments
import Compute
import Features
import Foundation
import Graph
import Learning
import Store

struct TrainCommand: Command {
  let name = "train"
  let summary = "Trains a model that says how risky each node of a type is."
  let discussion = """
    Sees only what had happened and was known before --as-of, trains on earlier moments than it validates on, looks for \
    leaks, and fits the same model without the graph to say what the graph adds. Instead of a store it takes a folder \
    with nodes.csv, edges.csv and perhaps features.csv; the target is then node.
    """
  let examples = [
    Example(
      "train shop.rg --target merchant --model trees --as-of 2026-06-01", "Trees on columns of the graph."),
    Example(
      "train tolokers --target node --split split0 --model ensemble",
      "A public benchmark with its ready split."),
  ]
  let place = Positional<String>(
    "store", "The store, or a folder with nodes.csv and edges.csv.", completion: .folder)
  let target = Option<String>("target", "The node type to judge, where --examples does not say.", default: "")
  let model = Option<String>("model", "Which model.", default: "trees", accepts: TaskInput.modelName)
  let label = Option<String?>("label", "The label column, if not the schema's first.")
  let asOf = Option<String?>(
    "as-of", "Only what was known before this time.", as: "TIME", accepts: TaskInput.time)
  let split = Option<String?>("split", "A column that says train, val or test.", as: "COLUMN")
  let hops = Option<Int?>("hops", "The length of the walks that features take.", accepts: within(0...4))
  let seed = Option<Int>("seed", "What fixes everything random.", default: 1)
  let without = Option<[String]>("without", "Columns to leave out.", as: "COLUMN")
  let models = Option<String?>("models", "Where models are kept, if not in the store.", as: "FOLDER")
  let notSaved = Flag("dry-run", "Do not keep the model.")

  let examplesFile = ExampleParameters.examples
  let choice = ExampleParameters.choice
  let parts = ExampleParameters.columns
  let gap = ExampleParameters.gap
  let scores = Option<String?>(
    "scores", "With --examples: a CSV file for the scores of the test examples.", as: "FILE", completion: .file)

  func run(_ input: Input, in session: Session) throws -> Answer {
    if let file = input[examplesFile] {
      return try ExampleTrainAnswer(
        path: input[place], file: file, target: input[target].isEmpty ? nil : input[target], kind: input[model],
        choice: input[choice], parts: input[parts], gap: input[gap], label: input[label], hops: input[hops],
        seed: input[seed], models: input[notSaved] ? nil : input[models] ?? TaskInput.models(input[place]),
        scores: input[scores]
      ).run(in: session)
    }
    guard !input[target].isEmpty else { throw UsageError.noneOf(["--target", "--examples"], of: "train") }
    let graph = try TaskInput.graph(input[place])
    let task = try TaskInput.task(
      graph, target: input[target], label: input[label], asOf: input[asOf], split: input[split],
      seed: input[seed])
    var excluding = Set(input[without])
    // Other ready splits of the table tell nothing but each other.
    if let split = input[split] {
      let stem = split.prefix { !$0.isNumber }
      excluding.formUnion(
        (graph.nodes[input[target]]?.columns.keys ?? [:].keys).filter { $0.hasPrefix(stem) })
    }
    var training = ModelTraining(
      ModelKind(rawValue: input[model])!, hops: input[hops], excluding: excluding,
      seed: Seed(UInt64(bitPattern: Int64(input[seed]))), code: RiskGraph.version)
    let fitted = try training.fit(task, progress: session.progress, stop: session.stop) { leaks in
      let told = leaks.filter { $0.weight > .remark }
      for leak in told { session.note(leak.sentence) }
      if told.isEmpty { session.note("Looked for leaks: found none.") }
    }
    training.usesGraph = false
    if training.kind.seesGraph { training.kind = .mlp }
    let plain = try? training.fit(task, progress: session.progress, stop: session.stop)
    var fittedCard = fitted.card
    let judged = try Judgement(task, fitted, plain)
    for (name, estimate) in judged.figures { fittedCard.metrics[name] = estimate.value }
    let kept = TrainedModel(card: fittedCard, bodies: fitted.bodies)
    var version: Int?
    if !input[notSaved] {
      version = try ModelFolder(path: input[models] ?? TaskInput.models(input[place])).save(
        kept, name: input[model])
    }
    var answer = Answer(
      json: [
        "model": JSON("\(input[target])/\(input[model])"), "version": JSON(version),
        "rows": JSON(judged.rowName), "columns": JSON(fitted.card.parts[0].featureNames.count),
        "metrics": JSON(judged.figures.map { ($0.0, TaskInput.json($0.1)) }),
        "graphAdds": JSON(judged.gains.map { ($0.0, TaskInput.json($0.1)) }),
        "leaks": JSON(
          fitted.card.leaks.map {
            ["kind": JSON($0.kind.rawValue), "weight": JSON($0.weight.rawValue), "what": JSON($0.what)]
          }), "notes": JSON(fitted.card.notes),
      ])
    answer.facts(
      [("model", "\(input[target])/\(input[model])" + (version.map { ", version \($0)" } ?? ", not kept"))]
        + [("columns", "\(fitted.card.parts[0].featureNames.count)")]
        + [("measured on", judged.rowName)] + judged.figures.map { ($0.0, $0.1.description) })
    if !fitted.card.leaks.contains(where: { $0.weight > .remark }) {
      answer.say("No leak was found: no column, no edge and no twin gives the label away.")
    }
    for leak in fitted.card.leaks { answer.say(leak.sentence) }
    answer.say(judged.verdict)
    for note in fitted.card.notes { answer.say(note) }
    return answer
  }
}

/// How a model does on the test rows, or else on validation, and what the graph adds to it.
struct Judgement {
  var rowName = ""
  var figures: [(String, Estimate)] = []
  var gains: [(String, Estimate)] = []

  init(_ task: NodeTask, _ model: TrainedModel, _ plain: TrainedModel?) throws {
    let parts = task.test.contains { !$0.nodes.isEmpty } ? task.test : task.validation
    rowName =
      "\(grouped(parts.reduce(0) { $0 + $1.nodes.count })) \(parts.first.map { _ in task.test.contains { !$0.nodes.isEmpty } } == true ? "test" : "validation") rows"
    let truth = parts.flatMap(\.classes)
    func rows(_ model: TrainedModel) throws -> Matrix {
      var result: [[Float]] = []
      for part in parts {
        let all = try model.probabilities(task.sights[part.sight])
        result += part.nodes.map { all.row($0) }
      }
      return Matrix(result)
    }
    let own = try rows(model)
    if task.isBinary {
      let labels = truth.map { $0 == 1 }
      let scores = own.column(1).map(Double.init)
      let bootstrap = Bootstrap(samples: 500)
      let measures: [(String, @Sendable (Ranking) -> Double)] = [
        ("AUROC", { $0.areaUnderROC }), ("AUPRC", { $0.averagePrecision }),
        ("recall at 5 % reviewed", { $0.recall(atBudget: 0.05) }),
        ("precision at 5 % reviewed", { $0.precision(atBudget: 0.05) }),
      ]
      for (name, measure) in measures {
        figures.append((name, try bootstrap.estimate(scores: scores, labels: labels, measure)))
      }
      if let plain {
        let baseline = try rows(plain).column(1).map(Double.init)
        for (name, measure) in measures.prefix(3) {
          gains.append(
            (name, try bootstrap.difference(scores: scores, baseline: baseline, labels: labels, measure)))
        }
      }
    } else {
      let chosen = highestClass((0..<own.rows).map { own.row($0) })
      let table = try ClassTable(predicted: chosen, truth: truth, classes: task.classCount)
      for (name, value) in [("accuracy", table.accuracy), ("macro-F1", table.macroF1)] {
        figures.append((name, Estimate(value: value, low: value, high: value)))
      }
    }
  }

  var verdict: String {
    guard let area = gains.first(where: { $0.0 == "AUPRC" }) else {
      return "There is no model without the graph to compare with."
    }
    let told = gains.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    return area.1.low > 0
      ? "The graph adds: \(told)." : "THE GRAPH DOES NOT SURELY ADD ANYTHING: \(told)."
  }
}

/// What the learning commands read from their parameters.
enum TaskInput {
  static let modelName: @Sendable (String) -> String? = { text in
    ModelKind(rawValue: text) == nil
      ? "must be one of \(ModelKind.allCases.map(\.rawValue).joined(separator: ", "))" : nil
  }
  static let time: @Sendable (String) -> String? = { text in
    Timestamp(text) == nil ? "must be a date like 2026-06-01 or a time like 2026-06-01T08:30:00Z" : nil
  }

  static func graph(_ path: String) throws -> MarketGraph {
    if FolderDataset.isOne(path) { return try FolderDataset.read(path) }
    return try Store.open(at: path).graph()
  }

  static func models(_ path: String) -> String { "\(path)/models" }

  static func task(
    _ graph: MarketGraph, target: String, label: String?, asOf: String?, split: String?, seed: Int = 1
  ) throws -> NodeTask {
    let instant = asOf.flatMap { Timestamp($0) }
    if let split { return try .split(graph, target: target, label: label, by: split, asOf: instant) }
    return try .inTime(
      graph, target: target, label: label, asOf: instant, seed: Seed(UInt64(bitPattern: Int64(seed))))
  }

  static func json(_ estimate: Estimate) -> JSON {
    ["value": JSON(estimate.value), "low": JSON(estimate.low), "high": JSON(estimate.high)]
  }
}
