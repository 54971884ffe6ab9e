import CKernels
import Compute
import Graph

/// What becomes of an edge whose end no table has.
public enum UnknownKeys: String, Sendable, CaseIterable {
  /// The whole import or append is refused, with the places.
  case error
  /// The row is left out and counted.
  case skip
  /// The node is made, with all its columns missing.
  case create
}

/// Puts rows on top of a graph: nodes and edges from tables or from appended batches become its second layer.
///
/// Rows of node types come before rows of relations, where both come. For one thread at a time.
final class GraphAssembler {
  let base: MarketGraph
  let unknownKeys: UnknownKeys
  let log: ProblemLog
  private(set) var nodes: [String: NodeCollector] = [:]
  private(set) var edges: [String: EdgeCollector] = [:]

  init(base: MarketGraph, unknownKeys: UnknownKeys, log: ProblemLog) {
    self.base = base
    self.unknownKeys = unknownKeys
    self.log = log
    for type in base.schema.nodeTypes { nodes[type.name] = NodeCollector(type, base: base.nodes[type.name]) }
    for type in base.schema.relations {
      edges[type.name] = EdgeCollector(
        type, base: base.relations[type.name], from: nodes[type.from]!, to: nodes[type.to]!)
    }
  }

  func addNodes(_ type: String, _ block: RowBlock, from source: RowSource) throws(StoreError) {
    try nodes[type]!.add(block, from: source, log: log)
  }

  func addEdges(_ relation: String, _ block: RowBlock, from source: RowSource) throws(StoreError) {
    try edges[relation]!.add(block, from: source, unknownKeys: unknownKeys, log: log)
  }

  /// The graph with everything added. Ends the assembling.
  func finished() throws(StoreError) -> MarketGraph {
    var tables: [String: NodeTable] = [:]
    for (name, collector) in nodes { tables[name] = collector.finished() }
    var relations: [String: Relation] = [:]
    for type in base.schema.relations {
      relations[type.name] = try edges[type.name]!.finished(
        fromCount: tables[type.from]!.count, toCount: tables[type.to]!.count, log: log)
    }
    return MarketGraph(schema: base.schema, nodes: tables, relations: relations)
  }
}

/// Where the rows of a block come from, for messages.
struct RowSource {
  var file: String
  var firstRow: Int
  /// The number of each row, where they do not simply follow each other.
  var numbers: [Int]?

  func number(_ row: Int) -> Int { numbers.map { $0[row] } ?? firstRow + row }

  func problem(_ row: Int, _ column: String, _ value: rg_text?, _ kind: RowProblem.Kind) -> RowProblem {
    let text = value.flatMap { value in
      value.bytes.map {
        // Only the head of a huge value is shown.
        String(decoding: UnsafeBufferPointer(start: $0, count: min(Int(value.length), 400)), as: UTF8.self)
      }
    }
    return RowProblem(file: file, row: number(row), column: column, value: text ?? "", kind: kind)
  }
}

/// Counts the rows that were not taken in, and keeps the first few for the message.
final class ProblemLog {
  /// Whether such rows are left out (true), or the whole is refused in the end (false).
  let skips: Bool
  private(set) var problems: [RowProblem] = []
  private(set) var count = 0
  private(set) var unknownKeysSkipped = 0
  private(set) var selfLoopsDropped = 0
  static let shown = 20

  init(skips: Bool) { self.skips = skips }

  func add(_ problem: @autoclosure () -> RowProblem) {
    count += 1
    if problems.count < ProblemLog.shown { problems.append(problem()) }
  }

  func skipUnknownKey() { unknownKeysSkipped += 1 }
  func dropSelfLoop() { selfLoopsDropped += 1 }

  /// Throws all problems where they are not to be skipped.
  func check() throws(StoreError) {
    guard count == 0 || skips else { throw .badRows(problems, total: count) }
  }
}
