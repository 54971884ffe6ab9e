import Compute
import Graph

extension Store {
  /// Folds what was appended, and what was forgotten, into a new snapshot. Returns false where there was nothing to do.
  ///
  /// A crash at any moment leaves the old snapshot current and whole.
  @discardableResult
  public func compact(progress: ProgressSink = .silent, stop: StopRequest? = nil) throws(StoreError) -> Bool {
    try writing { () throws(StoreError) in try compactHoldingLock(progress: progress, stop: stop) }
  }

  func compactHoldingLock(progress: ProgressSink, stop: StopRequest?) throws(StoreError) -> Bool {
    let state = try state()
    guard !state.batches.isEmpty || !state.removals.isEmpty else { return false }
    let graph = try state.graph(path: catalogue.path)
    try makeCurrent(
      graph, after: state, what: "compact",
      details: ["batches": "\(state.batches.count)", "rows": "\(state.batches.reduce(0) { $0 + $1.rows })"],
      progress: progress, stop: stop)
    return true
  }

  /// Writes a graph as the next snapshot and makes it current in one transaction, in which the batches and removals
  /// of `state` are folded in. Needs: the writer's lock.
  func makeCurrent(
    _ graph: MarketGraph, after state: StoreState, what: String, details: [String: String],
    progress: ProgressSink, stop: StopRequest?
  ) throws(StoreError) {
    let number = try catalogue.highestSnapshot() + 1
    let entry = try SnapshotWriter(
      store: path, number: number, schemaText: schemaText, progress: progress, stop: stop
    ).write(graph)
    try catalogue.database.writing { () throws(StoreError) in
      try catalogue.makeCurrent(entry, foldingBatchesUpTo: state.batches.last?.number ?? 0)
      try catalogue.audit(what, details.merging(["snapshot": "\(number)"]) { old, _ in old })
    }
    try catalogue.emptyLog()
    // Only now may the old snapshot go: whoever opens the store finds the new one.
    try clearRemains()
  }
}
