import Compute
import Features
import Foundation

/// Scores together with the columns that they come from, for explaining them.
public struct ScoredRows: Sendable {
  public let model: TrainedModel
  /// What the model's networks walk; nil where none does.
  let graph: NetworkGraph?
  /// A matrix for each part of the model, a row for each node.
  public let columns: [Matrix]
  /// Of two classes the positive one's probability, calibrated.
  public let scores: [Double]

  /// The columns of one node, part by part.
  public func rows(of node: Int) -> [[Float]] { columns.map { $0.row(node) } }
}

extension TrainedModel {
  /// As `scores`, with the columns kept. A model of examples, whose rows have times of their own, and one that spreads labels
  /// keep none.
  public func scoredRows(_ sight: NodeTask.Sight, progress: ProgressSink = .silent) throws -> ScoredRows {
    guard card.examples == nil, !card.parts.contains(where: { $0.propagation != nil }) else {
      return ScoredRows(model: self, graph: nil, columns: [], scores: try scores(sight, progress: progress))
    }
    try checkFits(sight)
    var columns: [Matrix] = []
    let graph = try walkGraph(sight)
    let all = try probabilities(sight, graph) { set in
      let matrix = try set.columns(in: sight.view, labels: sight.labels, progress: progress)
      columns.append(matrix)
      return matrix
    }
    let smoothed = try card.smoothing?.applied(to: all, sight) ?? all
    let scores = smoothed.column(smoothed.columns - 1).map { card.calibration.probability(of: Double($0)) }
    return ScoredRows(model: self, graph: graph, columns: columns, scores: scores)
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
}
