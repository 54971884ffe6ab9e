import Compute

/// Reads a schema out of JSON, and collects what is wrong on the way instead of stopping at the first mistake.
struct SchemaDecoder {
  var problems: [SchemaError.Problem] = []

  mutating func schema(_ document: PositionedJSON) -> Schema? {
    guard var fields = object(document, path: "", knows: ["name", "nodes", "relations"]) else { return nil }
    let name = text("name", of: &fields) ?? "graph"
    if name.isEmpty { report(document.place, "name", "it is empty.") }
    guard let nodes = fields.take("nodes") else {
      report(document.place, "", "\"nodes\" is missing: a graph has at least one type of node.")
      return nil
    }
    var drafts: [(fields: SchemaFields, name: String)] = []
    for (fields, name) in named(nodes, path: "nodes", knows: SchemaDecoder.nodeFields) {
      drafts.append((fields, name))
    }
    let nodeNames = drafts.map(\.name)
    if drafts.isEmpty { report(nodes.place, "nodes", "there is no type of node: a graph has at least one.") }
    var types: [NodeType] = []
    var relations: [RelationType] = []
    for draft in drafts {
      var fields = draft.fields
      let type = nodeType(draft.name, &fields)
      types.append(type)
      relations += links(of: type, &fields, nodeNames)
    }
    if let value = fields.take("relations") {
      for (fields, name) in named(value, path: "relations", knows: SchemaDecoder.relationFields) {
        var fields = fields
        if let relation = relation(name, &fields, nodeNames) { relations.append(relation) }
        if nodeNames.contains(name) {
          report(
            fields.place, fields.path, "a type of node has the same name; paths could not tell them apart.")
        }
      }
    }
    return Schema(name: name, nodeTypes: types, relations: relations)
  }

  private static let nodeFields = ["table", "key", "columns", "happened", "known", "labels", "links"]
  private static let relationFields = [
    "table", "from", "to", "fromColumn", "toColumn", "directed", "columns", "happened", "known", "weight",
    "duplicates", "selfLoops",
  ]

  // MARK: Types

  private mutating func nodeType(_ name: String, _ fields: inout SchemaFields) -> NodeType {
    let table = tableName("table", of: &fields) ?? name
    let key = columnName("key", of: &fields) ?? "id"
    let columns = columns(of: &fields)
    let clocks = clocks(of: &fields, columns)
    var labels: [LabelType] = []
    if let value = fields.take("labels") {
      for (label, name) in named(
        value, path: fields.path(to: "labels"), knows: ["known"], namesAreColumns: true)
      {
        var label = label
        if let column = columns.first(where: { $0.name == name }) {
          if column.kind == .time || column.kind == .text {
            report(
              label.place, label.path,
              "\"\(name)\" is a \(column.kind) column; a label is a number, flag or category.")
          }
        } else {
          slip(name, among: columns.map(\.name), label.place, label.path)
        }
        labels.append(LabelType(column: name, known: clock("known", of: &label, columns)))
      }
    }
    if let column = columns.first(where: { $0.name == key }) {
      report(
        fields.place, fields.path(to: "columns"), "\"\(column.name)\" is the key; it is not a column as well."
      )
    }
    return NodeType(name: name, table: table, key: key, columns: columns, clocks: clocks, labels: labels)
  }

  /// A node table whose columns name other nodes: each becomes a relation that reads the node's own table.
  private mutating func links(
    of type: NodeType, _ fields: inout SchemaFields, _ nodeNames: [String]
  ) -> [RelationType] {
    guard let value = fields.take("links") else { return [] }
    var relations: [RelationType] = []
    for (link, name) in named(value, path: fields.path(to: "links"), knows: ["to", "column"]) {
      var link = link
      guard let to = end("to", of: &link, nodeNames) else { continue }
      let column = columnName("column", of: &link) ?? name
      relations.append(
        RelationType(
          name: "\(type.name).\(name)", table: type.table, from: type.name, to: to, fromColumn: type.key,
          toColumn: column, clocks: type.clocks))
    }
    return relations
  }

  private mutating func relation(
    _ name: String, _ fields: inout SchemaFields, _ nodeNames: [String]
  ) -> RelationType? {
    let table = tableName("table", of: &fields)
    let columns = columns(of: &fields)
    let clocks = clocks(of: &fields, columns)
    let weightPlace = fields.place(of: "weight")
    let weight = columnName("weight", of: &fields)
    if let weight {
      if let column = columns.first(where: { $0.name == weight }) {
        if column.kind != .number {
          report(
            weightPlace, fields.path(to: "weight"),
            "\"\(weight)\" is a \(column.kind) column; a weight is a number.")
        }
      } else {
        slip(weight, among: columns.map(\.name), weightPlace, fields.path(to: "weight"))
      }
    }
    let directedPlace = fields.place(of: "directed")
    let isDirected = truth("directed", of: &fields) ?? true
    let duplicatesPlace = fields.place(of: "duplicates")
    let duplicates = choice("duplicates", of: &fields, RelationType.Duplicates.self) ?? .keep
    let selfLoops = choice("selfLoops", of: &fields, RelationType.SelfLoops.self) ?? .keep
    if duplicates == .sum, !clocks.isTimeless {
      report(
        duplicatesPlace, fields.path(to: "duplicates"),
        "\"sum\" needs a relation without clocks: edges of different times are not one edge. Use \"keep\".")
    }
    let (fromColumn, toColumn) = (columnName("fromColumn", of: &fields), columnName("toColumn", of: &fields))
    let from = end("from", of: &fields, nodeNames)
    guard let to = end("to", of: &fields, nodeNames), let from else { return nil }
    if !isDirected, from != to {
      report(
        directedPlace, fields.path(to: "directed"),
        "an undirected relation joins nodes of one type, not \(from) and \(to). Both directions of a directed one are kept anyway."
      )
    }
    if (fromColumn ?? from) == (toColumn ?? to) {
      report(
        fields.place, fields.path,
        "both ends are read from column \"\(fromColumn ?? from)\"; say \"fromColumn\" and \"toColumn\".")
    }
    return RelationType(
      name: name, table: table, from: from, to: to, fromColumn: fromColumn, toColumn: toColumn,
      isDirected: isDirected, columns: columns, clocks: clocks, weight: weight, duplicates: duplicates,
      selfLoops: selfLoops)
  }

  private mutating func end(_ field: String, of fields: inout SchemaFields, _ nodeNames: [String]) -> String?
  {
    let place = fields.place(of: field)
    guard let name = text(field, of: &fields) else {
      if !fields.hadWrongKind {
        report(fields.place, fields.path, "\"\(field)\" is missing: which type of node?")
      }
      return nil
    }
    guard nodeNames.contains(name) else {
      report(
        place, fields.path(to: field),
        "there is no type of node \"\(name)\"." + suggestion(for: name, among: nodeNames))
      return nil
    }
    return name
  }

  // MARK: Columns

  private mutating func columns(of fields: inout SchemaFields) -> [ColumnType] {
    let path = fields.path(to: "columns")
    guard let value = fields.take("columns") else { return [] }
    guard case .object(let members) = value.value else {
      report(value.place, path, "it should be an object of names and kinds, but is \(value.kindName).")
      return []
    }
    var columns: [ColumnType] = []
    for member in members {
      let path = "\(path).\(member.name)"
      check(columnName: member.name, member.place, path)
      if columns.contains(where: { $0.name == member.name }) {
        report(member.place, path, "it stands twice.")
      }
      var says: String?
      var kindValue = member.value
      if case .object = kindValue.value {
        guard var fields = object(member.value, path: path, knows: ["kind", "says"]) else { continue }
        says = text("says", of: &fields)
        guard let value = fields.take("kind") else {
          report(member.value.place, path, "\"kind\" is missing.\(SchemaDecoder.kinds)")
          continue
        }
        kindValue = value
      }
      guard case .string(let name) = kindValue.value else {
        report(
          kindValue.place, path,
          "its kind should be a text, but is \(kindValue.kindName).\(SchemaDecoder.kinds)")
        continue
      }
      guard let kind = ColumnType.Kind(rawValue: name) else {
        let names = ColumnType.Kind.allCases.map(\.rawValue)
        report(
          kindValue.place, path,
          "there is no kind of column \"\(name)\"." + suggestion(for: name, among: names))
        continue
      }
      columns.append(ColumnType(member.name, kind, says: says))
    }
    return columns
  }

  private static let kinds =
    " Known: " + ColumnType.Kind.allCases.map(\.rawValue).joined(separator: ", ") + "."

  private mutating func clocks(of fields: inout SchemaFields, _ columns: [ColumnType]) -> Clocks {
    Clocks(happened: clock("happened", of: &fields, columns), known: clock("known", of: &fields, columns))
  }

  /// A clock names a time column. One that is not declared is one all the same, unless it is a slip of the finger.
  private mutating func clock(
    _ field: String, of fields: inout SchemaFields, _ columns: [ColumnType]
  ) -> String? {
    let place = fields.place(of: field)
    guard let name = columnName(field, of: &fields) else { return nil }
    let path = fields.path(to: field)
    if let column = columns.first(where: { $0.name == name }) {
      if column.kind != .time {
        report(place, path, "\"\(name)\" is a \(column.kind) column; a clock is a time.")
      }
    } else {
      slip(name, among: columns.filter { $0.kind == .time }.map(\.name), place, path)
    }
    return name
  }

  /// A name that is nearly one of the declared columns was meant to be it.
  private mutating func slip(_ name: String, among names: [String], _ place: TextPlace, _ path: String) {
    guard let near = nearestName(to: name, among: names) else { return }
    report(
      place, path,
      "there is no column \"\(name)\". Did you mean \"\(near)\"? If not, declare it in \"columns\".")
  }
}
