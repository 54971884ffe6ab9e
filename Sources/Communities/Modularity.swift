import Compute
import Graph

/// The modularity of a partition: the share of edges inside communities less the share that a random graph with the
/// same degrees would have there.
///
///     modularity(of: Partition([0, 0, 0, 1, 1, 1]), in: twoTriangles)   // 0.357…
///
/// A self-loop counts twice in its node's degree. 0 where there is no edge. One pass over the edges.
/// Newman & Girvan, 2004.
public func modularity(of partition: Partition, in graph: Projection, resolution: Double = 1) -> Double {
  let sums = CommunitySums(partition, in: graph)
  guard sums.totalDegree > 0 else { return 0 }
  var quality = 0.0
  for community in 0..<partition.communityCount {
    let share = sums.degrees[community] / sums.totalDegree
    quality += sums.inside[community] / sums.totalDegree - resolution * share * share
  }
  return quality
}

/// The constant Potts model's quality: for each community the weight inside less `resolution` times its pairs of nodes.
///
///     constantPottsQuality(of: oneTriangle, in: triangle, resolution: 0.5)   // 3 - 0.5 · 3 = 1.5
///
/// One pass over the edges. Traag, Van Dooren, Nesterov, 2011.
public func constantPottsQuality(of partition: Partition, in graph: Projection, resolution: Double) -> Double
{
  let sums = CommunitySums(partition, in: graph)
  var quality = 0.0
  for (community, size) in partition.sizes().enumerated() {
    quality += sums.inside[community] / 2 - resolution * Double(size) * Double(size - 1) / 2
  }
  return quality
}

/// For each community the weight inside (each edge counted from both ends), and its members' degrees together.
struct CommunitySums {
  var inside: [Double]
  var degrees: [Double]
  var totalDegree = 0.0

  init(_ partition: Partition, in graph: Projection) {
    precondition(partition.nodeCount == graph.nodeCount, "a partition of other nodes")
    inside = [Double](repeating: 0, count: partition.communityCount)
    degrees = inside
    let csr = graph.csr
    let targets = csr.targets.pointer
    let weights = csr.weights?.pointer
    let membership = partition.membership.pointer
    // Per node in parallel, then added up in the nodes' order: the same bits on any number of threads.
    let sums = Room<(inside: Double, degree: Double)>(graph.nodeCount)
    Parallel.machine.forEach(rows: graph.nodeCount, atLeast: 4096) { rows in
      for row in rows {
        let own = membership[row]
        var (inner, degree) = (0.0, 0.0)
        for entry in csr.row(row) {
          let neighbour = Int(targets[entry])
          let weight = weights.map { Double($0[entry]) } ?? 1
          let ends = neighbour == row ? 2 * weight : weight
          degree += ends
          if membership[neighbour] == own { inner += ends }
        }
        sums.start[row] = (inner, degree)
      }
    }
    for row in 0..<graph.nodeCount {
      let own = Int(membership[row])
      inside[own] += sums.start[row].inside
      degrees[own] += sums.start[row].degree
      totalDegree += sums.start[row].degree
    }
  }
}
