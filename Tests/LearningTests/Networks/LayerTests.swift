import Compute
import Foundation
import Testing

@testable import Learning

@Suite("layers: values")
struct LayerTests {
  static var pass: Pass { Pass(graphs: [GraphOperators(.normalized, of: GradientTests.single())]) }

  @Test("a graph convolution is the product with D^-½ (A + 1) D^-½")
  func convolution() {
    let layer = GraphConvolution("c", from: 1, to: 1, depth: 0, seed: Seed(1))
    layer.weight.value[0, 0] = 2
    let y = layer.forward(Panel(Matrix([[1], [2], [3], [4], [5], [6], [7]])), Self.pass)
    // Node 0 has degree 3 with itself, hears nodes 1 (degree 2) and 2 (degree 4); node 3 hears itself alone.
    let second = 2 / (6.0).squareRoot()
    let third = 3 / (12.0).squareRoot()
    let expected: Double = 2 * (1.0 / 3 + second + third)
    #expect(abs(Double(y[0, 0]) - expected) < 1e-6)
    #expect(y[3, 0] == 8)
  }

  @Test("what is kept of a constant input gives the same as computing it again")
  func constantInput() {
    let layer = GraphConvolution("c", from: 2, to: 3, depth: 0, seed: Seed(1))
    let x = GradientTests.panel(7, 2, item: 3)
    let fresh = layer.forward(x, Self.pass).matrix
    var constant = Self.pass
    constant.isInputConstant = true
    _ = layer.forward(x, constant)
    #expect(layer.forward(x, constant).matrix == fresh)
  }

  @Test("Beta wavelets of all orders add up to a constant: Bernstein's polynomials do")
  func wavelets() {
    for order in 1...5 {
      let filters = BetaWavelet.coefficients(order: order)
      let sum = (0...order).map { power in filters.reduce(Float(0)) { $0 + $1[power] } }
      #expect(abs(sum[0] - Float(order + 1) / 2) < 1e-4)
      for power in 1...order { #expect(abs(sum[power]) < 1e-4) }
    }
  }

  @Test("attention's shares are a mean where all scores are equal")
  func attention() {
    let layer = GraphAttention("g", from: 1, to: 1, heads: 1, depth: 0, seed: Seed(1))
    layer.weight.value[0, 0] = 1
    layer.hearing.value[0, 0] = 0
    layer.heard.value[0, 0] = 0
    let y = layer.forward(Panel(Matrix([[1], [2], [3], [4], [5], [6], [7]])), Self.pass)
    #expect(abs(y[0, 0] - 2) < 1e-6)
    #expect(abs(y[2, 0] - 3.75) < 1e-6)
  }

  @Test("dropout keeps its share, scales it, and is another in the next step")
  func dropout() {
    let layer = Activation("d", .identity, dropout: 0.25)
    let ones = Panel(Matrix((0..<200).map { _ in [Float](repeating: 1, count: 100) }))
    let first = layer.forward(ones, Pass(isTraining: true, step: 1, seed: Seed(1))).matrix
    let kept = (0..<200).reduce(0) { $0 + first.row($1).filter { $0 > 0 }.count }
    #expect(abs(kept - 15_000) < 300)
    #expect(first.row(0).allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
    #expect(layer.forward(ones, Pass(isTraining: true, step: 2, seed: Seed(1))).matrix != first)
    #expect(layer.forward(ones, Pass(isTraining: false, step: 1, seed: Seed(1))).matrix == ones.matrix)
  }

  @Test(
    "layers give the same bits on every instruction set and any number of threads", .serialized,
    arguments: [1, 3])
  func sameBits(threads: Int) {
    defer { InstructionSet.available.last!.use() }
    let width = 45
    var results: [[Matrix]] = []
    for set in InstructionSet.available {
      set.use()
      var pass = Self.pass
      pass.isTraining = true
      pass.parallel = Parallel(threads: threads)
      let layers: [any Layer] = [
        LayerNorm("n", width: width), Activation("a", .gelu, dropout: 0.2), Activation("b", .relu),
        Activation("c", .leakyReLU), Hops(2),
      ]
      var outputs: [Matrix] = []
      for layer in layers {
        outputs.append(layer.forward(GradientTests.panel(7, width, item: 9), pass).matrix)
        let columns = outputs.last!.columns
        outputs.append(
          layer.backward(GradientTests.panel(7, columns, item: 8), pass, wantsInput: true).matrix)
      }
      let scores = GradientTests.panel(7, width, item: 7)
      Loss.softmax(scores, pass.parallel)
      results.append(outputs + [scores.matrix])
    }
    for result in results { #expect(result == results[0]) }
  }

  @Test("softmax agrees with its definition, also for large scores")
  func softmax() {
    let rows: [[Float]] = [[1, 2, 3, 4, 5], [1000, 1000, 0, -1000, 999], [-80, 3, 3, 3, -2]]
    let panel = Panel(Matrix(rows))
    Loss.softmax(panel, .machine)
    for (i, row) in rows.enumerated() {
      let most = Double(row.max()!)
      let exponentials = row.map { exp(Double($0) - most) }
      let sum = exponentials.reduce(0, +)
      for j in 0..<5 { #expect(abs(Double(panel[i, j]) - exponentials[j] / sum) < 1e-6) }
    }
  }

  @Test("AdamW's first step has the length of the rate, and decay pulls towards zero")
  func adamW() {
    let parameter = Parameter("w", rows: 1, columns: 3, decays: true)
    for (j, value) in [Float(1), -2, 0].enumerated() { parameter.value[0, j] = value }
    for (j, value) in [Float(0.5), -3, 0].enumerated() { parameter.gradient[0, j] = value }
    AdamW(weightDecay: 0.1).step([parameter], number: 1, rate: 0.01)
    let expected: [Float] = [1 - 0.01 - 0.001, -2 + 0.01 + 0.002, 0]
    for j in 0..<3 {
      #expect(abs(parameter.value[0, j] - expected[j]) < 1e-6)
      #expect(parameter.gradient[0, j] == 0)
    }
  }
}
