// Label propagation: a node is as its neighbours' known labels say, and theirs. It learns nothing and knows no columns, so
// it is what every model that sees the graph should beat.
//
// Zhu & Ghahramani: Learning from labeled and unlabeled data with label propagation (2002).

import Compute
import Features

public struct LabelPropagation: Sendable, Codable, Equatable {
  public var spreading: Spreading
  /// So much weight of the general share of each class is mixed in, for nodes that little reaches.
  public var mixed: Float

  public init(spreading: Spreading = Spreading(), mixed: Float = 0.002) {
    self.spreading = spreading
    self.mixed = mixed
  }

  /// The probability of each class for every node of the labels' type.
  public func probabilities(_ sight: NodeTask.Sight, parallel: Parallel = .machine) throws -> Matrix {
    let labels = sight.labels
    let graph = try WalkGraph.spreading(of: labels.type, in: sight.view)
    return probabilities(labels, along: graph, parallel: parallel)
  }

  func probabilities(_ labels: KnownLabels, along graph: SparseMatrix, parallel: Parallel) -> Matrix {
    let (rows, classes) = (labels.classes.count, labels.classCount)
    // A column for each class, and one for the weight of all labels.
    var given = Matrix(rows: rows, columns: classes + 1)
    for row in 0..<rows where labels.classes[row] >= 0 {
      given[row, Int(labels.classes[row])] = 1
      given[row, classes] = 1
    }
    let hidden = Matrix(rows: rows, columns: classes + 1)
    let reached = spreading.reached(
      given: given, hidden: hidden, labels: labels, along: graph, parallel: parallel)
    let priors = (0..<classes).map { Float(labels.prior($0)) }
    let prior = priors.reduce(0, +) > 0 ? priors : priors.map { _ in 1 / Float(classes) }
    var result = Matrix(rows: rows, columns: classes)
    for row in 0..<rows {
      let all = reached[row, classes] + mixed
      for column in 0..<classes {
        result[row, column] = (reached[row, column] + mixed * prior[column]) / all
      }
    }
    return result
  }
}
