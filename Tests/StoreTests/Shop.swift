import Compute
import Foundation
import Graph

@testable import Store

/// A small marketplace for the tests, and folders that go away.
enum Shop {
  static let schema = Schema(
    name: "shop",
    nodeTypes: [
      NodeType(
        name: "buyer", columns: [ColumnType("country", .category), ColumnType("since", .time)],
        clocks: Clocks(happened: "since")),
      NodeType(name: "product", columns: [ColumnType("price", .number), ColumnType("title", .text)]),
    ],
    relations: [
      RelationType(
        name: "order", from: "buyer", to: "product",
        columns: [
          ColumnType("at", .time), ColumnType("seen", .time), ColumnType("amount", .number),
          ColumnType("channel", .category), ColumnType("note", .text),
        ], clocks: Clocks(happened: "at", known: "seen")),
      RelationType(
        name: "view", from: "buyer", to: "product", columns: [ColumnType("at", .time)],
        clocks: Clocks(happened: "at")),
      RelationType(
        name: "friend", from: "buyer", to: "buyer", fromColumn: "a", toColumn: "b", isDirected: false,
        columns: [ColumnType("strength", .number)], weight: "strength"),
    ])

  static let buyers = """
    id,country,since
    b1,NL,2026-01-01
    b2,DE,2026-01-02
    b3,,
    b4,NL,2026-02-01T10:00:00Z

    """
  static let products = """
    id,price,title
    p1,9.5,"Lamp, red"
    p2,,Chair
    p3,1e3,

    """
  static let orders = #"""
    buyer,product,at,seen,amount,channel,note
    b2,p1,2026-03-02,2026-03-05,9.5,web,
    b1,p1,2026-03-01,,9.5,app,"said ""hi"""
    b1,p3,2026-02-01,2026-04-01,1000,web,late
    b4,p2,2026-03-03,2026-03-03,,,

    """#
  static let views = "buyer,product,at\nb1,p2,1772323200\nb1,p2,1772323100\nb3,p3,1772323000\n"
  static let friends = "a,b,strength\nb1,b2,0.5\nb3,b1,2\nb4,b4,1\n"

  static let tables = [
    "buyer.csv": buyers, "product.csv": products, "order.csv": orders, "view.csv": views,
    "friend.csv": friends,
  ]
}

/// A folder under the system's temporary one, removed when the value goes.
final class Scratchpad {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("store-\(UUID().uuidString)").path
    try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ files: [String: String], in folder: String = "tables") throws -> String {
    let target = "\(path)/\(folder)"
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(target)/\(name)")) }
    return target
  }

  func store(_ schema: Schema = Shop.schema) throws -> Store {
    try Store.create(at: path + "/shop.rg", schema: schema)
  }

  func shop() throws -> Store {
    let store = try store()
    try store.importTables(from: try write(Shop.tables))
    return store
  }
}

/// A graph as sorted lines of text, keys instead of ids: equal for equal content, whatever the layers.
func described(_ graph: MarketGraph) -> [String] {
  var lines: [String] = []
  func cell(_ column: Column, _ row: Int) -> String {
    switch column {
    case .number(let values): values[row].isNaN ? "" : "\(values[row])"
    case .time(let values): Timestamp(seconds: values[row]).description
    case .category(let codes, let levels):
      codes[row] == Column.missingCode ? "" : levels[Int(codes[row])]
    case .text(let texts): texts[row]
    }
  }
  func cells(_ columns: [String: Column], _ row: Int) -> String {
    columns.keys.sorted().map { "\($0)=\(cell(columns[$0]!, row))" }.joined(separator: " ")
  }
  for (name, table) in graph.nodes {
    for node in 0..<table.count {
      let key = table.keys.key(NodeID(UInt32(node)))
      let time = table.times.map { Timestamp(seconds: $0[node]).description } ?? "-"
      lines.append("\(name) \(key) \(cells(table.columns, node)) t=\(time)")
      precondition(table.keys.node(key) == NodeID(UInt32(node)), "\(key) is not found")
    }
  }
  for (name, relation) in graph.relations {
    for (direction, adjacency) in [("out", relation.out), ("into", relation.into)] {
      let here = direction == "out" ? relation.type.from : relation.type.to
      let there = direction == "out" ? relation.type.to : relation.type.from
      for layer in [adjacency.snapshot, adjacency.appended].compactMap({ $0 }) {
        for row in 0..<layer.rowCount {
          for entry in layer.row(row) {
            let a = graph.nodes[here]!.keys.key(NodeID(UInt32(row)))
            let b = graph.nodes[there]!.keys.key(NodeID(layer.targets[entry]))
            let time = layer.times.map { Timestamp(seconds: $0[entry]).description } ?? "-"
            lines.append(
              "\(name) \(direction) \(a) \(b) \(cells(relation.columns, layer.edgeRow(entry))) t=\(time) w=\(layer.weight(entry))"
            )
          }
        }
      }
    }
  }
  return lines.sorted()
}
