import Compute
import Features
import Foundation
import Graph

/// One fitted model with its predictions on the validation rows, and its weight in a blend.
struct Candidate {
  let name: String
  var part: ModelCard.Part
  let body: TrainedModel.Body
  let validation: Matrix
}

/// What is computed once for all models of a task.
final class Workbench {
  let training: ModelTraining
  let task: NodeTask
  let progress: ProgressSink
  /// What models learn from, after `prune`.
  private(set) var features: FeatureSet
  /// All columns that the recipe names.
  let allFeatures: FeatureSet
  var leaks: [Leak] = []
  /// What a reader of the card should know of how it came about.
  var notes: [String] = []
  private var computed: [FeatureSet: [SightColumns]] = [:]

  init(_ training: ModelTraining, _ task: NodeTask, _ progress: ProgressSink) throws {
    self.training = training
    self.task = task
    self.progress = progress
    let view = task.sights[0].view
    let joinsOnlyItself = view.graph.nodes.count == 1
    let recipe = FeatureRecipe(
      hops: training.usesGraph ? training.hops ?? (joinsOnlyItself ? 3 : 2) : 0,
      spectralRank: task.isTransductive && training.usesGraph ? 128 : 0,
      excluding: training.excluding.union([task.labels.column]).union(task.split.map { [$0] } ?? []),
      seed: training.seed.value)
    allFeatures = try recipe.features(of: task.target, in: view, classes: task.classCount)
    features = allFeatures
  }

  /// Leaves out columns that say nothing on the training rows or only repeat another there, and notes which.
  func prune() throws {
    let all = try columns(allFeatures)
    let rows = Matrix.above(task.training.map { all[$0.sight].rows(at: $0.nodes) })
    let found = RedundantColumns(of: rows)
    notes += found.remarks(allFeatures.names)
    guard !found.kept.isEmpty, found.kept.count < allFeatures.features.count else { return }
    features.features = found.kept.map { allFeatures.features[$0] }
    computed[features] = all.map { $0.columns(at: found.kept) }
  }

  func columns(_ set: FeatureSet) throws -> [SightColumns] {
    if let known = computed[set] { return known }
    let result = try task.sights.indices.map { sight in
      let all = try set.columns(
        in: task.sights[sight].view, labels: task.sights[sight].labels, progress: progress)
      return needsAllRows ? SightColumns(all) : SightColumns(all, keeping: asked(at: sight))
    }
    computed[set] = result
    return result
  }

  /// Whether anything but labelled rows is looked at: by networks, and by what smooths scores over the graph.
  private var needsAllRows: Bool { training.kind != .trees || training.smooths == true }

  private func asked(at sight: Int) -> [Int] {
    let parts = task.training + task.validation + task.test
    return Set(parts.filter { $0.sight == sight }.flatMap(\.nodes)).sorted()
  }

  func labelled(_ parts: [NodeTask.Rows], _ columns: [SightColumns]) -> LabelledRows {
    LabelledRows(
      columns: Matrix.above(parts.map { columns[$0.sight].rows(at: $0.nodes) }),
      classes: parts.flatMap(\.classes))
  }

  func trees(
    _ set: FeatureSet, _ settings: TreeSettings? = nil, seed: Seed, named name: String = "trees",
    stop: StopRequest?
  ) throws -> Candidate {
    let settings = settings ?? training.trees
    let all = try columns(set)
    let rows = labelled(task.training, all)
    let validation = labelled(task.validation, all)
    let model = try Trees(settings).fit(
      rows, validation: validation.classes.isEmpty ? nil : validation, classes: task.classCount, seed: seed,
      progress: progress, stop: stop)
    let part = ModelCard.Part(
      kind: .trees, file: "trees.ubj", features: set,
      scaling: ColumnScaling(training: [rows.columns]), trees: settings)
    return Candidate(
      name: name, part: part, body: .trees(model), validation: try model.predict(validation.columns))
  }

  func propagation() throws -> Candidate {
    guard training.usesGraph else {
      throw TaskError.takesNoPart(model: "labelprop", reason: "without the graph labels cannot spread")
    }
    let set = FeatureSet(target: task.target, features: [])
    let own = LabelPropagation()
    let all = try task.sights.map { try own.probabilities($0) }
    let part = ModelCard.Part(
      kind: .labelprop, file: "", features: set, scaling: ColumnScaling(training: []), propagation: own)
    return Candidate(
      name: "labelprop", part: part, body: .propagation(own),
      validation: Matrix.above(task.validation.map { all[$0.sight].rows(at: $0.nodes) }))
  }

  func network(_ kind: ModelKind, stop: StopRequest?) throws -> Candidate {
    guard var recipe = training.network ?? kind.network else {
      throw TaskError.takesNoPart(model: kind.rawValue, reason: "it is made of other models")
    }
    if task.isBinary == false, recipe.training.metric != .loss { recipe.training.metric = .accuracy }
    if task.isBinary, task.validation.flatMap(\.classes).contains(1) == false {
      recipe.training.metric = .loss
    }
    let set = inputs(of: kind)
    guard !set.features.isEmpty else {
      throw TaskError.takesNoPart(model: kind.rawValue, reason: "\(task.target) has no columns of its own")
    }
    let all = try columns(set)
    var scaling = ColumnScaling(training: task.training.map { all[$0.sight].rows(at: $0.nodes) })
    scaling.isOfRows = training.scalesRows
    let scaled = all.map { scaling.scaled($0.all) }
    let graph = kind.seesGraph ? try WalkGraph.network(of: task.target, in: task.sights.map(\.view)) : nil
    // All moments in one matrix, so that rows of each are learned from together.
    let height = all[0].all.rows
    var classes = [Int](repeating: -1, count: height * all.count)
    func places(_ parts: [NodeTask.Rows]) -> [Int] {
      parts.flatMap { part in
        part.nodes.indices.map { index in
          let place = part.sight * height + part.nodes[index]
          classes[place] = part.classes[index]
          return place
        }
      }
    }
    let trainingRows = places(task.training)
    let validationRows = places(task.validation)
    if kind == .rgcn { recipe.sources = set.sources }
    let examples = NodeExamples(
      features: Matrix.above(scaled), graph: graph, classes: classes, classCount: task.classCount,
      training: trainingRows, validation: validationRows)
    let model = try fitted(recipe, examples, kind, stop)
    let part = ModelCard.Part(
      kind: kind, file: "weights.safetensors", features: set, scaling: scaling,
      architecture: model.architecture, relations: graph?.relations.map(\.name) ?? [])
    let predicted = try model.predict(examples.features, graph)
    return Candidate(
      name: kind.rawValue, part: part, body: .network(model), validation: predicted.rows(at: validationRows))
  }

  /// A network that walks the graph starts from own columns; the relational one also from its neighbours' own columns,
  /// source by source. One that does not walk is given what the neighbourhood's columns say.
  private func inputs(of kind: ModelKind) -> FeatureSet {
    // What is the same on all training rows may yet differ among their neighbours, so such networks take every column.
    if kind == .rgcn { return allFeatures.keeping { $0.isWithinOneHop && !$0.isLabelShare }.groupedBySource }
    return kind.seesGraph
      ? allFeatures.withoutGraph : features.keeping { !$0.isCoordinate && !$0.isDifference }
  }

  /// Trains, from a checkpoint where one is wanted and there.
  private func fitted(
    _ recipe: Network, _ examples: NodeExamples, _ kind: ModelKind, _ stop: StopRequest?
  ) throws -> NetworkModel {
    guard let checkpoint = training.checkpoint else {
      return try recipe.fit(examples, seed: training.seed, progress: progress, stop: stop)
    }
    let files = FileManager.default
    try files.createDirectory(atPath: checkpoint.folder, withIntermediateDirectories: true)
    let path = "\(checkpoint.folder)/.checkpoint-\(kind.rawValue).safetensors"
    let run = try TrainingRun(recipe, examples, seed: training.seed)
    if checkpoint.resumes, files.fileExists(atPath: path) { try run.resume(from: path) }
    do {
      try run.finish(progress: progress, stop: stop) { run in
        training.afterEpoch?(run.epoch)
        if run.epoch % checkpoint.everyEpochs == 0 { try run.writeCheckpoint(to: path) }
      }
    } catch let wish as CancellationError {
      try run.writeCheckpoint(to: path)
      throw wish
    }
    try? files.removeItem(atPath: path)
    return run.model
  }
}

extension GraphFeature {
  var isCoordinate: Bool {
    if case .structure(.spectral) = self { return true }
    return false
  }

  var isLabelShare: Bool {
    if case .labels = self { return true }
    return false
  }

  /// Own columns, and the mean of neighbours' columns.
  var isWithinOneHop: Bool {
    switch self {
    case .own: true
    case .neighbours(let path, .mean, _): path.count == 1
    case .neighbours, .structure, .labels: false
    }
  }

  /// Where a column within one hop comes from: the node itself, or a relation.
  var source: String {
    if case .neighbours(let path, _, _) = self { return path[0].words }
    return "own"
  }
}

extension FeatureSet {
  /// The same features, those of one source beside each other: own first.
  var groupedBySource: FeatureSet {
    var order: [String] = []
    for feature in features where !order.contains(feature.source) { order.append(feature.source) }
    let sorted = order.flatMap { source in features.filter { $0.source == source } }
    return FeatureSet(target: target, features: sorted, spectralRank: 0, seed: seed)
  }

  /// How many columns each source has, in their order. Needs: features grouped by source.
  var sources: [TypedProjection.Source] {
    var result: [TypedProjection.Source] = []
    for feature in features {
      if result.last?.name == feature.source {
        result[result.count - 1].columns += 1
      } else {
        result.append(.init(feature.source, columns: 1))
      }
    }
    return result
  }
}

extension Matrix {
  /// Matrices of equal width, one above the other.
  static func above(_ parts: [Matrix]) -> Matrix {
    let width = parts.first?.columns ?? 0
    var result = Matrix(
      rows: parts.reduce(0) { $0 + $1.rows }, columns: width, columnNames: parts.first?.columnNames)
    result.withUnsafeMutableBufferPointer { target in
      var start = 0
      for part in parts {
        part.withUnsafeBufferPointer { source in
          for place in source.indices { target[start + place] = source[place] }
        }
        start += part.count
      }
    }
    return result
  }
}
