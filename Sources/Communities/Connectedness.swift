import Compute
import Graph

/// How many pieces each community falls into: 1 for each where all are connected.
///
///     piecesOfCommunities(Partition([0, 0, 0]), in: pathWithoutItsMiddle)   // [2]
///
/// A breadth-first search that never leaves a community. Edges without weight do not connect.
public func piecesOfCommunities(_ partition: Partition, in graph: Projection) -> [Int] {
  var pieces = [Int](repeating: 0, count: partition.communityCount)
  walkPieces(of: partition, in: graph, first: { pieces[partition[$0]] += 1 }, each: { _, _ in })
  return pieces
}

/// The partition with each connected piece of a community a community of its own.
func connectedPieces(of partition: Partition, in graph: Projection) -> Partition {
  var piece = [UInt32](repeating: 0, count: graph.nodeCount)
  walkPieces(of: partition, in: graph, first: { _ in }, each: { node, first in piece[node] = UInt32(first) })
  return piece.withUnsafeBufferPointer { Partition(labels: $0, labelBound: graph.nodeCount) }
}

private func walkPieces(
  of partition: Partition, in graph: Projection, first tell: (Int) -> Void,
  each: (_ node: Int, _ first: Int) -> Void
) {
  precondition(partition.nodeCount == graph.nodeCount, "a partition of other nodes")
  let csr = graph.csr
  let membership = partition.membership.pointer
  let targets = csr.targets.pointer
  let weights = csr.weights?.pointer
  var isSeen = [Bool](repeating: false, count: graph.nodeCount)
  var queue = [Int32](repeating: 0, count: graph.nodeCount)
  for first in 0..<graph.nodeCount where !isSeen[first] {
    let community = membership[first]
    tell(first)
    isSeen[first] = true
    queue[0] = Int32(first)
    var (head, tail) = (0, 1)
    while head < tail {
      let node = Int(queue[head])
      head += 1
      each(node, first)
      for entry in csr.row(node) {
        let neighbour = Int(targets[entry])
        guard membership[neighbour] == community, !isSeen[neighbour], weights?[entry] != 0 else { continue }
        isSeen[neighbour] = true
        queue[tail] = Int32(neighbour)
        tail += 1
      }
    }
  }
}

/// How many communities are not connected inside.
public func disconnectedCommunities(_ partition: Partition, in graph: Projection) -> Int {
  piecesOfCommunities(partition, in: graph).count { $0 > 1 }
}
