import Compute
import Graph

/// The columns that a model sees of each example: definitions, stored with the model.
///
///     let events = try EventGraph(graph, target: "merchant")
///     let columns = try ExampleColumns(for: examples, in: events)
///     let matrix = try columns.matrix(for: examples, in: events)
public struct ExampleColumns: Sendable, Codable, Hashable {
  /// What columns are of.
  public enum Part: String, Sendable, Codable, CaseIterable { case own, events, graph }
  /// What the as-of time itself says, for events.
  public enum Moment: String, Sendable, Codable { case weekday, hour }

  public var target: String
  public var own: [GraphFeature.OwnColumn]
  public var moments: [Moment]
  public var events: EventColumns
  public var belongings: [EventGraph.Belonging]
  /// Columns of the neighbourhood, as it was at each as-of time; nil where there are none, or too many times.
  public var graph: FeatureSet?
  public var choice: FeatureChoice
  /// The label column whose known values may be looked at, if not the schema's first.
  public var label: String?

  /// Up to so many different as-of times have the whole neighbourhood computed at each of them.
  public static let mostMoments = 64

  /// The default columns. Constants and frequent levels come from what was before the last training example.
  public init(
    for examples: ExampleTable, in events: EventGraph, choice: FeatureChoice = FeatureChoice(),
    parts: Set<Part> = Set(Part.allCases), label: String? = nil, hops: Int = 2
  ) throws {
    let table = events.graph.nodes[events.target]!
    target = events.target
    belongings = events.belongings
    self.choice = choice
    self.label = label
    let excluding = Set(choice.withoutColumns + (label.map { [$0] } ?? []))
    let levels = EventRecipe().mostLevels
    own =
      parts.contains(.own)
      ? table.learnable(excluding: excluding, mostLevels: levels, withTimes: true).filter {
        choice.wants($0.words)
      } : []
    moments = []
    if parts.contains(.own), let source = events.sources.first(where: { $0.table.name == events.target }) {
      let hasDays = source.table.spansDays
      moments =
        !hasDays ? [] : source.table.hasHours(before: examples.trainingEnd) ? [.weekday, .hour] : [.weekday]
    }
    self.events = EventColumns()
    if parts.contains(.events) {
      let sources = try choice.applied(to: events.sources)
      let question = try events.question(for: examples, choice)
      var columns = EventColumns(
        for: question, from: sources, trainingEnd: examples.trainingEnd, recipe: choice.recipe)
      columns.events += choice.add.map { [$0] }
      self.events = columns.keeping { choice.wants($0) }
    }
    graph = nil
    if parts.contains(.graph), hops > 0, !events.isOfEvents, Set(examples.asOf).count <= Self.mostMoments,
      let last = examples.asOf.max()
    {
      let view = VisibleGraph(events.graph, asOf: Timestamp(seconds: last))
      let recipe = FeatureRecipe(hops: hops, excluding: excluding)
      let set = try recipe.features(of: target, in: view).keeping { $0.usesGraph && choice.wants($0.name) }
      if !set.features.isEmpty { graph = set }
    }
  }

  public var names: [String] {
    own.map(\.words) + moments.map { "\($0.rawValue) of the as-of time" } + events.names
      + (graph?.names ?? [])
  }

  public var count: Int { own.count + moments.count + events.names.count + (graph?.features.count ?? 0) }

  /// A row for each example. Missing is NaN.
  public func matrix(
    for examples: ExampleTable, in events: EventGraph, parallel: Parallel = .machine,
    progress: ProgressSink = .silent
  ) throws -> Matrix {
    var parts: [Matrix] = []
    if !own.isEmpty || !moments.isEmpty { parts.append(try ownColumns(examples, events.graph)) }
    if !self.events.names.isEmpty {
      let sources = try choice.applied(to: events.sources)
      let question = try events.question(for: examples, choice)
      parts.append(
        try self.events.matrix(for: question, from: sources, parallel: parallel, progress: progress))
    }
    if let graph { parts.append(try graphColumns(graph, examples, events, progress)) }
    return parts.isEmpty ? Matrix(rows: examples.count, columns: 0, columnNames: []) : .beside(parts)
  }

  /// Without the columns that are the same, or missing, in all of these rows of the matrix.
  public func pruned(on matrix: Matrix, rows: [Int]) -> (columns: ExampleColumns, kept: [Int]) {
    var says = [Bool](repeating: false, count: matrix.columns)
    var first: [Float] = []
    matrix.withUnsafeBufferPointer { cells in
      for row in rows {
        let start = row * matrix.columns
        if first.isEmpty { first = Array(cells[start..<start + matrix.columns]) }
        for column in 0..<matrix.columns where !says[column] {
          let (a, b) = (cells[start + column], first[column])
          says[column] = a != b && !(a.isNaN && b.isNaN)
        }
      }
    }
    return (keeping { says[$0] }, says.indices.filter { says[$0] })
  }

  /// The columns at the places that are kept, in the same order.
  func keeping(_ isKept: (Int) -> Bool) -> ExampleColumns {
    var result = self
    var place = 0
    func keep<T>(_ items: [T]) -> [T] {
      items.filter { _ in
        defer { place += 1 }
        return isKept(place)
      }
    }
    result.own = keep(own)
    result.moments = keep(moments)
    result.events.events = events.events.map { keep($0) }
    result.events.verdicts = events.verdicts.map { keep($0) }
    result.events.partners = events.partners.map { keep($0) }
    result.events.siblings = events.siblings.map { keep($0) }
    result.events.changes = events.changes.map { $0.map { keep($0) } }
    result.events.dropUnused()
    if let graph { result.graph?.features = keep(graph.features) }
    if result.graph?.features.isEmpty == true { result.graph = nil }
    return result
  }

  private func ownColumns(_ examples: ExampleTable, _ graph: MarketGraph) throws(FeatureError) -> Matrix {
    guard let table = graph.nodes[target] else {
      throw .unknownType(name: target, known: graph.nodes.keys.sorted())
    }
    var result = Matrix(rows: examples.count, columns: own.count + moments.count)
    result.columnNames = own.map(\.words) + moments.map { "\($0.rawValue) of the as-of time" }
    for (place, column) in own.enumerated() {
      if case .daysSince(let name) = column {
        guard case .time(let times)? = table.columns[name] else {
          throw .otherSchema(feature: column.words, reason: "\(target) has no time column \"\(name)\"")
        }
        for row in 0..<examples.count {
          let (time, asOf) = (times[Int(examples.nodes[row])], examples.asOf[row])
          let isKnown = time != Column.missingTime && time < asOf
          result[row, place] = isKnown ? Float(Double(asOf - time) / 86_400) : .nan
        }
      } else {
        let cell = try table.cells(of: column, asOf: nil)
        for row in 0..<examples.count { result[row, place] = cell(Int(examples.nodes[row])) }
      }
    }
    for (offset, moment) in moments.enumerated() {
      for row in 0..<examples.count {
        let seconds = examples.asOf[row]
        let day = Int64((Double(seconds) / 86_400).rounded(.down))
        // 1970 began on a Thursday.
        result[row, own.count + offset] =
          moment == .weekday
          ? Float(((day + 3) % 7 + 7) % 7) : Float(Double(seconds - day * 86_400) / 3600)
      }
    }
    return result
  }

  /// The neighbourhood at each as-of time, of the examples of that time.
  private func graphColumns(
    _ set: FeatureSet, _ examples: ExampleTable, _ events: EventGraph, _ progress: ProgressSink
  ) throws -> Matrix {
    var result = Matrix(rows: examples.count, columns: set.features.count, columnNames: set.names)
    let label = EventLabel(events.graph.nodes[target]!, column: label)
    let moments = Set(examples.asOf).sorted()
    let bar = progress.step("neighbourhoods", total: moments.count, unit: "as-of times")
    for moment in moments {
      let view = VisibleGraph(events.graph, asOf: Timestamp(seconds: moment))
      let columns = try set.columns(in: view, labels: label?.known(of: target, before: moment))
      for row in 0..<examples.count where examples.asOf[row] == moment {
        let values = columns.row(Int(examples.nodes[row]))
        for (column, value) in values.enumerated() { result[row, column] = value }
      }
      bar.advance()
    }
    bar.finish()
    return result
  }
}

extension EventColumns {
  func keeping(_ wants: (String) -> Bool) -> EventColumns {
    var result = self
    result.events = events.map { $0.filter { wants($0.name) } }
    result.verdicts = verdicts.map { $0.filter { wants($0.name) } }
    result.partners = partners.map { $0.filter { wants($0.name) } }
    result.siblings = siblings.map { $0.filter { wants($0.name) } }
    result.changes = changes.map { $0.map { $0.filter { wants($0.name) } } }
    result.dropUnused()
    return result
  }

  /// Without empty groups, and without derived numbers that no feature asks for.
  mutating func dropUnused() {
    dropEmpty()
    let asked = Set(
      events.joined().compactMap { feature -> String? in
        guard case .number(let name, _, _) = feature.measure else { return nil }
        return feature.table + "\n" + name
      })
    derived = derived.map { $0.filter { asked.contains($0.feature.table + "\n" + $0.name) } }
    dropEmpty()
  }
}

extension EventGraph {
  /// The examples as a question to the event tables.
  public func question(
    for examples: ExampleTable, _ choice: FeatureChoice = FeatureChoice()
  ) throws -> EventQuestion {
    guard !sources.isEmpty else { throw ExampleError.notTimed(target: target) }
    let (nodes, asOf) = (Buffer(examples.nodes), Buffer(examples.asOf))
    var question: EventQuestion
    if let source = sources.first(where: { $0.table.name == target }) {
      question = EventQuestion(events: nodes, of: source.table, asOf: asOf)
    } else {
      question = EventQuestion(asOf: asOf, nodes: [:])
    }
    question.nodes[target] = nodes
    question.withoutVerdictsOn = Set(choice.withoutVerdictsOn)
    return question
  }
}

extension EventLabel {
  /// Those known before an instant; nil where nothing says since when a label is known.
  func known(of type: String, before instant: Int64) -> KnownLabels? {
    guard let known else { return nil }
    let classes = values.indices.map { node -> Int32 in
      let isKnown = !values[node].isNaN && known[node] != Column.missingTime && known[node] < instant
      return isKnown ? Int32(values[node]) : KnownLabels.unknown
    }
    return KnownLabels(type: type, classes: classes, classCount: 2)
  }
}

extension EventTable {
  /// Whether the clock is one of days and hours: a clock that counts ranks has no weekdays.
  var spansDays: Bool {
    let dated = times.lazy.filter { $0 != .max }
    guard let first = dated.min(), let last = dated.max() else { return false }
    return last - first > 30 * 86_400
  }
}
