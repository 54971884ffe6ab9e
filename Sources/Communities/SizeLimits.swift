import Compute

extension HierarchySearch {
  /// Joins communities that are smaller than allowed to the neighbouring community where quality gains most (or loses
  /// least) and the size fits, smallest communities first. What has no neighbour, or none with room, stays.
  ///
  /// Joining along an edge keeps connected communities connected.
  func mergeSmall() {
    let least = settings.sizes.lowerBound
    let level = graph.level
    let count = level.nodeCount
    guard least > 1, count > 1 else { return }
    let partition = finished()
    var sizes = partition.sizes()
    var masses = [Double](repeating: 0, count: partition.communityCount)
    for node in 0..<count { masses[partition[node]] += Double(level.mass(node)) }
    var members = partition.members().map { Array($0) }
    var owner = Array(0..<partition.communityCount)
    func current(_ community: Int) -> Int {
      var community = community
      while owner[community] != community { community = owner[community] }
      return community
    }
    let small = owner.filter { sizes[$0] < least }.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
    for community in small {
      while current(community) == community, sizes[community] < least {
        var weights: [Int: UInt64] = [:]
        for node in members[community] {
          for entry in level.row(Int(node)) {
            let other = current(partition[Int(level.raw.targets[entry])])
            if other != community { weights[other, default: 0] += level.weight(entry) }
          }
        }
        let fitting = weights.filter { sizes[$0.key] + sizes[community] <= settings.sizes.upperBound }
        let scored = fitting.map { (Double($0.value) - penalty(masses[community], masses[$0.key]), $0.key) }
        guard let best = scored.max(by: { ($0.0, -$0.1) < ($1.0, -$1.1) })?.1 else { break }
        // The smaller joins the larger, so that lists are copied seldom.
        let (from, to) = sizes[best] >= sizes[community] ? (community, best) : (best, community)
        owner[from] = to
        sizes[to] += sizes[from]
        masses[to] += masses[from]
        members[to] += members[from]
        members[from] = []
      }
    }
    for node in 0..<count { membership.start[node] = UInt32(current(partition[node])) }
    finishedCount = 0
  }

  private func penalty(_ a: Double, _ b: Double) -> Double { graph.penalty * a * b }
}
