// Training, epoch after epoch.
//
// Everything random is named by the seed, the step and what it is for, so a run that is stopped after an epoch and taken
// up again from a checkpoint ends with the same bits as one that went through.

import Compute
import Foundation

/// A training run: what has been learned so far, and the way on.
public final class TrainingRun {
  public let recipe: Network
  public let architecture: Architecture
  public let seed: Seed
  public internal(set) var epoch = 0
  public internal(set) var history: [NetworkModel.EpochRecord] = []
  let network: Sequential
  var step = 0
  var best: (epoch: Int, metric: Double, weights: [NetworkModel.NamedMatrix])?
  private let examples: NodeExamples
  private let features: Panel
  private let operators: [GraphOperators]
  private let sampler: NeighbourSampler?
  private let loss: Loss
  private let optimizer: AdamW
  /// The network in fewer passes, where it is one that such a plan is known for.
  private let plan: GraphConvolutionPlan?
  private let gradient = Panel()
  private let batchFeatures = Panel()

  /// Needs: labelled training rows of two classes at least, and finite features.
  public init(_ recipe: Network, _ examples: NodeExamples, seed: Seed) throws(LearningError) {
    try examples.check()
    self.recipe = recipe
    self.examples = examples
    self.seed = seed
    architecture = recipe.architecture(for: examples)
    network = architecture.makeLayers(seed: seed)
    features = Panel(examples.features)
    let settings = recipe.training
    if let kind = architecture.operators {
      guard let graph = examples.graph else {
        throw .noRows(what: "relations for a network that sees a graph")
      }
      operators = [GraphOperators(kind, of: graph)]
      if let sampling = settings.sampling {
        guard architecture.canSample else { throw .cannotSample(network: architecture.kind.rawValue) }
        sampler = NeighbourSampler(
          graph, kind: kind, neighbours: sampling.neighbours(depth: architecture.depth))
      } else {
        sampler = nil
      }
    } else {
      operators = []
      sampler = nil
    }
    if settings.sampling == nil, let whole = operators.first {
      plan = GraphConvolutionPlan(compiling: network, on: whole, parallel: recipe.parallel)
    } else {
      plan = nil
    }
    var weights: [Float]?
    switch settings.classWeights {
    case .none: weights = nil
    case .balanced:
      weights = Loss.balanced(examples.training.map { examples.classes[$0] }, classes: examples.classCount)
    case .given(let given):
      guard given.count == examples.classCount else {
        throw .differentLengths(
          what: "class weights", count: given.count, other: "classes", otherCount: examples.classCount)
      }
      weights = given
    }
    loss = Loss(classWeights: weights, focus: settings.focus)
    optimizer = AdamW(
      weightDecay: settings.weightDecay, firstLayerPenalty: settings.firstLayerPenalty,
      longestGradient: settings.longestGradient)
  }

  public var isFinished: Bool {
    if epoch >= recipe.training.epochs { return true }
    guard let patience = recipe.training.patience, let best, !examples.validation.isEmpty else {
      return false
    }
    return epoch - best.epoch > patience
  }

  /// Trains until the end. `afterEpoch` is called where everything is whole: to write a checkpoint, say.
  public func finish(
    progress sink: ProgressSink = .silent, stop: StopRequest? = nil,
    afterEpoch: (TrainingRun) throws -> Void = { _ in }
  ) throws {
    let progress = sink.step(
      "training \(architecture.kind.rawValue)", total: recipe.training.epochs, unit: "epochs")
    while !isFinished {
      try stop?.check()
      try runEpoch()
      try afterEpoch(self)
      progress.advance()
    }
    let metric = best.map { String(format: "%.4f", $0.metric) } ?? "–"
    progress.finish(
      examples.validation.isEmpty
        ? "\(epoch) epochs"
        : "best \(recipe.training.metric.rawValue) \(metric) at epoch \(best?.epoch ?? epoch)")
  }

  /// What has been learned: the best epoch's weights where there are validation rows, else the last's.
  public var model: NetworkModel {
    NetworkModel(
      architecture: architecture, weights: best?.weights ?? NetworkModel.weights(of: network),
      bestEpoch: best?.epoch ?? epoch, bestMetric: best?.metric ?? .nan, history: history)
  }

  /// One pass over the training rows, and a look at the validation rows.
  public func runEpoch() throws(LearningError) {
    let cost = recipe.training.sampling == nil ? fullStep() : sampledEpoch()
    epoch += 1
    var metric: Double?
    if !examples.validation.isEmpty, epoch % recipe.training.lookEvery == 0 || epoch == recipe.training.epochs
    {
      let value = try look()
      metric = value
      // A loss is better when it falls; everything is kept as "more is better".
      let isBetter =
        best.map { recipe.training.metric == .loss ? value < $0.metric : value > $0.metric } ?? true
      if isBetter { best = (epoch, value, NetworkModel.weights(of: network)) }
    }
    history.append(.init(epoch: epoch, loss: cost, metric: metric))
  }

  private func fullStep() -> Double {
    let pass = Pass(
      isTraining: true, step: step, seed: seed, graphs: operators, isInputConstant: true,
      parallel: recipe.parallel)
    let scores = forward(pass)
    let cost = loss.gradient(
      scores, rows: examples.training, labels: examples.training.map { examples.classes[$0] }, into: gradient,
      parallel: recipe.parallel)
    if let plan {
      plan.backward(gradient, pass)
    } else {
      _ = network.backward(gradient, pass, wantsInput: false)
    }
    update(stepsPerEpoch: 1)
    return cost
  }

  private func forward(_ pass: Pass) -> Panel {
    plan?.forward(features, pass) ?? network.forward(features, pass)
  }

  private func sampledEpoch() -> Double {
    let sampling = recipe.training.sampling!
    var order = examples.training
    var numbers = seed.generator(for: "order of rows", item: epoch)
    order.shuffle(using: &numbers)
    let steps = (order.count + sampling.batch - 1) / sampling.batch
    var cost = 0.0
    for index in 0..<steps {
      let rows = Array(order[index * sampling.batch..<min(order.count, (index + 1) * sampling.batch)])
      let labels = rows.map { examples.classes[$0] }
      let sample = sampler?.sample(rows, seed: seed, step: step)
      let nodes = sample?.nodes ?? rows.map { UInt32($0) }
      batchFeatures.gather(nodes, from: features, recipe.parallel)
      let pass = Pass(
        isTraining: true, step: step, seed: seed, graphs: sample?.graphs ?? [], parallel: recipe.parallel)
      let scores = network.forward(batchFeatures, pass)
      cost +=
        loss.gradient(
          scores, rows: Array(0..<rows.count), labels: labels, into: gradient, parallel: recipe.parallel)
        * Double(rows.count)
      _ = network.backward(gradient, pass, wantsInput: false)
      update(stepsPerEpoch: steps)
    }
    return cost / Double(order.count)
  }

  private func update(stepsPerEpoch: Int) {
    let rate = recipe.training.rate(step: step, stepsPerEpoch: stepsPerEpoch)
    step += 1
    optimizer.step(network.parameters, number: step, rate: rate)
  }

  /// The metric on the validation rows.
  private func look() throws(LearningError) -> Double {
    let pass = Pass(
      graphs: operators, isInputConstant: recipe.training.sampling == nil, parallel: recipe.parallel)
    let scores = forward(pass)
    let labels = examples.validation.map { examples.classes[$0] }
    if recipe.training.metric == .loss {
      return loss.gradient(
        scores, rows: examples.validation, labels: labels, into: gradient, parallel: recipe.parallel)
    }
    Loss.softmax(scores, recipe.parallel)
    let probabilities = examples.validation.map { row in
      (0..<scores.columns).map { scores[row, $0] }
    }
    return try recipe.training.metric.value(probabilities, labels: labels)
  }
}

extension TrainingSettings.Sampling {
  /// One number for each graph layer: the last one given is repeated, and what is too much is left out.
  func neighbours(depth: Int) -> [Int] {
    (0..<depth).map { neighbours.isEmpty ? 10 : neighbours[min($0, neighbours.count - 1)] }
  }
}

extension TrainingSettings.Metric {
  /// Of rows of class probabilities. With more than two classes the areas are means over the classes, one against all
  /// others.
  func value(_ probabilities: [[Float]], labels: [Int]) throws(LearningError) -> Double {
    let classes = probabilities.first?.count ?? 2
    switch self {
    case .accuracy:
      return try ClassTable(predicted: highestClass(probabilities), truth: labels, classes: classes).accuracy
    case .macroF1:
      return try ClassTable(predicted: highestClass(probabilities), truth: labels, classes: classes).macroF1
    case .areaUnderROC, .averagePrecision:
      var sum = 0.0
      var count = 0
      for positive in classes == 2 ? 1..<2 : 0..<classes {
        let truth = labels.map { $0 == positive }
        if classes > 2, !truth.contains(true) || !truth.contains(false) { continue }
        let ranking = try Ranking(scores: probabilities.map { $0[positive] }, labels: truth)
        sum += self == .areaUnderROC ? ranking.areaUnderROC : ranking.averagePrecision
        count += 1
      }
      guard count > 0 else {
        throw .oneClassOnly(what: "validation rows", label: String(labels[0]), count: labels.count)
      }
      return sum / Double(count)
    case .loss: return .nan
    }
  }
}

extension Panel {
  /// The rows of another panel at these places.
  func gather(_ places: [UInt32], from other: Panel, _ parallel: Parallel) {
    reshape(rows: places.count, columns: other.columns)
    let width = columns
    nonisolated(unsafe) let (from, to) = (other.start, start)
    places.withUnsafeBufferPointer { places in
      nonisolated(unsafe) let places = places
      parallel.forEach(rows: places.count, atLeast: 1024) { range in
        for place in range {
          (to + place * width).update(from: from + Int(places[place]) * width, count: width)
        }
      }
    }
  }
}
