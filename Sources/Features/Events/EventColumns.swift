import Compute
import Graph

/// All event columns for a question. The default set is decided from the tables and the training end alone.
///
/// The definitions go into a model's card; `matrix` computes them, so a stored set gives the same columns later.
public struct EventColumns: Sendable, Codable, Hashable {
  /// Numbers that are written beside the events before anything else is computed.
  public internal(set) var derived: [[DerivedNumber]] = []
  /// Each inner list is of one table and participant: one engine's work.
  public internal(set) var events: [[EventFeature]] = []
  public internal(set) var verdicts: [[EventFeature]] = []
  public internal(set) var partners: [[PartnerFeature]] = []
  public internal(set) var siblings: [[SiblingFeature]] = []
  /// Only where they are asked for: they cost more than all others together.
  public internal(set) var changes: [[ChangeFeature]]? = nil

  public var names: [String] {
    events.joined().map(\.name) + verdicts.joined().map(\.name) + partners.joined().map(\.name)
      + siblings.joined().map(\.name) + (changes ?? []).joined().map(\.name)
  }

  public init() {}

  /// The nodes' own histories alone, with what they need.
  public var histories: EventColumns {
    var result = EventColumns()
    result.derived = derived
    result.events = events.filter { if case .end? = $0.first?.participant { true } else { false } }
    result.dropUnused()
    return result
  }

  public init(
    for question: EventQuestion, from sources: [EventSource], trainingEnd: Int64,
    recipe: EventRecipe = EventRecipe()
  ) {
    for source in sources {
      let isOwn = question.event?.table == source.table.name
      let asked = source.table.ends.filter { end in
        (isOwn || question.nodes[end.type] != nil) && source.askedEnds?.contains(end.name) != false
      }
      guard !asked.isEmpty else { continue }
      let derived = recipe.derived(for: source.table, outcomes: source.outcomes, trainingEnd: trainingEnd)
        .filter { number in asked.contains { number.feature.participant != .end($0.name) } }
      if !derived.isEmpty { self.derived.append(derived) }
      for end in asked {
        add(end, of: source, isOwn: isOwn, derived, question.withoutVerdictsOn, trainingEnd, recipe)
      }
      if isOwn {
        addGroups(of: source, without: question.withoutVerdictsOn, trainingEnd, recipe)
        for batch in source.table.ends where source.batches.contains(batch.name) {
          siblings.append(recipe.siblingFeatures(for: source, batch: batch, trainingEnd: trainingEnd))
        }
      }
    }
    if recipe.seesChanges {
      changes = events.compactMap { features -> [ChangeFeature]? in
        guard case .end(let end)? = features.first?.participant,
          let source = sources.first(where: { $0.table.name == features[0].table }), source.table.spansDays
        else { return nil }
        return ChangeFeature.Statistic.allCases.map {
          .init(table: source.table.name, end: end, statistic: $0)
        }
      }
    }
    dropEmpty()
  }

  mutating func dropEmpty() {
    derived.removeAll(where: \.isEmpty)
    events.removeAll(where: \.isEmpty)
    verdicts.removeAll(where: \.isEmpty)
    partners.removeAll(where: \.isEmpty)
    siblings.removeAll(where: \.isEmpty)
    changes?.removeAll(where: \.isEmpty)
  }

  /// One end's own history, the verdicts on it, and its company.
  private mutating func add(
    _ end: EventTable.End, of source: EventSource, isOwn: Bool, _ derived: [DerivedNumber],
    _ without: Set<String>, _ trainingEnd: Int64, _ recipe: EventRecipe
  ) {
    let table = source.table
    events.append(
      recipe.features(
        for: table, end: end, isOwnEvent: isOwn, outcomes: source.outcomes, trainingEnd: trainingEnd)
        + recipe.features(of: derived, for: table, end: end, trainingEnd: trainingEnd))
    if let known = source.verdicts, !without.contains(end.type), source.labelledEnd != end.name {
      let gap = table.medianGap(at: end, before: trainingEnd)
      verdicts.append(recipe.labelFeatures(for: known, participant: .end(end.name), gap: gap))
    }
    for partner in table.ends where partner.name != end.name {
      let statistics = PartnerFeature.Statistic.allCases.filter {
        !$0.needsVerdicts || (source.verdicts != nil && source.labelledEnd != partner.name)
      }
      partners.append(
        statistics.map {
          PartnerFeature(table: table.name, end: end.name, partner: partner.name, statistic: $0)
        })
    }
  }

  /// Pairs of participants, and participants within a range of a number or a value of a category.
  private mutating func addGroups(
    of source: EventSource, without: Set<String>, _ trainingEnd: Int64, _ recipe: EventRecipe
  ) {
    let table = source.table
    for (place, a) in table.ends.enumerated() {
      for b in table.ends.dropFirst(place + 1) {
        events.append(recipe.pairFeatures(for: table, a.name, b.name, outcomes: source.outcomes))
        if let known = source.verdicts, !without.contains(a.type), !without.contains(b.type) {
          let gap = table.medianGap(at: a, before: trainingEnd)
          verdicts.append(recipe.labelFeatures(for: known, participant: .pair(a.name, b.name), gap: gap))
        }
      }
    }
    guard let known = source.verdicts else { return }
    for end in table.ends where !without.contains(end.type) {
      var groups: [EventFeature.Participant] = table.numbers.filter { !source.outcomes.contains($0.name) }.map
      {
        let edges = recipe.edges(of: $0, times: table.times, trainingEnd: trainingEnd)
        return .binned(end.name, number: $0.name, edges: edges)
      }
      groups += table.categories.map { .level(end.name, category: $0.name) }
      guard groups.count <= 6 else { continue }
      for group in groups {
        verdicts.append(recipe.labelFeatures(for: known, participant: group, gap: 1, light: true))
      }
    }
  }
}
