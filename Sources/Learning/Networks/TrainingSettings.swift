import Foundation

/// How a network is trained.
public struct TrainingSettings: Sendable, Codable, Equatable {
  /// What decides which epoch was the best, on the validation rows.
  public enum Metric: String, Sendable, Codable, CaseIterable {
    case areaUnderROC = "auroc"
    case averagePrecision = "auprc"
    case accuracy
    case macroF1 = "macro-f1"
    case loss
  }

  public enum ClassWeights: Sendable, Codable, Equatable {
    case none
    /// Every class counts the same in all.
    case balanced
    case given([Float])
  }

  /// Mini-batches of sampled neighbourhoods.
  public struct Sampling: Sendable, Codable, Equatable {
    /// Labelled rows a batch.
    public var batch: Int
    /// Neighbours taken of each node, the hop nearest to the labelled rows first.
    public var neighbours: [Int]

    public init(batch: Int = 1024, neighbours: [Int] = [15, 10, 5]) {
      self.batch = batch
      self.neighbours = neighbours
    }
  }

  public var epochs: Int
  public var learningRate: Float
  public var weightDecay: Float
  /// An L2 penalty on the first layer's weights alone.
  public var firstLayerPenalty: Float = 0
  /// Epochs over which the rate rises from zero.
  public var warmup: Int
  /// Whether the rate then falls to zero along half a cosine.
  public var cosine: Bool
  /// Epochs without a better validation metric before training ends; nil: never.
  public var patience: Int?
  public var metric: Metric
  /// Epochs from one look at the validation rows to the next.
  public var lookEvery: Int
  public var classWeights: ClassWeights
  public var focus: Float
  public var longestGradient: Float?
  /// nil: all rows in every step.
  public var sampling: Sampling?

  public init(
    epochs: Int = 300, learningRate: Float = 0.01, weightDecay: Float = 5e-4, warmup: Int = 0,
    cosine: Bool = false, patience: Int? = 100, metric: Metric = .areaUnderROC, lookEvery: Int = 1,
    classWeights: ClassWeights = .none, focus: Float = 0, longestGradient: Float? = nil,
    sampling: Sampling? = nil
  ) {
    self.epochs = epochs
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.warmup = warmup
    self.cosine = cosine
    self.patience = patience
    self.metric = metric
    self.lookEvery = lookEvery
    self.classWeights = classWeights
    self.focus = focus
    self.longestGradient = longestGradient
    self.sampling = sampling
  }

  /// The learning rate of a step, with steps and epochs counted from zero.
  func rate(step: Int, stepsPerEpoch: Int) -> Float {
    let now = Double(step + 1)
    let rising = Double(warmup * stepsPerEpoch)
    let all = Double(max(1, epochs * stepsPerEpoch))
    if now < rising { return learningRate * Float(now / rising) }
    guard cosine else { return learningRate }
    let share = min(1, (Double(step) - rising) / max(1, all - rising))
    return learningRate * Float(0.5 * (1 + cos(.pi * share)))
  }
}
