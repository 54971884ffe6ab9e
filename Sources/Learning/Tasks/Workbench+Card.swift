// From candidates to a model with its card: smoothing, calibration, figures on validation, and what a reader should know.

import Compute
import Features
import Graph

extension Workbench {
  func model(of candidates: [Candidate]) throws -> TrainedModel {
    var parts: [ModelCard.Part] = []
    for (place, candidate) in candidates.enumerated() {
      var part = candidate.part
      if place > 0 { part.file = part.file.replacing(".", with: "-\(place + 1).") }
      parts.append(part)
    }
    let view = task.sights[task.sights.count - 1].view
    let card = ModelCard(
      target: task.target, kind: training.kind, version: 0, label: task.labels.column,
      classNames: task.labels.classNames, split: task.split, asOf: (task.asOf ?? view.asOf)?.description,
      learnedBefore: task.learnedBefore?.description,
      seed: training.seed.value, code: training.code, data: ModelCard.dataCounts(view.graph),
      isBoundToItsGraph: parts.contains { $0.features.features.contains { $0.isCoordinate } }, parts: parts,
      smoothing: nil, calibration: .none, threshold: nil, metrics: [:], leaks: leaks, notes: [])
    var model = TrainedModel(card: card, bodies: candidates.map(\.body))
    let predicted = try smoothed(&model, candidates)
    try calibrate(&model, predicted)
    model.card.notes = task.notes + notes + (try remarksOnInfinities(parts[0]))
    return model
  }

  /// The validation rows' probabilities, smoothed where that was asked for or, for `auto`, where it gains.
  private func smoothed(_ model: inout TrainedModel, _ candidates: [Candidate]) throws -> Matrix {
    var sum = Matrix(rows: candidates[0].validation.rows, columns: task.classCount)
    for candidate in candidates {
      var own = candidate.validation
      own.scale(by: Float(candidate.part.weight))
      sum.add(own)
    }
    guard training.usesGraph, training.smooths ?? (training.kind == .auto) else { return sum }
    let smoothing = CorrectAndSmooth()
    do {
      var rows: [Matrix] = []
      for part in task.validation {
        let sight = task.sights[part.sight]
        let all = try model.probabilities(
          sight, model.walkGraph(sight), columns: { try self.columns($0)[part.sight].all })
        rows.append(try smoothing.applied(to: all, task.sights[part.sight]).rows(at: part.nodes))
      }
      let smooth = Matrix.above(rows)
      let (before, after) = (worth(sum), worth(smooth))
      let isKept = training.smooths == true || after > before + 1e-3
      let scale = task.isBinary ? 0.5 : 1
      notes.append(
        "Correct and smooth takes validation from \(thousandths(before * scale)) to \(thousandths(after * scale)): "
          + (isKept ? "used." : "not used."))
      guard isKept else { return sum }
      model.card.smoothing = smoothing
      return smooth
    } catch let error as TaskError where training.smooths == nil {
      notes.append("Correct and smooth failed: \(error)")
      return sum
    }
  }

  private func calibrate(_ model: inout TrainedModel, _ predicted: Matrix) throws {
    let truth = task.validation.flatMap(\.classes)
    guard !truth.isEmpty else {
      notes.append("There were no validation rows: nothing was stopped early, and scores are not calibrated.")
      return
    }
    guard task.isBinary else {
      let chosen = highestClass((0..<predicted.rows).map { predicted.row($0) })
      let table = try ClassTable(predicted: chosen, truth: truth, classes: task.classCount)
      model.card.metrics["validation accuracy"] = table.accuracy
      return
    }
    let labels = truth.map { $0 == 1 }
    let scores = predicted.column(1).map(Double.init)
    guard let ranking = try? Ranking(scores: scores, labels: labels) else {
      notes.append(
        "All \(truth.count) validation rows are of one class: nothing was stopped early, and scores are not calibrated."
      )
      return
    }
    model.card.metrics["validation AUROC"] = ranking.areaUnderROC
    model.card.metrics["validation AUPRC"] = ranking.averagePrecision
    let calibration = try Calibration.fit(scores: scores, labels: labels)
    model.card.calibration = calibration
    model.card.threshold = try Ranking(
      scores: scores.map { calibration.probability(of: $0) }, labels: labels
    ).bestThreshold.threshold
  }

  /// Cells that are no numbers.
  private func remarksOnInfinities(_ part: ModelCard.Part) throws -> [String] {
    var remarks: [String] = []
    let table = try task.sights[0].view.nodes(of: task.target)
    for feature in part.features.features {
      guard case .own(.number(let name)) = feature, case .number(let values)? = table.columns[name] else {
        continue
      }
      let infinite = values.lazy.filter { $0.isInfinite }.count
      if infinite > 0 { remarks.append("\(infinite) infinite values of \(name) were taken as missing.") }
    }
    return remarks
  }
}
