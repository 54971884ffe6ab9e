import Arguments
import Compute
import Graph
import Learning
import Store

struct WatchCommand: Command {
  let name = "watch"
  let summary =
    "Says what has moved since a model was trained, how it has done since, and whether to train again."
  let discussion = """
    Compares columns and scores with those of the training (population stability index, largest distance between \
    distributions), checks by what came out since whether probabilities and ranking hold, and looks for communities that are \
    new. Scores what came out as it was scored before it came out.
    """
  let examples = [
    Example("watch shop.rg", "Every model, its promoted or newest version."),
    Example("watch shop.rg --model merchant/trees --as-of 2026-09-01", "One model, as of a day."),
  ]
  let store = StoreParameters.store
  let model = Option<String?>("model", "One model, as merchant/trees.", as: "MODEL")
  let version = Option<Int?>("version", "A version of it, if not the newest.")
  let asOf = StoreParameters.asOf
  let limit = Option("limit", "How many columns to show.", default: 12, accepts: within(0...))

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name)
    let watches = try StoreWatch(store, asOf: input[asOf], progress: session.progress).models(
      only: input[model], version: input[version]
    ) { session.note($0) }
    var answer = Answer(json: JSON(watches.map { json(of: $0) }))
    for (place, watch) in watches.enumerated() {
      if place > 0 { answer.say("") }
      tell(watch, limit: input[limit], in: &answer)
    }
    return answer
  }

  private func tell(_ watch: ModelWatch, limit: Int, in answer: inout Answer) {
    answer.heading("\(watch.title), version \(watch.card.version)")
    var facts = [("trained as of", watch.card.asOf ?? "no time")]
    if let drift = watch.drift {
      facts.append(("nodes", "\(grouped(drift.nodesThen)) then, \(grouped(drift.nodesNow)) now"))
      if let scores = drift.scores {
        facts.append(
          ("drift of scores", "PSI \(threeDigits(scores.stability.index)), \(scores.verdict.rawValue)"))
      }
      facts.append(
        (
          "drift of columns",
          "\(drift.drifted.count) drifted, \(drift.moved.count) moved, of \(drift.columns.count)"
        ))
    }
    if let decided = watch.decided {
      let test = decided.calibration
      facts.append(
        (
          "came out since",
          "\(grouped(test.cases)) cases, \(grouped(test.found)) risky; \(threeDigits(test.expected)) were expected"
        ))
      if let area = decided.areaUnderROC { facts.append(("AUROC since", "\(area)")) }
      if let precision = decided.precision(inTop: 100), test.cases > 100 {
        facts.append(("precision in the first 100", "\(precision)"))
      }
    }
    answer.facts(facts)
    if let drift = watch.drift, !drift.columns.isEmpty, limit > 0 {
      var table = TextTable(
        ["column", "moved", "PSI", "distance", "p", "missing then", "now"],
        alignments: [.leading, .leading, .trailing, .trailing, .trailing, .trailing, .trailing])
      for move in drift.columns.prefix(limit) {
        table.add([
          move.name, move.growsByItself ? "by itself" : move.verdict.rawValue,
          threeDigits(move.stability.index),
          threeDigits(move.smirnov.distance),
          threeDigits(move.smirnov.pValue), percent(move.missingThen), percent(move.missingNow),
        ])
      }
      answer.table(table)
    }
    let words = ["keep": "Keep it: nothing speaks against it.", "look": "Look:", "retrain": "Train again:"]
    answer.say(words[watch.health.advice.rawValue] ?? "")
    for reason in watch.health.reasons { answer.say("- " + reason.says) }
  }

  private func json(of watch: ModelWatch) -> JSON {
    let drift: JSON =
      watch.drift.map { drift in
        [
          "nodesThen": JSON(drift.nodesThen), "nodesNow": JSON(drift.nodesNow),
          "vanished": JSON(drift.vanished),
          "scores": drift.scores.map { json(of: $0) } ?? .null,
          "columns": JSON(drift.columns.map { json(of: $0) }),
        ]
      } ?? .null
    let decided: JSON =
      watch.decided.map { decided in
        [
          "from": JSON(decided.from.description), "cases": JSON(decided.calibration.cases),
          "risky": JSON(decided.calibration.found), "expected": JSON(decided.calibration.expected),
          "spiegelhalterZ": JSON(decided.calibration.z), "pValue": JSON(decided.calibration.pValue),
          "marksGood": JSON(decided.marksGood),
          "auroc": decided.areaUnderROC.map { EvaluationReport.json($0) } ?? .null,
          "precisionInFirst100": decided.precision(inTop: 100).map { EvaluationReport.json($0) } ?? .null,
        ]
      } ?? .null
    return [
      "model": JSON(watch.title), "version": JSON(watch.card.version), "trainedAsOf": JSON(watch.card.asOf),
      "advice": JSON(watch.health.advice.rawValue),
      "reasons": JSON(
        watch.health.reasons.map { ["advice": JSON($0.advice.rawValue), "says": JSON($0.says)] }),
      "drift": drift, "decided": decided,
    ]
  }

  private func json(of move: DriftReport.Move) -> JSON {
    [
      "name": JSON(move.name), "verdict": JSON(move.verdict.rawValue), "psi": JSON(move.stability.index),
      "psiPValue": JSON(move.stability.pValue), "distance": JSON(move.smirnov.distance),
      "distancePValue": JSON(move.smirnov.pValue), "missingThen": JSON(move.missingThen),
      "missingNow": JSON(move.missingNow), "growsByItself": JSON(move.growsByItself),
    ]
  }
}
