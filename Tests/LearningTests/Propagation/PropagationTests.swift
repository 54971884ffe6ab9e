import Compute
import Features
import Foundation
import Graph
import Testing

@testable import Learning

@Suite("Labels that spread")
struct PropagationTests {
  /// Two cliques of eight with one edge between them: the first is bad, the second good.
  func cliques() throws -> (graph: SparseMatrix, truth: [Int32]) {
    var pairs: [(Int, Int)] = [(0, 8)]
    for start in [0, 8] { for a in 0..<8 { for b in 0..<a { pairs.append((start + a, start + b)) } } }
    let csr = try CSRBuilder(EdgeList(nodes: 16, pairs)).symmetric()
    let plain = SparseMatrix(columns: 16, offsets: csr.offsets, targets: csr.targets)
    return (GraphOperators.normalized(plain, withSelf: false), (0..<16).map { $0 < 8 ? 1 : 0 })
  }

  func known(_ classes: [Int32]) -> KnownLabels { KnownLabels(type: "shop", classes: classes, classCount: 2) }

  @Test("nodes become like those who are known near them")
  func near() throws {
    let (graph, truth) = try cliques()
    let labels = known(truth.indices.map { $0 % 2 == 0 ? truth[$0] : -1 })
    let p = LabelPropagation().probabilities(labels, along: graph, parallel: .machine)
    for node in 0..<16 {
      #expect((p[node, 1] > 0.7) == (truth[node] == 1), "\(node): \(p[node, 1])")
      #expect(abs(p[node, 0] + p[node, 1] - 1) < 1e-5)
    }
  }

  @Test("a node's own label never reaches itself, by any number of steps", arguments: [1, 2, 7, 20])
  func own(steps: Int) throws {
    let (graph, truth) = try cliques()
    let spreading = Spreading(share: 0.9, steps: steps)
    var numbers = Seed(7).generator(for: "model")
    var model = Matrix(rows: 16, columns: 2)
    for row in 0..<16 {
      model[row, 1] = Float(numbers.unit())
      model[row, 0] = 1 - model[row, 1]
    }
    func both(_ classes: [Int32]) -> (spread: Matrix, smooth: Matrix) {
      let labels = known(classes)
      let propagation = LabelPropagation(spreading: spreading, mixed: 0.01)
      let smoothing = CorrectAndSmooth(correcting: spreading, smoothing: spreading)
      return (
        propagation.probabilities(labels, along: graph, parallel: .machine),
        smoothing.applied(to: model, labels, along: graph, parallel: .machine)
      )
    }
    let before = both(truth)
    for node in [0, 3, 12] {
      var turned = truth
      turned[node] = 1 - turned[node]
      let after = both(turned)
      // The shares of all labels, and the errors' usual size, are told to everyone: they shift a little; its place must not.
      #expect(abs(after.spread[node, 1] - before.spread[node, 1]) < 0.01)
      #expect(abs(after.smooth[node, 1] - before.smooth[node, 1]) < 0.05)
      let neighbour = node < 8 ? (node + 1) % 8 : 8 + (node + 1 - 8) % 8
      #expect(abs(after.spread[neighbour, 1] - before.spread[neighbour, 1]) > 0.02)
    }
  }

  @Test("spreading is what a dense computation of each fold by itself gives")
  func dense() throws {
    let (graph, truth) = try cliques()
    let labels = known(truth.indices.map { $0 % 3 == 0 ? -1 : truth[$0] })
    var given = Matrix(rows: 16, columns: 1)
    for row in 0..<16 { given[row, 0] = Float(row) }
    let hidden = Matrix(rows: 16, columns: 1)
    let spreading = Spreading(share: 0.6, steps: 5)
    let reached = spreading.reached(given: given, hidden: hidden, labels: labels, along: graph)
    var a = [[Double]](repeating: [Double](repeating: 0, count: 16), count: 16)
    for row in 0..<16 {
      for entry in Int(graph.offsets[row])..<Int(graph.offsets[row + 1]) {
        a[row][Int(graph.targets[entry])] = Double(graph.weights![entry])
      }
    }
    for node in 0..<16 {
      let fold = labels.folds[node]
      var start = [Double](repeating: 0, count: 16)
      for other in 0..<16 where labels.classes[other] >= 0 && (fold < 0 || labels.folds[other] != fold) {
        start[other] = Double(other)
      }
      var x = start
      for _ in 0..<5 {
        var next = [Double](repeating: 0, count: 16)
        for row in 0..<16 {
          var sum = 0.0
          for other in 0..<16 { sum += a[row][other] * x[other] }
          next[row] = 0.6 * sum + 0.4 * start[row]
        }
        x = next
      }
      #expect(abs(Double(reached[node, 0]) - x[node]) < 1e-4)
    }
  }

  @Test("correct and smooth mends a model that errs alike among neighbours")
  func mends() throws {
    let (graph, truth) = try cliques()
    // The model knows nothing of the first clique.
    var model = Matrix(rows: 16, columns: 2)
    for row in 0..<16 {
      model[row, 1] = row < 8 ? 0.3 : 0.2
      model[row, 0] = 1 - model[row, 1]
    }
    let labels = known(truth.indices.map { $0 % 2 == 0 ? truth[$0] : -1 })
    let smooth = CorrectAndSmooth().applied(to: model, labels, along: graph, parallel: .machine)
    for node in 0..<16 { #expect((smooth[node, 1] > 0.5) == (truth[node] == 1), "\(node)") }
  }
}
