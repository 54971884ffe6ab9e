import Compute
import Graph

/// Finds a condition's names in a schema and checks that its kinds fit; gathers all mistakes rather than the first.
struct ConditionChecker {
  /// What names mean at a place: the node that is asked about and, inside a `where`, one of its edges.
  struct Scope {
    var node: NodeType
    var edge: (relation: RelationType, other: NodeType)?
    var depth = 0
  }

  let schema: Schema
  private(set) var problems: [ConditionError.Problem] = []

  init(schema: Schema) { self.schema = schema }

  private typealias Syntax = ConditionSyntax
  typealias Expression = ConditionExpression

  mutating func note(_ place: TextPlace, _ what: String) {
    problems.append(ConditionError.Problem(place: place, what: what))
  }

  /// Something that is true or false.
  mutating func condition(_ syntax: ConditionSyntax, _ scope: Scope) -> Expression? {
    guard let expression = self.expression(syntax, scope) else { return nil }
    if expression.kind == .truth || expression.kind == .flag { return expression }
    note(
      syntax.place,
      "this is \(expression.kind.words), not a condition; compare it with something, such as > 0")
    return nil
  }

  mutating func expression(_ syntax: ConditionSyntax, _ scope: Scope) -> Expression? {
    switch syntax.form {
    case .number(let value): return .number(value)
    case .duration(let seconds): return .duration(seconds)
    case .time(let time): return .time(time)
    case .text(let text): return .text(text)
    case .truth(let value): return .truth(value)
    case .name(let parts, _): return column(parts, syntax.place, scope).map { .column($0) }
    case .call(let function, let owner, let arguments):
      return call(function, owner: owner, arguments, syntax.place, scope)
    case .negative(let inner):
      guard let value = expression(inner, scope) else { return nil }
      guard [.number, .flag, .duration].contains(value.kind) else {
        note(inner.place, "only numbers and time spans have a minus; this is \(value.kind.words)")
        return nil
      }
      // A literal's sign belongs to it.
      if case .number(let number) = value { return .number(-number) }
      if case .duration(let seconds) = value { return .duration(-seconds) }
      return .negative(value)
    case .arithmetic(let sign, let a, let b):
      let (left, right) = (expression(a, scope), expression(b, scope))
      guard let left, let right else { return nil }
      guard Expression.kind(sign, left.kind, right.kind) != nil else {
        note(syntax.place, "\(left.kind.words) \(sign.rawValue) \(right.kind.words) makes no sense")
        return nil
      }
      return .arithmetic(sign, left, right)
    case .comparison(let sign, let a, let b): return comparison(sign, a, b, scope)
    case .among(let value, let list):
      guard let left = expression(value, scope) else { return nil }
      let right = list.compactMap { literal($0, like: left, scope) }
      return right.count == list.count ? .among(left, right) : nil
    case .contains(let value, let part):
      guard let left = expression(value, scope) else { return nil }
      guard left.kind == .text else {
        note(value.place, "only texts contain something; this is \(left.kind.words)")
        return nil
      }
      guard case .text(let text)? = literal(part, like: left, scope) else { return nil }
      return .contains(left, text)
    case .missing(let inner): return expression(inner, scope).map { .missing($0) }
    case .not(let inner): return condition(inner, scope).map { .not($0) }
    case .all(let parts):
      let checked = parts.compactMap { condition($0, scope) }
      return checked.count == parts.count ? .all(checked) : nil
    case .any(let parts):
      let checked = parts.compactMap { condition($0, scope) }
      return checked.count == parts.count ? .any(checked) : nil
    }
  }

  // MARK: Comparisons

  private mutating func comparison(
    _ sign: ComparisonSign, _ a: ConditionSyntax, _ b: ConditionSyntax, _ scope: Scope
  ) -> Expression? {
    // A bare word that is no column may be a text, if it stands beside a column of texts.
    if let left = isText(a, scope) ? nil : expression(a, scope) {
      guard let right = literalOrValue(b, like: left, scope) else { return nil }
      return compared(sign, left, right, at: a.place)
    }
    guard isText(a, scope), let right = expression(b, scope) else { return nil }
    guard let left = literalOrValue(a, like: right, scope) else { return nil }
    return compared(sign, left, right, at: a.place)
  }

  /// Whether it can only be a text or a date in quotes.
  private func isText(_ syntax: ConditionSyntax, _ scope: Scope) -> Bool {
    if case .text = syntax.form { return true }
    return false
  }

  private mutating func compared(
    _ sign: ComparisonSign, _ left: Expression, _ right: Expression, at place: TextPlace
  ) -> Expression? {
    let (a, b) = (left.kind, right.kind)
    let isNumeric = [.number, .flag].contains(a) && [.number, .flag].contains(b)
    let isTruth = [.truth, .flag].contains(a) && [.truth, .flag].contains(b)
    guard a == b || isNumeric || isTruth else {
      note(place, "\(a.words) cannot be compared with \(b.words)")
      return nil
    }
    if [.text, .truth].contains(a) || [.text, .truth].contains(b), sign != .equal, sign != .unequal {
      note(place, "only = and != go with \(a == .flag ? b.words : a.words)")
      return nil
    }
    return .comparison(sign, left, right)
  }

  private mutating func literalOrValue(
    _ syntax: ConditionSyntax, like other: Expression, _ scope: Scope
  ) -> Expression? {
    switch syntax.form {
    case .text, .name(_, bare: true): literal(syntax, like: other, scope)
    default: expression(syntax, scope)
    }
  }

  /// A value for comparing with another: a text becomes a date beside a time, a bare word a text beside a text.
  private mutating func literal(
    _ syntax: ConditionSyntax, like other: Expression, _ scope: Scope
  ) -> Expression? {
    switch (syntax.form, other.kind) {
    case (.text(let text), .time):
      if let time = Timestamp(text) { return .time(time) }
      note(syntax.place, "\"\(text)\" is no date; write 2026-03-01 or 2026-03-01T08:30:00Z")
      return nil
    case (.name(let parts, bare: true), .text) where !isColumn(parts[0], scope): return .text(parts[0])
    default:
      guard let value = expression(syntax, scope) else { return nil }
      let kinds = [value.kind, other.kind].map { $0 == .flag ? Expression.Kind.number : $0 }
      if kinds[0] != kinds[1], !(value.kind == .truth && other.kind == .flag) {
        note(syntax.place, "\(other.kind.words) cannot be compared with \(value.kind.words)")
        return nil
      }
      return value
    }
  }

  // MARK: Names

  private func isColumn(_ name: String, _ scope: Scope) -> Bool {
    guard let edge = scope.edge else { return scope.node.tableColumns.contains { $0.name == name } }
    return edge.relation.tableColumns.contains { $0.name == name }
  }

  private mutating func column(
    _ parts: [String], _ place: TextPlace, _ scope: Scope
  ) -> Expression.ColumnOf? {
    guard parts.count > 1 else {
      guard let edge = scope.edge else { return ownColumn(parts[0], place, scope.node) }
      return edgeColumn(parts[0], place, edge.relation, edge.other)
    }
    guard parts.count == 2, let owner = owner(Array(parts.dropLast()), place, scope) else {
      if parts.count > 2 { note(place, "\(parts.joined(separator: ".")) has too many parts") }
      return nil
    }
    guard owner == .node else {
      return scope.edge.flatMap { otherColumn(parts[1], place, $0.other) }
    }
    return ownColumn(parts[1], place, scope.node)
  }

  /// `own`, `other`, or the name of a type where it can mean only one of the two.
  private mutating func owner(
    _ parts: [String], _ place: TextPlace, _ scope: Scope
  ) -> Expression.Owner? {
    let name = parts.joined(separator: ".")
    guard let edge = scope.edge else {
      if name == "own" || name == scope.node.name { return .node }
      note(
        place,
        "\(name).…: only inside count(… where …) and its like can another node be asked; "
          + "here are the columns of \(scope.node.name)")
      return nil
    }
    if name == "own" { return .node }
    if name == "other" { return .other }
    if edge.other.name != scope.node.name {
      if name == edge.other.name { return .other }
      if name == scope.node.name { return .node }
    }
    let known =
      ["own", "other"] + (edge.other.name == scope.node.name ? [] : [scope.node.name, edge.other.name])
    note(place, "\"\(name)\" is neither end of \(edge.relation.name).\(hint(for: name, among: known))")
    return nil
  }

  private mutating func ownColumn(
    _ name: String, _ place: TextPlace, _ type: NodeType, owner: Expression.Owner = .node
  ) -> Expression.ColumnOf? {
    guard let column = type.tableColumns.first(where: { $0.name == name }) else {
      note(
        place,
        "\(type.name) has no column \"\(name)\"."
          + hint(for: name, among: type.tableColumns.map(\.name)))
      return nil
    }
    return Expression.ColumnOf(
      owner: owner, ownerName: type.name, name: name, kind: column.kind.inConditions,
      isLabel: type.labels.contains { $0.column == name })
  }

  private mutating func otherColumn(
    _ name: String, _ place: TextPlace, _ type: NodeType
  ) -> Expression.ColumnOf? { ownColumn(name, place, type, owner: .other) }

  private mutating func edgeColumn(
    _ name: String, _ place: TextPlace, _ relation: RelationType, _ other: NodeType
  ) -> Expression.ColumnOf? {
    guard let column = relation.tableColumns.first(where: { $0.name == name }) else {
      let qualified =
        other.tableColumns.contains { $0.name == name }
        ? " The column of the node at its other end is \(other.name == relation.from && other.name == relation.to ? "other" : other.name).\(name)."
        : hint(for: name, among: relation.tableColumns.map(\.name))
      note(place, "the edges of \(relation.name) have no column \"\(name)\"." + qualified)
      return nil
    }
    return Expression.ColumnOf(
      owner: .edge, ownerName: relation.name, name: name, kind: column.kind.inConditions)
  }

  // MARK: Calls

  private mutating func call(
    _ function: String, owner: [String], _ arguments: ConditionSyntax.Arguments, _ place: TextPlace,
    _ scope: Scope
  ) -> Expression? {
    if function == "age" { return age(owner: owner, arguments, place, scope) }
    guard let statistic = Expression.Statistic(rawValue: function) else {
      let known = ["age"] + Expression.Statistic.allCases.map(\.rawValue)
      note(place, "there is no \(function)(…).\(hint(for: function, among: known))")
      return nil
    }
    var whose = Expression.Owner.node
    var type = scope.node
    if let edge = scope.edge {
      guard !owner.isEmpty else {
        let other = edge.other.name == scope.node.name ? "other" : edge.other.name
        note(place, "whose \(function)? Inside where, say \(other).\(function)(…) or own.\(function)(…)")
        return nil
      }
      guard let found = self.owner(owner, place, scope) else { return nil }
      whose = found
      if found == .other { type = edge.other }
    } else if !owner.isEmpty {
      guard self.owner(owner, place, scope) != nil else { return nil }
    }
    guard scope.depth < 3 else {
      note(place, "one where inside another goes three deep at most")
      return nil
    }
    guard let (step, rest) = step(arguments.name, arguments.place, from: type) else { return nil }
    return aggregate(
      statistic, owner: whose, type, step, rest, arguments, scope.depth
    )
  }

  private mutating func age(
    owner: [String], _ arguments: ConditionSyntax.Arguments, _ place: TextPlace, _ scope: Scope
  ) -> Expression? {
    guard arguments.condition == nil, arguments.window == nil else {
      note(place, "age(…) takes the name of a time column and nothing else")
      return nil
    }
    guard let column = column(owner + arguments.name, arguments.place, scope) else { return nil }
    guard column.kind == .time else {
      note(arguments.place, "age needs a time; \(column.name) is \(column.kind.words)")
      return nil
    }
    return .age(.column(column))
  }

  private struct Step {
    var relation: RelationType
    var direction: Direction
    var saysDirection: Bool
    var other: NodeType
  }

  /// The relation that a dotted name begins with (relations' names may hold dots), its direction, and what is left.
  private mutating func step(
    _ parts: [String], _ place: TextPlace, from type: NodeType
  ) -> (Step, rest: [String])? {
    for length in stride(from: parts.count, to: 0, by: -1) {
      let name = parts[..<length].joined(separator: ".")
      guard let relation = schema.relation(name) else { continue }
      var rest = Array(parts[length...])
      guard relation.from == type.name || relation.to == type.name else {
        note(
          place,
          "\(name) joins \(relation.from) with \(relation.to), not \(type.name)."
            + hint(for: name, among: relations(of: type)))
        return nil
      }
      var step = Step(
        relation: relation, direction: relation.from == type.name ? .out : .into, saysDirection: false,
        other: type)
      if relation.from == relation.to {
        step.saysDirection = relation.isDirected
        if relation.isDirected, let first = rest.first, let direction = Direction(rawValue: first) {
          step.direction = direction
          rest.removeFirst()
        }
      } else {
        let other = relation.from == type.name ? relation.to : relation.from
        step.other = schema.nodeType(other) ?? type
      }
      return (step, rest)
    }
    note(
      place,
      "there is no relation \"\(parts.joined(separator: "."))\"."
        + hint(for: parts[0], among: relations(of: type)))
    return nil
  }

  private func relations(of type: NodeType) -> [String] {
    schema.relations.filter { $0.from == type.name || $0.to == type.name }.map(\.name)
  }

  private mutating func aggregate(
    _ statistic: Expression.Statistic, owner: Expression.Owner, _ type: NodeType, _ step: Step,
    _ rest: [String], _ arguments: ConditionSyntax.Arguments, _ depth: Int
  ) -> Expression? {
    let relation = step.relation
    var value: Expression.ColumnOf?
    switch statistic {
    case .count, .distinct, .share:
      guard rest.isEmpty else {
        note(
          arguments.place,
          "\(statistic.rawValue) takes a relation alone: \(statistic.rawValue)(\(relation.name))")
        return nil
      }
    case .sum, .mean, .min, .max:
      guard let name = rest.last, rest.count <= 2 else {
        let example = relation.tableColumns.first { $0.kind == .number }?.name ?? "COLUMN"
        note(
          arguments.place,
          "\(statistic.rawValue) takes a column of the edges, or of the nodes they lead to: "
            + "\(statistic.rawValue)(\(relation.name).\(example))")
        return nil
      }
      if rest.count == 2 {
        let known = [step.other.name, "other"]
        guard known.contains(rest[0]) else {
          note(
            arguments.place,
            "\(relation.name) does not lead to \(rest[0]).\(hint(for: rest[0], among: known))")
          return nil
        }
        value = otherColumn(name, arguments.place, step.other)
      } else {
        value = edgeColumn(name, arguments.place, relation, step.other)
      }
      guard let found = value else { return nil }
      let isTime = found.kind == .time && (statistic == .min || statistic == .max)
      guard [.number, .flag].contains(found.kind) || isTime else {
        note(
          arguments.place, "\(statistic.rawValue) needs a number; \(found.name) is \(found.kind.words)")
        return nil
      }
    }
    if statistic == .share, arguments.condition == nil {
      note(arguments.place, "share needs to know of what: share(\(relation.name) where …)")
      return nil
    }
    if let place = arguments.windowPlace {
      guard !relation.clocks.isTimeless else {
        note(place, "\(relation.name) has no clock, so it has no last \(shortSpan(arguments.window ?? 0))")
        return nil
      }
      guard arguments.window ?? 0 > 0 else {
        note(place, "the time span must be longer than nothing")
        return nil
      }
    }
    var condition: Expression?
    if let syntax = arguments.condition {
      let scope = Scope(node: type, edge: (relation, step.other), depth: depth + 1)
      condition = self.condition(syntax, scope)
      guard condition != nil else { return nil }
    }
    return .aggregate(
      Expression.Aggregate(
        owner: owner, ownerType: type.name, otherType: step.other.name, statistic: statistic,
        relation: relation.name, direction: step.direction, saysDirection: step.saysDirection, value: value,
        condition: condition, window: arguments.window))
  }
}

extension ColumnType.Kind {
  fileprivate var inConditions: ConditionExpression.Kind {
    switch self {
    case .number: .number
    case .flag: .flag
    case .time: .time
    case .category, .text: .text
    }
  }
}
