import Foundation
import Graph

extension Schema {
  /// The schema as the catalogue keeps it.
  func storedText() throws(StoreError) -> String {
    func columns(_ columns: [ColumnType]) -> [[String: String]] {
      columns.map { ["name": $0.name, "kind": $0.kind.rawValue, "says": $0.says ?? ""] }
    }
    let object: [String: Any] = [
      "name": name,
      "nodes": nodeTypes.map { type in
        [
          "name": type.name, "table": type.table, "key": type.key, "columns": columns(type.columns),
          "happened": type.clocks.happened ?? "", "known": type.clocks.known ?? "",
          "labels": type.labels.map { ["column": $0.column, "known": $0.known ?? ""] },
        ] as [String: Any]
      },
      "relations": relations.map { type in
        [
          "name": type.name, "table": type.table, "from": type.from, "to": type.to,
          "fromColumn": type.fromColumn,
          "toColumn": type.toColumn, "directed": type.isDirected, "columns": columns(type.columns),
          "happened": type.clocks.happened ?? "", "known": type.clocks.known ?? "",
          "weight": type.weight ?? "",
          "duplicates": type.duplicates.rawValue, "selfLoops": type.selfLoops.rawValue,
        ] as [String: Any]
      },
    ]
    let data = try! JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .prettyPrinted])
    return String(decoding: data, as: UTF8.self)
  }

  init(storedText: String) throws(StoreError) {
    guard
      let object = try? JSONSerialization.jsonObject(with: Data(storedText.utf8)) as? [String: Any],
      let name = object["name"] as? String, let nodes = object["nodes"] as? [[String: Any]],
      let relations = object["relations"] as? [[String: Any]]
    else { throw .schema("The stored schema cannot be read.") }
    func text(_ object: [String: Any], _ key: String) -> String { object[key] as? String ?? "" }
    func optional(_ object: [String: Any], _ key: String) -> String? {
      text(object, key).isEmpty ? nil : text(object, key)
    }
    func columns(_ object: [String: Any]) -> [ColumnType] {
      (object["columns"] as? [[String: String]] ?? []).map {
        ColumnType(
          $0["name"] ?? "", ColumnType.Kind(rawValue: $0["kind"] ?? "") ?? .text,
          says: $0["says"].flatMap { $0.isEmpty ? nil : $0 })
      }
    }
    self.init(
      name: name,
      nodeTypes: nodes.map { node in
        NodeType(
          name: text(node, "name"), table: text(node, "table"), key: text(node, "key"),
          columns: columns(node),
          clocks: Clocks(happened: optional(node, "happened"), known: optional(node, "known")),
          labels: (node["labels"] as? [[String: String]] ?? []).map {
            LabelType(column: $0["column"] ?? "", known: $0["known"].flatMap { $0.isEmpty ? nil : $0 })
          })
      },
      relations: relations.map { relation in
        RelationType(
          name: text(relation, "name"), table: text(relation, "table"), from: text(relation, "from"),
          to: text(relation, "to"), fromColumn: text(relation, "fromColumn"),
          toColumn: text(relation, "toColumn"),
          isDirected: relation["directed"] as? Bool ?? true, columns: columns(relation),
          clocks: Clocks(happened: optional(relation, "happened"), known: optional(relation, "known")),
          weight: optional(relation, "weight"),
          duplicates: RelationType.Duplicates(rawValue: text(relation, "duplicates")) ?? .keep,
          selfLoops: RelationType.SelfLoops(rawValue: text(relation, "selfLoops")) ?? .keep)
      })
  }
}
