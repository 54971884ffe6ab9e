import Compute
import Features
import Graph

/// A stored model looked at again on a later day: what moved, what came out, and whether to train again.
///
///     let watch = try ModelWatch(models, target: "merchant", name: "trees", in: graph)
///     watch.health.advice       // .look
///
/// Costs the model's columns and scores at two moments: that of its training and now.
public struct ModelWatch: Sendable {
  public let target: String
  public let name: String
  public let card: ModelCard
  /// nil where the distribution of its training is not known.
  public let drift: DriftReport?
  /// nil where the model has no training moment, or more than two classes.
  public let decided: DecidedSince?
  /// Scores of all that are visible now, with their places; empty where it cannot score any more.
  public let scores: [(node: Int, score: Double)]
  public private(set) var health: ModelHealth

  public var title: String { "\(target)/\(name)" }

  /// - asOf: now; nil: all that there is.
  public init(
    _ folder: ModelFolder, target: String, name: String, version: Int? = nil, in graph: MarketGraph,
    asOf: Timestamp? = nil, progress: ProgressSink = .silent
  ) throws {
    let model = try folder.load(target: target, name: name, version: version)
    let card = model.card
    self.target = target
    self.name = name
    self.card = card
    let trained = card.asOf.flatMap { Timestamp($0) }
    var obstacle: String?
    var drift: DriftReport?
    var decided: DecidedSince?
    var scores: [(node: Int, score: Double)] = []
    do {
      let look = try ModelLook(model, NodeTask.sight(of: card, graph, asOf: asOf), progress: progress)
      if let all = look.scores { scores = zip(look.nodes, all).map { ($0, $1) } }
      let then =
        try folder.distribution(target: target, name: name, version: card.version)
        ?? trained.map {
          try TrainingDistribution(
            of: model, in: NodeTask.sight(of: card, graph, asOf: $0), progress: progress)
        }
      drift = then.map {
        DriftReport(
          since: $0, nodes: look.nodes.count, columns: look.columns, growing: look.growing,
          scores: look.scores)
      }
      if let trained, card.classNames.count <= 2 {
        decided = try DecidedSince(model, in: graph, from: trained, to: asOf, progress: progress)
      }
    } catch let error as TaskError {
      guard case .otherGraph = error else { throw error }
      obstacle = error.description
    }
    self.drift = drift
    self.decided = decided
    self.scores = scores
    var health = ModelHealth(card: card, drift: drift, decided: decided)
    if let obstacle { health = ModelHealth(obstacle: obstacle) }
    self.health = health
  }

  /// A further reason, from whoever sees more than the model does.
  public mutating func add(_ advice: ModelHealth.Advice, _ says: String) { health.add(advice, says) }
}
