// Why a node is in the queue, in words whose every number can be asked again.

import Communities
import Compute
import Features
import Foundation
import Graph
import Learning
import Store

/// Everything there is to be said of a node as of a time.
public struct Explanation: Sendable {
  public struct Similar: Sendable, Codable, Equatable {
    public var caseName: String
    public var node: String
    public var action: String
    public var likeness: Double
  }

  public struct Bond: Sendable, Equatable {
    public var thing: NodeKey
    public var members: Int
    public var ofMembers: Int
    public var users: Int
  }

  public struct Masked: Sendable, Equatable {
    /// Which edges were left out: a relation and a neighbour.
    public var relation: String
    public var neighbour: NodeKey
    public var scoreWithout: Double
    public var drop: Double
  }

  public struct Edges: Sendable, Equatable {
    /// The largest drop first.
    public var masked: [Masked] = []
    /// The fewest edges that keep nine tenths of the score, as far as adding the strongest first finds them.
    public var keeping: [Masked] = []
    public var scoreWithOnlyThese: Double?
    public var scoreWithoutThese: Double?
    /// Whether all neighbours were looked at, or only the latest of many.
    public var isWhole = true
  }

  public var key: NodeKey
  public var asOf: Timestamp
  public var details: FlagDetails?
  public var probability: Double?
  public var caseName: String?
  public var model: ModelEvidence?
  public var reasons: [Finding] = []
  public var relations: [Finding] = []
  public var changes: [Finding] = []
  public var counterfactual: Finding?
  public var rules: [Finding] = []
  public var groupName: String?
  public var groupSentences: [String] = []
  public var bonds: [Bond] = []
  public var similar: [Similar] = []
  public var edges = Edges()

  /// All sentences with numbers.
  public var findings: [Finding] {
    reasons + rules + relations + changes + [counterfactual].compactMap { $0 }
  }
}

/// Explains nodes.
///
///     let explanation = try Explainer(store).explain(NodeKey("merchant:M42")!)
///
/// A node that was flagged is explained from the evidence that was kept then, in well under a second; another is scored
/// first, with all of its type.
public struct Explainer {
  let store: Store
  public var models: ModelFolder
  public var progress = ProgressSink.silent
  /// Below it nobody is flagged: what an un-flagging change must reach.
  public var line = 0.5

  public init(_ store: Store) {
    self.store = store
    models = ModelFolder(path: store.path + "/models")
  }

  public func explain(_ key: NodeKey, asOf wanted: Timestamp? = nil) throws -> Explanation {
    let book = CaseBook(store)
    let raw = try store.graph()
    let kept = try keptEvidence(key, book, asOf: wanted)
    let last = raw.lastInstant
    let asOf =
      wanted ?? kept.flatMap { Timestamp($0.evidence.asOf) }
      ?? Timestamp(seconds: last == .min ? 0 : last + 1)
    let graph = raw.with(try book.verdicts(before: asOf))
    let view = graph.view(asOf: asOf)
    let node = try view.node(key)
    guard view.isVisible(node, in: try view.nodes(key.type)) else {
      throw GovernanceError.notVisible(key, asOf: asOf.description)
    }
    var result = Explanation(key: key, asOf: asOf)
    result.caseName = kept?.owner.name
    result.details = kept?.member.details
    result.probability = kept?.member.probability
    let model = try self.model(of: key.type, kept?.member.model)
    let scores = model.map { LateScores($0, view, progress: progress) }
    result.model = try kept?.member.model ?? fresh(key, node, scores, view)
    let desk = try EvidenceDesk(view, key, evidence: result.model, model: model, scores: scores)
    let writer = ReasonWriter(desk: desk, schema: graph.schema)
    result.reasons = try writer.reasons(model)
    result.counterfactual = try writer.counterfactual(model, line: line)
    result.rules = try rules(kept?.run, desk)
    result.relations = try writer.relations()
    result.changes = try writer.changes()
    try group(&result, view, asOf: asOf, isWhole: asOf.seconds > last)
    result.similar = try similar(to: result.model, key, book, asOf: asOf)
    if let model, let scores, let evidence = result.model,
      let sight = try? NodeTask.sight(of: model.card, graph, asOf: asOf)
    {
      result.edges =
        model.judgesRowsAlone
        ? try EdgeMasking(desk: desk, model: model, evidence: evidence, sight: sight).edges()
        : try EdgeSearch.edges(of: node, key.type, in: scores.rows(), view)
    }
    return result
  }

  /// A number of a sentence, asked again from the graph and the model.
  public func desk(for explanation: Explanation) throws -> EvidenceDesk {
    let graph = try store.graph().with(CaseBook(store).verdicts(before: explanation.asOf))
    return try EvidenceDesk(
      graph.view(asOf: explanation.asOf), explanation.key, evidence: explanation.model,
      model: try model(of: explanation.key.type, explanation.model))
  }

  // MARK: Where it comes from

  private typealias Kept = (evidence: CaseEvidence, member: CaseEvidence.Member, owner: StoredCase, run: Int?)

  /// The newest evidence of a case that the node is in, not later than asked for.
  private func keptEvidence(_ key: NodeKey, _ book: CaseBook, asOf: Timestamp?) throws -> Kept? {
    for owner in try book.cases(with: key) {
      for number in Set(owner.entries.compactMap(\.evidence)).sorted(by: >) {
        guard let text = try book.evidence(number),
          let evidence = try? JSONDecoder().decode(CaseEvidence.self, from: Data(text.utf8)),
          let member = evidence.members.first(where: { $0.node == "\(key)" })
        else { continue }
        if let asOf, Timestamp(evidence.asOf) != asOf { continue }
        return (evidence, member, owner, owner.run)
      }
    }
    return nil
  }

  private func model(of type: String, _ evidence: ModelEvidence?) throws -> TrainedModel? {
    if let evidence {
      let name = evidence.model.split(separator: "/", maxSplits: 1).last.map(String.init) ?? evidence.model
      return try models.load(target: type, name: name, version: evidence.version)
    }
    return try ChosenModel.first(for: type, in: models).map {
      try models.load(target: type, name: $0.name, version: $0.version)
    }
  }

  private func fresh(
    _ key: NodeKey, _ node: NodeID, _ scores: LateScores?, _ view: GraphView
  ) throws -> ModelEvidence? {
    guard let scores, let name = ChosenModel.first(for: key.type, in: models) else { return nil }
    let rows = try scores.rows()
    guard !rows.columns.isEmpty else { return nil }
    return try rows.evidence(
      for: [node.index], usual: sampledNodes(view, key.type), name: "\(key.type)/\(name.name)"
    ).first
  }

  private func rules(_ run: Int?, _ desk: EvidenceDesk) throws -> [Finding] {
    guard let run else { return [] }
    let text = try QueueStore(store).queue(run).rules
    return try RuleBook(text, file: "the rules of queue \(run)", in: store.schema).rules.filter { rule in
      rule.nodeType == desk.key.type
    }.compactMap { rule in
      guard try rule.condition.bound(to: desk.view).holds(for: desk.node) == true else { return nil }
      var template = "Meets rule \(rule.name)" + (rule.mode == .shadow ? " (in shadow)" : "")
      if let policy = rule.policy { template += ", policy \(policy)" }
      var numbers: [Finding.Number] = []
      for measure in rule.condition.measures {
        guard let value = try measure.bound(to: desk.view).value(of: desk.node) else { continue }
        template += numbers.isEmpty ? ": " : "; "
        template += "\(measure.words) is {\(numbers.count)}"
        numbers.append(
          .init(
            .measure(measure.description, node: "\(desk.key)"), value, measure.isDuration ? .days : .plain))
      }
      return Finding(template + ".", numbers)
    }
  }

  private func group(_ result: inout Explanation, _ view: GraphView, asOf: Timestamp, isWhole: Bool) throws {
    let witness = try GroupWitness(
      store, asOf: asOf, isWholeGraph: isWhole, run: nil, only: result.key)
    guard let membership = witness.of(result.key), let run = witness.run else { return }
    result.groupName = membership.group.name
    result.groupSentences =
      [
        "In group \(membership.group.name) of \(membership.group.members.count), found by \(run.question.method) along \(run.question.path)."
      ]
      + membership.group.parts.filter { $0.strength > 0 }.sorted { $0.strength > $1.strength }.map(\.sentence)
    if let path = try? RelationPath(run.question.path, in: view.graph.schema) {
      let members = membership.group.members
      result.bonds = try view.bonds(of: members, along: path).prefix(5).map {
        Explanation.Bond(
          thing: $0.thing, members: $0.members.count, ofMembers: members.count, users: $0.users)
      }
    }
  }

  private func similar(
    to evidence: ModelEvidence?, _ key: NodeKey, _ book: CaseBook, asOf: Timestamp
  ) throws -> [Explanation.Similar] {
    guard let evidence else { return [] }
    var found: [Explanation.Similar] = []
    for one in try book.cases(in: [.decided, .appealed, .overturned]) where one.golden == nil {
      guard let decision = one.standing.decision, decision.at < asOf || one.standing.state != .open,
        let number = decision.evidence, let text = try book.evidence(number),
        let kept = try? JSONDecoder().decode(CaseEvidence.self, from: Data(text.utf8))
      else { continue }
      for member in kept.members where member.node != "\(key)" {
        guard let other = member.model else { continue }
        let action = one.standing.state == .overturned ? "overturned" : decision.action?.rawValue ?? ""
        found.append(
          .init(caseName: one.name, node: member.node, action: action, likeness: evidence.likeness(to: other))
        )
      }
    }
    // One node of each case.
    var seen: Set<String> = []
    return found.sorted { ($1.likeness, $0.node) < ($0.likeness, $1.node) }.filter {
      seen.insert($0.caseName).inserted
    }
    .prefix(3).map { $0 }
  }
}
