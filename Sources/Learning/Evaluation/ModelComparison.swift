// Several kinds of models on one task, each with several seeds: what is chance, and what is not.

import Compute

/// How models of several kinds do on the same rows.
///
///     let rows = try ModelComparison(kinds: [.logistic, .trees, .gcn], seeds: 5).run(on: task)
///     rows[0].mean("AUROC")           // over the seeds, with its spread
public struct ModelComparison: Sendable {
  public var trainings: [ModelTraining]
  public var seeds: Int
  public var settings: EvaluationSettings

  /// One kind of model with its runs.
  public struct Row: Sendable {
    public let kind: ModelKind
    /// An evaluation for each seed, in their order.
    public let runs: [Evaluation]
    /// Of two classes: the rows' scores, averaged over the seeds, for curves.
    public let ranking: Ranking?
    /// Why it could not be trained; then there are no runs.
    public let failure: String?

    /// A figure's mean over the seeds and its spread: the standard deviation of single runs, 0 of one.
    public func mean(_ figure: String) -> (mean: Double, spread: Double)? {
      let values = runs.compactMap { $0[figure]?.value }
      guard !values.isEmpty else { return nil }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean, values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0)
    }
  }

  /// `like` says everything but the kind and the seed, which is counted up from its own.
  public init(
    kinds: [ModelKind], like: ModelTraining, seeds: Int = 5, settings: EvaluationSettings = .init()
  ) {
    trainings = kinds.map { kind in
      var training = like
      training.kind = kind
      training.checkpoint = nil
      return training
    }
    self.seeds = max(1, seeds)
    self.settings = settings
  }

  /// A row for each kind, in their order. A kind that cannot be trained here has its reason instead of figures.
  public func run(
    on task: NodeTask, progress: ProgressSink = .silent, stop: StopRequest? = nil
  ) throws -> [Row] {
    try trainings.map { training in
      try Self.row(of: training.kind, seeds: seeds, stop) { seed in
        var own = training
        own.seed = Seed(training.seed.value &+ UInt64(seed))
        let judge = ModelEvaluation(
          try own.fit(task, progress: progress, stop: stop), settings: settings, by: [])
        guard task.isBinary, let part = task.judging.first else {
          return (try judge.of(task, progress: progress), nil)
        }
        let scored = try judge.scored(JudgedRows(part, of: task), progress: progress)
        return (
          try Evaluation(scores: scored.scores, labels: scored.labels, settings: judge.settings), scored
        )
      }
    }
  }

  /// The runs of one kind of model. `run` is told how many seeds went before; of two classes it gives the scores as well.
  static func row(
    of kind: ModelKind, seeds: Int, _ stop: StopRequest?,
    run: (_ seed: Int) throws -> (evaluation: Evaluation, scored: Scored?)
  ) throws -> Row {
    do {
      var runs: [Evaluation] = []
      var sum: Scored?
      for seed in 0..<seeds {
        try stop?.check()
        let (evaluation, scored) = try run(seed)
        runs.append(evaluation)
        guard let scored else { continue }
        let before = sum?.scores ?? [Double](repeating: 0, count: scored.scores.count)
        sum = Scored(scores: zip(before, scored.scores).map { $0 + $1 }, labels: scored.labels)
      }
      let ranking = try sum.map {
        try Ranking(scores: $0.scores.map { $0 / Double(seeds) }, labels: $0.labels)
      }
      return Row(kind: kind, runs: runs, ranking: ranking, failure: nil)
    } catch let wish as CancellationError {
      throw wish
    } catch {
      return Row(kind: kind, runs: [], ranking: nil, failure: "\(error)")
    }
  }
}
