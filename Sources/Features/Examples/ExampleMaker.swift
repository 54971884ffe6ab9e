import Compute
import Graph

/// Makes a table of examples out of a graph: who of the target type is asked about when, and what came true.
///
///     let maker = ExampleMaker(becomes: .label(value: "1"), within: TimeSpan("60d")!)
///     let examples = try maker.examples(at: times, in: events)
public struct ExampleMaker: Sendable {
  /// What makes an example's label 1.
  public enum Outcome: Sendable {
    /// The target's label becomes known, with this value, at or after the as-of time and within the horizon. Nodes whose
    /// label was known by then are not asked about.
    case label(value: String)
    /// What holds of a node as of the end of the horizon: its windows reach back from there.
    case condition(Condition)
  }

  public var outcome: Outcome
  public var within: TimeSpan
  /// Only nodes to which something happened so shortly before.
  public var active: TimeSpan?
  /// The tables in which it must have happened; all without it.
  public var activeIn: Set<String> = []

  public init(becomes outcome: Outcome, within: TimeSpan, active: TimeSpan? = nil) {
    self.outcome = outcome
    self.within = within
    self.active = active
  }

  /// One example for each node that is seen, active and in question at each of these times. Times whose outcomes are not
  /// all known yet are left out, and said.
  public func examples(
    at times: [Int64], in events: EventGraph, label column: String? = nil
  ) throws -> ExampleTable {
    let table = events.graph.nodes[events.target]!
    let label = EventLabel(table, column: column)
    let end = events.lastKnown(label)
    var examples = ExampleTable(target: events.target, nodes: [], asOf: [], labels: [])
    let early = times.filter { $0 + within.seconds <= end + 1 }
    if early.count < times.count {
      examples.notes.append(
        "\(times.count - early.count) as-of times are left out: what happens within \(within) of them is not all known yet "
          + "(the data ends \(Timestamp(seconds: end))).")
    }
    let isPositive = try positives(table, column)
    let activity = active.map { _ in events.tables(of: events.target, named: activeIn) }
    if let activity, activity.isEmpty {
      throw ExampleError.noExamples(
        reason:
          "nothing with a time happens to \(events.target) in \(activeIn.sorted().joined(separator: ", "))")
    }
    var (nodes, asOfs, labels): ([UInt32], [Int64], [Float]) = ([], [], [])
    for asOf in early.sorted() {
      var later: BoundCondition?
      if case .condition(let condition) = outcome {
        let end = Timestamp(seconds: asOf + within.seconds)
        later = try condition.bound(to: events.graph.view(asOf: end))
      }
      for node in 0..<UInt32(table.count) {
        if let seen = table.times?[Int(node)], seen >= asOf { continue }
        if let activity, let active,
          !activity.contains(where: {
            $0.0.hasEvent(of: node, at: $0.1, from: asOf - active.seconds, before: asOf)
          })
        {
          continue
        }
        var becomes = false
        switch outcome {
        case .label:
          if let since = label?.known?[Int(node)], since != Column.missingTime, isPositive[Int(node)] != nil {
            if since < asOf { continue }
            becomes = isPositive[Int(node)] == true && since < asOf + within.seconds
          }
        case .condition: becomes = later?.holds(for: NodeID(node)) == true
        }
        nodes.append(node)
        asOfs.append(asOf)
        labels.append(becomes ? 1 : 0)
      }
    }
    guard !nodes.isEmpty else {
      throw ExampleError.noExamples(
        reason: early.isEmpty
          ? "no as-of time has all its outcomes known" : "nobody is in question at these times")
    }
    examples.nodes = nodes
    examples.asOf = asOfs
    examples.labels = labels
    return examples
  }

  /// For each node whether its label is the wanted one; nil where it has none.
  private func positives(_ table: NodeTable, _ wanted: String?) throws -> [Bool?] {
    guard case .label(let value) = outcome else { return [] }
    let type = table.type.labels.first { wanted == nil || $0.column == wanted }
    guard let type, let column = table.columns[type.column] else {
      throw FeatureError.unknownColumn(
        name: wanted ?? "label", type: table.type.name, known: table.type.labels.map(\.column))
    }
    guard type.known != nil else {
      throw ExampleError.noExamples(
        reason: "the schema does not say since when \(type.column) of \(table.type.name) is known")
    }
    let texts: [String?]
    switch column {
    case .number(let values):
      texts = values.map { $0.isNaN ? nil : $0 == $0.rounded() ? String(Int64($0)) : String($0) }
    case .category(let codes, let levels):
      texts = codes.map { $0 == Column.missingCode ? nil : levels[Int($0)] }
    case .time, .text: texts = [String?](repeating: nil, count: table.count)
    }
    // A flag's 1 may be called by what it means.
    let known = Set(texts.compactMap { $0 })
    let meant =
      !known.contains(value) && known.isSubset(of: ["0", "1"])
        && ["risky", "bad", "true", "positive"].contains(value) ? "1" : value
    guard known.contains(meant) else {
      throw ExampleError.noExamples(
        reason:
          "no \(table.type.name) has \(type.column) = \(value); it holds \(known.sorted().prefix(8).joined(separator: ", "))"
      )
    }
    return texts.map { $0.map { $0 == meant } }
  }

  /// Each event that is labelled, as of its own time.
  public static func events(
    in events: EventGraph, from: Int64, to: Int64, label column: String? = nil
  ) throws -> ExampleTable {
    let table = events.graph.nodes[events.target]!
    guard let label = EventLabel(table, column: column), let times = table.times else {
      throw ExampleError.noExamples(reason: "\(events.target) has no label of two values, or no time")
    }
    let rows = (0..<table.count).filter {
      times[$0] >= from && times[$0] < to && times[$0] != Column.missingTime
    }
    .filter { !label.values[$0].isNaN }
    guard !rows.isEmpty else {
      throw ExampleError.noExamples(reason: "no labelled \(events.target) lies in that time")
    }
    return ExampleTable(
      target: events.target, nodes: rows.map { UInt32($0) }, asOf: rows.map { times[$0] },
      labels: rows.map { label.values[$0] })
  }
}

extension EventGraph {
  /// The tables in which a type takes part, with the ends at which it does.
  func tables(of type: String, named names: Set<String> = []) -> [(EventTable, EventTable.End)] {
    sources.filter { names.isEmpty || names.contains($0.table.name) }.flatMap { source in
      source.table.ends.filter { $0.type == type }.map { (source.table, $0) }
    }
  }

  /// An instant by which all events had happened.
  public var afterAll: Int64 { lastKnown(nil) + 1 }

  /// The last second of which anything is known: an event, or a label.
  func lastKnown(_ label: EventLabel?) -> Int64 {
    var last = Int64.min
    for source in sources { last = max(last, source.table.times.lazy.filter { $0 != .max }.max() ?? .min) }
    return max(last, label?.known?.max() ?? .min)
  }
}

extension EventTable {
  /// Whether anything happened to a node in a stretch of time. Two binary searches.
  func hasEvent(of node: UInt32, at end: End, from: Int64, before: Int64) -> Bool {
    guard Int(node) < end.nodeCount else { return false }
    return places(of: node, at: end, before: from).upperBound
      < places(of: node, at: end, before: before).upperBound
  }

  /// How many events a node had at an end in a stretch of time.
  public func eventCount(of node: UInt32, at end: End, from: Int64, before: Int64) -> Int {
    guard Int(node) < end.nodeCount else { return 0 }
    return places(of: node, at: end, before: before).upperBound
      - places(of: node, at: end, before: from).upperBound
  }
}
