import Compute
import Features
import Graph

/// Judges a stored model, beside the same model without the graph.
///
///     let evaluation = ModelEvaluation(model, withoutGraph: plain)
///     let told = try evaluation.between(from, to, in: graph, truth: truth)
///     told.overall["AUPRC"]!          // 0.612 (0.571 to 0.655)
public struct ModelEvaluation: Sendable {
  public let model: TrainedModel
  public let withoutGraph: TrainedModel?
  public var settings: EvaluationSettings
  /// Columns by whose values the rows are split. nil: what the type has of category and country, and its age.
  public var by: [String]?
  /// The label column that judges; nil: the one that the model was trained on.
  public var label: String?

  public init(
    _ model: TrainedModel, withoutGraph: TrainedModel? = nil, settings: EvaluationSettings = .init(),
    by: [String]? = nil
  ) {
    self.model = model
    self.withoutGraph = withoutGraph
    self.settings = settings
    self.by = by
    if self.settings.threshold == nil { self.settings.threshold = model.card.threshold }
  }

  /// What was found over a time.
  public struct Told: Sendable {
    /// Scored as of the first moment, judged by all of the time.
    public let overall: Evaluation
    /// Scored as of each month's start, judged by that month alone; months without both classes have no figures.
    public let months: [Evaluation.Part]

    public init(overall: Evaluation, months: [Evaluation.Part] = []) {
      self.overall = overall
      self.months = months
    }
  }

  /// Scores as of `from`, and again at every month's start before `to`.
  public func between(
    _ from: Timestamp, _ to: Timestamp, in graph: MarketGraph, truth: Truth? = nil,
    progress: ProgressSink = .silent, stop: StopRequest? = nil
  ) throws -> Told {
    guard from < to else {
      throw LearningError.outOfRange(
        what: "The end of the time to judge by", value: to.description, allowed: "later than \(from)")
    }
    let labels = try NodeLabels(
      try VisibleGraph(graph, asOf: from).nodes(of: model.card.target), column: label ?? model.card.label)
    let overall = try of(
      JudgedRows(labels, in: graph, from: from, to: to, truth: truth), progress: progress)
    var months: [Evaluation.Part] = []
    let starts = [from] + from.monthStarts(before: to)
    if starts.count > 1 {
      for (place, start) in starts.enumerated() {
        try stop?.check()
        let end = place + 1 < starts.count ? starts[place + 1] : to
        let rows = try JudgedRows(labels, in: graph, from: start, to: end, truth: truth)
        let scored = try scored(rows, progress: progress)
        let name = String(start.description.prefix(10))
        months.append(
          Evaluation.part("from", name, Array(rows.nodes.indices), scored, settings))
      }
    }
    return Told(overall: overall, months: months)
  }

  /// The rows of one moment.
  public func of(_ rows: JudgedRows, progress: ProgressSink = .silent) throws -> Evaluation {
    let scored = try scored(rows, progress: progress)
    var result = try Evaluation(
      scores: scored.scores, baseline: scored.baseline, labels: scored.labels, settings: settings)
    result.parts = result.kinds(rows.kinds, scored, settings)
    let table = try rows.sight.view.nodes(of: model.card.target)
    for column in by ?? ["category", "country"].filter({ table.columns[$0] != nil }) {
      result.parts += result.parts(by: column, try rows.values(of: column), scored, settings)
    }
    if by == nil, let ages = try rows.ages() {
      result.parts += result.parts(by: "age", ages, scored, settings)
    }
    result.parts += result.months(rows.since, scored, settings)
    return result
  }

  /// The test rows of a task; where it has none, the rows that validated.
  public func of(_ task: NodeTask, progress: ProgressSink = .silent) throws -> Evaluation {
    let parts = task.judging
    guard task.isBinary else {
      var probabilities: [Matrix] = []
      for part in parts {
        probabilities.append(
          try model.probabilities(task.sights[part.sight], progress: progress).rows(at: part.nodes))
      }
      return try Evaluation(
        probabilities: Matrix.above(probabilities), classes: parts.flatMap(\.classes),
        classCount: task.classCount, settings: settings)
    }
    guard let part = parts.first else { throw LearningError.noRows(what: "rows to measure") }
    return try of(JudgedRows(part, of: task), progress: progress)
  }

  func scored(_ rows: JudgedRows, progress: ProgressSink) throws -> Scored {
    let all = try model.scores(rows.sight, progress: progress)
    let plain = try withoutGraph?.scores(rows.sight, progress: progress)
    return Scored(
      scores: rows.nodes.map { all[$0] }, baseline: plain.map { plain in rows.nodes.map { plain[$0] } },
      labels: rows.labels)
  }
}

extension NodeTask {
  /// The rows that only measure; where there are none, those that validated.
  public var judging: [Rows] {
    hasTest ? test : validation.filter { !$0.nodes.isEmpty }
  }

  public var hasTest: Bool { test.contains { !$0.nodes.isEmpty } }
}

extension Timestamp {
  /// The first instants of the months after this one and before the end.
  func monthStarts(before end: Timestamp) -> [Timestamp] {
    var (year, month) = (Int(description.prefix(4)) ?? 1970, Int(description.dropFirst(5).prefix(2)) ?? 1)
    var result: [Timestamp] = []
    while true {
      month += 1
      if month > 12 { (year, month) = (year + 1, 1) }
      let text =
        "\(String(repeating: "0", count: max(0, 4 - "\(year)".count)))\(year)-\(month < 10 ? "0" : "")\(month)-01"
      guard let start = Timestamp(text), start < end else { return result }
      result.append(start)
    }
  }
}
