import Communities
import Compute
import Graph

/// The search for who shares things and acts together within days, in a view of a store's graph.
struct RingSearch {
  let view: GraphView
  let path: RelationPath
  let space: NodeSpace
  var search = Together()
  /// The relations with a clock between the path's own types: what actors do to each other.
  private(set) var actionNames: [String] = []
  private(set) var things: [SharedThings] = []
  private let meetings: ActorMeetings

  init(_ view: GraphView, along path: RelationPath, parallel: Parallel) throws {
    self.view = view
    self.path = path
    space = try view.space(of: path)
    things = try view.sharedThings(along: path, parallel: parallel)
    guard !things.isEmpty else { throw CommunityCommandError.notOfSeveral(path: path.description) }
    var actions: [[Action]] = []
    for relation in view.graph.schema.relations where relation.from != relation.to {
      guard space.parts.contains(where: { $0.type == relation.from }),
        space.parts.contains(where: { $0.type == relation.to }),
        let own = try view.actions(of: relation, in: space, parallel: parallel)
      else { continue }
      actions.append(own)
      actionNames.append(relation.name)
    }
    meetings = ActorMeetings(
      actorCount: space.count, things: things.map { BipartiteGraph(rows: $0.things, columns: $0.nodes) },
      actions: actions)
  }

  func found(_ settings: SearchSettings) throws -> Together.Found {
    try search.groups(meetings, settings: settings)
  }

  /// A judge that weighs acting together; its other looks see what the view sees.
  func judge(_ found: Together.Found, scores: [Double] = []) throws -> SuspicionJudge {
    var judge = try view.judge(of: things, in: space, scores: scores)
    judge.ties = (found.ties, found.threshold)
    judge.weights = SuspicionJudge.weightsWithTies
    return judge
  }
}

extension GraphView {
  /// The edges of a relation as actions in a space of nodes; nil where it has no times.
  func actions(
    of relation: RelationType, in space: NodeSpace, parallel: Parallel
  ) throws -> [Action]? {
    guard !relation.clocks.isTimeless else { return nil }
    let rows = try rows(relation.name, parallel: parallel)
    guard let times = rows.times, let from = space.parts.first(where: { $0.type == relation.from }),
      let to = space.parts.first(where: { $0.type == relation.to })
    else { return nil }
    var actions: [Action] = []
    actions.reserveCapacity(rows.entryCount)
    for row in 0..<rows.rowCount {
      for entry in rows.row(row) where times[entry] != Column.missingTime {
        actions.append(
          Action(
            actor: UInt32(from.start + row), object: UInt32(to.start) + rows.targets[entry],
            seconds: times[entry]))
      }
    }
    return actions
  }

  /// A judge of groups of nodes, with what this view knows of them, and a model's scores where there are any.
  func judge(
    of things: [SharedThings], in space: NodeSpace, scores: [Double] = []
  ) throws -> SuspicionJudge {
    var facts = try MemberFacts(of: space, in: self)
    facts.scores = scores
    let tables = try things.map { try nodes($0.type).keys }
    facts.instrumentName = { tables[$0].key(NodeID(UInt32($1))) }
    return SuspicionJudge(SharedInstruments(things, memberCount: space.count), facts)
  }
}
