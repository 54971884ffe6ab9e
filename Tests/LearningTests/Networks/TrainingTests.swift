import Compute
import Foundation
import Testing

@testable import Learning

@Suite("training networks")
struct TrainingTests {
  /// Two groups on a ring with shortcuts; the features tell them apart only after the neighbours are heard.
  static func examples(nodes: Int = 200, classes: Int = 2) -> NodeExamples {
    var numbers = Seed(21).generator(for: "examples")
    let truth = (0..<nodes).map { $0 * classes / nodes }
    var lists = [Set<UInt32>](repeating: [], count: nodes)
    for node in 0..<nodes {
      for _ in 0..<6 {
        let other = Int.random(in: 0..<nodes, using: &numbers)
        if truth[other] == truth[node] && other != node || numbers.unit() < 0.05 {
          guard other != node else { continue }
          lists[node].insert(UInt32(other))
          lists[other].insert(UInt32(node))
        }
      }
    }
    var offsets: [UInt64] = [0]
    for list in lists { offsets.append(offsets.last! + UInt64(list.count)) }
    let matrix = SparseMatrix(
      columns: nodes, offsets: Buffer(offsets), targets: Buffer(lists.flatMap { $0.sorted() }))
    var x = Matrix(rows: nodes, columns: 6)
    for i in 0..<nodes {
      for j in 0..<6 { x[i, j] = Float(numbers.normal()) + (j % classes == truth[i] ? 0.8 : 0) }
    }
    return NodeExamples(
      features: x,
      graph: NetworkGraph(relations: [.init(name: "neighbours", neighbours: matrix, isSymmetric: true)]),
      classes: truth, classCount: classes, training: (0..<nodes).filter { $0 % 3 == 0 },
      validation: (0..<nodes).filter { $0 % 3 == 1 })
  }

  static func quick(epochs: Int = 40) -> TrainingSettings {
    TrainingSettings(
      epochs: epochs, learningRate: 0.02, weightDecay: 1e-4, warmup: 3, cosine: true, patience: nil)
  }

  static func held(_ model: NetworkModel, _ examples: NodeExamples) throws -> Double {
    let rows = (0..<examples.nodeCount).filter { $0 % 3 == 2 }
    let p = try model.predict(examples.features, examples.graph)
    return try TrainingSettings.Metric.accuracy.value(
      rows.map { p.row($0) }, labels: rows.map { examples.classes[$0] })
  }

  @Test("every kind learns two groups, and gives probabilities", arguments: Architecture.Kind.allCases)
  func learns(kind: Architecture.Kind) throws {
    let examples = Self.examples()
    let network = Network(kind, hidden: 16, dropout: 0.1, training: Self.quick())
    let model = try network.fit(examples)
    let seesGraph = kind != .logistic && kind != .mlp
    #expect(try Self.held(model, examples) > (seesGraph ? 0.88 : 0.7))
    let p = try model.predict(examples.features, examples.graph)
    for i in 0..<p.rows { #expect(abs(p[i, 0] + p[i, 1] - 1) < 1e-5 && p[i, 0] >= 0) }
    #expect(model.history.count == 40)
    #expect(model.history.last!.loss < model.history.first!.loss)
  }

  @Test("three classes, with balanced weights, a focused loss and short gradients")
  func classes() throws {
    let examples = Self.examples(classes: 3)
    var training = Self.quick()
    training.metric = .macroF1
    training.classWeights = .balanced
    training.focus = 1
    training.longestGradient = 1
    let model = try Network(.sage, hidden: 16, training: training).fit(examples)
    #expect(try Self.held(model, examples) > 0.85)
  }

  @Test("sampled neighbourhoods learn as well", arguments: [Architecture.Kind.gcn, .sage, .relational, .gat])
  func sampled(kind: Architecture.Kind) throws {
    let examples = Self.examples()
    var training = Self.quick(epochs: 15)
    training.sampling = .init(batch: 32, neighbours: [4, 3])
    let model = try Network(kind, hidden: 16, dropout: 0.1, training: training).fit(examples)
    #expect(try Self.held(model, examples) > 0.85)
  }

  @Test("the same seed gives the same bits on one thread and on three, another seed gives others")
  func reproducible() throws {
    let examples = Self.examples()
    var network = Network(.gcn, hidden: 16, training: Self.quick(epochs: 5))
    network.parallel = Parallel(threads: 1)
    let one = try network.fit(examples, seed: Seed(3))
    network.parallel = Parallel(threads: 3)
    #expect(try network.fit(examples, seed: Seed(3)).weights == one.weights)
    #expect(try network.fit(examples, seed: Seed(4)).weights != one.weights)
  }

  @Test("a run that was stopped and resumed ends with the same bits", arguments: [false, true])
  func resumed(sampled: Bool) throws {
    let examples = Self.examples()
    var training = Self.quick(epochs: 8)
    if sampled { training.sampling = .init(batch: 32, neighbours: [3, 3]) }
    let network = Network(.sage, hidden: 8, training: training)
    let whole = try network.fit(examples, seed: Seed(5))

    let path = FileManager.default.temporaryDirectory.path + "/checkpoint-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let first = try TrainingRun(network, examples, seed: Seed(5))
    for _ in 0..<3 { try first.runEpoch() }
    try first.writeCheckpoint(to: path)
    let second = try TrainingRun(network, examples, seed: Seed(5))
    try second.resume(from: path)
    try second.finish()
    #expect(second.model.weights == whole.weights)
    #expect(second.model.history == whole.history)

    let other = try TrainingRun(network, examples, seed: Seed(6))
    #expect(throws: WeightFileError.self) { try other.resume(from: path) }
  }

  @Test("a written model read again gives the same scores to the bit")
  func file() throws {
    let examples = Self.examples()
    let model = try Network(.relational, hidden: 8, training: Self.quick(epochs: 3)).fit(examples)
    let path = FileManager.default.temporaryDirectory.path + "/model-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.write(to: path)
    let read = try NetworkModel(readingFrom: path)
    #expect(read.architecture == model.architecture && read.history == model.history)
    #expect(
      try read.predict(examples.features, examples.graph) == model.predict(examples.features, examples.graph))
  }

  @Test("damaged weights are refused, wherever they are cut or changed")
  func damaged() throws {
    let file = Safetensors(
      arrays: [
        .init(name: "a", value: Matrix([[1, 2], [3, 4]])),
        .init(name: "b \"quoted\" é", value: Matrix([[5]])),
      ], metadata: ["what": "a test"])
    let data = file.serialized()
    #expect(try Safetensors(serialized: data) == file)
    for length in 0..<data.count {
      #expect(throws: WeightFileError.self) { try Safetensors(serialized: data.prefix(length)) }
    }
    #expect(throws: WeightFileError.self) { try Safetensors(serialized: data + [0]) }
    // A changed byte is refused or read as something else; it never traps.
    var numbers = Seed(8).generator(for: "damage")
    for _ in 0..<2000 {
      var changed = data
      changed[Int.random(in: 0..<data.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
      _ = try? Safetensors(serialized: changed)
    }
    #expect(throws: WeightFileError.self) { try NetworkModel(readingFrom: "/no/such/file") }
  }

  @Test("what nothing can be learned from is refused")
  func refused() throws {
    let network = Network(.gcn, hidden: 8, training: Self.quick(epochs: 1))
    func expectError(_ change: (inout NodeExamples) -> Void) {
      var examples = Self.examples()
      change(&examples)
      #expect(throws: LearningError.self) { try network.fit(examples) }
    }
    expectError { $0.training = [] }
    expectError { $0.training = [0, 3, 6] }
    expectError { $0.features[17, 2] = .nan }
    expectError { $0.features[17, 2] = .infinity }
    expectError { $0.classes[3] = -1 }
    expectError { $0.training.append(9999) }
    expectError { $0.graph = nil }
    expectError { $0.classes.removeLast() }
    let model = try network.fit(Self.examples())
    #expect(throws: LearningError.self) {
      try model.predict(Matrix(rows: 200, columns: 5), Self.examples().graph)
    }
    #expect(throws: LearningError.self) { try model.predict(Self.examples().features) }
    #expect(throws: LearningError.self) {
      var whole = Network(.bwgnn, training: Self.quick())
      whole.training.sampling = .init()
      _ = try whole.fit(Self.examples())
    }
  }

  @Test("the learning rate rises, then falls along half a cosine")
  func rate() {
    let settings = TrainingSettings(epochs: 100, learningRate: 1, warmup: 10, cosine: true)
    #expect(abs(settings.rate(step: 4, stepsPerEpoch: 1) - 0.5) < 1e-6)
    #expect(settings.rate(step: 10, stepsPerEpoch: 1) == 1)
    #expect(abs(settings.rate(step: 55, stepsPerEpoch: 1) - 0.5) < 1e-6)
    #expect(settings.rate(step: 99, stepsPerEpoch: 1) < 0.001)
  }
}

@Suite("drawing neighbours")
struct NeighbourSamplerTests {
  @Test("draws different neighbours of the node, as many as wanted, and the blocks fit each other")
  func blocks() {
    let examples = TrainingTests.examples()
    let graph = examples.graph!.relations[0].neighbours
    let sampler = NeighbourSampler(examples.graph!, kind: .mean, neighbours: [3, 2])
    let sample = sampler.sample([5, 17, 80], seed: Seed(1), step: 0)
    #expect(Array(sample.nodes.prefix(3)) == [5, 17, 80])
    #expect(Set(sample.nodes).count == sample.nodes.count)
    #expect(sample.graphs.count == 2 && sample.graphs[1].rows == 3)
    #expect(
      sample.graphs[0].rows == sample.graphs[1].columns && sample.graphs[0].columns == sample.nodes.count)
    for (block, wanted) in [(sample.graphs[1].forward[0], 3), (sample.graphs[0].forward[0], 2)] {
      for row in 0..<block.rows {
        let node = Int(sample.nodes[row])
        let drawn = (Int(block.offsets[row])..<Int(block.offsets[row + 1])).map {
          sample.nodes[Int(block.targets[$0])]
        }
        let all = (Int(graph.offsets[node])..<Int(graph.offsets[node + 1])).map { graph.targets[$0] }
        #expect(drawn.count == min(wanted, all.count))
        #expect(Set(drawn).count == drawn.count && Set(drawn).isSubset(of: all))
      }
    }
  }

  @Test("every neighbour is drawn equally often")
  func even() {
    var counts = [Int](repeating: 0, count: 7)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 3) { chosen in
      for item in 0..<7000 {
        var numbers = Seed(2).generator(for: "even", item: item)
        NeighbourSampler.choose(3, of: 7, into: chosen, &numbers)
        #expect(Set(chosen).count == 3)
        for number in chosen { counts[number] += 1 }
      }
    }
    for count in counts { #expect(abs(count - 3000) < 200) }
  }
}
