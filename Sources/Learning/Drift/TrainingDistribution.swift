// What a model was trained on, as it lay then: kept with the model, so that later days can be compared with it.

import Compute
import Features
import Foundation

/// How the columns and the scores of all nodes were distributed at the moment of a model's training.
///
/// A column is kept as about twenty quantile bins, scores as fifty: enough to see what moves. Coordinates of one graph are left
/// out: they mean nothing in another.
public struct TrainingDistribution: Sendable, Codable, Equatable {
  public struct Column: Sendable, Codable, Equatable {
    public let name: String
    public let bins: QuantileBins
  }

  /// The instant before which everything had to be known; nil: all that there was.
  public let asOf: String?
  public let nodes: Int
  /// Of all parts of the model, each once.
  public let columns: [Column]
  /// Calibrated; nil for more than two classes.
  public let scores: QuantileBins?

  /// Of the nodes visible in a sight. Computes the model's columns and scores there.
  public init(of model: TrainedModel, in sight: NodeTask.Sight, progress: ProgressSink = .silent) throws {
    let look = try ModelLook(model, sight, progress: progress)
    self.init(
      asOf: sight.view.asOf?.description, nodes: look.nodes.count,
      columns: look.columns.map { Column(name: $0.name, bins: QuantileBins($0.values)) },
      scores: look.scores.map { QuantileBins($0.lazy.map(Float.init), count: 50) })
  }

  init(asOf: String?, nodes: Int, columns: [Column], scores: QuantileBins?) {
    self.asOf = asOf
    self.nodes = nodes
    self.columns = columns
    self.scores = scores
  }
}

/// What a model sees of the nodes at a moment: its columns, each once, and its scores.
struct ModelLook {
  let nodes: [Int]
  let columns: [(name: String, values: [Float])]
  /// Columns that count from a day: they grow by themselves.
  let growing: Set<String>
  let scores: [Double]?

  init(_ model: TrainedModel, _ sight: NodeTask.Sight, progress: ProgressSink) throws {
    nodes = try sight.view.visibleNodes(of: model.card.target)
    var columns: [(name: String, values: [Float])] = []
    var seen: Set<String> = []
    var growing: Set<String> = []
    for part in model.card.parts {
      let matrix = try part.features.columns(in: sight.view, labels: sight.labels, progress: progress)
      for (place, feature) in part.features.features.enumerated() where !feature.isCoordinate {
        let name = feature.name
        guard seen.insert(name).inserted else { continue }
        if feature.growsByItself { growing.insert(name) }
        let whole = matrix.column(place)
        columns.append((name, nodes.map { whole[$0] }))
      }
    }
    self.columns = columns
    self.growing = growing
    if max(2, model.card.classNames.count) == 2 {
      let all = try model.scores(sight, progress: progress)
      scores = nodes.map { all[$0] }
    } else {
      scores = nil
    }
  }
}

extension GraphFeature {
  fileprivate var growsByItself: Bool {
    switch self {
    case .own(.daysSince), .neighbours(_, _, .daysSince): true
    default: false
    }
  }
}

extension ModelFolder {
  /// Keeps a version's distribution beside its card. Written beside and renamed.
  public func save(_ distribution: TrainingDistribution, target: String, name: String, version: Int) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(distribution).write(
      to: URL(fileURLWithPath: distributionPath(target, name, version)), options: .atomic)
  }

  /// Nil where none was kept: of models older than this file.
  public func distribution(target: String, name: String, version: Int) throws -> TrainingDistribution? {
    let path = distributionPath(target, name, version)
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    do {
      return try JSONDecoder().decode(TrainingDistribution.self, from: data)
    } catch {
      throw TaskError.damagedModel(path: path, reason: "it is no distribution")
    }
  }

  private func distributionPath(_ target: String, _ name: String, _ version: Int) -> String {
    "\(path)/\(target)/\(name)/\(version)/distribution.json"
  }
}
