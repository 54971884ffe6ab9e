import Arguments
import Compute
import Features
import Learning

/// `evaluate --examples`: what a kept model is worth on the answers of a table.
struct ExampleEvaluateAnswer {
  let path: String
  let file: String
  let trained: TrainedModel
  /// What the model is called on the command line.
  let name: String
  let settings: EvaluationSettings
  /// Columns by whose values the rows are split; nil: the usual ones.
  let by: [String]?

  func run(in session: Session) throws -> Answer {
    let asked = try AskedExamples(file, for: trained, named: name, in: path)
    guard asked.table.hasLabels else { throw ExampleError.unlabelled(file: file) }
    let judged = try ExampleJudgement(
      trained, on: asked.table, in: asked.events, settings: settings, parallel: session.parallel,
      progress: session.progress)
    if let warning = judged.warning { session.note("WARNING: " + warning) }
    guard var overall = judged.evaluation else {
      throw ExampleQuestionError.oneLabel(file: file, rows: judged.rowName)
    }
    overall.parts = try judged.parts(by: by)
    let told = ModelEvaluation.Told(overall: overall, months: judged.months())
    let notes = asked.table.notes + judged.notes
    var answer = Answer(
      json: JSON(
        [
          ("model", JSON(name)), ("version", JSON(trained.card.version)), ("examples", JSON(file)),
          ("judgedBy", JSON("examples")), ("measuredOn", JSON(judged.rows.rawValue)),
        ] + EvaluationReport.members(told) + [
          ("alarms", JSON(judged.alarms)), ("warning", JSON(judged.warning)), ("notes", JSON(notes)),
        ]))
    EvaluationReport.facts(
      overall, of: "\(name), version \(trained.card.version)", judged: "\(judged.rowName) of \(file)",
      to: &answer)
    if let warning = judged.warning { answer.say("WARNING: " + warning) }
    EvaluationReport.tables(told.months + overall.parts, to: &answer)
    for note in notes { answer.say(note) }
    return answer
  }
}
