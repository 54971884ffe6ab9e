import Compute

/// What a network is built of, in a form that can be written down: the layers follow from it.
public struct Architecture: Sendable, Codable, Equatable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// A linear function of a node's own features.
    case logistic
    /// Layers on own features, no graph.
    case mlp
    /// Layers on the features of 0, 1, … hops, computed once.
    case sgc
    /// Graph convolutions.
    case gcn
    /// Own features and the neighbours' mean, kept apart.
    case sage
    /// The same for each relation.
    case relational
    /// Attention over the neighbours.
    case gat
    /// Band-pass filters of the graph's spectrum: for anomalies.
    case bwgnn
  }

  /// How layers are joined.
  public enum Style: String, Sendable, Codable, CaseIterable {
    /// Graph layer, activation, graph layer: as Kipf & Welling's.
    case plain
    /// A projection, then blocks x + f(norm(x)), then a projection: trains deeper, and keeps a node's own features.
    /// Platonov et al.: A critical look at the evaluation of GNNs under heterophily (2023).
    case residual
  }

  public var kind: Kind
  public var style: Style
  public var inputs: Int
  public var classes: Int
  public var hidden: Int
  /// Graph layers; for `mlp` hidden layers; for `sgc` hops; for `bwgnn` the order of the wavelets.
  public var depth: Int
  public var dropout: Float
  public var heads: Int
  /// Names of the relations, for `relational`.
  public var relations: [String]
  /// Where the input's columns come from, for `relational`; nil: one projection for all.
  public var sources: [TypedProjection.Source]?

  public init(
    kind: Kind, style: Style = .residual, inputs: Int, classes: Int, hidden: Int = 128, depth: Int = 2,
    dropout: Float = 0.2, heads: Int = 4, relations: [String] = ["neighbours"],
    sources: [TypedProjection.Source]? = nil
  ) {
    self.kind = kind
    self.style = style
    self.inputs = inputs
    self.classes = classes
    self.hidden = hidden
    self.depth = depth
    self.dropout = dropout
    self.heads = heads
    self.relations = relations
    self.sources = sources
  }

  /// The sparse matrices that its graph layers want; nil for networks that see no graph.
  var operators: GraphOperators.Kind? {
    switch kind {
    case .logistic, .mlp: nil
    case .sgc, .gcn, .gat: .normalized
    case .sage: .mean
    case .relational: .meanOfEach
    case .bwgnn: .laplacian
    }
  }

  /// Whether it can learn from sampled neighbourhoods: whoever needs powers of the whole graph cannot.
  var canSample: Bool { kind != .sgc && kind != .bwgnn }

  /// The layers, with fresh weights.
  func makeLayers(seed: Seed) -> Sequential {
    switch kind {
    case .logistic: Sequential([Linear("linear", from: inputs, to: classes, seed: seed)])
    case .mlp: perceptron(from: inputs, before: [], seed)
    case .sgc: perceptron(from: inputs * (depth + 1), before: [Hops(depth)], seed)
    case .bwgnn: wavelets(seed)
    case .gcn, .sage, .relational, .gat:
      style == .plain ? plain(seed) : residual(seed)
    }
  }

  private func convolution(
    _ name: String, from inputs: Int, to outputs: Int, depth: Int, _ seed: Seed
  ) -> any Layer {
    switch kind {
    case .sage:
      RelationalConvolution(name, from: inputs, to: outputs, depth: depth, seed: seed)
    case .relational:
      RelationalConvolution(name, from: inputs, to: outputs, relations: relations, depth: depth, seed: seed)
    case .gat:
      GraphAttention(
        name, from: inputs, to: outputs, heads: outputs % heads == 0 ? heads : 1, depth: depth, seed: seed)
    default: GraphConvolution(name, from: inputs, to: outputs, depth: depth, seed: seed)
    }
  }

  private func plain(_ seed: Seed) -> Sequential {
    var layers: [any Layer] = dropout > 0 ? [Activation("input", .identity, dropout: dropout)] : []
    for index in 0..<depth {
      let isLast = index == depth - 1
      layers.append(
        convolution(
          "layer\(index)", from: index == 0 ? inputs : hidden, to: isLast ? classes : hidden, depth: index,
          seed))
      if !isLast { layers.append(Activation("layer\(index)", .relu, dropout: dropout)) }
    }
    return Sequential(layers)
  }

  private func residual(_ seed: Seed) -> Sequential {
    let first: any Layer =
      sources.map { TypedProjection("input", from: $0, to: hidden, seed: seed) }
      ?? Linear("input", from: inputs, to: hidden, seed: seed)
    var layers: [any Layer] = [first, Activation("input", .gelu, dropout: dropout)]
    for index in 0..<depth {
      layers.append(
        Residual([
          LayerNorm("block\(index).norm", width: hidden),
          convolution("block\(index).graph", from: hidden, to: hidden, depth: index, seed),
          Activation("block\(index).graph", .gelu, dropout: dropout),
          Linear("block\(index).linear", from: hidden, to: hidden, seed: seed),
          Activation("block\(index).linear", .identity, dropout: dropout),
        ]))
    }
    layers.append(LayerNorm("output.norm", width: hidden))
    layers.append(Linear("output", from: hidden, to: classes, seed: seed))
    return Sequential(layers)
  }

  private func perceptron(from inputs: Int, before: [any Layer], _ seed: Seed) -> Sequential {
    var layers = before
    layers += [
      Linear("input", from: inputs, to: hidden, seed: seed), Activation("input", .gelu, dropout: dropout),
    ]
    for index in 0..<(kind == .mlp ? depth : 1) {
      layers.append(
        Residual([
          LayerNorm("block\(index).norm", width: hidden),
          Linear("block\(index).first", from: hidden, to: hidden, seed: seed),
          Activation("block\(index).first", .gelu, dropout: dropout),
          Linear("block\(index).second", from: hidden, to: hidden, seed: seed),
          Activation("block\(index).second", .identity, dropout: dropout),
        ]))
    }
    layers.append(LayerNorm("output.norm", width: hidden))
    layers.append(Linear("output", from: hidden, to: classes, seed: seed))
    return Sequential(layers)
  }

  private func wavelets(_ seed: Seed) -> Sequential {
    Sequential([
      Linear("input", from: inputs, to: hidden, seed: seed), Activation("input", .relu),
      Linear("second", from: hidden, to: hidden, seed: seed), Activation("second", .relu, dropout: dropout),
      BetaWavelet(order: depth),
      Linear("mix", from: hidden * (depth + 1), to: hidden, seed: seed),
      Activation("mix", .relu, dropout: dropout),
      Linear("output", from: hidden, to: classes, seed: seed),
    ])
  }
}
