// From a table of examples to a model: columns as of each example's own time, trees that validation stops, a calibration,
// and the same trees grown once more on training and validation together.
//
// That last step matters where behaviour drifts: validation rows are the newest. How long to grow was found without
// them, and they are a little more data, so a tenth more rounds are taken.

import Compute
import Features
import Graph

/// Trains on examples, each at its own time.
///
///     let model = try ExampleTraining().fit(examples, in: events)
public struct ExampleTraining: Sendable {
  public var kind: ModelKind
  public var trees: TreeSettings
  public var parts: Set<ExampleColumns.Part>
  public var choice: FeatureChoice
  public var label: String?
  public var hops: Int
  /// How a network draws what is around an example.
  public var neighbourhoods = TimedNeighbourhoods()
  public var seed: Seed
  public var code: String

  public init(
    _ kind: ModelKind = .trees, parts: Set<ExampleColumns.Part> = Set(ExampleColumns.Part.allCases),
    choice: FeatureChoice = FeatureChoice(), label: String? = nil, hops: Int = 2, seed: Seed = Seed(1),
    code: String = "1"
  ) {
    self.kind = kind
    self.parts = parts
    self.choice = choice
    self.label = label
    self.hops = hops
    self.seed = seed
    self.code = code
    trees = .examples
  }

  /// A fitted model, and the columns it was fitted on, for whoever wants to judge it without computing them again.
  public struct Fitted: Sendable {
    public let model: TrainedModel
    public let matrix: Matrix
    public let examples: ExampleTable
    public let events: EventGraph
  }

  /// Needs: labelled examples with a split that has training and validation rows.
  public func fit(
    _ examples: ExampleTable, in events: EventGraph, parallel: Parallel = .machine,
    progress: ProgressSink = .silent, stop: StopRequest? = nil
  ) throws -> Fitted {
    let training = examples.places(.train)
    let validation = examples.places(.validation)
    guard !training.isEmpty else {
      throw ExampleError.noRows(split: "training", reason: "the table is split, but has none of that name")
    }
    let wanted = try ExampleColumns(
      for: examples, in: events, choice: choice, parts: parts, label: label, hops: hops)
    try stop?.check()
    let all = try wanted.matrix(for: examples, in: events, parallel: parallel, progress: progress)
    let (columns, kept) = wanted.pruned(on: all, rows: training)
    let matrix = all.columns(at: kept)
    guard matrix.columns > 0 else { throw FeatureError.nothingToCompute(type: examples.target) }
    let members =
      kind.seesGraph
      ? [try network(examples, events, training: training, validation: validation, progress, stop)]
      : try grow(
        rows(training, matrix, examples), rows(validation, matrix, examples),
        later: rows(examples.places(.refit), matrix, examples), progress, stop)
    let model = TrainedModel(
      card: try card(examples, columns, matrix, events, members, training, validation),
      bodies: members.map { $0.body })
    return Fitted(model: model, matrix: matrix, examples: examples, events: events)
  }

  private func rows(_ places: [Int], _ matrix: Matrix, _ examples: ExampleTable) -> LabelledRows {
    LabelledRows(
      columns: matrix.rows(at: places), classes: places.map { Int(examples.labels[$0]) },
      weights: examples.weights.map { all in places.map { all[$0] } })
  }

  /// One kind of model in the blend.
  struct Member {
    var part: ModelCard.Part
    let body: TrainedModel.Body
    /// What it said of the validation rows before it was fitted on them too.
    let validation: [Double]
  }

  private func grow(
    _ training: LabelledRows, _ validation: LabelledRows, later: LabelledRows, _ progress: ProgressSink,
    _ stop: StopRequest?
  ) throws -> [Member] {
    switch kind {
    case .trees: return [try trees(training, validation, later: later, progress, stop)]
    case .logistic: return [try logistic(training, validation, later: later, progress, stop)]
    case .ensemble, .auto:
      var members = [
        try trees(training, validation, later: later, progress, stop),
        try logistic(training, validation, later: later, progress, stop),
      ]
      members[0].part.weight = 0.7
      members[1].part.weight = 0.3
      members[1].part.file = "weights-2.safetensors"
      return members
    default:
      throw TaskError.takesNoPart(
        model: kind.rawValue, reason: "examples take trees, logistic, ensemble, auto, sage and rgcn")
    }
  }

  private func trees(
    _ training: LabelledRows, _ validation: LabelledRows, later: LabelledRows, _ progress: ProgressSink,
    _ stop: StopRequest?
  ) throws -> Member {
    let watched = validation.classes.isEmpty ? nil : validation
    let first = try Trees(trees).fit(
      training, validation: watched, seed: seed, progress: progress, stop: stop)
    let said = watched == nil ? [] : try first.scores(validation.columns).map(Double.init)
    var body = first
    if watched != nil {
      let mean = Double(first.rounds.reduce(0, +)) / Double(max(1, first.rounds.count))
      var again = trees
      again.rounds = max(1, Int(mean * 1.1))
      body = try Trees(again).fit(
        LabelledRows.above(LabelledRows.above(training, later), validation), seed: seed, progress: progress,
        stop: stop)
    }
    return Member(
      part: ModelCard.Part(
        kind: .trees, weight: 1, file: "trees.ubj", features: FeatureSet(target: "", features: []),
        featureNames: training.columns.columnNames ?? [],
        scaling: ColumnScaling(training: [training.columns]),
        trees: trees, architecture: nil, relations: []), body: .trees(body), validation: said)
  }

  private func logistic(
    _ training: LabelledRows, _ validation: LabelledRows, later: LabelledRows, _ progress: ProgressSink,
    _ stop: StopRequest?
  ) throws -> Member {
    let scaling = ColumnScaling(training: [training.columns])
    let both = LabelledRows.above(training, validation)
    let scaled = scaling.scaled(both.columns)
    let rows = Array(training.classes.indices)
    let held = Array(training.classes.count..<both.classes.count)
    let model = try Network.logisticRegression().fit(
      NodeExamples(
        features: scaled, graph: nil, classes: both.classes, classCount: 2, training: rows, validation: held),
      seed: seed, progress: progress, stop: stop)
    let said = try model.predict(scaled).rows(at: held).column(1).map(Double.init)
    return Member(
      part: ModelCard.Part(
        kind: .logistic, weight: 1, file: "weights.safetensors",
        features: FeatureSet(target: "", features: []),
        featureNames: training.columns.columnNames ?? [], scaling: scaling, trees: nil,
        architecture: model.architecture, relations: []), body: .network(model), validation: said)
  }

  private func card(
    _ examples: ExampleTable, _ columns: ExampleColumns, _ matrix: Matrix, _ events: EventGraph,
    _ members: [Member], _ training: [Int], _ validation: [Int]
  ) throws -> ModelCard {
    let truth = validation.map { examples.labels[$0] == 1 }
    var metrics: [String: Double] = [:]
    var calibration = Calibration.none
    var notes = examples.notes
    let said = truth.indices.map { row in
      members.reduce(0) { $0 + $1.part.weight * $1.validation[row] }
    }
    if let ranking = try? Ranking(scores: said, labels: truth) {
      metrics["validation AUROC"] = ranking.areaUnderROC
      metrics["validation AUPRC"] = ranking.averagePrecision
      calibration = try .fit(scores: said, labels: truth)
    } else {
      notes.append(
        "Validation rows hold one class or are missing: nothing was stopped early, and scores are not calibrated."
      )
    }
    notes.append(
      "Trained on \(training.count) examples and, once the number of rounds was found, on \(validation.count) for validation too."
    )
    let asOf = training.map { examples.asOf[$0] }.max().map { Timestamp(seconds: $0).description }
    return ModelCard(
      target: examples.target, kind: kind, version: 0, label: label ?? "label",
      classNames: examples.labelNames,
      split: nil, asOf: asOf, seed: seed.value, code: code, data: ModelCard.dataCounts(events.graph),
      isBoundToItsGraph: false, parts: members.map(\.part), calibration: calibration, metrics: metrics,
      leaks: [], notes: notes, examples: columns,
      neighbourhoods: kind.seesGraph ? neighbourhoods : nil,
      regime: RegimeWatch(matrix, training: training, validation: validation))
  }
}

extension TreeSettings {
  /// What served all timed questions untuned: small shrunken trees, a few seeds averaged.
  public static let examples = TreeSettings(
    rounds: 2000, learningRate: 0.05, depth: 4, leafWeight: 5, rowShare: 0.8, columnShare: 0.3, l2: 5,
    patience: 40, metric: .logLoss, repeats: 3)
}

extension LabelledRows {
  /// Both, the second below the first.
  static func above(_ a: LabelledRows, _ b: LabelledRows) -> LabelledRows {
    guard !b.classes.isEmpty else { return a }
    var weights: [Float]?
    if a.weights != nil || b.weights != nil {
      func filled(_ rows: LabelledRows) -> [Float] {
        rows.weights ?? [Float](repeating: 1, count: rows.classes.count)
      }
      weights = filled(a) + filled(b)
    }
    return LabelledRows(
      columns: Matrix.above([a.columns, b.columns]), classes: a.classes + b.classes, weights: weights)
  }
}
