// Louvain: communities by greedy moves, level upon level.
//
// 1. Each node starts alone. Move nodes while quality rises (LocalMoving).
// 2. Make each community one node of a smaller graph (Contraction), and start over there.
// 3. When nothing moves, move single nodes once more from the result: many were placed before their neighbours knew
//    where to go.
//
// Blondel, Guillaume, Lambiotte, Lefebvre: Fast unfolding of communities in large networks (2008).

import CKernels
import Compute
import Graph

/// Fast communities. They may be disconnected inside: where that matters, use `Leiden`.
///
///     let partition = try Louvain().partition(of: projection)
///     partition.communityCount
///
/// The same seed gives the same partition, on any number of threads.
public struct Louvain: Sendable {
  public var settings: SearchSettings

  public init(_ settings: SearchSettings = SearchSettings()) { self.settings = settings }

  /// `start` is an earlier partition to go on from (of these nodes, or of the first of them). Where `touched` names
  /// the nodes whose edges have changed since, only they look around, and whom they set moving.
  ///
  /// Needs memory of about 60 bytes a node and at worst 16 an edge end.
  public func partition(
    of graph: Projection, startingFrom start: Partition? = nil, touched: [Int]? = nil
  ) throws(CommunityError) -> Partition {
    let search = try HierarchySearch(graph, settings: settings)
    if try search.begin(from: start) {
      try search.climb(
        firstTolerance: 0, startsAlone: false, touched: search.flags(touched, grownFrom: start))
    } else {
      try search.climb(firstTolerance: 1e-2, startsAlone: true)
      try search.polish(tolerance: 1e-3)
    }
    search.mergeSmall()
    return search.finished()
  }
}

extension HierarchySearch {
  /// A flag for each node that looks around at first: those named, and those that came since.
  func flags(_ touched: [Int]?, grownFrom start: Partition?) -> [Bool]? {
    guard let touched else { return nil }
    var flags = [Bool](repeating: false, count: graph.level.nodeCount)
    for node in touched where flags.indices.contains(node) { flags[node] = true }
    for node in (start?.nodeCount ?? 0)..<flags.count { flags[node] = true }
    return flags
  }
}
