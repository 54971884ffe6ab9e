import Compute
import Features
import Graph

extension TrainedModel {
  /// The columns of examples as this model was trained on them. Needs: a model that was.
  public func columns(
    of examples: ExampleTable, in events: EventGraph, parallel: Parallel = .machine,
    progress: ProgressSink = .silent
  ) throws -> Matrix {
    guard let columns = card.examples else { throw TaskError.notOfExamples(model: name) }
    do {
      return try columns.matrix(for: examples, in: events, parallel: parallel, progress: progress)
    } catch let error as EventFeatureError {
      throw TaskError.otherSchema(model: name, reason: error.description)
    } catch let error as FeatureError {
      if case .otherSchema = error { throw error }
      throw TaskError.otherSchema(model: name, reason: error.description)
    }
  }

  private var name: String { "\(card.target)/\(card.kind.rawValue)" }

  /// The probability of the positive class for each example, before calibration. `matrix` are their `columns`, where they were
  /// computed already.
  public func rawScores(
    of examples: ExampleTable, in events: EventGraph, columns matrix: Matrix? = nil,
    progress: ProgressSink = .silent
  ) throws -> [Double] {
    guard card.examples != nil else { throw TaskError.notOfExamples(model: name) }
    if let neighbourhoods = card.neighbourhoods, let part = card.parts.first,
      case .network(let network) = bodies[0]
    {
      let drawn = try neighbourhoods.draw(for: examples, in: events)
      guard drawn.features.columnNames == part.featureNames else {
        throw TaskError.otherSchema(
          model: name, reason: "what is around a \(card.target) has other columns than it learned from.")
      }
      let said = try network.predict(part.scaling.scaled(drawn.features), drawn.graph(for: part.kind))
      return said.rows(at: Array(0..<examples.count)).column(1).map(Double.init)
    }
    return try rawScores(matrix ?? columns(of: examples, in: events, progress: progress))
  }

  /// Of models that see columns only.
  private func rawScores(_ matrix: Matrix) throws -> [Double] {
    var sum = [Double](repeating: 0, count: matrix.rows)
    for (part, body) in zip(card.parts, bodies) {
      let own: [Float]
      switch body {
      case .trees(let trees): own = try trees.scores(matrix)
      case .network(let network): own = try network.predict(part.scaling.scaled(matrix)).column(1)
      case .propagation:
        throw TaskError.takesNoPart(
          model: "labelprop", reason: "it judges nodes, not examples at times of their own")
      }
      for row in own.indices { sum[row] += part.weight * Double(own[row]) }
    }
    return sum
  }

  /// Calibrated probabilities of examples.
  public func scores(
    of examples: ExampleTable, in events: EventGraph, columns: Matrix? = nil,
    progress: ProgressSink = .silent
  ) throws -> [Double] {
    try rawScores(of: examples, in: events, columns: columns, progress: progress).map {
      card.calibration.probability(of: $0)
    }
  }

  /// The events of a graph as this model was trained to see them.
  public func events(of graph: MarketGraph) throws -> EventGraph {
    guard graph.nodes[card.target] != nil else {
      throw TaskError.otherSchema(
        model: name,
        reason: FeatureError.unknownType(name: card.target, known: graph.nodes.keys.sorted()).description)
    }
    return try EventGraph(
      graph, target: card.target, label: card.examples?.label, belongings: card.examples?.belongings)
  }

  /// All nodes of the target type as of one time, for models that were trained on examples.
  func exampleProbabilities(_ sight: NodeTask.Sight, progress: ProgressSink) throws -> Matrix {
    let events = try events(of: sight.view.graph)
    let count = try sight.view.nodes(of: card.target).count
    let asOf = sight.view.asOf?.seconds ?? events.afterAll
    let times = events.graph.nodes[card.target]?.times
    let all = ExampleTable(
      target: card.target, nodes: (0..<UInt32(count)).map { $0 },
      asOf: (0..<count).map { node in
        // An event is asked about as of its own time.
        guard events.isOfEvents, let own = times?[node], own != Column.missingTime else { return asOf }
        return min(own, asOf)
      })
    let scores = try rawScores(of: all, in: events, progress: progress)
    return Matrix(scores.map { [Float(1 - $0), Float($0)] })
  }
}
