import Compute
import Features

/// How models of several kinds do on the same table of examples, each with several seeds. The columns are computed
/// once, and what blends are made of is fitted once for each seed.
///
///     let told = try ExampleComparison(kinds: [.logistic, .trees], like: ExampleTraining()).run(on: examples, in: events)
///     told.rows[0].mean("AUROC")      // over the seeds, with its spread
public struct ExampleComparison: Sendable {
  public var trainings: [ExampleTraining]
  public var seeds: Int
  public var settings: EvaluationSettings

  public struct Told: Sendable {
    /// A row for each kind, in their order. A kind that cannot be trained here has its reason instead of figures.
    public let rows: [ModelComparison.Row]
    /// Which examples judged, and how many.
    public let judged: ExampleJudgement.Rows
    public let count: Int
  }

  /// `like` says everything but the kind and the seed, which is counted up from its own.
  public init(
    kinds: [ModelKind], like: ExampleTraining, seeds: Int = 5, settings: EvaluationSettings = .init()
  ) {
    trainings = kinds.map { kind in
      var training = like
      training.kind = kind
      return training
    }
    self.seeds = max(1, seeds)
    self.settings = settings
  }

  /// Needs: labelled examples with a split, at least one kind. Kinds and seeds differ in nothing else.
  public func run(
    on examples: ExampleTable, in events: EventGraph, parallel: Parallel = .machine,
    progress: ProgressSink = .silent, stop: StopRequest? = nil
  ) throws -> Told {
    let (judged, places) = try ExampleJudgement.judging(examples)
    guard let first = trainings.first else {
      return Told(rows: [], judged: judged, count: places.count)
    }
    let inputs = try first.inputs(
      of: examples, in: events, parallel: parallel, progress: progress, stop: stop)
    let shelf = ExampleTraining.Shelf()
    let rows = try trainings.map { training in
      try ModelComparison.row(of: training.kind, seeds: seeds, stop) { seed in
        var own = training
        own.seed = Seed(training.seed.value &+ UInt64(seed))
        let found = try ExampleJudgement(
          own.fit(inputs, sharing: shelf, progress, stop), settings: settings)
        return (try found.measured(), Scored(scores: found.scores, baseline: nil, labels: found.labels))
      }
    }
    return Told(rows: rows, judged: judged, count: places.count)
  }
}
