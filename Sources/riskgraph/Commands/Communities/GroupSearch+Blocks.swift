import Arguments
import Communities
import Compute
import Graph
import Store

extension GroupSearch {
  /// Dense blocks of two kinds of nodes, or groups in lockstep.
  func blocks() throws -> Found {
    guard case .direct(let steps) = path.form, path.from != path.to else {
      throw CommunityCommandError.notBipartite(method: method.rawValue, path: path.description)
    }
    let graph = try bipartite(steps)
    let count = max(1, input[options.top])
    let blocks: [DenseBlock]
    switch method {
    case .lockstep: blocks = try lockstep(steps, in: graph)
    case .spectral:
      blocks = SpectralBlocks(seed: Seed(UInt64(bitPattern: Int64(input[options.seed])))).blocks(
        in: graph, count: count)
    default:
      blocks = try Fraudar().blocks(
        in: graph, count: count, progress: session.progress, stop: session.stop)
    }
    let scores = try memberScores()
    var facts = try MemberFacts(of: space, in: view)
    facts.scores = scores.values
    var judge = SuspicionJudge(SharedInstruments(memberCount: space.count, kinds: []), facts)
    judge.weights = SuspicionJudge.weightsOfBlocks
    let groups = judge.blocks(blocks, in: graph).map { group in
      let block = blocks[group.community]
      let figures: JSON = [
        "score": JSON(block.score), "edges": JSON(block.edges), "density": JSON(block.density),
        "rows": JSON(block.rows.count), "columns": JSON(block.columns.count),
      ]
      return StoredGroup(
        members: group.members.map { key(at: Int($0)) }.sorted(), suspicion: group.score,
        parts: group.parts.map { stored($0, []) }, figures: figures.text)
    }
    let certificate: JSON = [
      "blocks": JSON(blocks.count), "rows": JSON(graph.rowCount), "columns": JSON(graph.columnCount),
      "edges": JSON(graph.edgeCount),
      "edgesInBlocks": JSON(blocks.reduce(0) { $0 + $1.edges }), "scoredBy": scores.json,
    ]
    return Found(
      groups: groups, certificate: certificate,
      says: [
        "\(path): \(grouped(graph.rowCount)) \(path.from) and \(grouped(graph.columnCount)) \(path.to) nodes with "
          + "\(counted(graph.edgeCount, "edge")), several between the same two counted once: "
          + "\(counted(blocks.count, "block")) by \(method.rawValue)."
      ] + scores.says, partition: nil)
  }

  private func bipartite(_ steps: [RelationPath.Step]) throws -> BipartiteGraph {
    var sources: [UInt32] = []
    var targets: [UInt32] = []
    for step in steps {
      let rows = try view.rows(step.relation, step.direction, parallel: session.parallel)
      for row in 0..<rows.rowCount {
        for entry in rows.row(row) {
          sources.append(UInt32(row))
          targets.append(rows.targets[entry])
        }
      }
    }
    return try BipartiteGraph(
      EdgeList(
        sourceCount: space.parts[0].count, targetCount: space.parts[1].count, sources: Buffer(sources),
        targets: Buffer(targets)), parallel: session.parallel)
  }

  /// Groups in lockstep as blocks: their edges are counted as any block's.
  private func lockstep(
    _ steps: [RelationPath.Step], in graph: BipartiteGraph
  ) throws -> [DenseBlock] {
    var actions: [Action] = []
    for step in steps {
      let relation = view.graph.schema.relation(step.relation)!
      guard let own = try view.actions(of: relation, in: space, parallel: session.parallel) else {
        throw CommunityCommandError.noTimes(relation: step.relation)
      }
      // The path may run against the relation.
      actions += own.map { action in
        let isForward = Int(action.actor) < graph.rowCount
        let (actor, object) = isForward ? (action.actor, action.object) : (action.object, action.actor)
        return Action(actor: actor, object: object - UInt32(graph.rowCount), seconds: action.seconds)
      }
    }
    var search = Lockstep()
    search.windowSeconds = max(1, Int64(input[options.windowDays] * 86_400))
    search.leastObjects = 2
    search.leastLikeness = 0.1
    let groups = try search.groups(actions)
    return groups.filter { $0.actors.count > 1 && !$0.objects.isEmpty }.prefix(1000).map { group in
      let objects = Set(group.objects)
      let edges = group.actors.reduce(0) { sum, actor in
        sum + graph.rows.row(Int(actor)).count { objects.contains(graph.rows.targets[$0]) }
      }
      return DenseBlock(
        rows: group.actors, columns: group.objects, score: group.likeness, edges: edges)
    }
  }
}
