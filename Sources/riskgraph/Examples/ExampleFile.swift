import Arguments
import Compute
import Features
import Foundation
import Graph
import Tables

/// Tables of examples on disk: CSV, TSV, Parquet or JSON lines with a column of keys (named `key`, `id` or like the target's
/// type), `as_of`, and perhaps `label`, `split` and `weight`.
enum ExampleFile {
  /// The rows as texts, and the type that the key column names, if it names one.
  static func read(
    _ path: String, target wanted: String?, types: [String]
  ) throws -> (target: String, rows: ExampleRows) {
    let database = try Database(threads: 1)
    let source = try TableSource(files: [TableFile(path: path)], of: database)
    let named = source.columns.first { types.contains($0) && (wanted == nil || $0 == wanted) }
    guard let target = wanted ?? named else {
      throw ExampleError.missingColumn(
        file: path,
        wanted:
          "named like the type of node that is asked about (\(types.joined(separator: ", "))); rename the column of keys, or say --target",
        found: source.columns)
    }
    guard let key = named ?? ["key", "id", "\(target)_id"].first(where: { source.columns.contains($0) })
    else {
      throw ExampleError.missingColumn(file: path, wanted: "\(target) or key", found: source.columns)
    }
    func texts(_ column: String) throws -> [String] {
      guard source.columns.contains(column) else { return [] }
      let type = source.types[source.columns.firstIndex(of: column)!]
      // A timestamp with a zone is an instant like any other; it is written as UTC.
      let name = SQL.name(column)
      let cell =
        type == "TIMESTAMP WITH TIME ZONE"
        ? "strftime(\(name) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')" : "\(name)::VARCHAR"
      let values = try database.columns("SELECT coalesce(\(cell), '') AS cell FROM \(source.relation)").text(
        "cell")
      return (0..<values.count).map { values[$0] }
    }
    return (
      target,
      ExampleRows(
        file: path, keys: try texts(key), asOf: try texts("as_of"), labels: try texts("label"),
        splits: try texts("split"), weights: try texts("weight"))
    )
  }

  /// Writes a table of examples. Times are dates where they are midnights, else seconds of a clock that counts no days stay
  /// numbers.
  static func write(_ examples: ExampleTable, of graph: MarketGraph, to path: String) throws {
    let keys = graph.nodes[examples.target]!.keys
    var columns: [(name: String, type: Tables.ColumnType)] = [(examples.target, .text), ("as_of", .text)]
    if examples.hasLabels { columns.append(("label", .integer)) }
    if examples.splits != nil { columns.append(("split", .text)) }
    let writer = try TableWriter(path: path, columns: columns)
    var cells: [TableColumn] = [
      .text(TextArray(examples.nodes.map { keys.key(NodeID($0)) })),
      .text(TextArray(examples.asOf.map(time))),
    ]
    if examples.hasLabels {
      cells.append(.integer(Buffer(examples.labels.map { $0.isNaN ? Int64.min : Int64($0) })))
    }
    if let splits = examples.splits {
      cells.append(.text(TextArray(splits.map { $0 == .validation ? "valid" : $0.rawValue })))
    }
    try writer.append(cells)
    try writer.finish()
  }

  static func time(_ seconds: Int64) -> String {
    abs(seconds) < 10_000_000 ? String(seconds) : Timestamp(seconds: seconds).description
  }
}

/// What commands that take examples ask for.
enum ExampleParameters {
  static let examples = Option<String?>(
    "examples", "A table of examples: key, as_of, and perhaps label, split, weight.", as: "FILE",
    completion: .file)
  static let choice = Option<String?>(
    "choice", "A JSON file with more or fewer columns than the default.", as: "FILE", completion: .file)
  static let columns = Option<[String]>(
    "columns", "Which columns: own, events, graph; all without it.", as: "PARTS",
    accepts: { ExampleColumns.Part(rawValue: $0) == nil ? "must be own, events or graph" : nil })
  static let gap = Option<String?>(
    "gap", "How long outcomes reach: so much time is left free between training, validation and test.",
    as: "60d",
    accepts: { TimeSpan($0) == nil ? "must be a length of time like 60d or 12h" : nil })

  /// Throws where one of these was given, which would be left unread beside --examples: each example has a time, a label and
  /// a split of its own, columns are chosen with --choice, and networks have the settings that serve examples.
  static func refuse(_ parameters: [any Parameter], beside input: Input) throws(UsageError) {
    for parameter in parameters where input.wasGiven(parameter) {
      throw .together("--examples", parameter.face.title)
    }
  }

  static func readChoice(_ path: String?) throws -> FeatureChoice {
    guard let path else { return FeatureChoice() }
    guard let json = FileManager.default.contents(atPath: path) else {
      throw ExampleError.badChoice(file: path, reason: "the file cannot be read.")
    }
    return try FeatureChoice(json: json, file: path)
  }

  static func parts(_ names: [String]) -> Set<ExampleColumns.Part> {
    names.isEmpty
      ? Set(ExampleColumns.Part.allCases) : Set(names.compactMap { ExampleColumns.Part(rawValue: $0) })
  }
}
