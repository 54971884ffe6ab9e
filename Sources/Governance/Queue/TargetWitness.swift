import Compute
import Features
import Foundation
import Graph
import Learning

/// Everything that speaks for or against the nodes of one type as of a time.
struct TargetWitness {
  let target: String
  let view: GraphView
  let table: NodeTable
  let labels: NodeLabels?
  /// The model's calibrated score of every node; nil without a model.
  let scores: [Double]?
  let card: ModelCard?
  private let scored: ScoredRows?
  let groups: GroupWitness
  /// Of each group how many visible members have a verdict, and how many of those are risky.
  private let verdicts: [String: (risky: Int, judged: Int)]
  /// The answers that are known, by node.
  private let answers: [NodeID: Bool]
  let met: [(rule: Rule, nodes: Set<NodeID>)]
  let fusion: EvidenceFusion
  let money: BoundMeasure?
  let people: BoundMeasure?
  private(set) var notes: [String] = []

  init(
    _ target: String, graph: MarketGraph, asOf: Timestamp, settings: inout FlagSettings, models: ModelFolder,
    groups: GroupWitness, rules: RuleBook, progress: ProgressSink
  ) throws {
    self.target = target
    self.groups = groups
    view = graph.view(asOf: asOf)
    table = try view.nodes(target)
    labels = try? NodeLabels(table)
    met = try rules.rules.filter { $0.nodeType == target }.map { rule in
      (rule, Set(try rule.condition.bound(to: graph.view(asOf: asOf)).nodes()))
    }
    let wanted = settings.models[target] ?? ChosenModel.first(for: target, in: models)
    if let wanted {
      let model = try models.load(target: target, name: wanted.name, version: wanted.version)
      card = model.card
      settings.models[target] = FlagSettings.ModelName(wanted.name, version: model.card.version)
      let sight = try NodeTask.sight(of: model.card, graph, asOf: asOf)
      let rows = try model.scoredRows(sight, progress: progress)
      (scored, scores) = (rows, rows.scores)
      if let trained = model.card.asOf.flatMap({ Timestamp($0) }), trained > asOf {
        notes.append(
          "The model of \(target) learned from what was known before \(trained), which is after \(asOf): its scores know "
            + "more than they may.")
      }
    } else {
      (card, scores, scored) = (nil, nil, nil)
      guard !met.isEmpty || !groups.isEmpty else { throw GovernanceError.noModel(target: target) }
      notes.append("There is no model of \(target): groups and rules alone decide.")
    }
    let exposure = settings.exposure[target] ?? Exposure.found(for: target, in: graph.schema)
    settings.exposure[target] = exposure
    let view = view
    func bound(_ text: String?) throws -> BoundMeasure? {
      try text.map { try Measure($0, of: target, in: graph.schema).bound(to: view) }
    }
    (money, people) = (try bound(exposure.money), try bound(exposure.people))
    let before = settings.maxFalse == nil ? asOf : min(asOf, card.trainedBefore ?? asOf)
    var known: [(node: NodeID, isRisky: Bool)] = []
    if let labels { known = TargetWitness.known(labels, view, table, before: before) }
    verdicts = TargetWitness.counted(known, table, groups)
    answers = Dictionary(uniqueKeysWithValues: known.map { ($0.node, $0.isRisky) })
    fusion = TargetWitness.fusion(known, table, groups, verdicts, met, scores, card, labels)
    if let base = labels.map({ _ in fusion.baseRate }), base > 0.5 {
      notes.append(
        "More than half of the \(target) nodes with a known answer are risky: they were picked for it, and probabilities "
          + "may be too high. Let exploration bring answers on others.")
    }
  }

  // MARK: What verdicts teach

  private static func known(
    _ labels: NodeLabels, _ view: GraphView, _ table: NodeTable, before: Timestamp
  ) -> [(node: NodeID, isRisky: Bool)] {
    let positive = Int32(labels.classNames.count - 1)
    return (0..<table.count).compactMap { node in
      let id = NodeID(UInt32(node))
      guard labels.isKnown(node, before: before), view.isVisible(id, in: table) else { return nil }
      return (id, labels.classes[node] == positive && positive > 0)
    }
  }

  private static func counted(
    _ known: [(node: NodeID, isRisky: Bool)], _ table: NodeTable, _ groups: GroupWitness
  ) -> [String: (risky: Int, judged: Int)] {
    var counts: [String: (risky: Int, judged: Int)] = [:]
    for one in known {
      let key = NodeKey(type: table.type.name, key: table.keys.key(one.node))
      guard let name = groups.of(key)?.group.name else { continue }
      counts[name, default: (0, 0)].judged += 1
      if one.isRisky { counts[name]!.risky += 1 }
    }
    return counts
  }

  /// What a group says of a member: verdicts on the others.
  private static func says(
    _ membership: GroupWitness.Membership, _ verdicts: [String: (risky: Int, judged: Int)], own: Bool?
  ) -> EvidenceFusion.GroupSays {
    let count = verdicts[membership.group.name] ?? (0, 0)
    return .init(
      suspicion: membership.suspicion, risky: count.risky - (own == true ? 1 : 0),
      judged: count.judged - (own == nil ? 0 : 1))
  }

  private static func fusion(
    _ known: [(node: NodeID, isRisky: Bool)], _ table: NodeTable, _ groups: GroupWitness,
    _ verdicts: [String: (risky: Int, judged: Int)], _ met: [(rule: Rule, nodes: Set<NodeID>)],
    _ scores: [Double]?, _ card: ModelCard?, _ labels: NodeLabels?
  ) -> EvidenceFusion {
    let since = card?.learnedBefore.flatMap { Timestamp($0) }
    return EvidenceFusion(
      known: known.map { node, isRisky in
        let key = NodeKey(type: table.type.name, key: table.keys.key(node))
        let group = groups.of(key).map { says($0, verdicts, own: isRisky) }
        // The model learned from earlier answers: of those its score says nothing.
        let isNew = since.map { since in labels?.isKnown(node.index, before: since) == false } ?? false
        return .init(
          isRisky: isRisky, score: isNew ? scores?[node.index] : nil, group: group,
          rules: met.filter { $0.nodes.contains(node) }.map(\.rule.name))
      }, shadow: Set(met.filter { $0.rule.mode == .shadow }.map(\.rule.name)))
  }

  // MARK: Candidates

  private func isCandidate(_ node: NodeID) -> Bool {
    view.isVisible(node, in: table) && labels?.isKnown(node.index, before: view.asOf) != true
  }

  func details(_ node: NodeID, _ key: NodeKey) -> FlagDetails {
    var details = FlagDetails()
    if let scores, let card {
      details.model = "\(target)/\(card.kind.rawValue), version \(card.version)"
      details.score = scores[node.index]
    }
    if let membership = groups.of(key) {
      let says = TargetWitness.says(membership, verdicts, own: answers[node])
      details.group = FlagDetails.Group(
        name: membership.group.name, suspicion: membership.suspicion, size: membership.group.members.count,
        judged: says.judged, risky: says.risky, probability: fusion.probability(of: says))
    }
    details.rules = met.filter { $0.nodes.contains(node) }.map { rule, _ in
      FlagDetails.RuleHit(
        name: rule.name, severity: rule.severity, mode: rule.mode, policy: rule.policy,
        probability: fusion.probability(ofRule: rule.name, severity: rule.severity))
    }
    details.money = money?.value(of: node)
    details.people = people?.value(of: node)
    return details
  }

  func candidate(_ node: NodeID, settings: FlagSettings) -> FlagCandidate {
    let key = NodeKey(type: target, key: table.keys.key(node))
    let details = details(node, key)
    let probability = fusion.probability(details)
    // Even who has sold nothing yet may harm one person.
    let exposed = max(0, details.money ?? 0) + settings.personWorth * (1 + max(0, details.people ?? 0))
    var one = FlagCandidate(key: key, probability: probability, harm: probability * exposed, details: details)
    for column in settings.quotas.compactMap(\.column) {
      if case .category(let codes, let levels)? = table.columns[column],
        codes[node.index] != Column.missingCode
      {
        one.region[column] = levels[Int(codes[node.index])]
      }
    }
    return one
  }

  func candidates(excluding busy: Set<NodeKey>, settings: FlagSettings) throws -> [FlagCandidate] {
    guard (0..<table.count).contains(where: { view.isVisible(NodeID(UInt32($0)), in: table) }) else {
      throw GovernanceError.noTarget(target)
    }
    return Parallel.machine.map(rows: table.count, atLeast: 512) { rows in
      rows.compactMap { row -> FlagCandidate? in
        let node = NodeID(UInt32(row))
        guard isCandidate(node) else { return nil }
        let one = candidate(node, settings: settings)
        return busy.contains(one.key) ? nil : one
      }
    }.flatMap { $0 }
  }

  /// Why the model scored them so, for those that are flagged.
  func evidence(for keys: [NodeKey], settings: FlagSettings) throws -> [NodeKey: ModelEvidence] {
    guard let scored, !scored.columns.isEmpty, let name = settings.models[target]?.name else { return [:] }
    let nodes = keys.compactMap { key in table.keys.node(key.key).map { (key, $0.index) } }
    let found = try scored.evidence(
      for: nodes.map(\.1), usual: try sampledNodes(view, target), name: "\(target)/\(name)")
    return Dictionary(zip(nodes.map(\.0), found), uniquingKeysWith: { $1 })
  }

  func golden(
    _ all: [(key: NodeKey, isRisky: Bool)], excluding busy: Set<NodeKey>, settings: FlagSettings
  ) throws -> [(FlagCandidate, isRisky: Bool)] {
    all.compactMap { one in
      guard one.key.type == target, !busy.contains(one.key), let node = table.keys.node(one.key.key) else {
        return nil
      }
      return view.isVisible(node, in: table) ? (candidate(node, settings: settings), one.isRisky) : nil
    }
  }

  // MARK: The promise

  /// Who may be flagged so that the share of false flags is kept: by the model's score alone, calibrated on nodes that
  /// were cleared after the model had learned.
  func promise(of candidates: [FlagCandidate], share: Double) throws -> FalseShareSelection {
    guard let scores, let labels, let since = card.trainedBefore else {
      return FalseSharePromise(innocentScores: []).flagged(
        candidates.map { $0.details.score ?? 0 }, share: share)
    }
    let cleared = (0..<table.count).filter { node in
      labels.classes[node] == 0 && labels.isKnown(node, before: view.asOf)
        && !labels.isKnown(node, before: since)
    }
    return FalseSharePromise(innocentScores: cleared.map { scores[$0] })
      .flagged(candidates.map { $0.details.score ?? 0 }, share: share)
  }
}

extension Optional<ModelCard> {
  /// The time before which everything lay that the model learned from.
  fileprivate var trainedBefore: Timestamp? { flatMap { $0.asOf.flatMap { Timestamp($0) } } }
}

/// Which model scores a type when none is named.
enum ChosenModel {
  /// The promoted one, else trees, else the first by name.
  static func first(for target: String, in models: ModelFolder) -> FlagSettings.ModelName? {
    if let promoted = models.promotion(of: target) {
      return FlagSettings.ModelName(promoted.name, version: promoted.version)
    }
    let names = models.names().filter { $0.target == target }.map(\.name)
    return (names.first { $0 == "trees" } ?? names.first).map { FlagSettings.ModelName($0) }
  }
}
