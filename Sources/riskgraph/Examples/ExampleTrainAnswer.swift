import Arguments
import Compute
import Features
import Foundation
import Graph
import Learning

/// `train --examples`: a model of examples at many times, and what it is worth on those for test.
struct ExampleTrainAnswer {
  let path: String
  let file: String
  let target: String?
  let kind: String
  let choice: String?
  let parts: [String]
  let gap: String?
  let label: String?
  let hops: Int?
  let seed: Int
  /// Where the model is kept; nil to keep none.
  let models: String?
  /// Where the test examples' scores are written, if anywhere.
  let scores: String?

  func run(in session: Session) throws -> Answer {
    let graph = try TaskInput.graph(path)
    let (target, rows) = try ExampleFile.read(file, target: target, types: graph.schema.nodeTypes.map(\.name))
    let events = try EventGraph(graph, target: target, label: label, parallel: session.parallel)
    var table = try rows.checked(target: target, in: events)
    guard table.hasLabels else { throw ExampleError.unlabelled(file: file) }
    let span = gap.flatMap { TimeSpan($0) }?.seconds ?? 0
    table =
      table.splits == nil ? table.split(.init(gapSeconds: span)) : table.withValidation(gapSeconds: span)
    let training = ExampleTraining(
      ModelKind(rawValue: kind)!, parts: ExampleParameters.parts(parts),
      choice: try ExampleParameters.readChoice(choice),
      label: label, hops: hops ?? 2, seed: Seed(UInt64(bitPattern: Int64(seed))), code: RiskGraph.version)
    let fitted = try training.fit(
      table, in: events, parallel: session.parallel, progress: session.progress, stop: session.stop)
    let judged = try ExampleJudgement(fitted)
    var card = fitted.model.card
    for (name, estimate) in judged.figures { card.metrics[name] = estimate.value }
    if let warning = judged.warning { card.notes.append(warning) }
    let kept = TrainedModel(card: card, bodies: fitted.model.bodies)
    let version = try models.map { try ModelFolder(path: $0).save(kept, name: kind) }
    if let scores { try write(judged, fitted, graph, to: scores) }
    return answer(kept, judged, fitted, version)
  }

  private func answer(
    _ model: TrainedModel, _ judged: ExampleJudgement, _ fitted: ExampleTraining.Fitted, _ version: Int?
  ) -> Answer {
    let name = "\(model.card.target)/\(kind)"
    var answer = Answer(json: [
      "model": JSON(name), "version": JSON(version), "rows": JSON(judged.rowName),
      "columns": JSON(fitted.matrix.columns),
      "metrics": JSON(judged.figures.map { ($0.0, EvaluationReport.json($0.1)) }),
      "alarms": JSON(judged.alarms), "warning": JSON(judged.warning), "notes": JSON(model.card.notes),
    ])
    answer.facts(
      [
        ("model", name + (version.map { ", version \($0)" } ?? ", not kept")),
        ("columns", "\(fitted.matrix.columns)"), ("measured on", judged.rowName),
      ] + judged.figures.map { ($0.0, $0.1.description) })
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
