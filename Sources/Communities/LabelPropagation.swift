// Label propagation: each node takes the label that most of its neighbours bear, until few still change.
//
// The same batches and kernels as local moving, with no penalty for large communities. Ties go to the label whose
// scattered number is smallest: were it the smallest label, small numbers would flood the graph.
//
// Raghavan, Albert, Kumara: Near linear time algorithm to detect community structures in large-scale networks (2007).

import CKernels
import Compute
import Graph

/// The fastest of all, and the crudest: graphs without clear communities end as one.
///
///     let partition = try LabelPropagation().partition(of: projection)
public struct LabelPropagation: Sendable {
  public var settings: SearchSettings
  /// Ends when fewer than this share of the nodes change in a sweep.
  public var leastChange = 1e-5
  public var mostSweeps = 100

  /// The settings' quality is not used.
  public init(_ settings: SearchSettings = SearchSettings()) { self.settings = settings }

  public func partition(
    of graph: Projection, startingFrom start: Partition? = nil
  ) throws(CommunityError) -> Partition {
    let search = try HierarchySearch(graph, settings: settings)
    let level = search.graph.level
    if try search.begin(from: start) { search.startFromMembership() } else { search.state.startAlone(level) }
    if level.nodeCount > 1, search.graph.totalDegree > 0 {
      let least = Int(Double(level.nodeCount) * leastChange)
      try search.state.sweep(
        level, orders: NodeOrder.pair(for: level, seed: settings.seed), penalty: 0,
        tie: UInt32(truncatingIfNeeded: splitMix(settings.seed.value)) | 1, limit: mostSweeps
      ) { $0.count > least }
    }
    search.takeNames(of: level)
    search.mergeSmall()
    return search.finished()
  }
}

/// Connected components as communities: the trivial case, and the coarsest division into connected groups.
///
/// Edges without weight do not connect.
public func componentsAsCommunities(of graph: Projection, parallel: Parallel = .machine) -> Partition {
  let count = graph.nodeCount
  guard let weights = graph.csr.weights, weights.contains(0) else {
    let labels = graph.components(parallel: parallel)
    return labels.withUnsafeBufferPointer { Partition(labels: $0, labelBound: count) }
  }
  let everything = Partition(repeatElement(UInt32(0), count: count))
  return connectedPieces(of: everything, in: graph)
}
