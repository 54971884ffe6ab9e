// From a question to a model: features for every moment, a fit, a calibration, and what it is worth.

import Compute
import Features
import Graph

/// Trains a model of a kind on a task.
///
///     let task = try NodeTask.split(graph, target: "node", label: "label", by: "split0")
///     let model = try ModelTraining(.trees).fit(task)
public struct ModelTraining: Sendable {
  public var kind: ModelKind
  /// Walks up to this length; nil: three where a type is joined to itself alone, else two.
  public var hops: Int?
  public var excluding: Set<String>
  public var usesGraph: Bool
  public var trees: TreeSettings
  public var seed: Seed
  public var code: String

  public init(
    _ kind: ModelKind, hops: Int? = nil, excluding: Set<String> = [], usesGraph: Bool = true,
    trees: TreeSettings = TreeSettings(), seed: Seed = Seed(1), code: String = "1"
  ) {
    self.kind = kind
    self.hops = hops
    self.excluding = excluding
    self.usesGraph = usesGraph
    self.trees = trees
    self.seed = seed
    self.code = code
  }

  /// Looks for leaks first, and tells `found` what it found before anything is trained.
  public func fit(
    _ task: NodeTask, progress: ProgressSink = .silent, stop: StopRequest? = nil,
    found: (([Leak]) -> Void)? = nil
  ) throws -> TrainedModel {
    let bench = try Workbench(self, task, progress)
    bench.leaks = try task.leaks(of: bench.features, columns: bench.columns(bench.features))
    found?(bench.leaks)
    let candidates: [Candidate]
    switch kind {
    case .ensemble, .auto:
      var all = try [Candidate](
        bench.variants(of: task).map { try bench.trees($0.features, seed: $0.seed, stop: stop) })
      if kind == .auto {
        for other in [ModelKind.logistic, .sage] {
          if other.seesGraph, !usesGraph { continue }
          if let candidate = try? bench.network(other, stop: stop) { all.append(candidate) }
        }
      }
      candidates = bench.blended(all, mustBlend: kind == .ensemble)
    case .trees: candidates = [try bench.trees(bench.features, seed: seed, stop: stop)]
    default: candidates = [try bench.network(kind, stop: stop)]
    }
    return try bench.model(of: candidates)
  }
}

/// One fitted model with its predictions on the validation rows, and its weight in a blend.
struct Candidate {
  var part: ModelCard.Part
  let body: TrainedModel.Body
  let validation: [Matrix]
}

/// What is computed once for all models of a task.
final class Workbench {
  let training: ModelTraining
  let task: NodeTask
  let progress: ProgressSink
  let features: FeatureSet
  var leaks: [Leak] = []
  private var computed: [FeatureSet: [Matrix]] = [:]

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
    features = try recipe.features(of: task.target, in: view, classes: task.classCount)
  }

  func columns(_ set: FeatureSet) throws -> [Matrix] {
    if let known = computed[set] { return known }
    let matrices = try task.sights.map {
      try set.columns(in: $0.view, labels: $0.labels, progress: progress)
    }
    computed[set] = matrices
    return matrices
  }

  func labelled(_ parts: [NodeTask.Rows], _ columns: [Matrix]) -> LabelledRows {
    LabelledRows(
      columns: Matrix.above(parts.map { columns[$0.sight].rows(at: $0.nodes) }),
      classes: parts.flatMap(\.classes))
  }

  func trees(_ set: FeatureSet, seed: Seed, stop: StopRequest?) throws -> Candidate {
    let all = try columns(set)
    let rows = labelled(task.training, all)
    let validation = labelled(task.validation, all)
    let model = try Trees(training.trees).fit(
      rows, validation: validation.classes.isEmpty ? nil : validation, classes: task.classCount, seed: seed,
      progress: progress, stop: stop)
    let part = ModelCard.Part(
      kind: .trees, weight: 1, file: "trees.ubj", features: set, featureNames: set.names,
      scaling: ColumnScaling(training: [rows.columns]), trees: training.trees, architecture: nil,
      relations: [])
    return Candidate(part: part, body: .trees(model), validation: [try model.predict(validation.columns)])
  }

  func network(_ kind: ModelKind, stop: StopRequest?) throws -> Candidate {
    guard var recipe = kind.network else {
      throw TaskError.takesNoPart(model: kind.rawValue, reason: "it is made of other models")
    }
    if task.isBinary == false { recipe.training.metric = .accuracy }
    // A network that walks the graph starts from own columns; one that does not is given the neighbours' means.
    let set = kind.seesGraph ? features.withoutGraph : features.keeping { !$0.isCoordinate }
    guard !set.features.isEmpty else {
      throw TaskError.takesNoPart(model: kind.rawValue, reason: "\(task.target) has no columns of its own")
    }
    let all = try columns(set)
    let scaling = ColumnScaling(training: task.training.map { all[$0.sight].rows(at: $0.nodes) })
    let scaled = all.map { scaling.scaled($0) }
    let graph = kind.seesGraph ? try WalkGraph.network(of: task.target, in: task.sights.map(\.view)) : nil
    // All moments in one matrix, so that rows of each are learned from together.
    let height = all[0].rows
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
    let examples = NodeExamples(
      features: Matrix.above(scaled), graph: graph, classes: classes, classCount: task.classCount,
      training: trainingRows, validation: validationRows)
    let model = try recipe.fit(examples, seed: training.seed, progress: progress, stop: stop)
    let part = ModelCard.Part(
      kind: kind, weight: 1, file: "weights.safetensors", features: set, featureNames: set.names,
      scaling: scaling, trees: nil, architecture: model.architecture,
      relations: graph?.relations.map(\.name) ?? [])
    let predicted = try model.predict(examples.features, graph)
    return Candidate(part: part, body: .network(model), validation: [predicted.rows(at: validationRows)])
  }

  /// What an ensemble of trees is made of: all columns twice, without neighbours' labels, without coordinates.
  func variants(of task: NodeTask) -> [(features: FeatureSet, seed: Seed)] {
    let seed = training.seed
    var sets: [(FeatureSet, Seed)] = [(features, seed), (features, Seed(seed.value &+ 1))]
    let withoutLabels = features.keeping { !$0.isLabelShare }
    if withoutLabels.features.count < features.features.count {
      sets += [(withoutLabels, Seed(seed.value &+ 2))]
    }
    return sets
  }

  /// Candidates with weights, added one by one as long as validation gains. Caruana et al.: Ensemble selection (2004).
  func blended(_ all: [Candidate], mustBlend: Bool) -> [Candidate] {
    let truth = task.validation.flatMap(\.classes)
    guard !truth.isEmpty, all.count > 1 else { return Array(all.prefix(1)) }
    func worth(_ matrix: Matrix) -> Double {
      if task.isBinary {
        let ranking = try? Ranking(scores: matrix.column(1), labels: truth.map { $0 == 1 })
        return ranking.map { $0.areaUnderROC + $0.averagePrecision } ?? 0
      }
      let chosen = highestClass((0..<matrix.rows).map { matrix.row($0) })
      return (try? ClassTable(predicted: chosen, truth: truth, classes: task.classCount).accuracy) ?? 0
    }
    var counts = [Int](repeating: 0, count: all.count)
    var sum = Matrix(rows: truth.count, columns: task.classCount)
    // Trees differ only by chance and columns: their even mean is a safer start than the luckiest of them.
    if mustBlend {
      for place in all.indices {
        counts[place] = 1
        sum.add(all[place].validation[0])
      }
    }
    var best = mustBlend ? worth(sum) : -1
    for _ in 0..<20 {
      let worths = all.map { candidate -> Double in
        var tried = sum
        tried.add(candidate.validation[0])
        return worth(tried)
      }
      guard let place = worths.indices.max(by: { worths[$0] < worths[$1] }), worths[place] > best + 1e-4
      else { break }
      best = worths[place]
      counts[place] += 1
      sum.add(all[place].validation[0])
    }
    let total = Double(max(1, counts.reduce(0, +)))
    return all.indices.filter { counts[$0] > 0 }.map { place in
      var candidate = all[place]
      candidate.part.weight = Double(counts[place]) / total
      return candidate
    }
  }

  func model(of candidates: [Candidate]) throws -> TrainedModel {
    var sum = Matrix(rows: candidates[0].validation[0].rows, columns: task.classCount)
    for candidate in candidates {
      var own = candidate.validation[0]
      own.scale(by: Float(candidate.part.weight))
      sum.add(own)
    }
    let truth = task.validation.flatMap(\.classes)
    var metrics: [String: Double] = [:]
    var calibration = Calibration.none
    var notes = task.notes
    if task.isBinary, let ranking = try? Ranking(scores: sum.column(1), labels: truth.map { $0 == 1 }) {
      metrics["validation AUROC"] = ranking.areaUnderROC
      metrics["validation AUPRC"] = ranking.averagePrecision
      calibration = try .fit(scores: sum.column(1).map(Double.init), labels: truth.map { $0 == 1 })
    } else if !truth.isEmpty {
      let chosen = highestClass((0..<sum.rows).map { sum.row($0) })
      let table = try ClassTable(predicted: chosen, truth: truth, classes: task.classCount)
      metrics["validation accuracy"] = table.accuracy
    } else {
      notes.append("There were no validation rows: nothing was stopped early, and scores are not calibrated.")
    }
    var parts: [ModelCard.Part] = []
    for (place, candidate) in candidates.enumerated() {
      var part = candidate.part
      if place > 0 { part.file = part.file.replacing(".", with: "-\(place + 1).") }
      parts.append(part)
    }
    let usesCoordinates = parts.contains { $0.features.features.contains { $0.isCoordinate } }
    let empty = parts[0].scaling.missingShares.indices.filter { parts[0].scaling.missingShares[$0] >= 1 }
    if !empty.isEmpty {
      let names = empty.prefix(5).map { parts[0].featureNames[$0] }.joined(separator: ", ")
      notes.append(
        "\(empty.count) columns are empty on the training rows: \(names)\(empty.count > 5 ? ", …" : "").")
    }
    let view = task.sights[task.sights.count - 1].view
    let card = ModelCard(
      target: task.target, kind: training.kind, version: 0, label: task.labels.column,
      classNames: task.labels.classNames, split: task.split, asOf: view.asOf?.description,
      seed: training.seed.value, code: training.code, data: ModelCard.dataCounts(view.graph),
      isBoundToItsGraph: usesCoordinates, parts: parts, calibration: calibration, metrics: metrics,
      leaks: leaks, notes: notes)
    return TrainedModel(card: card, bodies: candidates.map(\.body))
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
