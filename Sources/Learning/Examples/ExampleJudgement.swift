import Compute
import Features
import Graph

/// What a model of examples is worth: figures with intervals on examples whose answers are known.
///
///     let judged = try ExampleJudgement(model, on: later, in: model.events(of: graph))
///     try judged.measured()["AUPRC"]!     // 0.612 (0.571 to 0.655)
///     judged.months()                     // the same for each month of as-of times
public struct ExampleJudgement: Sendable {
  /// Which examples of a table judge.
  public enum Rows: String, Sendable { case test, validation, labelled }

  public let rows: Rows
  /// The judged examples' places in the table, with their calibrated scores and their answers.
  public let places: [Int]
  public let scores: [Double]
  public let labels: [Bool]
  /// Nil where all of them have the same label.
  public let evaluation: Evaluation?
  /// The share of judged examples whose probability is above a half.
  public let alarms: Double
  /// What is to be known before anybody trusts the scores.
  public let warning: String?
  /// What else a reader should know.
  public private(set) var notes: [String] = []
  private let examples: ExampleTable
  private let events: EventGraph
  private let settings: EvaluationSettings

  /// A model that was just fitted: on the examples for test, or else on those for validation.
  public init(_ fitted: ExampleTraining.Fitted, settings: EvaluationSettings = .init()) throws {
    let (rows, places) = try Self.judging(fitted.examples)
    try self.init(
      fitted.model, rows, places, of: fitted.examples, fitted.matrix.rows(at: places), in: fitted.events,
      settings, .silent)
  }

  /// A kept model on any table: on the examples for test where the table names some, else on all that are labelled.
  public init(
    _ model: TrainedModel, on examples: ExampleTable, in events: EventGraph,
    settings: EvaluationSettings = .init(), parallel: Parallel = .machine, progress: ProgressSink = .silent
  ) throws {
    let test = examples.places(.test)
    let places = test.isEmpty ? examples.nodes.indices.filter { !examples.labels[$0].isNaN } : test
    guard !places.isEmpty else { throw LearningError.noRows(what: "labelled examples to judge by") }
    let columns = try model.columns(
      of: examples.rows(places), in: events, parallel: parallel, progress: progress)
    try self.init(
      model, test.isEmpty ? .labelled : .test, places, of: examples, columns, in: events, settings, progress)
    notes = Self.remarks(on: self.examples, model.card)
  }

  /// The examples that only measure; where there are none, those that validated.
  static func judging(_ examples: ExampleTable) throws -> (rows: Rows, places: [Int]) {
    let test = examples.places(.test)
    guard test.isEmpty else { return (.test, test) }
    let validation = examples.places(.validation)
    guard validation.isEmpty else { return (.validation, validation) }
    throw ExampleError.noRows(
      split: "test", reason: "there are none for validation either, so nothing can be measured")
  }

  private init(
    _ model: TrainedModel, _ rows: Rows, _ places: [Int], of table: ExampleTable, _ columns: Matrix,
    in events: EventGraph, _ settings: EvaluationSettings, _ progress: ProgressSink
  ) throws {
    self.rows = rows
    self.places = places
    self.events = events
    examples = table.rows(places)
    scores = try model.scores(of: examples, in: events, columns: columns, progress: progress)
    labels = examples.labels.map { $0 == 1 }
    alarms = Double(scores.lazy.filter { $0 > 0.5 }.count) / Double(scores.count)
    warning = model.card.regime?.finding(on: columns)?.warning
    var settings = settings
    if settings.threshold == nil { settings.threshold = model.card.threshold }
    self.settings = settings
    let hasBoth = labels.contains(true) && labels.contains(false)
    evaluation = hasBoth ? try Evaluation(scores: scores, labels: labels, settings: settings) : nil
  }

  /// Rows of the time that the model was trained on may have taught it.
  private static func remarks(on examples: ExampleTable, _ card: ModelCard) -> [String] {
    guard let end = (card.lastExample ?? card.asOf).flatMap({ Timestamp($0) }) else { return [] }
    let early = examples.asOf.lazy.filter { $0 <= end.seconds }.count
    guard early > 0 else { return [] }
    return [
      "\(early) of the judged examples are asked about as of \(end) or before, the time that the model was trained on: what is "
        + "measured on them is not what a forecast would be worth."
    ]
  }

  /// `128 test examples`
  public var rowName: String { "\(places.count) \(rows.rawValue) examples" }

  /// The figures. Throws where all judged examples have the same label.
  public func measured() throws(LearningError) -> Evaluation {
    guard let evaluation else {
      throw .oneClassOnly(
        what: "\(rows.rawValue) examples", label: labels.first == true ? "1" : "0", count: labels.count)
    }
    return evaluation
  }

  private var scored: Scored { Scored(scores: scores, baseline: nil, labels: labels) }

  /// The figures of each month of as-of times, in their order; empty where all lie in one.
  public func months() -> [Evaluation.Part] {
    var months: [String: [Int]] = [:]
    for (row, asOf) in examples.asOf.enumerated() {
      months[String(Timestamp(seconds: asOf).description.prefix(7)), default: []].append(row)
    }
    guard months.count > 1 else { return [] }
    return months.keys.sorted().map { Evaluation.part("as of", $0, months[$0]!, scored, settings) }
  }

  /// The figures by the values of the target's columns; of nil by its category, its country and its age, as far as it has them.
  public func parts(by columns: [String]? = nil) throws -> [Evaluation.Part] {
    guard let evaluation, let table = events.graph.nodes[examples.target] else { return [] }
    let nodes = examples.nodes.map { Int($0) }
    var result: [Evaluation.Part] = []
    for column in columns ?? ["category", "country"].filter({ table.columns[$0] != nil }) {
      result += evaluation.parts(by: column, try table.values(of: column, at: nodes), scored, settings)
    }
    // An event is asked about as of its own time, so it has no age.
    if columns == nil, !events.isOfEvents, let ages = table.ages(of: nodes, asOf: examples.asOf) {
      result += evaluation.parts(by: "age", ages, scored, settings)
    }
    return result
  }
}
