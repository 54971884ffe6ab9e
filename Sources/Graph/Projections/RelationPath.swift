/// Which edges a projection is made of, as people write it.
///
///     merchant-product                         the relation that joins the two types
///     buyer-order-product                      the relation order
///     buyer-order|review-product               both relations, added up
///     merchant-device-merchant                 merchants that share a device
///     merchant-device|payment_account-merchant …or a payment account
///     merchant-uses-merchant                   …that share what the relation uses leads to
public struct RelationPath: Sendable, Hashable, CustomStringConvertible {
  /// A relation, and from which of its ends the path comes.
  public struct Step: Sendable, Hashable {
    public let relation: String
    public let direction: Direction
  }

  public enum Form: Sendable, Hashable {
    /// Nodes are joined by the edges themselves.
    case direct([Step])
    /// Nodes are joined by what the steps lead them both to.
    case shared([Step])
  }

  public let description: String
  public let from: String
  public let to: String
  public let form: Form

  public init(_ text: String, in schema: Schema) throws(GraphError) {
    func fault(_ reason: String) -> GraphError { .badPath(path: text, reason: reason) }
    let tokens = RelationPath.tokens(of: text, in: schema)
    let typeNames = schema.nodeTypes.map(\.name)
    guard (2...3).contains(tokens.count) else {
      throw fault("it has two or three parts, like merchant-product or merchant-device-merchant.")
    }
    let ends = [tokens[0], tokens[tokens.count - 1]]
    for end in ends {
      guard end.count == 1 else {
        throw fault("it begins and ends with one type of node; only the middle may be a choice (|).")
      }
      guard typeNames.contains(end[0]) else {
        throw fault("there is no type of node \"\(end[0])\"." + suggestion(for: end[0], among: typeNames))
      }
    }
    let (from, to) = (ends[0][0], ends[1][0])
    self.from = from
    self.to = to
    description = text.filter { !$0.isWhitespace }

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

  private static func step(_ relation: RelationType, _ from: String, _ to: String) -> Step? {
    if relation.from == from, relation.to == to { return Step(relation: relation.name, direction: .out) }
    if relation.from == to, relation.to == from { return Step(relation: relation.name, direction: .into) }
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
