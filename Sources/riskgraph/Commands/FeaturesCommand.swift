import Arguments
import Compute
import Features
import Foundation
import Graph
import Tables

struct FeaturesCommand: Command {
  let name = "features"
  let summary = "Computes the columns that models see of examples, or lists what each column says."
  let discussion = """
    Each example sees what had happened and was known strictly before its own as-of time. With --list every column is told \
    in words and as SQL (for DuckDB; x is one example: node, as_of, row). A small JSON file, --choice, takes more or \
    fewer columns than the default.
    """
  let examples = [
    Example("features shop.rg --examples ex.csv --out features.parquet", "The columns that the trees see."),
    Example("features shop.rg --target merchant --list", "What each column says."),
  ]
  let store = StoreParameters.store
  let examplesFile = ExampleParameters.examples
  let target = Option<String?>("target", "The node type, where the examples do not say.")
  let list = Flag("list", "List the columns instead of computing them.")
  let choice = ExampleParameters.choice
  let parts = ExampleParameters.columns
  let label = Option<String?>("label", "The label column, if not the schema's first.")
  let keepAll = Flag("keep-constant", "Keep columns that are the same in all rows.")
  let out = Option<String?>(
    "out", "The file to write: .parquet, .csv or .npy.", as: "FILE", completion: .file)

  func run(_ input: Input, in session: Session) throws -> Answer {
    let graph = try TaskInput.graph(input[store].path)
    let read = try input[examplesFile].map {
      try ExampleFile.read($0, target: input[target], types: graph.schema.nodeTypes.map(\.name))
    }
    guard let target = read?.target ?? input[target] else {
      throw UsageError.noneOf(["--examples", "--target"], of: "features")
    }
    let events = try EventGraph(graph, target: target, label: input[label], parallel: session.parallel)
    let table = try read?.rows.checked(target: target, in: events) ?? everyone(events)
    let columns = try ExampleColumns(
      for: table, in: events, choice: try ExampleParameters.readChoice(input[choice]),
      parts: ExampleParameters.parts(input[parts]), label: input[label])
    if input[list] { return listing(columns) }
    guard let out = input[out] else { throw UsageError.missing("--out", of: "features") }
    guard read != nil else { throw UsageError.missing("--examples", of: "features") }
    var matrix = try columns.matrix(
      for: table, in: events, parallel: session.parallel, progress: session.progress)
    var dropped = 0
    if !input[keepAll] {
      let training: [Int] = table.places(ExampleTable.Split.train)
      let kept = columns.pruned(on: matrix, rows: training.isEmpty ? Array(0..<table.count) : training).kept
      dropped = matrix.columns - kept.count
      matrix = matrix.columns(at: kept)
    }
    try write(matrix, table, graph, to: out)
    var answer = Answer(json: [
      "out": JSON(out), "examples": JSON(matrix.rows), "columns": JSON(matrix.columns),
      "dropped": JSON(dropped),
      "notes": JSON(table.notes),
    ])
    answer.say(
      "\(grouped(matrix.rows)) examples with \(matrix.columns) columns in \(out)."
        + (dropped > 0 ? " \(dropped) columns said nothing and were left out." : ""))
    for note in table.notes { answer.say(note) }
    return answer
  }

  /// Nobody in particular, for a list.
  private func everyone(_ events: EventGraph) -> ExampleTable {
    ExampleTable(target: events.target, nodes: [0], asOf: [events.afterAll])
  }

  private func listing(_ columns: ExampleColumns) -> Answer {
    let told = columns.told
    var answer = Answer(json: [
      "target": JSON(columns.target),
      "columns": JSON(
        told.map {
          ["name": JSON($0.name), "says": JSON($0.says), "sql": JSON($0.sql)]
        }),
    ])
    for column in told {
      answer.heading(column.name)
      answer.say("  " + column.says)
      if let sql = column.sql { answer.say("  " + sql) }
    }
    answer.say("\(told.count) columns.")
    return answer
  }

  private func write(_ matrix: Matrix, _ examples: ExampleTable, _ graph: MarketGraph, to path: String) throws
  {
    if path.hasSuffix(".npy") {
      try NumpyFile.write(matrix, to: path)
      return
    }
    let keys = graph.nodes[examples.target]!.keys
    let names = matrix.columnNames!
    let writer = try TableWriter(
      path: path, columns: [(examples.target, .text), ("as_of", .text)] + names.map { ($0, .float) })
    // In blocks, so that the columns are turned a part at a time.
    for start in stride(from: 0, to: matrix.rows, by: 50_000) {
      let rows = Array(start..<min(matrix.rows, start + 50_000))
      let part = matrix.rows(at: rows)
      var cells: [TableColumn] = [
        .text(TextArray(rows.map { keys.key(NodeID(examples.nodes[$0])) })),
        .text(TextArray(rows.map { ExampleFile.time(examples.asOf[$0]) })),
      ]
      cells += names.indices.map { .float(Buffer(part.column($0))) }
      try writer.append(cells)
    }
    try writer.finish()
  }
}
