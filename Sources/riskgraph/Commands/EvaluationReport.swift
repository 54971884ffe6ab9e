import Arguments
import Compute
import Learning

/// An evaluation as an answer's JSON and tables: the same for every command that judges a model.
enum EvaluationReport {
  static func json(_ estimate: Estimate) -> JSON {
    ["value": JSON(estimate.value), "low": JSON(estimate.low), "high": JSON(estimate.high)]
  }

  static func json(_ figures: [Evaluation.Figure]) -> JSON {
    JSON(figures.map { ($0.name, json($0.estimate)) })
  }

  static func json(_ parts: [Evaluation.Part]) -> JSON {
    JSON(
      parts.map {
        [
          "by": JSON($0.by), "value": JSON($0.value), "rows": JSON($0.rows), "positives": JSON($0.positives),
          "metrics": json($0.figures), "graphAdds": json($0.graphAdds),
        ]
      })
  }

  static func json(_ curves: Curves?) -> JSON {
    guard let curves else { return .null }
    func points(_ all: [Curves.Point]) -> JSON { JSON(all.map { JSON([JSON($0.x), JSON($0.y)]) }) }
    return [
      "roc": points(curves.roc), "precisionRecall": points(curves.precisionRecall),
      "calibration": JSON(
        curves.calibration.map {
          ["meanScore": JSON($0.meanScore), "positiveShare": JSON($0.positiveShare), "rows": JSON($0.count)]
        }),
    ]
  }

  /// The members that every evaluation has.
  static func members(_ evaluation: Evaluation) -> [(String, JSON)] {
    [
      ("rows", JSON(evaluation.rows)), ("positives", JSON(evaluation.positives)),
      ("metrics", json(evaluation.figures)), ("graphAdds", json(evaluation.graphAdds)),
      ("graphSurelyAdds", JSON(evaluation.graphSurelyAdds)), ("parts", json(evaluation.parts)),
    ]
  }

  /// Those, and what was found over a time.
  static func members(_ told: ModelEvaluation.Told) -> [(String, JSON)] {
    members(told.overall) + [("months", json(told.months)), ("curves", json(told.overall.curves))]
  }

  /// The model, what it was judged on, and its figures.
  static func facts(
    _ evaluation: Evaluation, of model: String, judged: String, to answer: inout Answer
  ) {
    answer.facts(
      [
        ("model", model), ("judged", judged),
        (
          "rows",
          evaluation.positives > 0
            ? "\(grouped(evaluation.rows)), \(grouped(evaluation.positives)) positive"
            : grouped(evaluation.rows)
        ),
      ] + evaluation.figures.map { ($0.name, $0.estimate.description) })
  }

  /// Parts as a table each `by`, with at most these figures.
  static func tables(_ parts: [Evaluation.Part], to answer: inout Answer) {
    var order: [String] = []
    for part in parts where !order.contains(part.by) { order.append(part.by) }
    for by in order {
      let own = parts.filter { $0.by == by }
      let names = own.first { !$0.figures.isEmpty }?.figures.prefix(3).map(\.name) ?? []
      let hasGains = own.contains { !$0.graphAdds.isEmpty }
      var table = TextTable([by, "rows", "positive"] + names + (hasGains ? ["graph adds (AUPRC)"] : []))
      for part in own {
        let figures = names.map { name in
          part.figures.first { $0.name == name }.map { $0.estimate.description } ?? "–"
        }
        let gain = hasGains ? [part.graphAdds.first.map { $0.estimate.description } ?? "–"] : []
        table.add([part.value, grouped(part.rows), grouped(part.positives)] + figures + gain)
      }
      answer.table(table)
    }
  }
}
