import Compute
import Foundation
import Graph

/// Turns an expression into closures over a graph's buffers, once, so that asking a node looks up no name.
struct ConditionBinder {
  let view: GraphView
  /// The instant before which everything lies that is looked at.
  let now: Int64

  init(view: GraphView, needsTime: Bool) throws(GraphError) {
    self.view = view
    now = view.asOf?.seconds ?? (needsTime ? view.graph.lastInstant &+ 1 : .max)
  }

  /// Inside a `where`: the relation whose edges are looked at, and the nodes at the other ends.
  struct Edge {
    let relation: Relation
    let other: NodeTable
  }

  func bound(
    _ expression: ConditionExpression, _ table: NodeTable, edge: Edge?
  ) throws(GraphError) -> ConditionEvaluation {
    switch expression {
    case .number(let value): return { _ in .number(value) }
    case .duration(let seconds): return { _ in .number(Double(seconds)) }
    case .time(let time): return { _ in .time(time.seconds) }
    case .text(let text): return { _ in .text(text) }
    case .truth(let value): return { _ in .truth(value) }
    case .column(let column): return try self.column(column, table, edge)
    case .age(let inner):
      let (time, now) = (try bound(inner, table, edge: edge), now)
      return { frame in
        guard case .time(let seconds) = time(frame) else { return .missing }
        return .number(Double(now - seconds))
      }
    case .aggregate(let aggregate): return try bound(aggregate, table, edge)
    case .negative(let inner):
      let value = try bound(inner, table, edge: edge)
      return { ConditionValue(value($0).number.map { -$0 }) }
    case .arithmetic(let sign, let a, let b):
      let (left, right) = (try bound(a, table, edge: edge), try bound(b, table, edge: edge))
      return { sign.of(left($0), right($0)) }
    case .comparison(let sign, let a, let b):
      let left = try bound(a.rounded(beside: b), table, edge: edge)
      let right = try bound(b.rounded(beside: a), table, edge: edge)
      return { ConditionValue(sign.holds(left($0), right($0))) }
    case .among(let value, let list):
      let left = try bound(value, table, edge: edge)
      var right: [ConditionEvaluation] = []
      for item in list { right.append(try bound(item.rounded(beside: value), table, edge: edge)) }
      let values = right
      return { frame in
        let value = left(frame)
        return ConditionValue(kleeneAny(values.lazy.map { ComparisonSign.equal.holds(value, $0(frame)) }))
      }
    case .contains(let inner, let part):
      let text = try bound(inner, table, edge: edge)
      return { frame in
        guard case .text(let text) = text(frame) else { return .missing }
        return .truth(text.range(of: part, options: [.caseInsensitive]) != nil)
      }
    case .missing(let inner):
      let value = try bound(inner, table, edge: edge)
      return { .truth(value($0) == .missing) }
    case .not(let inner):
      let value = try bound(inner, table, edge: edge)
      return { ConditionValue(value($0).truth.map { !$0 }) }
    case .all(let parts):
      let values = try bound(parts, table, edge)
      return { frame in
        // Neither where one is unknown, unless another is false: not any of the opposites.
        ConditionValue(kleeneAny(values.lazy.map { $0(frame).truth.map { !$0 } }).map { !$0 })
      }
    case .any(let parts):
      let values = try bound(parts, table, edge)
      return { frame in ConditionValue(kleeneAny(values.lazy.map { $0(frame).truth })) }
    }
  }

  private func bound(
    _ parts: [ConditionExpression], _ table: NodeTable, _ edge: Edge?
  ) throws(GraphError) -> [ConditionEvaluation] {
    var result: [ConditionEvaluation] = []
    for part in parts { result.append(try bound(part, table, edge: edge)) }
    return result
  }

  // MARK: Columns

  private func column(
    _ wanted: ConditionExpression.ColumnOf, _ table: NodeTable, _ edge: Edge?
  ) throws(GraphError) -> ConditionEvaluation {
    let place: @Sendable (ConditionFrame) -> Int
    let column: Column?
    switch wanted.owner {
    case .node:
      place = { $0.node }
      column = try values(wanted, of: table)
    case .other:
      place = { $0.other }
      guard let edge else { return { _ in .missing } }
      column = try values(wanted, of: edge.other)
    case .edge:
      place = { $0.edgeRow }
      column = edge?.relation.columns[wanted.name]
    }
    guard let column else { return { _ in .missing } }
    // A time that lies in the future was not known as of the view's instant.
    let bound = view.asOf == nil ? Int64.max : now
    return { column.value(at: place($0), before: bound) }
  }

  /// Nil where the schema has the column, but the graph holds no value in it.
  private func values(
    _ wanted: ConditionExpression.ColumnOf, of table: NodeTable
  ) throws(GraphError) -> Column? {
    guard table.columns[wanted.name] != nil else { return nil }
    return wanted.isLabel
      ? try view.labels(wanted.name, of: table.type.name) : table.columns[wanted.name]
  }

  // MARK: Edges

  private func bound(
    _ aggregate: ConditionExpression.Aggregate, _ table: NodeTable, _ edge: Edge?
  ) throws(GraphError) -> ConditionEvaluation {
    let subjects = aggregate.owner == .other ? edge?.other ?? table : table
    let others = try view.nodes(aggregate.otherType)
    let relation = try view.relation(aggregate.relation)
    let inner = Edge(relation: relation, other: others)
    var condition: ConditionEvaluation?
    if let expression = aggregate.condition { condition = try bound(expression, subjects, edge: inner) }
    var value: ConditionEvaluation?
    if let column = aggregate.value { value = try self.column(column, subjects, inner) }
    let edges = EdgeWindow(
      adjacency: aggregate.direction == .out ? relation.out : relation.into,
      subjectTimes: view.asOf == nil ? nil : subjects.times,
      otherTimes: view.asOf == nil ? nil : others.times,
      start: aggregate.window.map { now &- $0 }, end: view.asOf?.seconds)
    let summary = EdgeSummary(
      statistic: aggregate.statistic, edges: edges, condition: condition, value: value)
    if aggregate.owner == .other { return { summary.value(of: $0.other) } }
    return { summary.value(of: $0.node) }
  }
}

extension Column {
  fileprivate func value(at place: Int, before now: Int64) -> ConditionValue {
    guard place < count else { return .missing }
    switch self {
    case .number(let values):
      let value = values[place]
      return value.isFinite ? .number(Double(value)) : .missing
    case .time(let values):
      let value = values[place]
      return value == Column.missingTime || value >= now ? .missing : .time(value)
    case .category(let codes, let levels):
      let code = codes[place]
      return code == Column.missingCode ? .missing : .text(levels[Int(code)])
    case .text(let texts):
      let text = texts[place]
      return text.isEmpty ? .missing : .text(text)
    }
  }
}

extension ConditionExpression {
  /// Columns hold 32-bit numbers: 0.2 in a column is not the 64-bit 0.2, so a literal that is compared with a column
  /// is rounded as the column's numbers are.
  func rounded(beside other: ConditionExpression) -> ConditionExpression {
    guard case .number(let value) = self else { return self }
    switch other {
    case .column: return .number(Double(Float(value)))
    case .aggregate(let aggregate) where aggregate.statistic == .min || aggregate.statistic == .max:
      return .number(Double(Float(value)))
    default: return self
    }
  }
}

extension ArithmeticSign {
  func of(_ a: ConditionValue, _ b: ConditionValue) -> ConditionValue {
    switch (self, a, b) {
    case (.minus, .time(let a), .time(let b)): return ConditionValue(Double(a) - Double(b))
    case (.plus, .time(let time), .number(let span)), (.plus, .number(let span), .time(let time)):
      return ConditionValue.time(time, plus: span)
    case (.minus, .time(let time), .number(let span)): return ConditionValue.time(time, plus: -span)
    default: break
    }
    guard let a = a.number, let b = b.number else { return .missing }
    switch self {
    case .plus: return ConditionValue(a + b)
    case .minus: return ConditionValue(a - b)
    case .times: return ConditionValue(a * b)
    // Nothing is known of what is divided by nothing.
    case .over: return ConditionValue(b == 0 ? nil : a / b)
    }
  }
}

extension ConditionValue {
  fileprivate static func time(_ time: Int64, plus span: Double) -> ConditionValue {
    let sum = Double(time) + span
    return abs(sum) < 1e15 ? .time(Int64(sum.rounded())) : .missing
  }
}

extension ComparisonSign {
  /// Nil where one side is not known.
  func holds(_ a: ConditionValue, _ b: ConditionValue) -> Bool? {
    switch (a, b) {
    case (.missing, _), (_, .missing): return nil
    case (.text(let a), .text(let b)): return self == .unequal ? a != b : a == b
    case (.time(let a), .time(let b)): return holds(a, b)
    case (.truth(let a), _): return b.truth.map { (a == $0) == (self == .equal) }
    case (_, .truth(let b)): return a.truth.map { (b == $0) == (self == .equal) }
    default:
      guard let a = a.number, let b = b.number else { return nil }
      return holds(a, b)
    }
  }

  private func holds<Number: Comparable>(_ a: Number, _ b: Number) -> Bool {
    switch self {
    case .less: a < b
    case .atMost: a <= b
    case .more: a > b
    case .atLeast: a >= b
    case .equal: a == b
    case .unequal: a != b
    }
  }
}

/// True where one is true, else unknown where one is unknown, else false. Kleene's logic.
private func kleeneAny(_ truths: some Sequence<Bool?>) -> Bool? {
  var isUnknown = false
  for truth in truths {
    if truth == true { return true }
    if truth == nil { isUnknown = true }
  }
  return isUnknown ? nil : false
}

extension MarketGraph {
  /// The last second that anything bears; `Int64.min` where nothing bears a time.
  package var lastInstant: Int64 {
    var last = Int64.min
    for table in nodes.values { last = max(last, table.times?.max() ?? .min) }
    for relation in relations.values {
      for layer in [relation.out.snapshot, relation.out.appended].compactMap({ $0 }) {
        last = max(last, layer.times?.max() ?? .min)
      }
    }
    return last == .max ? .max - 1 : last
  }
}
