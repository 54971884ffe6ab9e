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
      do {
        return try row(training, task, progress, stop)
      } catch let wish as CancellationError {
        throw wish
      } catch {
        return Row(kind: training.kind, runs: [], ranking: nil, failure: "\(error)")
      }
    }
  }

  private func row(
    _ training: ModelTraining, _ task: NodeTask, _ progress: ProgressSink, _ stop: StopRequest?
  ) throws -> Row {
    var runs: [Evaluation] = []
    var sum: [Double] = []
    for seed in 0..<seeds {
      try stop?.check()
      var own = training
      own.seed = Seed(training.seed.value &+ UInt64(seed))
      let judge = ModelEvaluation(
        try own.fit(task, progress: progress, stop: stop), settings: settings, by: [])
      guard task.isBinary, let part = task.judging.first else {
        runs.append(try judge.of(task, progress: progress))
        continue
      }
      let scored = try judge.scored(JudgedRows(part, of: task), progress: progress)
      runs.append(try Evaluation(scores: scored.scores, labels: scored.labels, settings: judge.settings))
      sum = sum.isEmpty ? scored.scores : zip(sum, scored.scores).map { $0 + $1 }
    }
    let mean = sum.map { $0 / Double(seeds) }
    let ranking =
      mean.isEmpty ? nil : try Ranking(scores: mean, labels: JudgedRows(task.judging[0], of: task).labels)
    return Row(kind: training.kind, runs: runs, ranking: ranking, failure: nil)
  }
}
