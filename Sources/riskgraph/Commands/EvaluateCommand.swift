import Arguments
import Compute
import Graph
import Learning
import Marketplace

struct EvaluateCommand: Command {
  let name = "evaluate"
  let summary = "Judges a trained model by what came out later."
  let discussion = """
    Scores everyone of whom nothing was known at --from as they were seen then, and judges the scores by the labels that \
    became known before --to. Does the same again from month to month, and all of it with the same model without the \
    graph beside it. --truth names the folder with the truth of a generated market and judges by that instead: nothing \
    else ever reads it. A model that was trained on a ready split is judged on its test rows. One that was trained on \
    examples is judged by the answers in a table of them with --examples, on its rows for test where a column split names \
    some, else on all that have a label; without it by the schema's own label, or the one that --label names.
    """
  let examples = [
    Example(
      "evaluate shop.rg --model merchant/gcn --from 2026-06-01 --to 2026-09-01",
      "By the labels that became known in that time."),
    Example(
      "evaluate shop.rg --model merchant/gcn --from 2026-06-01 --to 2026-09-01 --truth out/truth",
      "By who really was risky."),
    Example(
      "evaluate shop.rg --model merchant/trees --examples later.csv",
      "A model of examples, by the answers in a table."),
  ]
  let place = Positional<String>(
    "store", "The store, or the folder that was trained on.", completion: .folder)
  let model = ModelParameters.model
  let version = ModelParameters.version
  let models = ModelParameters.models
  let from = Option<Timestamp?>("from", "Scores are as of this time.")
  let to = Option<Timestamp?>("to", "Judged by what was known before this time.")
  let truth = Option<String?>(
    "truth", "The folder with a generated market's truth, to judge by.", as: "FOLDER", completion: .folder)
  let label = Option<String?>("label", "The label column to judge by, if not the model's own.")
  let by = Option<[String]>("by", "Columns by whose values the rows are split.", as: "COLUMN")
  let budget = Option(
    "budget", "The share of nodes that can be reviewed.", default: 0.05, accepts: within(0.0001...1))
  let top = Option("top", "How many of the first are looked at.", default: 100, accepts: within(1...))
  let samples = Option("samples", "Bootstrap samples.", default: 500, accepts: within(20...10_000))

  let examplesFile = ExampleParameters.examples

  func run(_ input: Input, in session: Session) throws -> Answer {
    let folder = ModelFolder(path: input[models] ?? TaskInput.models(input[place]))
    let (target, name) = try folder.named(input[model])
    let trained = try folder.load(target: target, name: name, version: input[version])
    var settings = EvaluationSettings()
    settings.budget = input[budget]
    settings.top = input[top]
    settings.bootstrap.samples = input[samples]
    if let file = input[examplesFile] {
      try ExampleParameters.refuse([from, to, truth, label], beside: input)
      return try ExampleEvaluateAnswer(
        path: input[place], file: file, trained: trained, name: "\(target)/\(name)", settings: settings,
        by: input[by].isEmpty ? nil : input[by]
      ).run(in: session)
    }
    let plain = try folder.loadWithoutGraph(target: target, name: name, version: input[version])
    let graph = try TaskInput.graph(input[place])
    var judge = ModelEvaluation(
      trained, withoutGraph: plain, settings: settings, by: input[by].isEmpty ? nil : input[by])
    judge.label = input[label] ?? ownLabel(of: trained.card, in: graph)

    let told: ModelEvaluation.Told
    let span: String
    if trained.card.split != nil, input[from] == nil {
      let task = try TaskInput.task(
        graph, target: target, label: trained.card.label, asOf: nil, split: trained.card.split)
      guard task.hasTest else { throw EvaluateError.noTestRows(split: trained.card.split!) }
      told = .init(overall: try judge.of(task, progress: session.progress), months: [])
      span = "the test rows of \(trained.card.split!)"
    } else {
      guard let start = input[from], let end = input[to] else {
        throw EvaluateError.noTime(ofExamples: trained.card.examples != nil)
      }
      if let asOf = trained.card.asOf.flatMap({ Timestamp($0) }), start < asOf {
        throw EvaluateError.beforeTraining(from: start.description, asOf: asOf.description)
      }
      let deeds = try input[truth].map { try MarketTruth(folder: $0).deeds(of: target) }
      told = try judge.between(
        start, end, in: graph, truth: deeds, progress: session.progress, stop: session.stop)
      span = "as of \(start), by \(deeds == nil ? "labels known" : "the truth") before \(end)"
    }
    var answer = Answer(
      json: JSON(
        [
          ("model", JSON("\(target)/\(name)")), ("version", JSON(trained.card.version)),
          ("from", JSON(input[from]?.description)), ("to", JSON(input[to]?.description)),
          ("judgedBy", JSON(input[truth] == nil ? "labels" : "truth")),
        ] + EvaluationReport.members(told)))
    EvaluationReport.facts(
      told.overall, of: "\(target)/\(name), version \(trained.card.version)", judged: span, to: &answer)
    answer.say(told.overall.verdict)
    EvaluationReport.tables(told.months + told.overall.parts, to: &answer)
    return answer
  }

  /// Examples have a label of their own, which no column needs to hold: then the schema's first label judges.
  private func ownLabel(of card: ModelCard, in graph: MarketGraph) -> String? {
    guard card.examples != nil, let table = graph.nodes[card.target], table.columns[card.label] == nil else {
      return nil
    }
    return table.type.labels.first?.column
  }
}

enum EvaluateError: Error, CustomStringConvertible {
  case noTime(ofExamples: Bool)
  case noTestRows(split: String)
  case beforeTraining(from: String, asOf: String)

  var description: String {
    switch self {
    case .noTime(let ofExamples):
      "From when to when? Give --from and --to, like --from 2026-06-01 --to 2026-09-01"
        + (ofExamples ? ", or a table of examples with --examples." : ".")
    case .noTestRows(let split): "The split \(split) has no test rows. Give --from and --to instead."
    case .beforeTraining(let from, let asOf):
      "The model has learned from what was known before \(asOf); judging it from \(from) on would ask it about rows that it "
        + "was taught. Give --from \(asOf) or later, or train with an earlier --as-of."
    }
  }
}

/// How the learning commands are told which model.
enum ModelParameters {
  static let model = Option<String?>(
    "model", "Target and name, as merchant/trees; without it the promoted one.", as: "MODEL")
  static let version = Option<Int?>("version", "A version, if not the promoted or newest.")
  static let models = Option<String?>(
    "models", "Where models are kept, if not in the store.", as: "FOLDER", completion: .folder)
}
