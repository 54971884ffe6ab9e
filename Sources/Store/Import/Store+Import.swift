import Compute
import Foundation
import Graph
import Tables

/// How tables are taken in.
public struct ImportOptions: Sendable {
  /// What becomes of an edge whose end no table has.
  public var unknownKeys = UnknownKeys.error
  /// Whether rows that cannot be taken in (bad numbers, dates, duplicate keys) are left out and counted, or the whole
  /// import is refused.
  public var skipsBadRows = false
  /// What DuckDB may use before it writes to the disk, in bytes.
  public var memoryLimit = 1 << 30

  public init() {}
}

/// What an import took in and left out.
public struct ImportReport: Sendable {
  /// New nodes of each type, those that edges named included.
  public var nodes: [String: Int] = [:]
  /// Of these, the ones that no row of their own brought.
  public var nodesCreated: [String: Int] = [:]
  /// New edges of each relation.
  public var edges: [String: Int] = [:]
  public var unknownKeysSkipped = 0
  public var selfLoopsDropped = 0
  public var badRowsSkipped = 0
  /// The first of the rows that were left out.
  public var problems: [RowProblem] = []
  public var files: [String] = []
  /// Tables in the folder that the schema does not name.
  public var unusedFiles: [String] = []
  public var seconds = 0.0
}

extension Store {
  /// Takes in a folder of tables: CSV, TSV, Parquet or JSON lines, also `.gz` and `.zst`, each table one file
  /// `name.csv`, several `name.*.csv`, or a folder `name/`.
  ///
  /// Adds to what the store has (waiting rows are folded in first). Nodes are numbered in the order of their rows, then
  /// nodes that only edges name in the order of theirs. All or nothing: what goes wrong, and a crash at any moment,
  /// leaves the store as it was. The keys and some 60 bytes an edge must fit the memory (`estimateImport`); DuckDB keeps
  /// to its limit.
  @discardableResult
  public func importTables(
    from folder: String, options: ImportOptions = ImportOptions(), progress: ProgressSink = .silent,
    stop: StopRequest? = nil
  ) throws(StoreError) -> ImportReport {
    let start = ContinuousClock.now
    let tables = try ImportFolder(folder)
    var report = ImportReport()
    report.unusedFiles = tables.unused(Set(schema.nodeTypes.map(\.table) + schema.relations.map(\.table)))
    var nodeFiles: [(NodeType, [ImportFile])] = []
    var edgeFiles: [(RelationType, [ImportFile])] = []
    for type in schema.nodeTypes { nodeFiles.append((type, try tables.files(of: type.table))) }
    for type in schema.relations { edgeFiles.append((type, try tables.files(of: type.table))) }
    report.files = (nodeFiles.flatMap(\.1) + edgeFiles.flatMap(\.1)).map(\.name)
    guard !report.files.isEmpty else {
      throw .noTables(path: folder, expected: schema.nodeTypes.map(\.table) + schema.relations.map(\.table))
    }

    try writing { () throws(StoreError) in
      _ = try compactHoldingLock(progress: progress, stop: stop)
      let state = try state()
      let before = state.snapshotGraph
      let log = ProblemLog(skips: options.skipsBadRows)
      let graph = try assembled(
        nodeFiles, edgeFiles, on: before, options: options, log: log, report: &report, progress: progress,
        stop: stop)
      for type in schema.nodeTypes {
        report.nodes[type.name] = graph.nodes[type.name]!.count - before.nodes[type.name]!.count
      }
      for type in schema.relations {
        report.edges[type.name] = graph.relations[type.name]!.rowCount - before.relations[type.name]!.rowCount
      }
      report.unknownKeysSkipped = log.unknownKeysSkipped
      report.selfLoopsDropped = log.selfLoopsDropped
      report.badRowsSkipped = log.count
      report.problems = log.problems
      try makeCurrent(
        graph, after: state, what: "import",
        details: [
          "files": report.files.joined(separator: ", "), "nodes": "\(report.nodes.values.reduce(0, +))",
          "edges": "\(report.edges.values.reduce(0, +))",
        ], progress: progress, stop: stop)
    }
    report.seconds = (ContinuousClock.now - start) / .seconds(1)
    return report
  }

  private func assembled(
    _ nodeFiles: [(NodeType, [ImportFile])], _ edgeFiles: [(RelationType, [ImportFile])],
    on base: MarketGraph,
    options: ImportOptions, log: ProblemLog, report: inout ImportReport, progress: ProgressSink,
    stop: StopRequest?
  ) throws(StoreError) -> MarketGraph {
    let scratch = "\(path)/scratch-\(getpid())"
    try Disk.makeFolder(scratch)
    defer { _ = try? Disk.remove(scratch) }
    let database: Tables.Database
    do {
      database = try Tables.Database(memoryLimit: options.memoryLimit, spillFolder: scratch)
    } catch { throw .tables("\(error)") }
    let assembler = GraphAssembler(base: base, unknownKeys: options.unknownKeys, log: log)
    for (type, files) in nodeFiles {
      for file in files {
        let step = progress.step("Reading \(file.name)", unit: "rows")
        try FileReader(database: database, file: file, shape: TableShape(type), log: log)
          .read(stop: stop, progress: step) { (block, source) throws(StoreError) in
            try assembler.addNodes(type.name, block, from: source)
          }
        step.finish("\(grouped(step.count)) rows")
      }
    }
    let withRows = assembler.nodes.mapValues(\.keys.count)
    for (type, files) in edgeFiles {
      for file in files {
        let step = progress.step("Reading \(file.name)", unit: "rows")
        try FileReader(database: database, file: file, shape: TableShape(type), log: log)
          .read(stop: stop, progress: step) { (block, source) throws(StoreError) in
            try assembler.addEdges(type.name, block, from: source)
          }
        step.finish("\(grouped(step.count)) rows")
      }
    }
    try log.check()
    for (name, count) in withRows { report.nodesCreated[name] = assembler.nodes[name]!.keys.count - count }
    return try assembler.finished()
  }
}
