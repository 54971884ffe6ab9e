import Compute
import Features
import Graph

extension ExampleTraining {
  /// The neighbourhoods without the labels that the choice of columns forbids.
  var allowedNeighbourhoods: TimedNeighbourhoods {
    var allowed = neighbourhoods
    allowed.withoutVerdictsOn += choice.withoutVerdictsOn.filter { !allowed.withoutVerdictsOn.contains($0) }
    return allowed
  }

  /// A network on what was around each example as of its own time.
  func network(
    _ inputs: ExampleInputs, _ progress: ProgressSink, _ stop: StopRequest?
  ) throws -> Member {
    guard var recipe = kind.network else {
      throw TaskError.takesNoPart(model: kind.rawValue, reason: "it does not walk the graph")
    }
    let (training, validation) = (inputs.training, inputs.validation)
    recipe.hidden = 64
    // A layer for each hop that is drawn.
    recipe.depth = neighbourhoods.neighbours.count
    recipe.training.epochs = 80
    recipe.training.learningRate = 0.005
    recipe.training.patience = 15
    let asked = inputs.examples.rows(training + validation)
    let drawn = try allowedNeighbourhoods.draw(for: asked, in: inputs.events)
    let scaling = ColumnScaling(training: [drawn.features])
    var classes = [Int](repeating: -1, count: drawn.features.rows)
    for row in 0..<asked.count { classes[row] = Int(asked.labels[row]) }
    let rows = Array(0..<training.count)
    let held = Array(training.count..<asked.count)
    let graph = drawn.graph(for: kind)
    let model = try recipe.fit(
      NodeExamples(
        features: scaling.scaled(drawn.features), graph: graph, classes: classes, classCount: 2,
        training: rows,
        validation: held), seed: seed, progress: progress, stop: stop)
    let said = try model.predict(scaling.scaled(drawn.features), graph).rows(at: held).column(1)
    return Member(
      part: ModelCard.Part(
        kind: kind, weight: 1, file: "weights.safetensors", features: FeatureSet(target: "", features: []),
        featureNames: drawn.features.columnNames ?? [], scaling: scaling, trees: nil,
        architecture: model.architecture, relations: graph.relations.map(\.name)), body: .network(model),
      validation: said.map(Double.init))
  }
}

extension TimedNeighbourhoods.Drawn {
  /// What a kind of network walks: all edges as one relation, or each kind of edge with weights of its own.
  func graph(for kind: ModelKind) -> NetworkGraph {
    guard kind == .sage, graph.relations.count > 1 else { return graph }
    let all = graph.relations.map(\.neighbours)
    let count = graph.nodeCount
    var offsets: [UInt64] = [0]
    var targets: [UInt32] = []
    for node in 0..<count {
      for matrix in all {
        targets += matrix.targets[Int(matrix.offsets[node])..<Int(matrix.offsets[node + 1])]
      }
      offsets.append(UInt64(targets.count))
    }
    return NetworkGraph(relations: [
      .init(
        name: "around",
        neighbours: SparseMatrix(columns: count, offsets: Buffer(offsets), targets: Buffer(targets)),
        isSymmetric: true)
    ])
  }
}
