import Arguments
import Communities
import Compute
import Foundation
import Graph
import Learning
import Store

/// A search for the groups of a store's nodes along a path.
struct GroupSearch {
  let view: GraphView
  let path: RelationPath
  let space: NodeSpace
  let question: GroupQuestion
  let method: GroupMethod
  let models: ModelFolder
  let options: CommunityOptions
  let input: Input
  let session: Session

  /// What was found: groups in the order of suspicion, and what was checked of them.
  struct Found {
    var groups: [StoredGroup]
    var certificate: JSON
    var says: [String]
    /// Where every node is in one group.
    var partition: Partition?
  }

  init(
    _ reading: GraphReading, along path: RelationPath, models: ModelFolder, _ options: CommunityOptions,
    _ input: Input, _ session: Session
  ) throws {
    self.models = models
    self.view = reading.graph.view(asOf: input[options.asOf])
    self.path = path
    self.space = try view.space(of: path)
    self.options = options
    self.input = input
    self.session = session
    method = input[options.method] ?? (input[options.on] == nil ? .together : .leiden)
    question = GroupSearch.question(path, method, options, input)
    // Before the work, and before anything is kept.
    if let file = input[options.out]?.path, file.hasSuffix(".npy"), method.findsBlocks {
      throw CommunityCommandError.blocksAsArray(file)
    }
  }

  private static func question(
    _ path: RelationPath, _ method: GroupMethod, _ options: CommunityOptions, _ input: Input
  ) -> GroupQuestion {
    let settings: JSON =
      method.division != nil
      ? [
        "quality": JSON(input[options.potts] ? "constant-potts" : "modularity"),
        "smallest": JSON(input[options.smallest]), "largest": JSON(input[options.largest]),
        "maxDegree": JSON(input[options.maxDegree]),
      ] : ["windowDays": JSON(input[options.windowDays]), "maxDegree": JSON(input[options.maxDegree])]
    return GroupQuestion(
      path: path.description, kind: method.findsBlocks ? .blocks : .division, method: method.rawValue,
      resolution: method.division == nil ? nil : input[options.resolution],
      seed: UInt64(bitPattern: Int64(input[options.seed])), asOf: input[options.asOf],
      settings: settings.text)
  }

  func found() throws -> Found {
    if let division = method.division { return try divided(by: division) }
    return try method.findsBlocks ? blocks() : together()
  }

  private func divided(by method: CommunityMethod) throws -> Found {
    let things = try view.sharedThings(along: path, parallel: session.parallel)
    let projectionSettings = ProjectionSettings(maxDegree: input[options.maxDegree])
    let (graph, report) =
      try things.isEmpty
      ? view.projection(path.description, projectionSettings, parallel: session.parallel)
      : view.projection(path, of: things, space, projectionSettings, session.parallel)
    let settings = try options.settings(input, session)
    let partition = try method.partition(of: graph, settings: settings)
    let certificate = try Certificate(
      of: partition, in: graph, method: method, settings: settings, seeds: input[options.seeds])
    let scores = try memberScores()
    let judge = try view.judge(of: things, in: space, scores: scores.values)
    return found(
      partition, in: graph, judged: judge.groups(partition), things.map(\.type),
      certificate: certificate.json.with("scoredBy", scores.json),
      says: [report.description, certificate.description + "."] + scores.says)
  }

  /// The judged groups in their order, then pairs, which are judged by nobody.
  func found(
    _ partition: Partition, in graph: Projection, judged: [GroupSuspicion], _ types: [String],
    certificate: JSON, says: [String]
  ) -> Found {
    let measures = communityMeasures(of: partition, in: graph)
    var groups = judged.map { stored($0.members, measures[$0.community], $0, types) }
    let isJudged = Set(judged.map(\.community))
    for (community, members) in partition.members().enumerated()
    where members.count > 1 && !isJudged.contains(community) {
      groups.append(stored(Array(members), measures[community], nil, types))
    }
    return Found(groups: groups, certificate: certificate, says: says, partition: partition)
  }

  private func stored(
    _ members: [UInt32], _ measures: CommunityMeasures, _ group: GroupSuspicion?, _ types: [String]
  ) -> StoredGroup {
    let figures: JSON = [
      "density": JSON(measures.internalDensity), "conductance": JSON(measures.conductance),
      "insideWeight": JSON(measures.insideWeight), "cutWeight": JSON(measures.cutWeight),
    ]
    return StoredGroup(
      members: members.map { key(at: Int($0)) }.sorted(), suspicion: group?.score,
      parts: (group?.parts ?? []).map { stored($0, types) }, figures: figures.text)
  }

  func stored(_ part: SuspicionPart, _ types: [String]) -> StoredGroup.Part {
    let thing = part.thing.map { thing in
      let type = types[thing.kind]
      return NodeKey(type: type, key: view.graph.nodes[type]!.keys.key(NodeID(UInt32(thing.instrument))))
    }
    return StoredGroup.Part(
      kind: part.kind.rawValue, value: part.value, comparison: part.comparison, pValue: part.pValue,
      strength: part.strength, template: part.template, thing: thing)
  }

  // MARK: Names

  func key(at place: Int) -> NodeKey {
    let (type, id) = space.node(at: place)
    return NodeKey(type: type, key: view.graph.nodes[type]!.keys.key(id))
  }

  func place(of key: NodeKey) -> UInt32? {
    view.graph.nodes[key.type]?.keys.node(key.key).flatMap { space.place(of: $0, type: key.type) }.map {
      UInt32($0)
    }
  }

  func lineageGroup(_ group: StoredGroup) -> LineageGroup {
    LineageGroup(
      name: group.name.isEmpty ? nil : group.name, members: group.members.compactMap { place(of: $0) },
      size: group.members.count)
  }

  /// `.npy`: a number for each node; else a row for each member of a group, by the name that the group is kept under.
  func write(_ found: Found, named names: [String], to file: String) throws {
    if file.hasSuffix(".npy"), let partition = found.partition {
      try NumpyFile.write(partition.membership, to: file)
      return
    }
    var text = "node,group,suspicion\n"
    for (name, group) in zip(names, found.groups) {
      let suspicion = group.suspicion.map { String($0) } ?? ""
      for member in group.members { text += "\(csvCell("\(member)")),\(name),\(suspicion)\n" }
    }
    try text.write(toFile: file, atomically: true, encoding: .utf8)
  }
}
