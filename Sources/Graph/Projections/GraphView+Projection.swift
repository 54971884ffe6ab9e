import Compute

extension GraphView {
  /// One plain, weighted graph out of what the view sees along a path, and a report of what was left out.
  ///
  ///     let (graph, report) = try view.projection("merchant-device-merchant")
  ///
  /// All nodes of the end types are in it, those that are not seen yet without edges. Direct edges that join the same
  /// two nodes become one, their weights added. See `RelationPath` for paths.
  public func projection(
    _ path: String, _ settings: ProjectionSettings = ProjectionSettings(), parallel: Parallel = .machine
  ) throws(GraphError) -> (projection: Projection, report: ProjectionReport) {
    let path = try RelationPath(path, in: graph.schema)
    switch path.form {
    case .direct(let steps): return try direct(path, steps, parallel)
    case .shared(let steps): return try sharing(path, steps, settings, parallel)
    }
  }

  private func direct(
    _ path: RelationPath, _ steps: [RelationPath.Step], _ parallel: Parallel
  ) throws(GraphError) -> (Projection, ProjectionReport) {
    let isHomogeneous = path.from == path.to
    let (from, to) = (try nodes(path.from).count, try nodes(path.to).count)
    let space = NodeSpace(isHomogeneous ? [(path.from, from)] : [(path.from, from), (path.to, to)])
    let offset = UInt32(isHomogeneous ? 0 : from)
    var sources: [UInt32] = []
    var targets: [UInt32] = []
    var weights: [Float] = []
    var isWeighted = false
    for step in steps {
      let rows = try rows(step.relation, step.direction, parallel: parallel)
      isWeighted = isWeighted || rows.weights != nil
      // An undirected relation's rows hold each edge twice.
      let isDoubled = try !relation(step.relation).type.isDirected
      sources.reserveCapacity(sources.count + rows.entryCount)
      targets.reserveCapacity(targets.count + rows.entryCount)
      for row in 0..<rows.rowCount {
        for entry in rows.row(row) {
          let target = rows.targets[entry]
          if isDoubled, target < UInt32(row) { continue }
          sources.append(UInt32(row))
          targets.append(target + offset)
          weights.append(rows.weight(entry))
        }
      }
    }
    let edges = EdgeList(
      sourceCount: space.count, targetCount: space.count, sources: Buffer(sources), targets: Buffer(targets),
      weights: isWeighted ? Buffer(weights) : nil)
    let csr = try CSRBuilder(edges, duplicates: .sum, parallel: parallel).symmetric()
    return (
      Projection(space: space, csr: csr),
      ProjectionReport(
        path: path.description, nodes: space.count, edges: csr.undirectedEdgeCount, shared: [])
    )
  }

  private func sharing(
    _ path: RelationPath, _ steps: [RelationPath.Step], _ settings: ProjectionSettings, _ parallel: Parallel
  ) throws(GraphError) -> (Projection, ProjectionReport) {
    let space = try space(of: path)
    return try projection(
      path, of: try sharedThings(along: path, parallel: parallel), space, settings, parallel)
  }

  /// The nodes that a path joins.
  public func space(of path: RelationPath) throws(GraphError) -> NodeSpace {
    var parts: [(String, Int)] = []
    for type in path.types { parts.append((type, try nodes(type).count)) }
    return NodeSpace(parts)
  }

  /// What the nodes of a path share, one part for each step; nodes of several types share one type of thing in one part.
  /// Empty where the path joins nodes directly.
  public func sharedThings(
    along path: RelationPath, parallel: Parallel = .machine
  ) throws(GraphError) -> [SharedThings] {
    guard case .shared(let steps) = path.form else { return [] }
    let space = try space(of: path)
    var groups: [[RelationPath.Step]] = []
    for step in steps {
      if path.types.count > 1, let same = groups.firstIndex(where: { $0[0].to == step.to }) {
        groups[same].append(step)
      } else {
        groups.append([step])
      }
    }
    var parts: [SharedThings] = []
    for group in groups {
      var rows: [(start: Int, rows: CSR)] = []
      for step in group {
        let start = space.parts.first { $0.type == step.from }!.start
        rows.append((start, try self.rows(step.relation, step.direction, parallel: parallel)))
      }
      parts.append(
        try SharedThings(
          type: group[0].to, relation: group.map(\.relation).joined(separator: ", "), rows: rows,
          nodeCount: space.count, parallel: parallel))
    }
    return parts
  }

  /// The projection of what is shared, where it stays within the limit.
  public func projection(
    _ path: RelationPath, of parts: [SharedThings], _ space: NodeSpace, _ settings: ProjectionSettings,
    _ parallel: Parallel = .machine
  ) throws(GraphError) -> (projection: Projection, report: ProjectionReport) {
    let pairs = parts.reduce(0) { $0 + $1.pairs(upTo: settings.maxDegree) }
    guard pairs <= settings.mostPairs else {
      throw .projectionTooLarge(
        path: path.description, pairs: pairs, most: settings.mostPairs,
        fitting: SharedThings.largestDegree(of: parts, fitting: settings.mostPairs, below: settings.maxDegree)
      )
    }
    let csr = SharedThings.joined(
      parts, nodes: space.count, maxDegree: settings.maxDegree, parallel: parallel)
    return (
      Projection(space: space, csr: csr),
      ProjectionReport(
        path: path.description, nodes: space.count, edges: csr.undirectedEdgeCount,
        shared: parts.map { $0.report(maxDegree: settings.maxDegree) })
    )
  }
}

extension CSR {
  /// Of a symmetric graph: each pair once, a self-loop too.
  var undirectedEdgeCount: Int {
    let loops = (0..<rowCount).reduce(0) { sum, row in
      sum + self.row(row).reduce(0) { $0 + (targets[$1] == UInt32(row) ? 1 : 0) }
    }
    return (entryCount + loops) / 2
  }
}
