import Arguments
import Compute
import Features
import Foundation
import Graph
import Learning
import Tables

struct ScoreCommand: Command {
  let name = "score"
  let summary = "Scores every node of a model's type, the riskiest first."
  let examples = [
    Example("score shop.rg --model merchant/trees --out scores.csv", "All merchants, to a table.")
  ]
  let place = Positional<String>(
    "store", "The store, or the folder that was trained on.", completion: .folder)
  let model = Option<String>("model", "Target and name, as merchant/trees.", as: "MODEL")
  let version = Option<Int?>("version", "A version, if not the newest.")
  let asOf = Option<String?>(
    "as-of", "Only what was known before this time.", as: "TIME", accepts: TaskInput.time)
  let out = Option<String?>("out", "The CSV file to write: key, score.", as: "FILE", completion: .file)
  let models = Option<String?>("models", "Where models are kept, if not in the store.", as: "FOLDER")

  func run(_ input: Input, in session: Session) throws -> Answer {
    let parts = input[model].split(separator: "/", maxSplits: 1).map(String.init)
    let folder = ModelFolder(path: input[models] ?? TaskInput.models(input[place]))
    let known = folder.names().map { "\($0.target)/\($0.name)" }
    guard parts.count == 2 else { throw TaskError.noModel(name: input[model], known: known) }
    let trained = try folder.load(target: parts[0], name: parts[1], version: input[version])
    let graph = try TaskInput.graph(input[place])
    let sight = try NodeTask.sight(of: trained.card, graph, asOf: input[asOf].flatMap { Timestamp($0) })
    let scores = try trained.scores(sight, progress: session.progress)
    let keys = try sight.view.nodes(of: parts[0]).keys
    let order = try sight.view.visibleNodes(of: parts[0]).sorted { (scores[$1], $0) < (scores[$0], $1) }
    if let path = input[out] {
      var text = "key,score\n"
      for node in order {
        let key = keys.key(NodeID(UInt32(node)))
        let isPlain = !key.contains { $0 == "," || $0 == "\"" || $0.isNewline }
        let cell = isPlain ? key : "\"" + key.replacing("\"", with: "\"\"") + "\""
        text += "\(cell),\(scores[node])\n"
      }
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
    let top = order.prefix(20).map { (keys.key(NodeID(UInt32($0))), scores[$0]) }
    var answer = Answer(
      json: [
        "model": JSON(input[model]), "version": JSON(trained.card.version), "scored": JSON(order.count),
        "out": JSON(input[out]), "top": JSON(top.map { ["key": JSON($0.0), "score": JSON($0.1)] }),
      ])
    answer.say("Scored \(grouped(order.count)) nodes with \(input[model]), version \(trained.card.version).")
    var table = TextTable([parts[0], "score"])
    for (key, score) in top { table.add([key, threeDigits(score)]) }
    answer.table(table)
    return answer
  }
}
