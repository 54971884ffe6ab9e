import Compute

/// A trained network: its architecture and its weights.
public struct NetworkModel: Sendable {
  public let architecture: Architecture
  public let weights: [NamedMatrix]
  /// The epoch whose weights were kept, and its metric on the validation rows (NaN without validation).
  public let bestEpoch: Int
  public let bestMetric: Double
  /// For each epoch the mean cost of the training rows, and the metric on the validation rows where it was looked at.
  public let history: [EpochRecord]

  public struct NamedMatrix: Sendable, Equatable {
    public let name: String
    public let value: Matrix

    public init(name: String, value: Matrix) {
      self.name = name
      self.value = value
    }
  }

  public struct EpochRecord: Sendable, Codable, Equatable {
    public let epoch: Int
    public let loss: Double
    public let metric: Double?
  }

  public init(
    architecture: Architecture, weights: [NamedMatrix], bestEpoch: Int = 0, bestMetric: Double = .nan,
    history: [EpochRecord] = []
  ) {
    self.architecture = architecture
    self.weights = weights
    self.bestEpoch = bestEpoch
    self.bestMetric = bestMetric
    self.history = history
  }

  /// For each node the probability of each class.
  public func predict(
    _ features: Matrix, _ graph: NetworkGraph? = nil, parallel: Parallel = .machine
  ) throws(LearningError) -> Matrix {
    let operators = try operators(for: features, graph)
    let network = try layers()
    let scores = network.forward(Panel(features), Pass(graphs: operators, parallel: parallel))
    Loss.softmax(scores, parallel)
    return scores.matrix
  }

  /// For each node the probability of the last class: of two, the positive one.
  public func scores(
    _ features: Matrix, _ graph: NetworkGraph? = nil, parallel: Parallel = .machine
  ) throws(LearningError) -> [Float] {
    let probabilities = try predict(features, graph, parallel: parallel)
    return probabilities.column(probabilities.columns - 1)
  }

  /// The matrices that its layers multiply by; checks that columns and graph are those it learned from.
  func operators(for features: Matrix, _ graph: NetworkGraph?) throws(LearningError) -> [GraphOperators] {
    guard features.columns == architecture.inputs else {
      throw .differentLengths(
        what: "columns of features", count: features.columns, other: "columns that the network learned from",
        otherCount: architecture.inputs)
    }
    guard let kind = architecture.operators else { return [] }
    guard let graph else { throw .noRows(what: "relations for a network that sees a graph") }
    guard graph.nodeCount == features.rows else {
      throw .differentLengths(
        what: "rows of features", count: features.rows, other: "nodes of the graph",
        otherCount: graph.nodeCount)
    }
    if kind == .meanOfEach, graph.relations.map(\.name) != architecture.relations {
      throw .differentRelations(
        learned: architecture.relations, given: graph.relations.map(\.name))
    }
    return [GraphOperators(kind, of: graph)]
  }

  /// The layers with these weights.
  func layers() throws(LearningError) -> Sequential {
    let network = architecture.makeLayers(seed: Seed(0))
    try NetworkModel.load(weights, into: network)
    return network
  }

  static func load(_ weights: [NamedMatrix], into network: Sequential) throws(LearningError) {
    guard weights.count == network.parameters.count else {
      throw .differentLengths(
        what: "arrays of weights", count: weights.count, other: "arrays that the network has",
        otherCount: network.parameters.count)
    }
    for (parameter, weight) in zip(network.parameters, weights) {
      guard
        parameter.name == weight.name, parameter.value.rows == weight.value.rows,
        parameter.value.columns == weight.value.columns
      else {
        throw .differentWeights(
          name: weight.name, shape: "\(weight.value.rows) × \(weight.value.columns)",
          expected: "\(parameter.name), \(parameter.value.rows) × \(parameter.value.columns)")
      }
      parameter.value.copy(from: Panel(weight.value))
    }
  }

  static func weights(of network: Sequential) -> [NamedMatrix] {
    network.parameters.map { NamedMatrix(name: $0.name, value: $0.value.matrix) }
  }
}
