import Graph

/// The marketplace's schema: which table holds which type of node or relation, and its clocks.
public enum MarketSchema {
  public static let schema: Schema = {
    Schema(name: "marketplace", nodeTypes: NodeKind.allCases.map(nodeType), relations: relations)
  }()

  private static func nodeType(_ kind: NodeKind) -> NodeType {
    let spec = nodeSpec(kind)
    let hasLabel = spec.columns.contains { $0.name == "risk_label" }
    // The first time column is when the node appeared; a second, where there is one, when it was known.
    let times = spec.columns.filter { if case .time = $0.kind { $0.name != "label_known_at" } else { false } }
    return NodeType(
      name: kind.name, table: spec.name, key: "id",
      columns: columns(spec, without: ["id", "label_known_at"] + times.map(\.name)),
      clocks: Clocks(happened: times.first?.name, known: times.count > 1 ? times[1].name : nil),
      labels: hasLabel ? [LabelType(column: "risk_label", known: "label_known_at")] : [])
  }

  private static func columns(_ spec: TableSpec, without names: [String]) -> [ColumnType] {
    spec.columns.filter { !names.contains($0.name) }.map { column in
      let kind: ColumnType.Kind =
        switch column.kind {
        case .key, .text: .text
        case .time: .time
        case .number: .number
        case .flag: .flag
        case .category: .category
        }
      return ColumnType(column.name, kind, says: column.says)
    }
  }

  private static let relations: [RelationType] = {
    var relations: [RelationType] = []
    for table in MarketTable.allCases where table.spec.isRelation {
      let spec = table.spec
      let from = end(spec.columns[0])
      let to = end(spec.columns[1])
      relations.append(relation(spec.name, spec, from: from, to: to))
      // An order joins a buyer with a product, and with its merchant.
      if table == .orders {
        relations.append(relation("buys_from", spec, from: from, to: end(spec.columns[2])))
      }
    }
    return relations
  }()

  private static func relation(_ name: String, _ spec: TableSpec, from: String, to: String) -> RelationType {
    let times = spec.columns.filter { if case .time = $0.kind { true } else { false } }.map(\.name)
    let keys = spec.columns.filter { if case .key = $0.kind { true } else { false } }.map(\.name)
    return RelationType(
      name: name, table: spec.name, from: from, to: to, columns: columns(spec, without: keys + times),
      clocks: Clocks(happened: times.first, known: times.count > 1 ? times[1] : nil))
  }

  private static func end(_ column: TableSpec.ColumnSpec) -> String { column.name }
}
