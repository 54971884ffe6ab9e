import Compute
import Testing

@testable import Learning

/// Every layer's way back is compared with what its way there does when a number is nudged.
@Suite("layers: gradients agree with finite differences")
struct GradientTests {
  /// Two small relations between seven nodes; the fourth hears nobody.
  static func graph() -> NetworkGraph {
    let first: [[UInt32]] = [[1, 2], [0], [0, 4, 5], [], [2, 6], [2], [4]]
    let second: [[UInt32]] = [[3, 6], [], [1], [0], [], [6], [0, 5]]
    func matrix(_ lists: [[UInt32]]) -> SparseMatrix {
      var offsets: [UInt64] = [0]
      for list in lists { offsets.append(offsets.last! + UInt64(list.count)) }
      return SparseMatrix(columns: 7, offsets: Buffer(offsets), targets: Buffer(lists.flatMap { $0 }))
    }
    return NetworkGraph(relations: [
      .init(name: "one", neighbours: matrix(first), isSymmetric: true),
      .init(name: "two", neighbours: matrix(second), isSymmetric: false),
    ])
  }

  static func single() -> NetworkGraph { NetworkGraph(relations: [graph().relations[0]]) }

  /// The first `rows` nodes hear all: a block as a sampler makes it.
  static func block(_ operators: GraphOperators, rows: Int) -> GraphOperators {
    GraphOperators(
      operators.forward.map { matrix in
        let entries = Int(matrix.offsets[rows])
        return SparseMatrix(
          columns: matrix.columns, offsets: Buffer(matrix.offsets.prefix(rows + 1)),
          targets: Buffer(matrix.targets.prefix(entries)),
          weights: matrix.weights.map { Buffer($0.prefix(entries)) },
          rowScale: matrix.rowScale.map { Buffer($0.prefix(rows)) }, columnScale: matrix.columnScale)
      })
  }

  static func panel(_ rows: Int, _ columns: Int, item: Int) -> Panel {
    Panel(random(rows, columns, item: item))
  }

  static func random(_ rows: Int, _ columns: Int, item: Int) -> Matrix {
    var numbers = Seed(11).generator(for: "test panel", item: item)
    var matrix = Matrix(rows: rows, columns: columns)
    for i in 0..<rows { for j in 0..<columns { matrix[i, j] = Float(numbers.normal()) } }
    return matrix
  }

  /// The cost is the output's product with fixed random numbers, summed in double precision.
  static func check(_ layer: any Layer, inputs: Int, _ pass: Pass, tolerance: Double = 2e-2) {
    // Shifts and gains start at 0 and 1, which would hide mistakes.
    for (index, parameter) in layer.parameters.enumerated() {
      let noise = random(parameter.value.rows, parameter.value.columns, item: 100 + index)
      for i in 0..<parameter.value.rows {
        for j in 0..<parameter.value.columns { parameter.value[i, j] += 0.3 * noise[i, j] }
      }
    }
    let input = panel(7, inputs, item: 1)
    let output = layer.forward(input, pass)
    let factors = random(output.rows, output.columns, item: 2)
    func cost() -> Double {
      let y = layer.forward(input, pass)
      var sum = 0.0
      for i in 0..<y.rows { for j in 0..<y.columns { sum += Double(y[i, j]) * Double(factors[i, j]) } }
      return sum
    }
    func slope(_ panel: Panel, _ i: Int, _ j: Int) -> Double {
      let value = panel[i, j]
      panel[i, j] = value + 4e-3
      let above = cost()
      panel[i, j] = value - 4e-3
      let below = cost()
      panel[i, j] = value
      return (above - below) / 8e-3
    }
    _ = layer.forward(input, pass)
    let inputGradient = layer.backward(Panel(factors), pass, wantsInput: true).matrix
    for parameter in layer.parameters {
      for i in 0..<parameter.value.rows {
        for j in 0..<parameter.value.columns {
          let expected = slope(parameter.value, i, j)
          #expect(
            abs(Double(parameter.gradient[i, j]) - expected) <= tolerance * max(1, abs(expected)),
            "\(parameter.name) \(i), \(j)")
        }
      }
    }
    for i in 0..<7 {
      for j in 0..<inputs {
        let expected = slope(input, i, j)
        #expect(
          abs(Double(inputGradient[i, j]) - expected) <= tolerance * max(1, abs(expected)), "input \(i), \(j)"
        )
      }
    }
  }

  static func pass(_ kind: GraphOperators.Kind) -> Pass {
    let graph = kind == .meanOfEach ? graph() : single()
    return Pass(isTraining: true, step: 3, seed: Seed(4), graphs: [GraphOperators(kind, of: graph)])
  }

  @Test("linear")
  func linear() { Self.check(Linear("l", from: 3, to: 5, seed: Seed(1)), inputs: 3, Self.pass(.mean)) }

  @Test("activation and dropout", arguments: Activation.Function.allCases)
  func activation(function: Activation.Function) {
    Self.check(Activation("a", function, dropout: 0.3), inputs: 19, Self.pass(.mean))
  }

  @Test("layer norm", arguments: [1, 5, 16, 37])
  func layerNorm(width: Int) {
    Self.check(LayerNorm("n", width: width), inputs: width, Self.pass(.mean), tolerance: 4e-2)
  }

  @Test("graph convolution, whichever product comes first", arguments: [(3, 5), (5, 3)])
  func convolution(inputs: Int, outputs: Int) {
    let layer = GraphConvolution("c", from: inputs, to: outputs, depth: 0, seed: Seed(1))
    Self.check(layer, inputs: inputs, Self.pass(.normalized))
  }

  @Test("relational convolution over two relations")
  func relational() {
    let layer = RelationalConvolution(
      "r", from: 3, to: 4, relations: ["one", "two"], depth: 0, seed: Seed(1))
    Self.check(layer, inputs: 3, Self.pass(.meanOfEach))
  }

  @Test("a projection for each source of columns")
  func typed() {
    let layer = TypedProjection(
      "t", from: [.init("own", columns: 2), .init("sells", columns: 1), .init("uses", columns: 3)], to: 4,
      seed: Seed(1))
    Self.check(layer, inputs: 6, Self.pass(.mean))
    #expect(layer.parameters.map(\.name) == ["t.own", "t.sells", "t.uses", "t.bias"])
  }

  @Test("GraphSAGE's mean")
  func sage() {
    Self.check(
      RelationalConvolution("s", from: 3, to: 4, depth: 0, seed: Seed(1)), inputs: 3, Self.pass(.mean))
  }

  @Test("graph attention with two heads")
  func attention() {
    let layer = GraphAttention("g", from: 3, to: 6, heads: 2, depth: 0, seed: Seed(1))
    Self.check(layer, inputs: 3, Self.pass(.normalized), tolerance: 4e-2)
  }

  @Test("Beta wavelets", arguments: [1, 2, 3])
  func wavelets(order: Int) { Self.check(BetaWavelet(order: order), inputs: 3, Self.pass(.laplacian)) }

  @Test("hops")
  func hops() { Self.check(Hops(3), inputs: 2, Self.pass(.normalized)) }

  @Test("a residual block of several layers")
  func residual() {
    let seed = Seed(2)
    let block = Residual([
      LayerNorm("n", width: 4), RelationalConvolution("r", from: 4, to: 4, depth: 0, seed: seed),
      Activation("a", .gelu, dropout: 0.2), Linear("l", from: 4, to: 4, seed: seed),
    ])
    Self.check(block, inputs: 4, Self.pass(.mean), tolerance: 4e-2)
  }

  @Test("sampled blocks, whose rows are fewer than their columns")
  func blocks() {
    func pass(_ kind: GraphOperators.Kind) -> Pass {
      var pass = Self.pass(kind)
      pass.graphs = [Self.block(pass.graphs[0], rows: 4)]
      return pass
    }
    Self.check(GraphConvolution("c", from: 3, to: 5, depth: 0, seed: Seed(1)), inputs: 3, pass(.normalized))
    Self.check(
      RelationalConvolution("r", from: 3, to: 4, relations: ["one", "two"], depth: 0, seed: Seed(1)),
      inputs: 3,
      pass(.meanOfEach))
    Self.check(
      GraphAttention("g", from: 3, to: 4, heads: 2, depth: 0, seed: Seed(1)), inputs: 3, pass(.normalized),
      tolerance: 4e-2)
    Self.check(
      Residual([GraphConvolution("c", from: 3, to: 3, depth: 0, seed: Seed(1))]), inputs: 3, pass(.normalized)
    )
  }

  @Test("the loss, plain, weighted and focused", arguments: [Float(0), 2])
  func loss(focus: Float) {
    let loss = Loss(classWeights: [1, 3, 0.5], focus: focus)
    let scores = Self.random(7, 3, item: 5)
    let (rows, labels) = ([0, 2, 3, 6], [1, 0, 2, 1])
    let gradient = Panel()
    func cost(_ scores: Matrix) -> Double {
      loss.gradient(Panel(scores), rows: rows, labels: labels, into: Panel())
    }
    _ = loss.gradient(Panel(scores), rows: rows, labels: labels, into: gradient)
    for i in 0..<7 {
      for j in 0..<3 {
        var (above, below) = (scores, scores)
        above[i, j] += 1e-2
        below[i, j] -= 1e-2
        #expect(abs(Double(gradient[i, j]) - (cost(above) - cost(below)) / 2e-2) < 1e-4)
      }
    }
  }
}
