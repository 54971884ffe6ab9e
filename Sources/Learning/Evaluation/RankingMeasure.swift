/// A figure of a ranking with a name.
///
///     RankingMeasure.areaUnderROC.value(ranking)
///     RankingMeasure.standard(budget: 0.05, top: 100)
public struct RankingMeasure: Sendable {
  public let name: String
  public let value: @Sendable (Ranking) -> Double

  public init(_ name: String, _ value: @escaping @Sendable (Ranking) -> Double) {
    self.name = name
    self.value = value
  }

  public static let areaUnderROC = RankingMeasure("AUROC") { $0.areaUnderROC }
  public static let averagePrecision = RankingMeasure("AUPRC") { $0.averagePrecision }
  public static let brier = RankingMeasure("Brier score") { $0.brierScore }
  public static let calibrationError = RankingMeasure("calibration error") { $0.calibrationError() }

  public static func recall(atBudget share: Double) -> RankingMeasure {
    RankingMeasure("recall at \(percent(share)) reviewed") { $0.recall(atBudget: share) }
  }
  public static func precision(atBudget share: Double) -> RankingMeasure {
    RankingMeasure("precision at \(percent(share)) reviewed") { $0.precision(atBudget: share) }
  }
  public static func precision(atTop k: Int) -> RankingMeasure {
    RankingMeasure("precision in the first \(k)") { $0.precision(atTop: k) }
  }
  public static func recall(atTop k: Int) -> RankingMeasure {
    RankingMeasure("recall in the first \(k)") { $0.recall(atTop: k) }
  }
  public static func recall(atPrecision precision: Double) -> RankingMeasure {
    RankingMeasure("recall at precision \(percent(precision))") { $0.recall(atPrecision: precision) }
  }
  public static func precision(atRecall recall: Double) -> RankingMeasure {
    RankingMeasure("precision at recall \(percent(recall))") { $0.precision(atRecall: recall) }
  }
  /// With a threshold that was chosen elsewhere.
  public static func f1(at threshold: Double) -> RankingMeasure {
    RankingMeasure("F1 at threshold \(thousandths(threshold))") { $0.f1(at: threshold) }
  }

  /// Everything that is told of a model of two classes.
  public static func standard(
    budget: Double = 0.05, top: Int = 100, threshold: Double? = nil, atPrecision: Double = 0.9,
    atRecall: Double = 0.5
  ) -> [RankingMeasure] {
    [
      areaUnderROC, averagePrecision, recall(atBudget: budget), precision(atBudget: budget),
      precision(atTop: top), recall(atTop: top), recall(atPrecision: atPrecision),
      precision(atRecall: atRecall),
    ] + (threshold.map { [f1(at: $0)] } ?? []) + [brier, calibrationError]
  }

  /// What the graph is asked to improve.
  public static func gains(budget: Double) -> [RankingMeasure] {
    [averagePrecision, recall(atBudget: budget), areaUnderROC]
  }
}

/// `5 %`, `2.5 %`
func percent(_ share: Double) -> String {
  let tenths = Int((share * 1000).rounded())
  return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
}
