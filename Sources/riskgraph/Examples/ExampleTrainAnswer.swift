import Arguments
import Compute
import Features
import Foundation
import Graph
import Learning

/// `train --examples`: a model of examples at many times, and what it is worth on those for test.
struct ExampleTrainAnswer {
  let examples: LearnedExamples
  let kind: String
  let budget: Double
  /// Where the model is kept; nil to keep none.
  let models: String?
  /// Where the test examples' scores are written, if anywhere.
  let scores: String?

  func run(in session: Session) throws -> Answer {
    let read = try examples.read(in: session)
    let fitted = try examples.training(ModelKind(rawValue: kind)!).fit(
      read.table, in: read.events, parallel: session.parallel, progress: session.progress,
      stop: session.stop)
    var settings = EvaluationSettings()
    settings.budget = budget
    let judged = try ExampleJudgement(fitted, settings: settings)
    var card = fitted.model.card
    for figure in judged.evaluation?.figures ?? [] { card.metrics[figure.name] = figure.estimate.value }
    if let warning = judged.warning { card.notes.append(warning) }
    let kept = TrainedModel(card: card, bodies: fitted.model.bodies)
    let version = try models.map { try ModelFolder(path: $0).save(kept, name: kind) }
    if let scores { try write(judged, fitted, read.graph, to: scores) }
    return answer(kept, judged, fitted, version)
  }

  private func answer(
    _ model: TrainedModel, _ judged: ExampleJudgement, _ fitted: ExampleTraining.Fitted, _ version: Int?
  ) -> Answer {
    let name = "\(model.card.target)/\(kind)"
    var answer = Answer(json: [
      "model": JSON(name), "version": JSON(version), "rows": JSON(judged.rowName),
      "columns": JSON(fitted.matrix.columns),
      "metrics": EvaluationReport.json(judged.evaluation?.figures ?? []),
      "alarms": JSON(judged.alarms), "warning": JSON(judged.warning), "notes": JSON(model.card.notes),
    ])
    answer.facts(
      [
        ("model", name + (version.map { ", version \($0)" } ?? ", not kept")),
        ("columns", "\(fitted.matrix.columns)"), ("measured on", judged.rowName),
      ] + (judged.evaluation?.figures ?? []).map { ($0.name, $0.estimate.description) })
    if let warning = judged.warning { answer.say("WARNING: " + warning) }
    for note in model.card.notes where note != judged.warning { answer.say(note) }
    return answer
  }

  private func write(
    _ judged: ExampleJudgement, _ fitted: ExampleTraining.Fitted, _ graph: MarketGraph, to path: String
  ) throws {
    let table = fitted.examples
    let keys = graph.nodes[table.target]!.keys
    var text = "\(table.target),as_of,label,score\n"
    for (place, score) in zip(judged.places, judged.scores) {
      let key = keys.key(NodeID(table.nodes[place]))
      let label = table.labels[place].isNaN ? "" : String(Int(table.labels[place]))
      text += "\(csvCell(key)),\(ExampleFile.time(table.asOf[place])),\(label),\(score)\n"
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}
