/// The data dictionary that is written beside the tables: what every column says.
enum DataDictionary {
  static func text(_ options: GeneratorOptions) -> String {
    var lines: [String] = []
    lines.append("# A synthetic marketplace")
    lines.append("")
    lines.append(
      "Made by `riskgraph generate`, from nothing but a seed: no merchant, buyer or brand in it exists.")
    lines.append("")
    lines.append(
      "- scale \(options.scale.name), seed \(options.seed.value), risky merchants \(options.riskRate),")
    lines.append(
      "  label coverage \(options.labelCoverage), typologies \(options.typologies.map(\.name).joined(separator: ", "))"
    )
    lines.append("- from 2025-10-01 to 2026-10-01, in UTC; one typology first appears after 2026-07-01")
    lines.append(
      "- `schema.json` says which table is what; `truth/` holds who is really risky, for judging only")
    lines.append("")
    lines.append(
      "A row of a node table never changes: rates are those of the trial weeks before a shop opened. What")
    lines.append(
      "happened later is in the relations, each row an event. Where a table has two times, the second says")
    lines.append(
      "when the platform came to know. Labels are what the platform found, at `label_known_at`: a part of the"
    )
    lines.append("risky, late, a few wrongly; empty where nobody looked.")
    for table in MarketTable.allCases {
      let spec = table.spec
      let folder = table.isTruth ? "truth/" : ""
      lines.append("")
      lines.append("## \(folder)\(spec.name).\(options.format.rawValue)")
      lines.append("")
      lines.append(spec.says)
      lines.append("")
      lines.append("| column | kind | may be empty | says |")
      lines.append("|---|---|---|---|")
      for column in spec.columns {
        lines.append(
          "| \(column.name) | \(kind(column)) | \(column.optional ? "yes" : "no") | \(column.says) |")
      }
    }
    lines.append("")
    lines.append("## The risks")
    lines.append("")
    lines.append("| typology | what it is | described in |")
    lines.append("|---|---|---|")
    for typology in options.typologies {
      lines.append("| \(typology.name) | \(typology.says) | \(typology.source) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func kind(_ column: TableSpec.ColumnSpec) -> String {
    switch column.kind {
    case .key: "key"
    case .time: "time"
    case .number: "number"
    case .flag: "flag (0, 1)"
    case .category(let levels):
      levels.count <= 10 ? "category: " + levels.joined(separator: ", ") : "category (\(levels.count) values)"
    case .text: "text"
    }
  }
}
