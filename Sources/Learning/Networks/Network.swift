// A network and how it is trained, before it has seen data. `fit` returns a model, and only that predicts.

import Compute

/// A recipe for a network.
///
///     let model = try Network.gcn(hidden: 256).fit(examples, seed: Seed(1))
///     let probabilities = try model.predict(features, graph)
public struct Network: Sendable {
  public var kind: Architecture.Kind
  public var style: Architecture.Style
  public var hidden: Int
  public var depth: Int
  public var dropout: Float
  public var heads: Int
  public var training: TrainingSettings
  /// For `relational`: where the columns come from, each source with a projection of its own. Empty: one for all.
  public var sources: [TypedProjection.Source] = []
  public var parallel: Parallel = .machine

  public init(
    _ kind: Architecture.Kind, style: Architecture.Style = .residual, hidden: Int = 128, depth: Int = 2,
    dropout: Float = 0.2, heads: Int = 4, training: TrainingSettings = .deep
  ) {
    self.kind = kind
    self.style = style
    self.hidden = hidden
    self.depth = depth
    self.dropout = dropout
    self.heads = heads
    self.training = training
  }

  public static func logisticRegression(training: TrainingSettings = .linear) -> Network {
    Network(.logistic, dropout: 0, training: training)
  }
  public static func mlp(hidden: Int = 128, depth: Int = 2, training: TrainingSettings = .deep) -> Network {
    Network(.mlp, hidden: hidden, depth: depth, training: training)
  }
  /// Simple graph convolution: `hops` are computed once.
  public static func sgc(hidden: Int = 128, hops: Int = 2, training: TrainingSettings = .deep) -> Network {
    Network(.sgc, hidden: hidden, depth: hops, training: training)
  }
  public static func gcn(hidden: Int = 128, depth: Int = 2, training: TrainingSettings = .deep) -> Network {
    Network(.gcn, hidden: hidden, depth: depth, training: training)
  }
  public static func sage(hidden: Int = 128, depth: Int = 4, training: TrainingSettings = .deep) -> Network {
    Network(.sage, hidden: hidden, depth: depth, training: training)
  }
  /// A weight for each relation: the default for typed graphs.
  public static func relational(
    hidden: Int = 64, depth: Int = 2, training: TrainingSettings = .wide
  ) -> Network {
    Network(.relational, hidden: hidden, depth: depth, training: training)
  }
  public static func gat(
    hidden: Int = 128, depth: Int = 2, heads: Int = 4, training: TrainingSettings = .deep
  ) -> Network {
    Network(.gat, hidden: hidden, depth: depth, heads: heads, training: training)
  }
  public static func bwgnn(hidden: Int = 64, order: Int = 2, training: TrainingSettings = .deep) -> Network {
    Network(.bwgnn, hidden: hidden, depth: order, training: training)
  }

  /// Kipf & Welling's own network and settings, for few labels and many sparse features. As theirs it is stopped by the
  /// validation rows' loss.
  public static func kipfWelling(hidden: Int = 16) -> Network {
    var training = TrainingSettings(
      epochs: 200, learningRate: 0.01, weightDecay: 0, patience: nil, metric: .loss)
    training.firstLayerPenalty = 5e-4
    return Network(.gcn, style: .plain, hidden: hidden, depth: 2, dropout: 0.5, training: training)
  }

  /// The architecture for these examples.
  public func architecture(for examples: NodeExamples) -> Architecture {
    Architecture(
      kind: kind, style: style, inputs: examples.features.columns, classes: examples.classCount,
      hidden: hidden,
      depth: depth, dropout: dropout, heads: heads,
      relations: examples.graph?.relations.map(\.name) ?? [],
      sources: kind == .relational && !sources.isEmpty ? sources : nil)
  }

  /// Trains, and keeps the weights of the epoch that was best on the validation rows.
  ///
  /// The same seed and examples give the same model on any number of threads.
  public func fit(
    _ examples: NodeExamples, seed: Seed = Seed(1), progress: ProgressSink = .silent, stop: StopRequest? = nil
  ) throws -> NetworkModel {
    let run = try TrainingRun(self, examples, seed: seed)
    try run.finish(progress: progress, stop: stop)
    return run.model
  }
}

extension TrainingSettings {
  /// For networks with hidden layers.
  public static let deep = TrainingSettings(
    epochs: 300, learningRate: 0.003, weightDecay: 1e-4, warmup: 10, cosine: true, patience: 100)
  /// For networks of many relations, whose epochs are dear: fewer of them, larger steps.
  public static let wide = TrainingSettings(
    epochs: 120, learningRate: 0.005, weightDecay: 1e-3, warmup: 5, cosine: true, patience: 30, lookEvery: 3)
  /// For logistic regression.
  public static let linear = TrainingSettings(
    epochs: 500, learningRate: 0.05, weightDecay: 1e-4, patience: 50)
}
