import Compute
import Testing

@testable import Learning

@Suite("the plan for graph convolutions")
struct GraphConvolutionPlanTests {
  static func network(_ widths: [Int], dropout: Float, seed: Seed) -> Sequential {
    var layers: [any Layer] = []
    for index in 0..<widths.count - 1 {
      layers.append(
        GraphConvolution(
          "layer\(index)", from: widths[index], to: widths[index + 1], depth: index, seed: seed))
      if index < widths.count - 2 { layers.append(Activation("layer\(index)", .relu, dropout: dropout)) }
    }
    return Sequential(layers)
  }

  static func close(_ a: Matrix, _ b: Matrix) -> Bool {
    guard a.rows == b.rows, a.columns == b.columns else { return false }
    var most: Float = 0
    var difference: Float = 0
    for i in 0..<a.rows {
      for j in 0..<a.columns {
        most = max(most, abs(b[i, j]))
        difference = max(difference, abs(a[i, j] - b[i, j]))
      }
    }
    return difference <= 1e-5 * max(most, 1e-3)
  }

  @Test(
    "agrees with the layers it is compiled from: scores, and the gradients of all parameters",
    arguments: [[6, 9, 9, 3], [6, 8, 4], [6, 5, 12, 7, 2], [6, 16, 16, 16, 20], [6, 40, 300, 3]],
    [Float(0), 0.4, 0.8])
  func agrees(widths: [Int], dropout: Float) throws {
    let examples = TrainingTests.examples(nodes: 2500)
    let operators = GraphOperators(.normalized, of: examples.graph!)
    let layers = Self.network(widths, dropout: dropout, seed: Seed(2))
    let fused = Self.network(widths, dropout: dropout, seed: Seed(2))
    let plan = try #require(GraphConvolutionPlan(compiling: fused, on: operators))
    let x = Panel(examples.features)
    let rows = examples.training
    let labels = rows.map { _ in 1 }
    for step in 1...2 {
      let pass = Pass(
        isTraining: true, step: step, seed: Seed(9), graphs: [operators], isInputConstant: true)
      let (a, b) = (layers.forward(x, pass), plan.forward(x, pass))
      #expect(Self.close(b.matrix, a.matrix))
      let (ga, gb) = (Panel(), Panel())
      _ = Loss().gradient(a, rows: rows, labels: labels, into: ga)
      _ = Loss().gradient(b, rows: rows, labels: labels, into: gb)
      _ = layers.backward(ga, pass, wantsInput: false)
      plan.backward(gb, pass)
      for (one, other) in zip(layers.parameters, fused.parameters) {
        #expect(Self.close(other.gradient.matrix, one.gradient.matrix), "\(one.name)")
        one.gradient.clear()
        other.gradient.clear()
      }
    }
    let still = Pass(graphs: [operators], isInputConstant: true)
    #expect(Self.close(plan.forward(x, still).matrix, layers.forward(x, still).matrix))
  }

  @Test("gives the same bits on one thread and on three")
  func threads() throws {
    let examples = TrainingTests.examples(nodes: 2500)
    let operators = GraphOperators(.normalized, of: examples.graph!)
    var gradients: [[Matrix]] = []
    for threads in [1, 3] {
      let network = Self.network([6, 16, 16, 3], dropout: 0.3, seed: Seed(2))
      let parallel = Parallel(threads: threads)
      let plan = try #require(GraphConvolutionPlan(compiling: network, on: operators, parallel: parallel))
      let pass = Pass(isTraining: true, step: 1, seed: Seed(9), graphs: [operators], parallel: parallel)
      let scores = plan.forward(Panel(examples.features), pass)
      let gradient = Panel()
      _ = Loss().gradient(
        scores, rows: examples.training, labels: examples.training.map { _ in 0 }, into: gradient,
        parallel: parallel)
      plan.backward(gradient, pass)
      gradients.append(network.parameters.map { $0.gradient.matrix })
    }
    #expect(gradients[0] == gradients[1])
  }

  @Test("is not made of what it does not know")
  func refused() {
    let operators = GraphOperators(.normalized, of: TrainingTests.examples().graph!)
    let seed = Seed(1)
    let unknown: [[any Layer]] = [
      [Linear("l", from: 3, to: 3, seed: seed)],
      [GraphConvolution("c", from: 3, to: 3, depth: 0, seed: seed)],
      [
        GraphConvolution("c", from: 3, to: 3, depth: 0, seed: seed), Activation("a", .gelu),
        GraphConvolution("d", from: 3, to: 3, depth: 1, seed: seed),
      ],
      [
        GraphConvolution("c", from: 3, to: 3, depth: 0, seed: seed), Activation("a", .relu),
        Linear("l", from: 3, to: 3, seed: seed),
      ],
    ]
    for layers in unknown {
      #expect(GraphConvolutionPlan(compiling: Sequential(layers), on: operators) == nil)
    }
  }
}
