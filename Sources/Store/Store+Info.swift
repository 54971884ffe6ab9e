import Graph

/// What a store holds, in numbers.
public struct StoreInfo: Sendable {
  public struct Nodes: Sendable {
    public let type: NodeType
    public let count: Int
  }

  public struct Edges: Sendable {
    public let type: RelationType
    public let count: Int
    /// Nodes with at least one edge, and the most that one node has, seen from either end.
    public let sources: Int
    public let targets: Int
    public let highestOut: Int
    public let highestInto: Int
  }

  public let schema: Schema
  public let path: String
  /// Nil before the first import or compact.
  public let snapshot: Int?
  public let snapshotCreated: String?
  public let snapshotBytes: Int
  public let catalogueBytes: Int
  public let nodes: [Nodes]
  public let edges: [Edges]
  /// What waits for a compact.
  public let pendingBatches: Int
  public let pendingRows: Int
  public let pendingRemovals: Int
  public let forgotten: Int
}

extension Store {
  /// Counts everything as readers see it now. Looks at every node's degree, at nothing else of the snapshot.
  public func info() throws(StoreError) -> StoreInfo {
    let state = try state()
    let graph = try state.graph(path: catalogue.path)
    let forgotten = try catalogue.database.rows("select count(*) from forgotten") {
      (row) throws(StoreError) in
      row.integer(0)
    }
    return StoreInfo(
      schema: schema, path: path, snapshot: state.entry?.number, snapshotCreated: state.entry?.created,
      snapshotBytes: state.entry?.bytes ?? 0,
      catalogueBytes: ["", "-wal", "-shm"].reduce(0) { $0 + (Disk.size(of: catalogue.path + $1) ?? 0) },
      nodes: schema.nodeTypes.map { StoreInfo.Nodes(type: $0, count: graph.nodes[$0.name]!.count) },
      edges: schema.relations.map { type in
        let relation = graph.relations[type.name]!
        let out = relation.out.degreeFacts()
        let into = relation.into.degreeFacts()
        return StoreInfo.Edges(
          type: type, count: relation.rowCount, sources: out.rows, targets: into.rows,
          highestOut: out.highest,
          highestInto: into.highest)
      }, pendingBatches: state.batches.count, pendingRows: state.batches.reduce(0) { $0 + $1.rows },
      pendingRemovals: state.removals.count, forgotten: forgotten.first ?? 0)
  }
}

extension Adjacency {
  /// How many rows have an entry, and how many the fullest has.
  func degreeFacts() -> (rows: Int, highest: Int) {
    var rows = 0
    var highest = 0
    for row in 0..<max(snapshot.rowCount, appended?.rowCount ?? 0) {
      var degree = row < snapshot.rowCount ? snapshot.degree(row) : 0
      if let appended, row < appended.rowCount { degree += appended.degree(row) }
      if degree > 0 { rows += 1 }
      highest = max(highest, degree)
    }
    return (rows, highest)
  }
}
