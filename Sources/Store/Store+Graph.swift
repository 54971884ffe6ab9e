import Compute
import Graph

/// One whole state of a store: the snapshot as it was opened, what was forgotten in it, and what was appended.
struct StoreState {
  var entry: SnapshotEntry?
  /// The snapshot's own graph, with the nodes that were forgotten since still in it.
  var snapshotGraph: MarketGraph
  var removals: [Removal]
  var batches: [StoredBatch]

  /// The snapshot's graph without the forgotten nodes.
  func base() -> MarketGraph { removals.isEmpty ? snapshotGraph : snapshotGraph.removing(Set(removals)) }

  /// Everything, the appended rows as a second layer.
  func graph(path: String) throws(StoreError) -> MarketGraph {
    guard !batches.isEmpty else { return base() }
    return try assembler(path: path).finished()
  }

  /// The graph with the appended rows added, open for more.
  func assembler(path: String) throws(StoreError) -> GraphAssembler {
    let assembler = GraphAssembler(base: base(), unknownKeys: .create, log: ProblemLog(skips: true))
    for batch in batches { try assembler.add(batch, path: path) }
    return assembler
  }
}

extension GraphAssembler {
  /// Adds an appended batch as it is stored.
  func add(_ batch: StoredBatch, path: String) throws(StoreError) {
    let rows = try batch.decoded(schema: base.schema, path: path)
    let source = RowSource(file: "appended batch \(batch.number)", firstRow: 1)
    try rows.withBlock { (block) throws(StoreError) in
      switch batch.kind {
      case .nodes: try addNodes(batch.name, block, from: source)
      case .edges: try addEdges(batch.name, block, from: source)
      }
    }
  }
}

extension StoredBatch {
  func decoded(schema: Schema, path: String) throws(StoreError) -> RowBatch {
    let shape =
      kind == .nodes ? schema.nodeType(name).map(TableShape.init) : schema.relation(name).map(TableShape.init)
    guard let shape, let rows = RowBatch(shape, decoding: body), rows.count == self.rows else {
      throw .damaged(path: path, what: "the appended batch \(number) cannot be read")
    }
    return rows
  }
}

extension Store {
  /// The graph as it is now: the snapshot, mapped, with what was appended since as a second layer.
  ///
  /// Costs no reading of the snapshot; rows that wait for `compact` are read and indexed. After `forget` the relations
  /// of the forgotten node's type are filtered in memory until the next compact.
  public func graph() throws(StoreError) -> MarketGraph { try state().graph(path: catalogue.path) }

  /// The snapshot of that number alone, without what was appended since; forgotten nodes are gone all the same.
  public func graph(snapshot number: Int) throws(StoreError) -> MarketGraph {
    let state = try state()
    guard state.entry?.number == number else {
      throw .noSuchSnapshot(number, known: state.entry.map { [$0.number] } ?? [])
    }
    return state.base()
  }

  /// One state, consistent with itself. A compact that replaces the snapshot while it is being mapped is noticed, and
  /// the new one opened instead.
  func state() throws(StoreError) -> StoreState {
    var attempts = 0
    while true {
      attempts += 1
      let seen = try catalogue.database.reading { () throws(StoreError) in
        (
          entry: try catalogue.currentSnapshot(), removals: try catalogue.removals(),
          batches: try catalogue.batches()
        )
      }
      guard let entry = seen.entry else {
        return StoreState(
          entry: nil, snapshotGraph: .empty(schema), removals: seen.removals, batches: seen.batches)
      }
      do throws(StoreError) {
        let graph = try Snapshot(store: path, entry: entry).graph(schema: schema)
        return StoreState(
          entry: entry, snapshotGraph: graph, removals: seen.removals, batches: seen.batches)
      } catch {
        guard attempts < 20, try catalogue.currentSnapshot() != entry else { throw error }
      }
    }
  }
}
