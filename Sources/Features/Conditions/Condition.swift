import Graph

// A small language for what analysts say of a node: its columns, and counts, sums and different partners of its edges,
// also in a window of time before the as-of time.
//
//     refund_rate > 0.2 and count(orders, 7d) >= 20 and risk_label = 1
//     is_verified = false and age(opened_at) < 30d
//     share(refunds where reason in (fake, "not as shown"), 30d) > 5%
//     count(merchant_logs_in where device.count(merchant_logs_in) >= 3) >= 1
//
// Names are looked up in the schema when the condition is made; a mistake is named with its line and column and the
// nearest name that exists. What is not known (a missing cell, a mean of nothing, a label or a time that lies in the
// future) makes a comparison neither true nor false, as in SQL: `and`, `or` and `not` carry that on, and a condition
// that ends so does not hold. A condition is interpreted, never made into SQL.

/// Something that is true or false of a node of one type, as of a time.
///
///     let condition = try Condition("refund_rate > 0.2 and count(orders, 7d) >= 20", of: "merchant", in: schema)
///     try condition.bound(to: graph.view(asOf: time)).holds(for: node)
///
/// Checked in time linear in the text.
public struct Condition: Sendable, Hashable, CustomStringConvertible {
  public let nodeType: String
  let expression: ConditionExpression

  /// `start` is where the text stands in its file, so that mistakes name the file's lines.
  public init(
    _ text: String, of nodeType: String, in schema: Schema,
    startingAt start: TextPlace = TextPlace(line: 1, column: 1)
  ) throws(ConditionError) {
    expression = try checked(text, of: nodeType, in: schema, at: start) { checker, syntax, scope in
      checker.condition(syntax, scope)
    }
    self.nodeType = nodeType
  }

  init(expression: ConditionExpression, nodeType: String) {
    self.expression = expression
    self.nodeType = nodeType
  }

  /// The condition as it can be read again: `Condition(description, …)` is equal.
  public var description: String { expression.text() }

  /// The condition as a person says it.
  public var words: String { expression.words }
}

/// A number that a node has, as of a time: `refund_rate`, `count(orders, 7d)`, `mean(orders.amount) / price_level`.
///
/// The same language as `Condition`'s. A time span is in seconds.
public struct Measure: Sendable, Hashable, CustomStringConvertible {
  public let nodeType: String
  let expression: ConditionExpression

  public init(
    _ text: String, of nodeType: String, in schema: Schema,
    startingAt start: TextPlace = TextPlace(line: 1, column: 1)
  ) throws(ConditionError) {
    expression = try checked(text, of: nodeType, in: schema, at: start) { checker, syntax, scope in
      guard let expression = checker.expression(syntax, scope) else { return nil }
      if [.number, .flag, .duration].contains(expression.kind) { return expression }
      checker.note(syntax.place, "this is \(expression.kind.words), not a number or a time span")
      return nil
    }
    self.nodeType = nodeType
  }

  init(expression: ConditionExpression, nodeType: String) {
    self.expression = expression
    self.nodeType = nodeType
  }

  /// Whether its number is a time span in seconds.
  public var isDuration: Bool { expression.kind == .duration }
  public var description: String { expression.text() }
  public var words: String { expression.words }
}

private func checked(
  _ text: String, of nodeType: String, in schema: Schema, at start: TextPlace,
  _ check: (inout ConditionChecker, ConditionSyntax, ConditionChecker.Scope) -> ConditionExpression?
) throws(ConditionError) -> ConditionExpression {
  guard let type = schema.nodeType(nodeType) else {
    throw ConditionError(
      start,
      "there is no type of node \"\(nodeType)\".\(hint(for: nodeType, among: schema.nodeTypes.map(\.name)))")
  }
  let syntax = try ConditionParser.syntax(of: text, at: start)
  var checker = ConditionChecker(schema: schema)
  let expression = check(&checker, syntax, ConditionChecker.Scope(node: type))
  guard let expression, checker.problems.isEmpty else { throw ConditionError(problems: checker.problems) }
  return expression
}

extension ConditionExpression {
  /// Whether it looks at the clock: an age, or a window of time.
  var needsTime: Bool {
    switch self {
    case .age: true
    case .aggregate(let aggregate): aggregate.window != nil || aggregate.condition?.needsTime == true
    default: parts.contains { $0.needsTime }
    }
  }

  /// What it is made of, one level down.
  var parts: [ConditionExpression] {
    switch self {
    case .number, .duration, .time, .text, .truth, .column: []
    case .age(let inner), .negative(let inner), .missing(let inner), .not(let inner): [inner]
    case .contains(let inner, _): [inner]
    case .arithmetic(_, let a, let b), .comparison(_, let a, let b): [a, b]
    case .among(let value, let list): [value] + list
    case .all(let parts), .any(let parts): parts
    case .aggregate(let aggregate): aggregate.condition.map { [$0] } ?? []
    }
  }
}
