import Arguments
import Compute
import Learning

/// A training step and an inference of a graph convolutional network of three layers.
struct BenchGCN: Command {
  let name = "gcn"
  let summary =
    "A training step of a GCN (128-256-256-40) on 169,343 nodes and 2.5 M entries, and its inference."
  let examples = [
    Example("bench gcn", "In the fused passes that such a network is compiled into."),
    Example("bench gcn --layers", "Layer by layer, to see what the passes gain."),
    Example("bench gcn --kind rgcn", "A relational network on the same edges, dealt into four relations."),
  ]
  let repeats = BenchOptions.repeats
  let compare = BenchOptions.compare
  let kind = Option("kind", "Which network.", default: Kind.gcn)
  let data = BenchOptions.data
  let layers = Flag("layers", "Layer by layer instead of in fused passes.")

  enum Kind: String, CaseIterable, ArgumentValue { case gcn, sage, rgcn }

  func run(_ input: Input, in session: Session) throws -> Answer {
    var bench = try Bench("gcn", input, in: session)
    let graph = try CitationGraph.make(
      relations: input[kind] == .rgcn ? 4 : 1, parallel: session.parallel)
    let operators = GraphOperators(
      input[kind] == .gcn ? .normalized : input[kind] == .sage ? .mean : .meanOfEach, of: graph)
    if let folder = input[data]?.path {
      for (place, matrix) in operators.forward.enumerated() {
        try BenchData(folder).write(matrix, graph.relations.count == 1 ? "graph" : "relation\(place)")
      }
    }
    let widths = [128, 256, 256, 40]
    var parts: [any Layer] = []
    for index in 0..<3 {
      let (name, from, to) = ("layer\(index)", widths[index], widths[index + 1])
      parts.append(
        input[kind] == .gcn
          ? GraphConvolution(name, from: from, to: to, depth: index, seed: Seed(1))
          : RelationalConvolution(
            name, from: from, to: to, relations: graph.relations.map(\.name), depth: index, seed: Seed(1)))
      if index < 2 { parts.append(Activation("layer\(index)", .relu, dropout: 0.5)) }
    }
    let network = Sequential(parts)
    let plan =
      input[layers]
      ? nil : GraphConvolutionPlan(compiling: network, on: operators, parallel: session.parallel)
    let features = Panel(CitationGraph.features(128))
    let rows = Array(0..<CitationGraph.nodeCount)
    let labels = rows.map { Int(splitMix(UInt64($0)) % 40) }
    let gradient = Panel()
    let optimizer = AdamW()
    var pass = Pass(
      isTraining: true, seed: Seed(1), graphs: [operators], isInputConstant: true, parallel: session.parallel)
    // The products forward, the same again for the weights, and for the inputs of all layers but the first.
    let products = input[kind] == .gcn ? 1 : 1 + graph.relations.count
    let forwardFlops = 2 * products * rows.count * (128 * 256 + 256 * 256 + 256 * 40)
    let flops = 2 * forwardFlops + 2 * products * rows.count * (256 * 256 + 256 * 40)
    try bench.measure("a training step", work: .flops(flops)) {
      pass.step += 1
      let scores = plan?.forward(features, pass) ?? network.forward(features, pass)
      let cost = Loss().gradient(
        scores, rows: rows, labels: labels, into: gradient, parallel: session.parallel)
      if let plan {
        plan.backward(gradient, pass)
      } else {
        _ = network.backward(gradient, pass, wantsInput: false)
      }
      optimizer.step(network.parameters, number: pass.step, rate: 0.01)
      return cost
    }
    pass.isTraining = false
    try bench.measure("inference", work: .flops(forwardFlops)) {
      (plan?.forward(features, pass) ?? network.forward(features, pass)).rows
    }
    return bench.answer()
  }
}
