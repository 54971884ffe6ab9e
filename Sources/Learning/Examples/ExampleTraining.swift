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
    public let inputs: ExampleInputs
    public var matrix: Matrix { inputs.matrix }
    public var examples: ExampleTable { inputs.examples }
    public var events: EventGraph { inputs.events }
  }

  /// Needs: labelled examples with a split that has training and validation rows.
  public func fit(
    _ examples: ExampleTable, in events: EventGraph, parallel: Parallel = .machine,
    progress: ProgressSink = .silent, stop: StopRequest? = nil
  ) throws -> Fitted {
    try checkKind()
    return try fit(
      inputs(of: examples, in: events, parallel: parallel, progress: progress, stop: stop),
      progress: progress, stop: stop)
  }

  /// The same on columns that were computed already, for this training or for one that differs in kind and seed only.
  public func fit(
    _ inputs: ExampleInputs, progress: ProgressSink = .silent, stop: StopRequest? = nil
  ) throws -> Fitted {
    try fit(inputs, sharing: Shelf(), progress, stop)
  }

  /// Members that lie on the shelf are not fitted again.
  func fit(
    _ inputs: ExampleInputs, sharing shelf: Shelf, _ progress: ProgressSink, _ stop: StopRequest?
  ) throws -> Fitted {
    try checkKind()
    let blend =
      kind.seesGraph
      ? Blend([try network(inputs, progress, stop)]) : try grow(inputs, shelf, progress, stop)
    let model = TrainedModel(card: try card(inputs, blend), bodies: blend.members.map { $0.body })
    return Fitted(model: model, inputs: inputs)
  }

  private func checkKind() throws {
    guard [.trees, .logistic, .ensemble, .auto, .sage, .rgcn].contains(kind) else {
      throw TaskError.takesNoPart(
        model: kind.rawValue, reason: "examples take trees, logistic, ensemble, auto, sage and rgcn")
    }
  }

  private func grow(
    _ inputs: ExampleInputs, _ shelf: Shelf, _ progress: ProgressSink, _ stop: StopRequest?
  ) throws -> Blend {
    let (training, validation) = (inputs.rows(inputs.training), inputs.rows(inputs.validation))
    func trees() throws -> Member {
      try shelf.member(.trees, seed) {
        let later = inputs.rows(inputs.examples.places(.refit))
        return try self.trees(training, validation, later: later, progress, stop)
      }
    }
    func line() throws -> Member {
      try shelf.member(.logistic, seed) { try logistic(training, validation, progress, stop) }
    }
    switch kind {
    case .logistic: return Blend([try line()])
    case .ensemble: return Blend(try trees(), try line())
    case .auto:
      let (trees, line) = (try trees(), try line())
      return Blend(trees, line).orBetter(
        [Blend([trees]), Blend([line])], truth: validation.classes.map { $0 == 1 })
    default: return Blend([try trees()])
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
    _ training: LabelledRows, _ validation: LabelledRows, _ progress: ProgressSink, _ stop: StopRequest?
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

  private func card(_ inputs: ExampleInputs, _ blend: Blend) throws -> ModelCard {
    let (examples, training, validation) = (inputs.examples, inputs.training, inputs.validation)
    let truth = validation.map { examples.labels[$0] == 1 }
    var metrics: [String: Double] = [:]
    var calibration = Calibration.none
    var threshold: Double?
    var notes = examples.notes + blend.notes
    if let ranking = try? Ranking(scores: blend.validation, labels: truth) {
      metrics["validation AUROC"] = ranking.areaUnderROC
      metrics["validation AUPRC"] = ranking.averagePrecision
      let fitted = try Calibration.fit(scores: blend.validation, labels: truth)
      let calibrated = blend.validation.map { fitted.probability(of: $0) }
      threshold = try Ranking(scores: calibrated, labels: truth).bestThreshold.threshold
      calibration = fitted
    } else {
      notes.append(
        "Validation rows hold one class or are missing: nothing was stopped early, and scores are not calibrated."
      )
    }
    notes.append(
      "Trained on \(training.count) examples and, once the number of rounds was found, on \(validation.count) for validation too."
    )
    func last(_ places: [Int]) -> String? {
      places.map { examples.asOf[$0] }.max().map { Timestamp(seconds: $0).description }
    }
    return ModelCard(
      target: examples.target, kind: kind, version: 0, label: label ?? "label",
      classNames: examples.labelNames,
      split: nil, asOf: last(training), seed: seed.value, code: code,
      data: ModelCard.dataCounts(inputs.events.graph),
      isBoundToItsGraph: false, parts: blend.members.map(\.part), calibration: calibration,
      threshold: threshold, metrics: metrics, leaks: [], notes: notes, examples: inputs.columns,
      neighbourhoods: kind.seesGraph ? allowedNeighbourhoods : nil,
      regime: RegimeWatch(inputs.matrix, training: training, validation: validation),
      lastExample: last(training + examples.places(.refit) + validation))
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
