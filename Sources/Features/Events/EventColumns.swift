import Compute
import Graph

/// Tables of events, and what has to be known of them besides: which rows are verdicts, what is declared a batch.
public struct EventSource: Sendable {
  public let table: EventTable
  /// The table's labels by when they became known; nil where it has none.
  public let verdicts: EventTable?
  /// Numbers of an event that are only known after it, and so are not compared with the event's own.
  public var outcomes: Set<String> = []

  public init(table: EventTable, label: Buffer<Float>? = nil, known: Buffer<Int64>? = nil) {
    self.table = table
    verdicts = label.map { table.verdicts(label: $0, known: known ?? table.times) }
  }
}

/// What is asked: for each example an instant, and the nodes it is about or the event that it is.
public struct EventQuestion: Sendable {
  public let asOf: Buffer<Int64>
  /// The example's node of each type; for events these are found in the table itself.
  public var nodes: [String: Buffer<UInt32>]
  /// The table whose rows the examples are, and their rows.
  public var event: (table: String, rows: Buffer<UInt32>)?
  /// Types of nodes whose verdicts may not be used: a target's own label.
  public var withoutVerdictsOn: Set<String> = []

  public init(asOf: Buffer<Int64>, nodes: [String: Buffer<UInt32>]) {
    self.asOf = asOf
    self.nodes = nodes
  }

  public init(events rows: Buffer<UInt32>, of table: EventTable) {
    asOf = Buffer(rows.map { table.times[Int($0)] })
    nodes = [:]
    event = (table.name, rows)
  }
}

/// All default event columns for a question: which there are is decided from the tables and the training end alone.
///
/// `definitions` go into a model's card; `matrix` computes them, so a stored set gives the same columns later.
public struct EventColumns: Sendable, Codable, Hashable {
  public private(set) var events: [[EventFeature]] = []
  public private(set) var verdicts: [[EventFeature]] = []
  public private(set) var partners: [[PartnerFeature]] = []

  public var names: [String] {
    events.joined().map(\.name) + verdicts.joined().map(\.name) + partners.joined().map(\.name)
  }

  public init(
    for question: EventQuestion, from sources: [EventSource], trainingEnd: Int64,
    recipe: EventRecipe = EventRecipe()
  ) {
    for source in sources {
      let table = source.table
      let isOwn = question.event?.table == table.name
      for end in table.ends where isOwn || question.nodes[end.type] != nil {
        events.append(
          recipe.features(
            for: table, end: end, isOwnEvent: isOwn, outcomes: source.outcomes, trainingEnd: trainingEnd))
        guard let known = source.verdicts, !question.withoutVerdictsOn.contains(end.type) else { continue }
        let gap = table.medianGap(at: end, before: trainingEnd)
        verdicts.append(recipe.labelFeatures(for: known, participant: .end(end.name), gap: gap))
        for partner in table.ends where partner.name != end.name {
          partners.append(
            PartnerFeature.Statistic.allCases.map {
              PartnerFeature(table: table.name, end: end.name, partner: partner.name, statistic: $0)
            })
        }
      }
      if isOwn { addGroups(of: source, without: question.withoutVerdictsOn, trainingEnd, recipe) }
    }
    events.removeAll(where: \.isEmpty)
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

  /// A row for each example, a column for each definition.
  public func matrix(
    for question: EventQuestion, from sources: [EventSource], parallel: Parallel = .machine
  ) throws(EventFeatureError) -> Matrix {
    var parts: [Matrix] = []
    for features in events {
      let table = try source(features[0].table, in: sources).table
      let examples = try examples(question, table, features[0].participant.ends[0])
      parts.append(
        try EventEngine(table: table, features: features).columns(for: examples, parallel: parallel))
    }
    for features in verdicts {
      let source = try source(features[0].table, in: sources)
      let examples = try examples(question, source.table, features[0].participant.ends[0])
      let engine = try EventEngine(table: source.verdicts!, features: features)
      parts.append(engine.columns(for: examples, parallel: parallel))
    }
    for features in partners {
      let source = try source(features[0].table, in: sources)
      guard let verdicts = source.verdicts else {
        throw .unknownTable(table: source.table.name + " verdicts", known: sources.map(\.table.name))
      }
      let examples = try examples(question, source.table, features[0].end)
      let engine = try PartnerEngine(table: source.table, verdicts: verdicts, features: features)
      parts.append(engine.columns(for: examples, parallel: parallel))
    }
    return parts.isEmpty ? Matrix(rows: question.asOf.count, columns: 0) : .beside(parts)
  }

  private func source(_ name: String, in sources: [EventSource]) throws(EventFeatureError) -> EventSource {
    guard let source = sources.first(where: { $0.table.name == name || $0.verdicts?.name == name }) else {
      throw .unknownTable(table: name, known: sources.map(\.table.name))
    }
    return source
  }

  private func examples(
    _ question: EventQuestion, _ table: EventTable, _ endName: String
  ) throws(EventFeatureError) -> EventExamples {
    let end = try table.end(for: .end(endName))
    if let event = question.event, event.table == table.name {
      let nodes = Buffer(event.rows.map { end.nodes[Int($0)] })
      return EventExamples(nodes: nodes, asOf: question.asOf, rows: event.rows)
    }
    guard let nodes = question.nodes[end.type] else {
      throw .unknownTable(table: end.type, known: question.nodes.keys.sorted())
    }
    return EventExamples(nodes: nodes, asOf: question.asOf)
  }
}
