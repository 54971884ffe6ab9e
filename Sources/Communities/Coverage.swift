import Compute
import Graph

/// What can be measured of one community, whatever method found it.
public struct CommunityMeasures: Sendable, Equatable {
  public var size: Int
  /// The weight of the edges inside.
  public var insideWeight: Double
  /// The weight of the edges that leave.
  public var cutWeight: Double
  /// The members' degrees together: twice the inside and the cut.
  public var degree: Double
  /// The weight inside by pairs of members: 1 for a clique of edges of weight 1; 0 for a single node.
  public var internalDensity: Double
  /// The cut by the smaller side's degrees: 0 cut off, 1 nothing inside. 0 where there is no cut.
  public var conductance: Double
}

/// The measures of every community. One pass over the edges.
public func communityMeasures(of partition: Partition, in graph: Projection) -> [CommunityMeasures] {
  let sums = CommunitySums(partition, in: graph)
  return partition.sizes().enumerated().map { community, size in
    let (inside, degree) = (sums.inside[community], sums.degrees[community])
    let pairs = Double(size) * Double(size - 1) / 2
    let smallerSide = min(degree, sums.totalDegree - degree)
    return CommunityMeasures(
      size: size, insideWeight: inside / 2, cutWeight: degree - inside, degree: degree,
      internalDensity: pairs > 0 ? inside / 2 / pairs : 0,
      conductance: degree > inside ? (smallerSide > 0 ? (degree - inside) / smallerSide : 1) : 0)
  }
}

/// The share of all weight that lies inside communities, and the share that a random graph with the same degrees would
/// have there. Their difference is the modularity.
public func coverage(of partition: Partition, in graph: Projection) -> (inside: Double, byChance: Double) {
  let sums = CommunitySums(partition, in: graph)
  guard sums.totalDegree > 0 else { return (0, 0) }
  var (inside, byChance) = (0.0, 0.0)
  for community in 0..<partition.communityCount {
    let share = sums.degrees[community] / sums.totalDegree
    inside += sums.inside[community] / sums.totalDegree
    byChance += share * share
  }
  return (inside, byChance)
}
