// What each of a node's own columns adds to its score by a network.
//
// Sundararajan, Taly, Yan: Axiomatic attribution for deep networks (2017). The slope of the log-odds is averaged on the
// straight way from the mean of the training rows, which scaling has put at zero, to the node's row; its neighbours' rows
// stay as they are. What the columns add comes to the difference between the log-odds at the two ends.

import Compute
import Foundation

extension NetworkModel {
  /// Integrated gradients of one node's log-odds by its own columns. Needs: scaled columns, two classes.
  ///
  /// Costs a pass forwards and backwards over all rows for each step.
  func integratedGradients(
    of node: Int, _ features: Matrix, _ graph: NetworkGraph?, steps: Int = 32
  ) throws(LearningError) -> [Double] {
    let pass = Pass(graphs: try operators(for: features, graph), parallel: .machine)
    let network = try layers()
    let end = features.row(node)
    let input = Panel(features)
    var sums = [Double](repeating: 0, count: end.count)
    for step in 0..<steps {
      // Short steps near the mean: layers that normalize turn quickly there, where there is little to normalize.
      let place = (Float(step) + 0.5) / Float(steps)
      let (share, length) = (place * place * place, Double(3 * place * place))
      for column in end.indices { input[node, column] = end[column] * share }
      let scores = network.forward(input, pass)
      let gradient = Panel(rows: scores.rows, columns: scores.columns)
      gradient[node, 0] = -1
      gradient[node, 1] = 1
      let slope = network.backward(gradient, pass, wantsInput: true)
      for column in end.indices { sums[column] += length * Double(slope[node, column]) }
    }
    return sums.indices.map { sums[$0] / Double(steps) * Double(end[$0]) }
  }
}
