import Compute
import Features
import Foundation

/// Scores together with the columns that they come from, for explaining them.
public struct ScoredRows: Sendable {
  public let model: TrainedModel
  /// A matrix for each part of the model, a row for each node.
  public let columns: [Matrix]
  /// Of two classes the positive one's probability, calibrated.
  public let scores: [Double]

  /// The columns of one node, part by part.
  public func rows(of node: Int) -> [[Float]] { columns.map { $0.row(node) } }
}

extension TrainedModel {
  /// As `scores`, with the columns kept. A model of examples, whose rows have times of their own, keeps none.
  public func scoredRows(_ sight: NodeTask.Sight, progress: ProgressSink = .silent) throws -> ScoredRows {
    guard judgesRowsAlone || card.parts.allSatisfy({ $0.kind.seesGraph }), card.examples == nil else {
      return ScoredRows(model: self, columns: [], scores: try scores(sight, progress: progress))
    }
    let here = ModelCard.dataCounts(sight.view.graph)
    if card.isBoundToItsGraph, here != card.data {
      throw TaskError.otherGraph(
        model: "\(card.target)/\(card.kind.rawValue)",
        reason: "it uses spectral coordinates, which only fit the graph that it was trained on")
    }
    var columns: [Matrix] = []
    let all = try probabilities(sight) { set in
      let matrix = try set.columns(in: sight.view, labels: sight.labels, progress: progress)
      columns.append(matrix)
      return matrix
    }
    let smoothed = try card.smoothing?.applied(to: all, sight) ?? all
    let scores = smoothed.column(smoothed.columns - 1).map { card.calibration.probability(of: Double($0)) }
    return ScoredRows(model: self, columns: columns, scores: scores)
  }

  /// Whether a row of columns is all that it needs: networks that walk the graph need their neighbours' rows too.
  public var judgesRowsAlone: Bool {
    guard card.smoothing == nil, card.examples == nil else { return false }
    return zip(card.parts, bodies).allSatisfy { part, body in
      if case .propagation = body { return false }
      return !part.kind.seesGraph
    }
  }

  /// The calibrated probability for rows of columns, part by part. Needs: `judgesRowsAlone`, two classes.
  public func probabilities(ofRows rows: [[[Float]]]) throws -> [Double] {
    guard let first = rows.first else { return [] }
    var sums = [Double](repeating: 0, count: rows.count)
    for (place, (part, body)) in zip(card.parts, bodies).enumerated() {
      guard place < first.count else { continue }
      let matrix = Matrix(rows.map { $0[place] })
      let values: Matrix
      switch body {
      case .trees(let trees): values = try trees.predict(matrix)
      case .network(let network): values = try network.predict(part.scaling.scaled(matrix), nil)
      case .propagation: continue
      }
      for row in rows.indices { sums[row] += Double(values[row, values.columns - 1]) * part.weight }
    }
    return sums.map { card.calibration.probability(of: $0) }
  }

  /// What each column adds to the log-odds of one node, as `contributions(toRows:)`.
  public func contributions(toRow row: [[Float]]) throws -> [String: Double]? {
    try contributions(toRows: [row])?.first
  }

  /// What each column adds to the log-odds of some nodes, by column name, parts weighed and added up.
  ///
  /// Trees: exact Shapley values of the trees, all nodes in one question. Networks that judge rows alone: integrated
  /// gradients from the mean of the training rows, by central differences at sixteen points. Nil for networks that walk the
  /// graph.
  public func contributions(toRows rows: [[[Float]]]) throws -> [[String: Double]]? {
    guard judgesRowsAlone else { return nil }
    var result = [[String: Double]](repeating: [:], count: rows.count)
    guard !rows.isEmpty else { return result }
    for (place, (part, body)) in zip(card.parts, bodies).enumerated() {
      let own: [[Double]]
      switch body {
      case .trees(let trees):
        let values = try trees.contributions(Matrix(rows.map { $0[place] }))
        own = rows.indices.map { values.row($0).dropLast().map(Double.init) }
      case .network(let network): own = try rows.map { try integratedGradients(part, network, $0[place]) }
      case .propagation: continue
      }
      for row in rows.indices {
        for (name, value) in zip(part.featureNames, own[row]) {
          result[row][name, default: 0] += value * part.weight
        }
      }
    }
    return result
  }

  /// Sundararajan, Taly, Yan: Axiomatic attribution for deep networks (2017). The contributions add up to the difference of
  /// the log-odds to the mean row's.
  private func integratedGradients(
    _ part: ModelCard.Part, _ network: NetworkModel, _ row: [Float]
  ) throws -> [Double] {
    let end = part.scaling.scaled(Matrix([row])).row(0)
    let (steps, width): (Int, Float) = (16, 0.01)
    let moved = end.indices.filter { end[$0] != 0 }
    var inputs: [[Float]] = []
    for step in 0..<steps {
      let share = (Float(step) + 0.5) / Float(steps)
      let point = end.map { $0 * share }
      for column in moved {
        for side in [width, -width] {
          var near = point
          near[column] += side
          inputs.append(near)
        }
      }
    }
    guard !inputs.isEmpty else { return end.map { _ in 0 } }
    let values = try network.predict(Matrix(inputs), nil)
    var sums = [Double](repeating: 0, count: end.count)
    for (place, column) in (0..<steps).flatMap({ _ in moved }).enumerated() {
      let (up, down) = (logOdds(values[2 * place, 1]), logOdds(values[2 * place + 1, 1]))
      sums[column] += (up - down) / Double(2 * width)
    }
    return sums.indices.map { sums[$0] / Double(steps) * Double(end[$0]) }
  }

  private func logOdds(_ p: Float) -> Double {
    let safe = min(1 - 1e-7, max(1e-7, Double(p)))
    return log(safe / (1 - safe))
  }
}
