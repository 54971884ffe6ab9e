import Arguments
import Compute
import Store

struct ExportCommand: Command {
  let name = "export"
  let summary = "Writes a store's graph as tables: nodes, edges, keys and columns."
  let discussion = """
    One file for each type of nodes and each relation, as Parquet or CSV, and a schema.json to import them by. Appended \
    rows are in it, forgotten nodes are not.
    """
  let examples = [
    Example("export shop.rg out/", "Writes out/merchant.parquet, out/sells.parquet, …, out/schema.json."),
    Example("export shop.rg out/ --format csv", "The same as CSV."),
  ]

  let store = StoreParameters.store
  let folder = Positional<FolderPath>("folder", "A new or empty folder to write to.")
  let format = Option("format", "The format of the tables.", default: ExportFormat.parquet)

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name)
    let report = try store.export(
      to: input[folder].path, format: input[format], progress: session.progress, stop: session.stop)
    var answer = Answer(json: [
      "folder": JSON(input[folder].path), "format": JSON(input[format].rawValue),
      "nodes": JSON(store.schema.nodeTypes.map { ($0.name, JSON(report.nodes[$0.name] ?? 0)) }),
      "edges": JSON(store.schema.relations.map { ($0.name, JSON(report.edges[$0.name] ?? 0)) }),
    ])
    let nodes = report.nodes.values.reduce(0, +)
    let edges = report.edges.values.reduce(0, +)
    answer.say(
      "\(grouped(nodes)) nodes and \(grouped(edges)) edges in "
        + "\(counted(report.nodes.count + report.edges.count, "table")), with \(input[folder].path)/schema.json."
    )
    return answer
  }
}

extension ExportFormat: ArgumentValue {}
