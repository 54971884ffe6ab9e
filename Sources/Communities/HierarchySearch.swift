import CKernels
import Compute
import Graph

/// The state of a search over a hierarchy of graphs, and the steps that Louvain and Leiden are made of.
final class HierarchySearch {
  let settings: SearchSettings
  let graph: SearchGraph
  let state: SearchState
  let room: ContractionRoom
  /// For each node of the first graph the name of its group on the current level, or of its finished community.
  let membership: Room<UInt32>
  /// How many nodes have left the search on the way up.
  var finishedCount: UInt32 = 0

  /// The quality that `climb` gained, as a share of all weight.
  private(set) var gained = 0.0
  /// The groups of the first graph's nodes that `climb` found on its first level, where it was told to keep them.
  private(set) var firstGroups: Room<UInt32>?

  static let levelLimit = 64

  init(_ projection: Projection, settings: SearchSettings) throws(CommunityError) {
    try settings.check()
    self.settings = settings
    self.graph = try SearchGraph(projection, settings: settings)
    self.state = SearchState(graph, settings: settings)
    let count = graph.level.nodeCount
    self.room = ContractionRoom(
      nodeCount: count, entryCount: graph.entryCount, width: graph.level.width,
      threads: settings.parallel.threads)
    self.membership = Room(count)
    parallel.forEach(rows: count) { for node in $0 { self.membership.start[node] = UInt32(node) } }
  }

  var parallel: Parallel { settings.parallel }

  /// Takes over an earlier partition of the same nodes. Nodes that came since, at the end, start alone; so do the
  /// members of communities that are larger than allowed. Returns whether there was one.
  func begin(from start: Partition?) throws(CommunityError) -> Bool {
    guard let start else { return false }
    let count = graph.level.nodeCount
    guard start.nodeCount <= count else { throw .otherNodeCount(partition: start.nodeCount, graph: count) }
    var isTooLarge = [Bool](repeating: false, count: start.communityCount)
    if settings.sizes.upperBound < count {
      for (community, size) in start.sizes().enumerated() {
        isTooLarge[community] = size > settings.sizes.upperBound
      }
    }
    // The first of a community that is kept gives it its name; each node of the others its own.
    var name = [UInt32](repeating: .max, count: start.communityCount)
    for node in 0..<start.nodeCount {
      let community = start[node]
      if isTooLarge[community] {
        membership.start[node] = UInt32(node)
      } else {
        if name[community] == .max { name[community] = UInt32(node) }
        membership.start[node] = name[community]
      }
    }
    return true
  }

  /// Louvain's loop: move, contract, and again on the smaller graph.
  /// Where it starts from an earlier partition, `touched` are the nodes that look around first; nil is all.
  func climb(
    firstTolerance: Double, startsAlone: Bool, touched: [Bool]? = nil, keepsFirstGroups: Bool = false
  ) throws(CommunityError) {
    var level = graph.level
    var tolerance = firstTolerance
    if !startsAlone { startFromMembership(activeOnly: touched) }
    finishedCount = 0
    for depth in 0..<HierarchySearch.levelLimit {
      if depth > 0 || startsAlone { state.startAlone(level) }
      let moved = try state.moveNodes(level, tolerance: tolerance)
      gained += moved.gain
      let groups = state.name(state.community, of: level, in: room, finished: &finishedCount)
      compose(isFirst: depth == 0, levelCount: level.nodeCount)
      if depth == 0, keepsFirstGroups {
        firstGroups = Room(level.nodeCount)
        firstGroups!.start.update(from: room.names.start, count: level.nodeCount)
      }
      if (moved.count == 0 && depth > (startsAlone ? 0 : 1)) || groups <= 1 || groups == level.nodeCount {
        return
      }
      level = state.contract(level, groupCount: groups, in: room, into: room.levels[depth % 2])
      tolerance /= 10
    }
  }

  /// Moves single nodes once more, from the communities found.
  func polish(tolerance: Double) throws(CommunityError) {
    startFromMembership()
    try state.moveNodes(graph.level, tolerance: tolerance)
    takeNames(of: graph.level)
  }

  /// Makes the communities of the first level's nodes, as they stand, the partition.
  func takeNames(of level: SearchLevel) {
    finishedCount = 0
    _ = state.name(state.community, of: level, in: room, finished: &finishedCount)
    compose(isFirst: true, levelCount: level.nodeCount)
  }

  /// Puts the partition so far onto the first graph's nodes.
  func startFromMembership(activeOnly isActive: [Bool]? = nil) {
    numberFinished(into: state.community)
    state.startFromCommunities(graph.level, activeOnly: isActive)
  }

  /// The communities as numbers below the number of nodes. Those that left the search are numbered down from its end;
  /// there is room, as there are never more communities than nodes.
  private func numberFinished(into labels: Room<UInt32>) {
    let count = graph.level.nodeCount
    let firstFinished = UInt32.max - finishedCount
    parallel.forEach(rows: count) { nodes in
      for node in nodes {
        let name = self.membership.start[node]
        labels.start[node] = name > firstFinished ? UInt32(count - 1) - (UInt32.max - name) : name
      }
    }
  }

  /// Follows each first node to its group on the next level.
  func compose(isFirst: Bool, levelCount: Int) {
    let names = room.names.start
    parallel.forEach(rows: graph.level.nodeCount) { nodes in
      for node in nodes {
        if isFirst {
          self.membership.start[node] = names[node]
        } else if self.membership.start[node] < UInt32(levelCount) {
          self.membership.start[node] = names[Int(self.membership.start[node])]
        }
      }
    }
  }

  func finished() -> Partition {
    numberFinished(into: state.community)
    let count = graph.level.nodeCount
    return Partition(
      labels: UnsafeBufferPointer(start: state.community.start, count: count), labelBound: count)
  }
}
