/// Writes a schema as `SchemaDecoder` reads it.
enum SchemaEncoder {
  static func text(of schema: Schema) -> String {
    let nodes = schema.nodeTypes.map { type in
      Member(
        type.name,
        .object(members(of: type, links: schema.relations.filter { isWritten($0, asLinkOf: type) })))
    }
    let relations = schema.relations
      .filter { relation in !schema.nodeTypes.contains { isWritten(relation, asLinkOf: $0) } }
      .map { Member($0.name, .object(members(of: $0))) }
    let document = Node.object([
      Member("name", .text(schema.name)), Member("nodes", .object(nodes)),
      Member("relations", .object(relations)),
    ])
    return document.written(indent: 0) + "\n"
  }

  private static func isWritten(_ relation: RelationType, asLinkOf type: NodeType) -> Bool {
    relation.isLink && relation.from == type.name
  }

  private static func members(of type: NodeType, links: [RelationType]) -> [Member] {
    var members: [Member] = []
    if type.table != type.name { members.append(Member("table", .text(type.table))) }
    if type.key != "id" { members.append(Member("key", .text(type.key))) }
    members += columns(type.columns) + clocks(type.clocks)
    if !type.labels.isEmpty {
      let labels = type.labels.map { label in
        Member(label.column, .object(label.known.map { [Member("known", .text($0))] } ?? []))
      }
      members.append(Member("labels", .object(labels)))
    }
    if !links.isEmpty {
      let links = links.map { link in
        Member(
          String(link.name.dropFirst(type.name.count + 1)),
          .object([Member("to", .text(link.to)), Member("column", .text(link.toColumn))]))
      }
      members.append(Member("links", .object(links)))
    }
    return members
  }

  private static func members(of type: RelationType) -> [Member] {
    var members: [Member] = []
    if type.table != type.name { members.append(Member("table", .text(type.table))) }
    members += [Member("from", .text(type.from)), Member("to", .text(type.to))]
    if type.fromColumn != type.from { members.append(Member("fromColumn", .text(type.fromColumn))) }
    if type.toColumn != type.to { members.append(Member("toColumn", .text(type.toColumn))) }
    if !type.isDirected { members.append(Member("directed", .bool(false))) }
    members += columns(type.columns) + clocks(type.clocks)
    if let weight = type.weight { members.append(Member("weight", .text(weight))) }
    if type.duplicates != .keep { members.append(Member("duplicates", .text(type.duplicates.rawValue))) }
    if type.selfLoops != .keep { members.append(Member("selfLoops", .text(type.selfLoops.rawValue))) }
    return members
  }

  private static func columns(_ columns: [ColumnType]) -> [Member] {
    guard !columns.isEmpty else { return [] }
    let members = columns.map { column in
      Member(
        column.name,
        column.says.map {
          .object([Member("kind", .text(column.kind.rawValue)), Member("says", .text($0))])
        } ?? .text(column.kind.rawValue))
    }
    return [Member("columns", .object(members))]
  }

  private static func clocks(_ clocks: Clocks) -> [Member] {
    [("happened", clocks.happened), ("known", clocks.known)].compactMap { name, column in
      column.map { Member(name, .text($0)) }
    }
  }

  private struct Member {
    let name: String
    let node: Node

    init(_ name: String, _ node: Node) {
      self.name = name
      self.node = node
    }
  }

  private enum Node {
    case text(String)
    case bool(Bool)
    case object([Member])

    func written(indent: Int) -> String {
      switch self {
      case .text(let text): return quoted(text)
      case .bool(let value): return value ? "true" : "false"
      case .object(let members):
        if members.isEmpty { return "{}" }
        let inner = members.map { "\(quoted($0.name)): \($0.node.written(indent: indent + 2))" }
        // What fits a line stands on one line.
        let short = "{" + inner.joined(separator: ", ") + "}"
        if indent > 0, short.count + indent < 100, !short.contains("\n") { return short }
        let margin = String(repeating: " ", count: indent)
        return "{\n" + inner.map { margin + "  " + $0 }.joined(separator: ",\n") + "\n\(margin)}"
      }
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\u{0}"..."\u{1f}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
