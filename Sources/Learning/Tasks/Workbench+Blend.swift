// Many models in one: their probabilities averaged with weights that validation chose (`EnsembleSelection`).

import Compute
import Features

extension Workbench {
  /// What is tried: boosted trees on several sets of columns; for `auto` and `ensemble` networks too; for `auto` also what
  /// is simple. What cannot be trained here is left out, and the card says why.
  func everything(stop: StopRequest?) throws -> [Candidate] {
    var candidates: [Candidate] = []
    var failures: [String] = []
    func attempt(_ name: String, _ body: () throws -> Candidate) throws {
      do {
        candidates.append(try body())
      } catch let wish as CancellationError {
        throw wish
      } catch {
        failures.append("\(name) failed: \(error)")
      }
    }
    for (place, variant) in variants().enumerated() {
      try attempt(variant.name) {
        // Trees of a few seeds each: what one seed finds by luck cancels.
        var settings = training.trees
        settings.repeats = max(3, settings.repeats)
        return try trees(
          variant.features, settings, seed: Seed(training.seed.value &+ UInt64(place)), named: variant.name,
          stop: stop)
      }
    }
    let walker: ModelKind = task.sights[0].view.graph.nodes.count == 1 ? .sage : .rgcn
    var kinds: [ModelKind] = training.usesGraph ? [walker] : [.mlp]
    if training.kind == .auto { kinds += [.logistic] + (training.usesGraph ? [.gcn] : []) }
    for kind in kinds { try attempt(kind.rawValue) { try network(kind, stop: stop) } }
    if training.kind == .auto, training.usesGraph { try attempt("labelprop") { try propagation() } }
    guard !candidates.isEmpty else {
      throw TaskError.takesNoPart(
        model: training.kind.rawValue, reason: failures.joined(separator: "; "))
    }
    let told = candidates.map { "\($0.name) \(thousandths(worth($0.validation) / (task.isBinary ? 2 : 1)))" }
    notes.append(
      "Tried, with the \(task.isBinary ? "mean of AUROC and AUPRC" : "accuracy") on validation: "
        + told.joined(separator: ", ") + ".")
    notes += failures
    return candidates
  }

  /// All columns; without neighbours' labels; without differences to neighbours; without coordinates.
  private func variants() -> [(name: String, features: FeatureSet)] {
    var result = [("trees", features)]
    func add(_ name: String, _ set: FeatureSet) {
      if !set.features.isEmpty, !result.contains(where: { $0.1 == set }) { result.append((name, set)) }
    }
    add("trees without neighbours' labels", features.keeping { !$0.isLabelShare })
    add("trees without differences", features.keeping { !$0.isDifference })
    add("trees without coordinates", features.keeping { !$0.isCoordinate })
    return result
  }

  /// Candidates with weights. Without validation rows the first alone.
  func blended(_ all: [Candidate]) -> [Candidate] {
    let selection = selection(of: all.map(\.validation))
    guard !selection.truth.isEmpty, all.count > 1 else { return Array(all.prefix(1)) }
    let weights = selection.weights(seed: training.seed)
    let chosen = all.indices.filter { weights[$0] > 0 }
    notes.append(
      "Chosen by validation: "
        + chosen.map { "\(all[$0].name) \(Int((100 * weights[$0]).rounded())) %" }.joined(separator: ", ")
        + ".")
    return chosen.map { place in
      var candidate = all[place]
      candidate.part.weight = weights[place]
      return candidate
    }
  }

  /// How good predictions for the validation rows are: AUROC + AUPRC, or accuracy for many classes.
  func worth(_ matrix: Matrix) -> Double { selection(of: [matrix]).worth(matrix) }

  private func selection(of predictions: [Matrix]) -> EnsembleSelection {
    EnsembleSelection(
      predictions: predictions, truth: task.validation.flatMap(\.classes), isBinary: task.isBinary,
      classes: task.classCount)
  }
}
