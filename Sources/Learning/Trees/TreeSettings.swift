/// How boosted trees are grown. The defaults suit some thousands of labelled rows with some hundreds of columns: small
/// steps, each tree on few of the columns, stopped by validation.
public struct TreeSettings: Sendable, Equatable, Codable {
  /// What validation watches.
  public enum Metric: String, Sendable, Codable, CaseIterable {
    case auroc, auprc, logLoss = "log-loss"

    /// XGBoost's name for it.
    func name(classes: Int) -> String {
      switch self {
      case .auroc: "auc"
      case .auprc: classes > 2 ? "auc" : "aucpr"
      case .logLoss: classes > 2 ? "mlogloss" : "logloss"
      }
    }

    var isBetterHigher: Bool { self != .logLoss }
  }

  public var rounds: Int
  public var learningRate: Double
  public var depth: Int
  /// The least weight of a leaf: higher trusts small groups less.
  public var leafWeight: Double
  /// The share of rows, and of columns, that each tree sees.
  public var rowShare: Double
  public var columnShare: Double
  /// Shrinks leaves towards zero.
  public var l2: Double
  /// Ends after this many rounds without a better validation metric.
  public var patience: Int
  public var metric: Metric
  /// What a positive row weighs; 1 keeps the scores near probabilities.
  public var positiveWeight: Double
  /// How many ensembles with other seeds are grown and averaged.
  public var repeats: Int

  public init(
    rounds: Int = 2000, learningRate: Double = 0.03, depth: Int = 5, leafWeight: Double = 8,
    rowShare: Double = 0.8, columnShare: Double = 0.25, l2: Double = 1, patience: Int = 100,
    metric: Metric = .auroc, positiveWeight: Double = 1, repeats: Int = 1
  ) {
    self.rounds = rounds
    self.learningRate = learningRate
    self.depth = depth
    self.leafWeight = leafWeight
    self.rowShare = rowShare
    self.columnShare = columnShare
    self.l2 = l2
    self.patience = patience
    self.metric = metric
    self.positiveWeight = positiveWeight
    self.repeats = repeats
  }
}
