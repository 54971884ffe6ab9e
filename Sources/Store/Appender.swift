import Compute
import Graph

/// What an append took in.
public struct AppendReport: Sendable, Equatable {
  public var rows = 0
  public var unknownKeysSkipped = 0
  public var selfLoopsDropped = 0
  public var badRowsSkipped = 0
}

/// Takes rows as they come, holding the store as its one writer until it goes away. Each call is one transaction:
/// when it returns, its rows are on the disk, and readers that open the store see them.
///
///     let appender = try store.appender()
///     try appender.append(relation: "order", rows)
public final class Appender {
  private let store: Store
  private let lock: WriterLock
  private let assembler: GraphAssembler
  private let unknownKeys: UnknownKeys
  private let skipsBadRows: Bool

  init(_ store: Store, unknownKeys: UnknownKeys, skipsBadRows: Bool) throws(StoreError) {
    self.store = store
    self.lock = try WriterLock(store: store.path, command: store.command, patience: store.patience)
    try store.clearRemains()
    self.unknownKeys = unknownKeys
    self.skipsBadRows = skipsBadRows
    self.assembler = try store.state().assembler(path: store.catalogue.path)
  }

  /// Rows of a node type's table. A key that has a row already is refused, with its place.
  @discardableResult
  public func append(
    nodeType: String, _ rows: RowBatch, file: String = "rows", firstRow: Int = 1
  )
    throws(StoreError) -> AppendReport
  {
    guard store.schema.nodeType(nodeType) != nil else {
      throw .noSuchNodeType(name: nodeType, known: store.schema.nodeTypes.map(\.name))
    }
    let log = ProblemLog(skips: skipsBadRows)
    let source = RowSource(
      file: file, firstRow: firstRow, numbers: rows.lines.isEmpty ? nil : rows.lines)
    let kept = try rows.withBlock { (block) throws(StoreError) in
      assembler.nodes[nodeType]!.rowsToKeep(block, from: source, log: log)
    }
    return try commit(.nodes, nodeType, rows, kept, log)
  }

  /// Rows of a relation's table.
  @discardableResult
  public func append(
    relation: String, _ rows: RowBatch, file: String = "rows", firstRow: Int = 1
  )
    throws(StoreError) -> AppendReport
  {
    guard store.schema.relation(relation) != nil else {
      throw .noSuchRelation(name: relation, known: store.schema.relations.map(\.name))
    }
    let log = ProblemLog(skips: skipsBadRows)
    let source = RowSource(
      file: file, firstRow: firstRow, numbers: rows.lines.isEmpty ? nil : rows.lines)
    let kept = try rows.withBlock { (block) throws(StoreError) in
      assembler.edges[relation]!.rowsToKeep(block, from: source, unknownKeys: unknownKeys, log: log)
    }
    return try commit(.edges, relation, rows, kept, log)
  }

  /// `kept` nil: all rows.
  private func commit(
    _ kind: StoredBatch.Kind, _ name: String, _ rows: RowBatch, _ kept: [Int]?, _ log: ProblemLog
  )
    throws(StoreError) -> AppendReport
  {
    try log.check()
    var taken = rows
    if let kept {
      let places = Set(kept)
      taken = rows.filtered { places.contains($0) }
    }
    let report = AppendReport(
      rows: taken.count, unknownKeysSkipped: log.unknownKeysSkipped, selfLoopsDropped: log.selfLoopsDropped,
      badRowsSkipped: log.count)
    guard taken.count > 0 else { return report }
    var batch = StoredBatch(kind: kind, name: name, rows: taken.count, body: taken.encoded())
    batch.number = try store.catalogue.database.writing { () throws(StoreError) in
      try store.catalogue.addBatch(batch)
    }
    // Later batches are judged by these keys too.
    let source = RowSource(file: "appended batch \(batch.number)", firstRow: 1)
    try taken.withBlock { (block) throws(StoreError) in
      switch kind {
      case .nodes: try assembler.addNodes(name, block, from: source)
      case .edges: try assembler.addEdges(name, block, from: source)
      }
    }
    return report
  }
}

extension Store {
  /// Holds the store for a series of appends.
  public func appender(
    unknownKeys: UnknownKeys = .error, skipsBadRows: Bool = false
  ) throws(StoreError) -> Appender {
    try Appender(self, unknownKeys: unknownKeys, skipsBadRows: skipsBadRows)
  }

  /// Appends rows of a relation in one transaction.
  @discardableResult
  public func append(
    relation: String, rows: RowBatch, unknownKeys: UnknownKeys = .error
  ) throws(StoreError)
    -> AppendReport
  {
    try appender(unknownKeys: unknownKeys).append(relation: relation, rows)
  }

  /// Appends rows of a node type in one transaction.
  @discardableResult
  public func append(nodeType: String, rows: RowBatch) throws(StoreError) -> AppendReport {
    try appender().append(nodeType: nodeType, rows)
  }
}
