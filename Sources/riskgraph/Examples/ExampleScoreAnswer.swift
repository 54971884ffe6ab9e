import Arguments
import Compute
import Features
import Foundation
import Graph
import Learning

/// `score --examples`: the probability of each example, as of its own time.
struct ExampleScoreAnswer {
  let path: String
  let file: String
  let trained: TrainedModel
  /// What the model is called on the command line.
  let name: String
  /// The CSV file to write, if any.
  let out: String?

  func run(in session: Session) throws -> Answer {
    let asked = try AskedExamples(file, for: trained, named: name, in: path)
    let (graph, table) = (asked.graph, asked.table)
    let matrix = try trained.columns(
      of: table, in: asked.events, parallel: session.parallel, progress: session.progress)
    let warning = trained.card.regime?.finding(on: matrix)?.warning
    if let warning { session.note("WARNING: " + warning) }
    let scores = try trained.scores(
      of: table, in: asked.events, columns: matrix, progress: session.progress)
    let alarms = Double(scores.lazy.filter { $0 > 0.5 }.count) / Double(max(1, scores.count))
    let keys = graph.nodes[table.target]!.keys
    if let out {
      var text = "\(table.target),as_of,score\n"
      for (place, score) in scores.enumerated() {
        let key = keys.key(NodeID(table.nodes[place]))
        text += "\(csvCell(key)),\(ExampleFile.time(table.asOf[place])),\(score)\n"
      }
      try Data(text.utf8).write(to: URL(fileURLWithPath: out), options: .atomic)
    }
    let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }.prefix(20)
    var answer = Answer(json: [
      "scored": JSON(scores.count), "out": JSON(out), "alarms": JSON(alarms), "warning": JSON(warning),
      "top": JSON(
        order.map {
          [
            "key": JSON(keys.key(NodeID(table.nodes[$0]))), "asOf": JSON(ExampleFile.time(table.asOf[$0])),
            "score": JSON(scores[$0]),
          ]
        }), "notes": JSON(table.notes),
    ])
    answer.say(
      "Scored \(grouped(scores.count)) examples; \(Int((alarms * 100).rounded())) % have a probability above a half."
    )
    if let warning { answer.say("WARNING: " + warning) }
    var shown = TextTable([table.target, "as of", "score"])
    for place in order {
      shown.add([
        keys.key(NodeID(table.nodes[place])), ExampleFile.time(table.asOf[place]), threeDigits(scores[place]),
      ])
    }
    answer.table(shown)
    for note in table.notes { answer.say(note) }
    return answer
  }
}
