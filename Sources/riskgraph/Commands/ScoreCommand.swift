import Arguments
import Compute
import Features
import Graph
import Learning
import Tables

struct ScoreCommand: Command {
  let name = "score"
  let summary = "Scores every node of a model's type, the riskiest first."
  let discussion = """
    Without --model the promoted model scores (see: riskgraph models --help). The table has a row for each node, the riskiest \
    first: its key, its score and its rank; with many classes the likeliest class and every class's probability. A model that \
    was trained on examples scores those of a table with --examples.
    """
  let examples = [
    Example("score shop.rg --out scores.parquet", "By the promoted model, to a table."),
    Example("score shop.rg --model merchant/gcn --as-of 2026-06-01", "As it was seen then."),
    Example(
      "score shop.rg --model merchant/trees --examples new.csv --out scores.csv",
      "The examples of a table, each as of its own time."),
  ]
  let place = Positional<String>(
    "store", "The store, or the folder that was trained on.", completion: .folder)
  let model = ModelParameters.model
  let version = ModelParameters.version
  let asOf = Option<String?>(
    "as-of", "Only what was known before this time.", as: "TIME", accepts: TaskInput.time)
  let out = Option<String?>(
    "out", "The table to write: .parquet, .csv, .tsv or .jsonl.", as: "FILE", completion: .file)
  let limit = StoreParameters.limit
  let models = ModelParameters.models

  let examplesFile = ExampleParameters.examples

  func run(_ input: Input, in session: Session) throws -> Answer {
    let folder = ModelFolder(path: input[models] ?? TaskInput.models(input[place]))
    let (target, name) = try folder.named(input[model])
    let trained = try folder.load(target: target, name: name, version: input[version])
    if let file = input[examplesFile] {
      return try ExampleScoreAnswer(
        path: input[place], file: file, trained: trained, name: "\(target)/\(name)", out: input[out]
      ).run(in: session)
    }
    let graph = try TaskInput.graph(input[place])
    let sight = try NodeTask.sight(of: trained.card, graph, asOf: input[asOf].flatMap { Timestamp($0) })
    let keys = try sight.view.nodes(of: target).keys
    let visible = try sight.view.visibleNodes(of: target)
    let classNames = trained.card.classNames
    let isBinary = classNames.count <= 2
    // Of many classes the likeliest one's probability is what orders.
    let probabilities = isBinary ? nil : try trained.probabilities(sight, progress: session.progress)
    let scores =
      try probabilities.map { all in (0..<all.rows).map { Double(all.row($0).max() ?? 0) } }
      ?? trained.scores(sight, progress: session.progress)
    let chosen = probabilities.map { all in highestClass((0..<all.rows).map { all.row($0) }) }
    let order = visible.sorted { (scores[$1], $0) < (scores[$0], $1) }
    func key(_ node: Int) -> String { keys.key(NodeID(UInt32(node))) }

    if let path = input[out] {
      var columns: [(name: String, type: Tables.ColumnType, values: TableColumn)] = [
        ("key", .text, .text(TextArray(order.map(key)))),
        ("score", .double, .double(Buffer(order.map { scores[$0] }))),
        ("rank", .integer, .integer(Buffer(order.indices.map { Int64($0 + 1) }))),
      ]
      if let probabilities, let chosen {
        columns.append(("class", .text, .text(TextArray(order.map { classNames[chosen[$0]] }))))
        for (place, label) in classNames.enumerated() {
          columns.append(
            ("probability \(label)", .float, .float(Buffer(order.map { probabilities[$0, place] }))))
        }
      }
      let writer = try TableWriter(path: path, columns: columns.map { ($0.name, $0.type) })
      try writer.append(columns.map(\.values))
      try writer.finish()
    }

    let top = order.prefix(input[limit])
    var answer = Answer(
      json: [
        "model": JSON("\(target)/\(name)"), "version": JSON(trained.card.version),
        "asOf": JSON(input[asOf]), "scored": JSON(order.count), "out": JSON(input[out]),
        "top": JSON(
          top.map { node in
            JSON(
              [("key", JSON(key(node))), ("score", JSON(scores[node]))]
                + (chosen.map { [("class", JSON(classNames[$0[node]]))] } ?? []))
          }),
      ])
    answer.say(
      "Scored \(grouped(order.count)) nodes with \(target)/\(name), version \(trained.card.version)"
        + (input[out].map { ", into \($0)." } ?? "."))
    var table = TextTable([target] + (chosen == nil ? ["score"] : ["class", "probability"]))
    for node in top {
      table.add([key(node)] + (chosen.map { [classNames[$0[node]]] } ?? []) + [threeDigits(scores[node])])
    }
    answer.table(table)
    return answer
  }
}
