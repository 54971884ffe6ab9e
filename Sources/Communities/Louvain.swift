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

  /// Needs memory of about 60 bytes a node and at worst 16 an edge end.
  public func partition(
    of graph: Projection, startingFrom start: Partition? = nil
  ) throws(CommunityError) -> Partition {
    let search = try HierarchySearch(graph, settings: settings)
    let known = try search.begin(from: start)
    try search.climb(firstTolerance: known ? 1e-3 : 1e-2, startsAlone: !known)
    try search.polish(tolerance: 1e-3)
    return search.finished()
  }
}
