/// Which edges a projection is made of, as people write it.
///
///     merchant-product                         the relation that joins the two types
///     buyer-order-product                      the relation order
///     buyer-order|review-product               both relations, added up
///     merchant-device-merchant                 merchants that share a device
///     merchant-device|payment_account-merchant …or a payment account
///     merchant-uses-merchant                   …that share what the relation uses leads to
///     merchant|buyer-device-merchant|buyer     merchants and buyers that share a device with either
public struct RelationPath: Sendable, Hashable, CustomStringConvertible {
  /// A relation, from which of its ends the path comes, and the types at that end and at the other.
  public struct Step: Sendable, Hashable {
    public let relation: String
    public let direction: Direction
    public let from: String
    public let to: String
  }

  public enum Form: Sendable, Hashable {
    /// Nodes are joined by the edges themselves.
    case direct([Step])
    /// Nodes are joined by what the steps lead them both to.
    case shared([Step])
  }

  public let description: String
  /// The type at the beginning, and at the end; several with bars between.
  public let from: String
  public let to: String
  /// The types of the nodes that the path joins, each once, in the order in which they are named.
  public let types: [String]
  public let form: Form

  public init(_ text: String, in schema: Schema) throws(GraphError) {
    func fault(_ reason: String) -> GraphError { .badPath(path: text, reason: reason) }
    let tokens = RelationPath.tokens(of: text, in: schema)
    let typeNames = schema.nodeTypes.map(\.name)
    guard (2...3).contains(tokens.count) else {
      throw fault("it has two or three parts, like merchant-product or merchant-device-merchant.")
    }
    let ends = [tokens[0], tokens[tokens.count - 1]]
    for name in ends.joined() where !typeNames.contains(name) {
      throw fault("there is no type of node \"\(name)\"." + suggestion(for: name, among: typeNames))
    }
    for end in ends where Set(end).count < end.count {
      throw fault("\(end.joined(separator: "|")) names a type twice.")
    }
    description = text.filter { !$0.isWhitespace }
    from = ends[0].joined(separator: "|")
    to = ends[1].joined(separator: "|")
    let isOfSeveral = ends.contains { $0.count > 1 }
    guard !isOfSeveral || (tokens.count == 3 && Set(ends[0]) == Set(ends[1])) else {
      throw fault(
        "a choice of types (|) at the ends is for those that share something, and stands at both ends alike, as in "
          + "merchant|buyer-device-merchant|buyer.")
    }
    if isOfSeveral {
      types = ends[0]
      form = .shared(try RelationPath.sharedSteps(of: ends[0], tokens[1], schema, fault))
      return
    }
    let (from, to) = (ends[0][0], ends[1][0])
    types = from == to ? [from] : [from, to]
    if tokens.count == 2 {
      form = .direct([try RelationPath.onlyStep(from, to, schema, text)])
      return
    }
    var direct: [Step] = []
    var shared: [Step] = []
    for name in tokens[1] {
      if let relation = schema.relation(name) {
        if let step = RelationPath.step(relation, from, to) {
          direct.append(step)
        } else if from == to, let other = relation.otherEnd(of: from) {
          shared.append(RelationPath.step(relation, from, other)!)
        } else {
          throw fault("\(name) joins \(relation.from) and \(relation.to), not \(from) and \(to).")
        }
      } else if typeNames.contains(name) {
        guard from == to else {
          throw fault(
            "nodes that share a \(name) are of one type; \(from) and \(to) are two. Name a relation instead.")
        }
        guard name != from else {
          throw fault("write \(from)-RELATION-\(from) with a relation's name for the edges among them.")
        }
        shared.append(try RelationPath.onlyStep(from, name, schema, text))
      } else {
        throw fault(
          "there is no relation or type of node \"\(name)\"."
            + suggestion(for: name, among: schema.relations.map(\.name) + typeNames))
      }
    }
    guard direct.isEmpty || shared.isEmpty else {
      throw fault(
        "some of its middle joins the nodes directly, some through what they share; take one at a time.")
    }
    form = direct.isEmpty ? .shared(shared) : .direct(direct)
  }

  /// What nodes of several types share: a middle needs a relation with one of them, not with each.
  private static func sharedSteps(
    of types: [String], _ middles: [String], _ schema: Schema, _ fault: (String) -> GraphError
  ) throws(GraphError) -> [Step] {
    var steps: [Step] = []
    for name in middles {
      let relations = schema.relation(name).map { [$0] } ?? schema.relations
      var found: [Step] = []
      for type in types {
        found += relations.compactMap { relation in
          guard let other = relation.otherEnd(of: type), !types.contains(other) else { return nil }
          return schema.relation(name) != nil || other == name ? step(relation, type, other) : nil
        }
      }
      guard !found.isEmpty else {
        throw fault("\(name) is nothing that \(types.joined(separator: ", ")) are joined with from outside.")
      }
      steps += found
    }
    return steps
  }

  private static func step(_ relation: RelationType, _ from: String, _ to: String) -> Step? {
    func make(_ direction: Direction) -> Step {
      Step(relation: relation.name, direction: direction, from: from, to: to)
    }
    if relation.from == from, relation.to == to { return make(.out) }
    if relation.from == to, relation.to == from { return make(.into) }
    return nil
  }

  /// The one relation between two types.
  private static func onlyStep(
    _ from: String, _ to: String, _ schema: Schema, _ text: String
  ) throws(GraphError) -> Step {
    let steps = schema.relations.compactMap { step($0, from, to) }
    if steps.count == 1 { return steps[0] }
    guard let first = steps.first else {
      let reachable = schema.relations.compactMap { relation in
        relation.otherEnd(of: from).map { "\($0) (\(relation.name))" }
      }
      throw .badPath(
        path: text,
        reason: "no relation joins \(from) and \(to)."
          + (reachable.isEmpty ? "" : " From \(from) one comes to \(reachable.joined(separator: ", "))."))
    }
    let names = steps.map(\.relation)
    throw .badPath(
      path: text,
      reason: "\(names.count) relations join \(from) and \(to): \(names.joined(separator: ", ")). "
        + "Name one in the middle, like \(from)-\(first.relation)-…, or several with | between.")
  }

  /// Parts between hyphens, choices between bars. Names may hold hyphens themselves: a known name is taken whole,
  /// the longest first.
  private static func tokens(of text: String, in schema: Schema) -> [[String]] {
    let names = (schema.nodeTypes.map(\.name) + schema.relations.map(\.name)).sorted { $0.count > $1.count }
    var rest = Substring(text.filter { !$0.isWhitespace })
    var tokens: [[String]] = [[]]
    while true {
      let name =
        names.first { name in
          guard rest.hasPrefix(name) else { return false }
          let next = rest.dropFirst(name.count).first
          return next == nil || next == "-" || next == "|"
        } ?? String(rest.prefix { $0 != "-" && $0 != "|" })
      tokens[tokens.count - 1].append(name)
      rest = rest.dropFirst(name.count)
      guard let separator = rest.popFirst() else { return tokens }
      if separator == "-" { tokens.append([]) }
    }
  }
}

extension RelationType {
  /// The type at the other end, where `type` is at one.
  func otherEnd(of type: String) -> String? { from == type ? to : to == type ? from : nil }
}
