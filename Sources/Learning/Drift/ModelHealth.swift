/// Whether a model still fits the days it is used on: what moved, what came out, and what follows.
///
///     let health = ModelHealth(card: model.card, drift: drift, decided: decided)
///     health.advice                 // .retrain
///     health.reasons.map(\.says)    // ["The scores have moved (PSI 0.31, …).", …]
public struct ModelHealth: Sendable {
  public enum Advice: String, Sendable, Comparable {
    case keep, look, retrain

    public static func < (a: Advice, b: Advice) -> Bool { a.rank < b.rank }
    private var rank: Int { self == .keep ? 0 : self == .look ? 1 : 2 }
  }

  public struct Reason: Sendable, Equatable {
    public let advice: Advice
    public let says: String

    public init(_ advice: Advice, _ says: String) {
      self.advice = advice
      self.says = says
    }
  }

  /// The gravest first.
  public private(set) var reasons: [Reason] = []
  public var advice: Advice { reasons.first?.advice ?? .keep }

  public init(card: ModelCard, drift: DriftReport?, decided: DecidedSince?) {
    if let drift {
      judge(drift)
    } else {
      add(.look, "How the columns and scores lay when it was trained is not known, so drift cannot be told.")
    }
    if let decided { judge(decided, card) }
  }

  /// Of a model that cannot score any more.
  init(obstacle: String) { add(.retrain, obstacle) }

  /// A further reason, from whoever sees more than the model does.
  public mutating func add(_ advice: Advice, _ says: String) {
    reasons.append(Reason(advice, says))
    reasons = reasons.enumerated().sorted { ($0.element.advice, $1.offset) > ($1.element.advice, $0.offset) }
      .map(\.element)
  }

  private mutating func judge(_ drift: DriftReport) {
    if !drift.vanished.isEmpty {
      add(
        .retrain,
        "\(drift.vanished.count) columns that it learned from are empty now: \(names(drift.vanished)). "
          + "Mend the import, or train without them.")
    }
    if let scores = drift.scores {
      let told = "(PSI \(text(scores.stability.index)), at least 0.25 is much, 0.1 some)"
      if scores.verdict == .drifted { add(.retrain, "The scores have moved much \(told).") }
      if scores.verdict == .moved { add(.look, "The scores have moved somewhat \(told).") }
    }
    let drifted = drift.drifted.filter { !drift.vanished.contains($0.name) }
    if !drifted.isEmpty {
      let isMany = drifted.count * 4 >= drift.columns.count
      add(
        isMany ? .retrain : .look,
        "\(drifted.count) of \(drift.columns.count) columns have moved much: \(names(drifted.map(\.name))).")
    }
  }

  private mutating func judge(_ decided: DecidedSince, _ card: ModelCard) {
    let test = decided.calibration
    if test.cases >= 30, test.pValue < 0.01 {
      let gap = abs(Double(test.found) - test.expected) / max(1, test.expected)
      add(
        gap >= 0.25 ? .retrain : .look,
        "Its probabilities do not hold: of \(test.cases) cases that came out since, \(text(test.expected, 1)) should be "
          + "risky and \(test.found) are (Spiegelhalter's z \(text(test.z, 1))).")
    }
    if let area = decided.areaUnderROC,
      let promised = card.metrics["AUROC"] ?? card.metrics["validation AUROC"],
      area.high < promised
    {
      let fall = promised - area.value
      add(
        fall >= 0.05 ? .retrain : .look,
        "It ranks worse than when it was trained: AUROC \(area) on what came out since, \(text(promised, 3)) then."
      )
    }
    if decided.badSince >= 20, decided.badSince * 4 >= decided.badBefore {
      add(
        .retrain,
        "There is much to learn from: \(decided.badSince) more were found risky since, beside \(decided.badBefore) "
          + "known then.")
    }
  }

  private func names(_ all: [String]) -> String {
    all.prefix(4).joined(separator: ", ") + (all.count > 4 ? " and \(all.count - 4) more" : "")
  }

  private func text(_ value: Double, _ decimals: Int = 2) -> String {
    guard value.isFinite else { return "∞" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let parts = Int((value.magnitude * scale).rounded())
    let rest = String(parts % Int(scale))
    let sign = value < 0 && parts > 0 ? "-" : ""
    return "\(sign)\(parts / Int(scale)).\(String(repeating: "0", count: decimals - rest.count))\(rest)"
  }
}
