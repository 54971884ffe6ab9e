import Arguments
import Compute
import Graph
import Store

struct ImportCommand: Command {
  let name = "import"
  let summary = "Takes in a folder of tables: CSV, Parquet or JSON lines."
  let discussion = """
    Each table is a file named as the schema says (order.csv, order.parquet, order.jsonl, also .gz and .zst), several \
    (order.1.csv, order.2.csv), or a folder order/. All or nothing: what goes wrong, and a stop at any moment, leaves \
    the store as it was.
    """
  let examples = [
    Example("import shop.rg tables/", "Takes in every table of the schema that tables/ holds."),
    Example(
      "import shop.rg tables/ --unknown-keys create", "Makes nodes of keys that only edges name."),
  ]

  let store = StoreParameters.store
  let tables = Positional<FolderPath>("tables", "The folder with the tables.")
  let unknownKeys = StoreParameters.unknownKeys
  let skipBadRows = StoreParameters.skipBadRows
  let memory = Option(
    "memory", "What reading tables may use before it writes to the disk.", default: ByteSize(bytes: 1 << 30))
  let estimate = Flag("estimate", "Say what rows, memory and disk the import will need, and stop.")
  let wait = StoreParameters.wait

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name, wait: input[wait])
    var options = ImportOptions()
    options.unknownKeys = input[unknownKeys]
    options.skipsBadRows = input[skipBadRows]
    options.memoryLimit = input[memory].bytes
    if input[estimate] { return answer(try store.estimateImport(from: input[tables].path, options: options)) }
    try store.refuseImportBeyondMemory(from: input[tables].path, options: options)
    let report = try store.importTables(
      from: input[tables].path, options: options, progress: session.progress, stop: session.stop)
    return answer(report, schema: store.schema)
  }

  private func answer(_ estimate: ImportEstimate) -> Answer {
    var answer = Answer(json: [
      "rows": JSON(estimate.rows.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }),
      "memoryBytes": JSON(estimate.memoryBytes), "diskBytes": JSON(estimate.diskBytes),
      "availableBytes": JSON(ProcessMemory.available),
    ])
    let free = ProcessMemory.available.map { " (\(humanBytes($0)) are free)" } ?? ""
    answer.say(
      "About \(grouped(estimate.rows.values.reduce(0, +))) rows: \(humanBytes(estimate.memoryBytes)) of memory\(free), "
        + "\(humanBytes(estimate.diskBytes)) on disk. Nothing was read in.")
    return answer
  }

  private func answer(_ report: ImportReport, schema: Schema) -> Answer {
    var answer = Answer(json: [
      "nodes": JSON(schema.nodeTypes.map { ($0.name, JSON(report.nodes[$0.name] ?? 0)) }),
      "nodesCreated": JSON(schema.nodeTypes.map { ($0.name, JSON(report.nodesCreated[$0.name] ?? 0)) }),
      "edges": JSON(schema.relations.map { ($0.name, JSON(report.edges[$0.name] ?? 0)) }),
      "unknownKeysSkipped": JSON(report.unknownKeysSkipped),
      "selfLoopsDropped": JSON(report.selfLoopsDropped),
      "badRowsSkipped": JSON(report.badRowsSkipped), "problems": JSON(report.problems.map(\.description)),
      "files": JSON(report.files), "unusedFiles": JSON(report.unusedFiles), "seconds": JSON(report.seconds),
    ])
    var table = TextTable(["taken in", "kind", "new"], alignments: [.leading, .leading, .trailing])
    for type in schema.nodeTypes { table.add([type.name, "nodes", grouped(report.nodes[type.name] ?? 0)]) }
    for type in schema.relations { table.add([type.name, "edges", grouped(report.edges[type.name] ?? 0)]) }
    answer.table(table)
    let rows = report.nodes.values.reduce(0, +) + report.edges.values.reduce(0, +)
    answer.say(
      "\(grouped(rows)) rows from \(counted(report.files.count, "file")) in \(humanSeconds(report.seconds)), "
        + "stored, synced and checksummed.")
    let created = report.nodesCreated.values.reduce(0, +)
    if created > 0 { answer.say("\(counted(created, "node")) only edges named.") }
    if report.unknownKeysSkipped > 0 {
      answer.say("\(counted(report.unknownKeysSkipped, "edge")) left out: an end is in no table.")
    }
    if report.selfLoopsDropped > 0 {
      answer.say("\(counted(report.selfLoopsDropped, "self-loop")) left out.")
    }
    if report.badRowsSkipped > 0 {
      answer.say("\(counted(report.badRowsSkipped, "row")) left out; the first:")
      for problem in report.problems.prefix(5) { answer.say("  \(problem)") }
    }
    let unused = report.unusedFiles.filter { $0 != "schema.json" }
    if !unused.isEmpty {
      answer.say("Not in the schema, so not read: \(unused.joined(separator: ", ")).")
    }
    return answer
  }
}
