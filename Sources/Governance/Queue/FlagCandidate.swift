import Graph

/// Why a node is in the queue.
public enum FlagReason: String, Sendable, Codable, CaseIterable {
  /// Its expected harm.
  case harm
  /// A rule that forces a review.
  case rule
  /// Drawn at random.
  case exploration
  case golden
}

/// Everything that was put together to flag a node, or not to.
public struct FlagDetails: Sendable, Codable, Equatable {
  public struct Group: Sendable, Codable, Equatable {
    public var name: String
    public var suspicion: Double
    public var size: Int
    /// Verdicts on its other members: how many there are, and how many say risky.
    public var judged: Int
    public var risky: Int
    /// The chance of being risky by what the group says alone.
    public var probability: Double

    var says: EvidenceFusion.GroupSays { .init(suspicion: suspicion, risky: risky, judged: judged) }
  }
  public struct RuleHit: Sendable, Codable, Equatable {
    public var name: String
    public var severity: Rule.Severity
    public var mode: Rule.Mode
    public var policy: String?
    /// The chance of being risky when it is met, by what is known of those who met it.
    public var probability: Double
  }

  public var model: String?
  /// The model's calibrated score.
  public var score: Double?
  public var group: Group?
  public var rules: [RuleHit] = []
  public var money: Double?
  public var people: Double?
  /// How many were drawn at random of how many, for weighing.
  public var drawnShare: Double?

  public init() {}
}

/// A node that may be flagged.
public struct FlagCandidate: Sendable, Equatable {
  public var key: NodeKey
  /// Everything put together.
  public var probability: Double
  /// Probability × money and people exposed.
  public var harm: Double
  public var region: [String: String] = [:]
  public var details: FlagDetails

  public init(key: NodeKey, probability: Double, harm: Double, details: FlagDetails = FlagDetails()) {
    (self.key, self.probability, self.harm, self.details) = (key, probability, harm, details)
  }

  /// Money and people exposed, as one number.
  var exposure: Double { probability > 0 ? harm / probability : 0 }

  /// What a review is worth: expected harm, less what a false flag does, which a line says the price of.
  public func worth(over line: Double) -> Double {
    line < 1 ? exposure * max(0, probability - line) / (1 - line) : 0
  }

  var forcesReview: Bool { details.rules.contains { $0.severity == .review && $0.mode == .live } }
}
