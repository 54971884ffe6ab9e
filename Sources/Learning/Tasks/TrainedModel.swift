import Compute
import Features
import Graph

/// A model that can score: its card, and the trees or networks in the order of the card's parts.
public struct TrainedModel: Sendable {
  public enum Body: Sendable {
    case trees(TreesModel)
    case network(NetworkModel)
    case propagation(LabelPropagation)
  }

  public var card: ModelCard
  public let bodies: [Body]

  public init(card: ModelCard, bodies: [Body]) {
    self.card = card
    self.bodies = bodies
  }

  /// Whether any of its parts looks beyond a node's own columns.
  public var usesGraph: Bool {
    card.parts.contains { $0.kind.seesGraph || $0.features.features.contains { $0.usesGraph } }
  }

  /// The probability of each class for every node of the target type, in one sight; a row a node.
  public func probabilities(_ sight: NodeTask.Sight, progress: ProgressSink = .silent) throws -> Matrix {
    if card.examples != nil { return try exampleProbabilities(sight, progress: progress) }
    try checkFits(sight)
    let all = try probabilities(sight, walkGraph(sight)) {
      try $0.columns(in: sight.view, labels: sight.labels, progress: progress)
    }
    return try card.smoothing?.applied(to: all, sight) ?? all
  }

  func checkFits(_ sight: NodeTask.Sight) throws {
    if card.isBoundToItsGraph, ModelCard.dataCounts(sight.view.graph) != card.data {
      throw TaskError.otherGraph(
        model: "\(card.target)/\(card.kind.rawValue)",
        reason: "it uses spectral coordinates, which only fit the graph that it was trained on")
    }
  }

  /// The weighted mean of the parts, before smoothing.
  func probabilities(
    _ sight: NodeTask.Sight, _ graph: NetworkGraph?, columns: (FeatureSet) throws -> Matrix
  ) throws -> Matrix {
    var sum: Matrix?
    for (part, body) in zip(card.parts, bodies) {
      var own = try TrainedModel.predict(part, body, columns, sight, graph)
      own.scale(by: Float(part.weight))
      if sum == nil { sum = own } else { sum!.add(own) }
    }
    guard let sum else { throw TaskError.damagedModel(path: "the model", reason: "it has no parts") }
    return sum
  }

  /// Of two classes the positive one's probability, calibrated on validation, for every node of the target type.
  public func scores(_ sight: NodeTask.Sight, progress: ProgressSink = .silent) throws -> [Double] {
    let all = try probabilities(sight, progress: progress)
    return all.column(all.columns - 1).map { card.calibration.probability(of: Double($0)) }
  }

  /// What its networks walk; nil where none does.
  func walkGraph(_ sight: NodeTask.Sight) throws -> NetworkGraph? {
    try card.parts.first { $0.kind.seesGraph }.map {
      try WalkGraph.network(of: $0.features.target, in: [sight.view])
    }
  }

  private static func predict(
    _ part: ModelCard.Part, _ body: Body, _ columns: (FeatureSet) throws -> Matrix, _ sight: NodeTask.Sight,
    _ graph: NetworkGraph?
  ) throws -> Matrix {
    switch body {
    case .trees(let trees): return try trees.predict(columns(part.features))
    case .network(let network):
      return try network.predict(
        part.scaling.scaled(columns(part.features)), part.kind.seesGraph ? graph : nil)
    case .propagation(let propagation): return try propagation.probabilities(sight)
    }
  }
}

extension ModelCard {
  static func dataCounts(_ graph: MarketGraph) -> [String: Int] {
    var counts: [String: Int] = [:]
    for (name, table) in graph.nodes { counts["\(name) (nodes)"] = table.count }
    for (name, relation) in graph.relations {
      counts["\(name) (entries)"] =
        relation.out.snapshot.entryCount + (relation.out.appended?.entryCount ?? 0)
    }
    return counts
  }
}

extension Matrix {
  mutating func scale(by factor: Float) {
    guard factor != 1 else { return }
    withUnsafeMutableBufferPointer { cells in for place in cells.indices { cells[place] *= factor } }
  }

  mutating func add(_ other: Matrix) {
    withUnsafeMutableBufferPointer { cells in
      other.withUnsafeBufferPointer { other in for place in cells.indices { cells[place] += other[place] } }
    }
  }
}
