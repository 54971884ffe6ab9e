import Arguments
import Compute
import Graph
import Store

struct InfoCommand: Command {
  let name = "info"
  let summary = "Shows what a store holds: types, relations, counts, degrees, columns, sizes."
  let examples = [
    Example("info shop.rg", "Everything in three tables."),
    Example("info shop.rg --json", "The same, for a program to read."),
  ]

  let store = StoreParameters.store
  let history = Flag("history", "Also what was done to the store, oldest first.")

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name)
    let info = try store.info()
    let trail = input[history] ? try store.auditTrail() : []
    var answer = Answer(json: json(info, trail))
    answer.facts(facts(info))
    answer.table(nodes(info))
    if !info.edges.isEmpty { answer.table(edges(info)) }
    answer.heading("columns")
    answer.facts(
      info.nodes.map { ($0.type.name, columns($0.type.tableColumns)) }
        + info.edges.map { ($0.type.name, columns($0.type.tableColumns)) })
    if input[history] {
      var table = TextTable(["when", "what", "details"])
      for entry in trail { table.add([entry.at, entry.what, entry.details]) }
      answer.table(table)
    }
    return answer
  }

  private func facts(_ info: StoreInfo) -> [(String, String)] {
    let snapshot = info.snapshot.map { number in
      "\(number)" + (info.snapshotCreated.map { ", made \($0)" } ?? "")
    }
    var facts = [
      ("store", info.path), ("schema", info.schema.name), ("snapshot", snapshot ?? "none yet"),
      ("on disk", "\(humanBytes(info.snapshotBytes)) snapshot, \(humanBytes(info.catalogueBytes)) catalogue"),
    ]
    if info.pendingRows > 0 {
      facts.append(
        (
          "waiting",
          "\(counted(info.pendingRows, "row")) in \(counted(info.pendingBatches, "batch", "batches")), "
            + "for riskgraph compact"
        ))
    }
    if info.forgotten > 0 {
      let waiting =
        info.pendingRemovals > 0
        ? ", \(grouped(info.pendingRemovals)) still in files until the next compact" : ""
      facts.append(("forgotten", counted(info.forgotten, "node") + waiting))
    }
    return facts
  }

  private func nodes(_ info: StoreInfo) -> TextTable {
    var table = TextTable(["nodes", "count", "labels"], alignments: [.leading, .trailing, .leading])
    for nodes in info.nodes {
      let labels = nodes.type.labels.map(\.column)
      table.add([nodes.type.name, grouped(nodes.count), labels.joined(separator: ", ")])
    }
    return table
  }

  private func edges(_ info: StoreInfo) -> TextTable {
    var table = TextTable(
      ["edges", "", "count", "from", "most", "to", "most"],
      alignments: [.leading, .leading, .trailing, .trailing, .trailing, .trailing, .trailing])
    for edges in info.edges {
      let arrow = edges.type.isDirected ? "→" : "–"
      table.add([
        edges.type.name, "\(edges.type.from) \(arrow) \(edges.type.to)", grouped(edges.count),
        grouped(edges.sources), grouped(edges.highestOut), grouped(edges.targets), grouped(edges.highestInto),
      ])
    }
    return table
  }

  /// Kind by kind, as a reader looks for them: `numbers price, discount; categories brand`.
  private func columns(_ columns: [ColumnType]) -> String {
    let kinds: [(ColumnType.Kind, String)] = [
      (.number, "numbers"), (.flag, "flags"), (.category, "categories"), (.text, "texts"), (.time, "times"),
    ]
    let parts = kinds.compactMap { kind, plural -> String? in
      let names = columns.filter { $0.kind == kind }.map(\.name)
      return names.isEmpty ? nil : "\(plural): \(names.joined(separator: ", "))"
    }
    return parts.isEmpty ? "none" : parts.joined(separator: "; ")
  }

  private func json(_ info: StoreInfo, _ trail: [AuditEntry]) -> JSON {
    JSON([
      ("store", JSON(info.path)), ("schema", JSON(info.schema.name)), ("snapshot", JSON(info.snapshot)),
      ("snapshotCreated", JSON(info.snapshotCreated)), ("snapshotBytes", JSON(info.snapshotBytes)),
      ("catalogueBytes", JSON(info.catalogueBytes)),
      (
        "nodes",
        JSON(
          info.nodes.map {
            [
              "type": JSON($0.type.name), "count": JSON($0.count), "columns": json($0.type.tableColumns),
              "labels": JSON($0.type.labels.map(\.column)),
            ]
          })
      ),
      (
        "edges",
        JSON(
          info.edges.map {
            [
              "relation": JSON($0.type.name), "from": JSON($0.type.from), "to": JSON($0.type.to),
              "directed": JSON($0.type.isDirected), "count": JSON($0.count), "sources": JSON($0.sources),
              "targets": JSON($0.targets), "highestOut": JSON($0.highestOut),
              "highestInto": JSON($0.highestInto), "columns": json($0.type.tableColumns),
            ]
          })
      ),
      ("pendingBatches", JSON(info.pendingBatches)), ("pendingRows", JSON(info.pendingRows)),
      ("pendingRemovals", JSON(info.pendingRemovals)), ("forgotten", JSON(info.forgotten)),
      (
        "history",
        JSON(trail.map { ["at": JSON($0.at), "what": JSON($0.what), "details": JSON($0.details)] })
      ),
    ])
  }

  private func json(_ columns: [ColumnType]) -> JSON {
    JSON(columns.map { ["name": JSON($0.name), "kind": JSON($0.kind.rawValue), "says": JSON($0.says)] })
  }
}
