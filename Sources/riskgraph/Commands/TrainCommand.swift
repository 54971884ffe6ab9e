import Arguments
import Compute
import Features
import Foundation
import Governance
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
    Example(
      "train shop.rg --examples ex.csv --model auto --gap 60d",
      "On questions with times of their own (see: riskgraph examples --help)."),
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
  let wordCounts = Flag(
    "word-counts",
    "For gcn: own columns are counts, of words say, and few rows are labelled; Kipf & Welling's network and settings."
  )
  let hidden = Option<Int?>("hidden", "How wide a network's layers are.", accepts: within(1...4096))
  let layers = Option<Int?>("layers", "How many layers a network has.", accepts: within(1...16))
  let dropout = Option<Double?>("dropout", "The share that is dropped in training.", accepts: within(0...0.9))
  let rate = Option<Double?>("rate", "A network's learning rate.", accepts: within(0.00001...1))
  let epochs = Option<Int?>("epochs", "How long a network is trained at most.", accepts: within(1...100_000))
  let seed = Option<Int>("seed", "What fixes everything random.", default: 1)
  let without = Option<[String]>("without", "Columns to leave out.", as: "COLUMN")
  let models = Option<String?>("models", "Where models are kept, if not in the store.", as: "FOLDER")
  let budget = Option(
    "budget", "The share of nodes that can be reviewed.", default: 0.05, accepts: within(0.0001...1))
  let smooth = Flag(
    "correct-and-smooth", "Correct the scores by the errors on labelled neighbours, and smooth them.")
  let resume = Flag("resume", "Go on with a network's training that was stopped, to the same bits.")
  let notSaved = Flag("dry-run", "Do not keep the model.")

  let examplesFile = ExampleParameters.examples
  let choice = ExampleParameters.choice
  let parts = ExampleParameters.columns
  let gap = ExampleParameters.gap
  let scores = Option<String?>(
    "scores", "With --examples: a CSV file for the scores of the test examples.", as: "FILE",
    completion: .file)

  func run(_ input: Input, in session: Session) throws -> Answer {
    if let file = input[examplesFile] {
      try ExampleParameters.refuse(
        [
          asOf, split, without, wordCounts, hidden, layers, dropout, rate, epochs, smooth, resume,
        ], beside: input)
      return try ExampleTrainAnswer(
        examples: LearnedExamples(
          path: input[place], file: file, target: input[target].isEmpty ? nil : input[target],
          label: input[label], parts: input[parts], choice: input[choice], gap: input[gap],
          hops: input[hops], seed: input[seed]),
        kind: input[model], budget: input[budget],
        models: input[notSaved] ? nil : input[models] ?? TaskInput.models(input[place]),
        scores: input[scores]
      ).run(in: session)
    }
    guard !input[target].isEmpty else {
      throw UsageError.noneOf(["--target", "--examples"], of: "train")
    }
    let graph = try TaskInput.graph(input[place])
    let task = try TaskInput.task(
      graph, target: input[target], label: input[label], asOf: input[asOf], split: input[split],
      seed: input[seed])
    var training = ModelTraining(
      ModelKind(rawValue: input[model])!, hops: input[hops],
      excluding: TaskInput.excluded(graph, target: input[target], split: input[split], and: input[without]),
      seed: Seed(UInt64(bitPattern: Int64(input[seed]))), code: RiskGraph.version)
    training.network = network(input, kind: training.kind)
    training.scalesRows = input[wordCounts] && training.kind == .gcn
    if input[smooth] { training.smooths = true }
    let home = input[models] ?? TaskInput.models(input[place])
    if !input[notSaved] {
      training.checkpoint = .init(
        folder: "\(home)/\(input[target])/\(input[model])", resumes: input[resume])
    }
    let fitted = try training.fit(task, progress: session.progress, stop: session.stop) { leaks in
      let told = leaks.filter { $0.weight > .remark }
      for leak in told { session.note(leak.sentence) }
      if told.isEmpty { session.note("Looked for leaks: found none.") }
    }
    var plain: TrainedModel?
    if fitted.usesGraph {
      do {
        plain = try training.withoutGraph.fit(task, progress: session.progress, stop: session.stop)
      } catch let error as TaskError {
        // A type without columns of its own has no model without the graph.
        session.note("No model without the graph: \(error)")
      } catch let error as FeatureError {
        session.note("No model without the graph: \(error)")
      }
    }
    var settings = EvaluationSettings()
    settings.budget = input[budget]
    var card = fitted.card
    var judged: Evaluation?
    do {
      judged = try ModelEvaluation(fitted, withoutGraph: plain, settings: settings).of(
        task, progress: session.progress)
    } catch let error as LearningError {
      // A few rows of one class cannot measure, but the model can still be used.
      card.notes.append("Not measured: \(error)")
    }
    for figure in judged?.figures ?? [] { card.metrics[figure.name] = figure.estimate.value }
    let kept = TrainedModel(card: card, bodies: fitted.bodies)
    var version: Int?
    if !input[notSaved] {
      version = try ModelFolder(path: home).save(kept, name: input[model], withoutGraph: plain)
      try keepDistribution(of: kept, version: version!, task, home: home, input, session)
    }
    return answer(kept, judged, version: version, of: task, named: "\(input[target])/\(input[model])")
  }

  /// How columns and scores lie now, for `watch` to compare later days with.
  private func keepDistribution(
    of model: TrainedModel, version: Int, _ task: NodeTask, home: String, _ input: Input, _ session: Session
  ) throws {
    let asOf = model.card.asOf.flatMap { Timestamp($0) }
    let sight = try NodeTask.sight(of: model.card, task.sights[0].view.graph, asOf: asOf)
    let distribution = try TrainingDistribution(of: model, in: sight, progress: session.progress)
    try ModelFolder(path: home).save(
      distribution, target: input[target], name: input[self.model], version: version)
  }

  /// The kind's own network with what the command line changes; nil where it changes nothing.
  private func network(_ input: Input, kind: ModelKind) -> Network? {
    let isChanged =
      input[hidden] != nil || input[layers] != nil || input[dropout] != nil || input[rate] != nil
      || input[epochs] != nil || input[wordCounts]
    guard isChanged, var network = kind.network else { return nil }
    if input[wordCounts], kind == .gcn { network = .kipfWelling() }
    if let hidden = input[hidden] { network.hidden = hidden }
    if let layers = input[layers] { network.depth = layers }
    if let dropout = input[dropout] { network.dropout = Float(dropout) }
    if let rate = input[rate] { network.training.learningRate = Float(rate) }
    if let epochs = input[epochs] { network.training.epochs = epochs }
    return network
  }

  private func answer(
    _ model: TrainedModel, _ judged: Evaluation?, version: Int?, of task: NodeTask, named name: String
  ) -> Answer {
    let card = model.card
    var answer = Answer(
      json: JSON(
        [
          ("model", JSON(name)), ("version", JSON(version)),
          ("measuredOn", JSON(task.hasTest ? "test" : "validation")),
          ("columns", JSON(card.parts[0].featureNames.count)),
          (
            "validation",
            JSON(
              card.metrics.filter { $0.key.hasPrefix("validation") }.sorted { $0.key < $1.key }
                .map { (String($0.key.dropFirst(11)), JSON($0.value)) })
          ),
        ] + (judged.map { EvaluationReport.members($0) } ?? []) + [
          (
            "leaks",
            JSON(
              card.leaks.map {
                ["kind": JSON($0.kind.rawValue), "weight": JSON($0.weight.rawValue), "what": JSON($0.what)]
              })
          ), ("notes", JSON(card.notes)),
        ]))
    answer.facts(
      [
        ("model", name + (version.map { ", version \($0)" } ?? ", not kept")),
        ("columns", "\(card.parts[0].featureNames.count)"),
        (
          "measured on", "\(grouped(judged?.rows ?? 0)) \(task.hasTest ? "test" : "validation") rows"
        ),
      ] + (judged?.figures ?? []).map { ($0.name, $0.estimate.description) })
    if !card.leaks.contains(where: { $0.weight > .remark }) {
      answer.say("No leak was found: no column, no edge and no twin gives the label away.")
    }
    for leak in card.leaks { answer.say(leak.sentence) }
    if task.isBinary, let judged {
      answer.say(model.usesGraph ? judged.verdict : "This model does not look at the graph.")
      EvaluationReport.tables(judged.parts.filter { $0.by.hasPrefix("month") }, to: &answer)
    }
    for note in card.notes { answer.say(note) }
    return answer
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
    // What reviewers decided is known from when they did.
    let store = try Store.open(at: path)
    return try store.graph().with(CaseBook(store).verdicts())
  }

  /// Columns that must not be learned from: those named, and other ready splits, which tell nothing but each other.
  static func excluded(
    _ graph: MarketGraph, target: String, split: String?, and named: [String]
  ) -> Set<String> {
    guard let split else { return Set(named) }
    let stem = split.prefix { !$0.isNumber }
    let columns = graph.nodes[target].map { Array($0.columns.keys) } ?? []
    return Set(named).union(columns.filter { $0.hasPrefix(stem) })
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
}
