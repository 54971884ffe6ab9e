import Features

/// What a model is and where it comes from, readable by people: `card.json` beside the weights.
public struct ModelCard: Sendable, Codable, Equatable {
  /// One of the models that are blended; a plain model has one part.
  public struct Part: Sendable, Codable, Equatable {
    public var kind: ModelKind
    public var weight: Double
    public var file: String
    public var features: FeatureSet
    public var featureNames: [String]
    public var scaling: ColumnScaling
    public var trees: TreeSettings?
    public var architecture: Architecture?
    public var propagation: LabelPropagation?
    public var relations: [String]

    public init(
      kind: ModelKind, weight: Double = 1, file: String, features: FeatureSet, featureNames: [String]? = nil,
      scaling: ColumnScaling,
      trees: TreeSettings? = nil, architecture: Architecture? = nil, propagation: LabelPropagation? = nil,
      relations: [String] = []
    ) {
      self.kind = kind
      self.weight = weight
      self.file = file
      self.features = features
      self.featureNames = featureNames ?? features.names
      self.scaling = scaling
      self.trees = trees
      self.architecture = architecture
      self.propagation = propagation
      self.relations = relations
    }
  }

  public var format = 1
  public var target: String
  public var kind: ModelKind
  public var version: Int
  public var label: String
  public var classNames: [String]
  public var split: String?
  public var asOf: String?
  /// No label that became known from then on was in the rows it learned from, only in those that chose and measured. Nil
  /// where rows were not split in time.
  public var learnedBefore: String? = nil
  public var seed: UInt64
  public var code: String
  /// Nodes and edges of what it was trained on.
  public var data: [String: Int]
  /// Coordinates of one graph only fit that graph.
  public var isBoundToItsGraph: Bool
  public var parts: [Part]
  /// Whether scores are corrected and smoothed along the edges.
  public var smoothing: CorrectAndSmooth? = nil
  public var calibration: Calibration
  /// The calibrated score with the best F1 on validation; nil where there was none, or many classes.
  public var threshold: Double? = nil
  public var metrics: [String: Double]
  public var leaks: [Leak]
  public var notes: [String]
  /// The columns of a model that was trained on examples, each at its own time; its parts have none of their own.
  public var examples: ExampleColumns? = nil
  /// How such a network draws what is around an example; nil for models that see columns only.
  public var neighbourhoods: TimedNeighbourhoods? = nil
  /// How such a model notices that it is asked about another regime.
  public var regime: RegimeWatch? = nil
  /// The last as-of time of the examples that fitted, stopped or calibrated it.
  public var lastExample: String? = nil
}
