// Leiden: Louvain whose communities cannot come apart.
//
// 1. A quick Louvain hierarchy gives a first partition.
// 2. Move nodes while quality rises, starting from it.
// 3. Refine: split each community into well-connected parts. Where communities are clear, the groups that the hierarchy
//    found first, cut to their connected pieces, are such parts on the first level; they are far fewer than what
//    refinement builds up from single nodes.
// 4. Make the parts the nodes of a smaller graph, and start there from step 2's communities.
//    Repeat 2 to 4 up the levels until every part is one node; there, communities that are still disconnected are split.
// More effort: the whole of 2 to 4 again, from its own result.
//
// Traag, Waltman, van Eck: From Louvain to Leiden: guaranteeing well-connected communities (2019).

import CKernels
import Compute
import Graph

/// Communities that are connected, always.
///
///     let partition = try Leiden(effort: .high).partition(of: projection)
///
/// The same seed gives the same partition, on any number of threads.
public struct Leiden: Sendable {
  public enum Effort: String, Sendable, CaseIterable {
    /// One round from Louvain's partition.
    case standard
    /// Leiden alone, three rounds with finer tolerances: twice to three times as long, for a little more quality.
    case high
  }

  public var settings: SearchSettings
  public var effort: Effort

  /// From this modularity on communities are clear, as Newman and Girvan have it (2004).
  static let clear = 0.3

  public init(_ settings: SearchSettings = SearchSettings(), effort: Effort = .standard) {
    self.settings = settings
    self.effort = effort
  }

  /// `start` is an earlier partition to go on from (of these nodes, or of the first of them). Where `touched` names
  /// the nodes whose edges have changed since, only they look around, and whom they set moving: a day's new edges cost
  /// little more than one look at the graph.
  ///
  /// Needs memory of about 80 bytes a node and at worst 16 an edge end.
  public func partition(
    of graph: Projection, startingFrom start: Partition? = nil, touched: [Int]? = nil
  ) throws(CommunityError) -> Partition {
    let search = try HierarchySearch(graph, settings: settings)
    var isKnown = try search.begin(from: start)
    if isKnown, touched != nil {
      try search.climb(
        firstTolerance: 0, startsAlone: false, touched: search.flags(touched, grownFrom: start))
      search.startFromMembership()
      search.splitDisconnected(search.graph.level)
      search.takeNames(of: search.graph.level)
    } else {
      if !isKnown && effort == .standard {
        try search.climb(firstTolerance: 1e-2, startsAlone: true, keepsFirstGroups: true)
        isKnown = true
      }
      let room = RefinementRoom(nodeCount: search.graph.level.nodeCount, width: search.graph.level.width)
      for round in 0..<(effort == .high ? 3 : 1) {
        let startsAlone = !isKnown && round == 0
        let tolerance = startsAlone ? 1e-2 : effort == .high ? 3e-4 : 1e-4
        try search.climbRefined(in: room, firstTolerance: tolerance, startsAlone: startsAlone)
      }
    }
    search.mergeSmall()
    return search.finished()
  }
}

extension HierarchySearch {
  /// Leiden's loop: move, refine, contract the parts, and go on from the communities on the smaller graph.
  func climbRefined(
    in refinement: RefinementRoom, firstTolerance: Double, startsAlone: Bool
  ) throws(CommunityError) {
    var level = graph.level
    var tolerance = firstTolerance
    if startsAlone { state.startAlone(level) } else { startFromMembership() }
    finishedCount = 0
    for depth in 0..<HierarchySearch.levelLimit {
      try state.moveNodes(level, tolerance: tolerance)
      if depth == 0, let firstGroups, gained > Leiden.clear {
        state.takePieces(of: firstGroups, level, in: refinement)
      } else {
        try state.refine(level, in: refinement)
      }
      let finishedBefore = finishedCount
      let parts = state.name(refinement.part, of: level, in: room, finished: &finishedCount)
      let alive = level.nodeCount - Int(finishedCount - finishedBefore)
      let isLast =
        parts == alive || (depth > 0 && parts * 100 > alive * 99) || depth == HierarchySearch.levelLimit - 1
      if isLast || parts <= 1 {
        finishedCount = finishedBefore
        splitDisconnected(level)
        _ = state.name(state.community, of: level, in: room, finished: &finishedCount)
        compose(isFirst: depth == 0, levelCount: level.nodeCount)
        return
      }
      compose(isFirst: depth == 0, levelCount: level.nodeCount)
      let below = level
      let smallestPart = smallestParts(of: below, partCount: parts)
      level = state.contract(below, groupCount: parts, in: room, into: room.levels[depth % 2])
      for part in 0..<parts { state.community.start[part] = smallestPart[part] }
      state.startFromCommunities(level)
      tolerance /= 10
    }
  }

  /// For each part the smallest part of the same community: what the community is called on the next level.
  private func smallestParts(of level: SearchLevel, partCount: Int) -> [UInt32] {
    let count = level.nodeCount
    let names = room.names.start
    let community = state.community.start
    let smallest = room.newNames.start
    parallel.forEach(rows: count, atLeast: 8192) { nodes in
      for node in nodes { smallest[node] = .max }
    }
    parallel.forEach(rows: count, atLeast: 8192) { nodes in
      rg_smallest(community + nodes.lowerBound, names + nodes.lowerBound, nodes.count, smallest)
    }
    var result = [UInt32](repeating: 0, count: partCount)
    for node in 0..<count where names[node] < UInt32(partCount) {
      result[Int(names[node])] = smallest[Int(community[node])]
    }
    return result
  }

  /// Gives each connected piece of a community a name of its own: that of its first node.
  func splitDisconnected(_ level: SearchLevel) {
    let count = level.nodeCount
    let community = state.community.start
    let piece = room.newNames.start
    for node in 0..<count { piece[node] = .max }
    var queue: [Int] = []
    for first in 0..<count where piece[first] == .max {
      piece[first] = UInt32(first)
      queue.append(first)
      while let node = queue.popLast() {
        for entry in level.row(node) {
          let neighbour = Int(level.raw.targets[entry])
          guard piece[neighbour] == .max, community[neighbour] == community[first] else { continue }
          piece[neighbour] = UInt32(first)
          queue.append(neighbour)
        }
      }
    }
    for node in 0..<count { community[node] = piece[node] }
  }
}
