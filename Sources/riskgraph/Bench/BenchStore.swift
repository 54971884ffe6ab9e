import Arguments
import Compute
import Foundation
import Graph
import Store
import Tables

/// The store: taking in many edges with text keys, opening it, appending to it; DuckDB's own time beside.
struct BenchStore: Command {
  let name = "store"
  let summary = "Import, opening and appending, beside DuckDB loading, numbering and joining the same table."
  let discussion = """
    Makes a table of edges between 3 million and 1 million text keys with a time each, as Parquet and as CSV, in a new \
    folder that is removed afterwards. Everything imported is stored, synced and checksummed.
    """
  let examples = [Example("bench store --rows 2000000 --repeat 3", "A tenth of the usual size.")]
  let rows = Option("rows", "Edges in the table.", default: 20_000_000, accepts: within(1000...1_000_000_000))
  let folder = Option("folder", "Where to work; needs about 200 bytes an edge.", default: FilePath("."))
  let only = Option<[FormatName]>("only", "Which format, parquet or csv; both without.")
  let data = BenchOptions.data
  let repeats = BenchOptions.repeats
  let compare = BenchOptions.compare

  private static let schema = Schema(
    name: "bench", nodeTypes: [NodeType(name: "buyer"), NodeType(name: "product")],
    relations: [
      RelationType(
        name: "order", from: "buyer", to: "product", fromColumn: "src", toColumn: "dst",
        columns: [Graph.ColumnType("ts", .time)], clocks: Clocks(happened: "ts"))
    ])

  func run(_ input: Input, in session: Session) throws -> Answer {
    let rows = input[rows]
    let work = "\(input[folder].path)/riskgraph-bench-\(getpid())"
    let manager = FileManager.default
    defer { try? manager.removeItem(atPath: work) }
    try manager.createDirectory(atPath: work + "/scratch", withIntermediateDirectories: true)
    var bench = try Bench("store", input, in: session)
    let formats = input[only].isEmpty ? FormatName.allCases : input[only]
    for format in formats.map(\.rawValue) {
      let tables = input[data]?.path ?? work
      try measure(format, tables: "\(tables)/\(format)", rows: rows, work: work, &bench, session)
    }
    try measureAppends("\(work)/\(formats[0].rawValue).rg", &bench)
    return bench.answer()
  }

  private func measure(
    _ format: String, tables: String, rows: Int, work: String, _ bench: inout Bench, _ session: Session
  ) throws {
    let manager = FileManager.default
    let file = "\(tables)/order.\(format)"
    try manager.createDirectory(atPath: tables, withIntermediateDirectories: true)
    session.note("Making \(file) …")
    do {
      let database = try Tables.Database(spillFolder: work + "/scratch")
      try database.run(
        """
        COPY (SELECT 'buyer-' || (hash(range) % 3000000) AS src, 'prod-' || (hash(range * 7 + 1) % 1000000) AS dst,
          1700000000 + range % 31536000 AS ts FROM range(\(rows))) TO \(SQL.text(file))
        """)
    }
    try bench.measure("DuckDB alone, \(format)", work: .items(rows, "rows"), warmUp: false) {
      try duckDBAlone(file, scratch: work + "/scratch")
    }
    let path = "\(work)/\(format).rg"
    var options = ImportOptions()
    options.unknownKeys = .create
    try bench.measure(
      "import, \(format)", work: .items(rows, "rows"), warmUp: false,
      setUp: { try? manager.removeItem(atPath: path) }
    ) {
      let store = try Store.create(at: path, schema: BenchStore.schema)
      try store.importTables(
        from: tables, options: options, progress: .silent, stop: session.stop)
    }
    let ratio =
      bench.measurements[bench.measurements.count - 1].median
      / bench.measurements[bench.measurements.count - 2].median
    bench.result("of DuckDB's time", ratio, unit: "×")
    guard format == "parquet" else { return }
    try bench.measure("open, one node's neighbours") {
      let relation = try Store.open(at: path).graph().relations["order"]!
      let row = relation.out.snapshot.row(relation.out.snapshot.rowCount / 2)
      return row.reduce(into: 0) { $0 &+= Int(relation.out.snapshot.targets[$1]) }
    }
  }

  /// What tables.py does: load, number the distinct keys of both ends, join, and fetch the numbers.
  private func duckDBAlone(_ file: String, scratch: String) throws -> Int {
    let database = try Tables.Database(spillFolder: scratch)
    try database.run("CREATE TABLE e AS FROM \(SQL.text(file))")
    for (table, column) in [("s", "src"), ("d", "dst")] {
      try database.run(
        """
        CREATE TABLE \(table) AS SELECT \(column) AS k, (row_number() OVER (ORDER BY \(column)) - 1)::UINTEGER AS i
        FROM (SELECT DISTINCT \(column) FROM e)
        """)
    }
    return try database.columns(
      "SELECT s.i AS u, d.i AS v, ts FROM e JOIN s ON e.src = s.k JOIN d ON e.dst = d.k"
    ).rows
  }

  private func measureAppends(_ path: String, _ bench: inout Bench) throws {
    let type = BenchStore.schema.relation("order")!
    let appender = try Store.open(at: path).appender(unknownKeys: .create)
    var next = 0
    func batch(_ count: Int) -> RowBatch {
      var batch = RowBatch(of: type)
      for _ in 0..<count {
        batch.add(
          keys: ["buyer-\(next % 3_000_000)", "prod-\(next % 1_000_000)"],
          values: [.time(Timestamp(seconds: 1_750_000_000 + Int64(next)))])
        next += 1
      }
      return batch
    }
    let ones = (0..<2000).map { _ in batch(1) }
    try bench.measure("append, 1 row a batch", work: .items(ones.count, "batches")) {
      for one in ones { try appender.append(relation: "order", one) }
    }
    let large = (0..<20).map { _ in batch(10_000) }
    try bench.measure("append, 10,000 rows a batch", work: .items(large.count * 10_000, "rows")) {
      for one in large { try appender.append(relation: "order", one) }
    }
  }
}
