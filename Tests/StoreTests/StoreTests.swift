import Compute
import Foundation
import Graph
import Testing

@testable import Store

@Suite struct StoreTests {
  let pad = Scratchpad()

  @Test("an imported store answers with what the tables say") func imports() throws {
    let store = try pad.shop()
    let graph = try store.graph()
    #expect(graph.nodes["buyer"]!.count == 4)
    #expect(graph.nodes["buyer"]!.keys.key(NodeID(0)) == "b1")
    let lines = described(graph)
    #expect(lines.contains("product p1 price=9.5 title=Lamp, red t=-"))
    #expect(lines.contains("buyer b4 country=NL since=2026-02-01T10:00:00Z t=2026-02-01T10:00:00Z"))
    #expect(
      lines.contains(
        "order out b1 p3 amount=1000.0 at=2026-02-01 channel=web note=late seen=2026-04-01 t=2026-04-01 w=1.0"
      ))
    #expect(
      lines.contains(
        "order into p1 b1 amount=9.5 at=2026-03-01 channel=app note=said \"hi\" seen= t=2026-03-01 w=1.0"))
    #expect(lines.contains("friend out b1 b2 strength=0.5 t=- w=0.5"))
    #expect(lines.contains("friend out b2 b1 strength=0.5 t=- w=0.5"))
    #expect(lines.filter { $0.hasPrefix("friend out b4 b4") }.count == 1)
    #expect(lines.filter { $0.hasPrefix("order out") }.count == 4)
    let reopened = try Store.open(at: store.path).graph()
    #expect(described(reopened) == lines)
  }

  @Test("appended rows are seen at once, and a compact changes nothing that is seen") func appends() throws {
    let store = try pad.shop()
    var buyers = RowBatch(of: Shop.schema.nodeType("buyer")!)
    buyers.add(keys: ["b5"], values: [.text("FR"), .time(Timestamp("2026-05-01")!)])
    try store.append(nodeType: "buyer", rows: buyers)
    var orders = RowBatch(of: Shop.schema.relation("order")!)
    orders.add(
      keys: ["b5", "p2"],
      values: [.time(Timestamp("2026-05-02")!), .missing, .number(3), .text("phone"), .text("first")])
    orders.add(
      keys: ["b1", "p2"], values: [.time(Timestamp("2026-02-15")!), .missing, .missing, .missing, .missing])
    try store.append(relation: "order", rows: orders)
    var friends = RowBatch(of: Shop.schema.relation("friend")!)
    friends.add(keys: ["b5", "b1"], values: [.number(7)])
    try store.append(relation: "friend", rows: friends)

    let lines = described(try Store.open(at: store.path).graph())
    #expect(lines.contains("buyer b5 country=FR since=2026-05-01 t=2026-05-01"))
    #expect(
      lines.contains(
        "order into p2 b5 amount=3.0 at=2026-05-02 channel=phone note=first seen= t=2026-05-02 w=1.0"))
    #expect(lines.contains("friend out b1 b5 strength=7.0 t=- w=7.0"))
    #expect(try store.compact())
    let folded = try store.graph()
    #expect(described(folded) == lines)
    #expect(folded.relations.values.allSatisfy { $0.out.appended == nil && $0.into.appended == nil })
    #expect(folded.relations["order"]!.out.snapshot.edgeRows == nil)
    #expect(try !store.compact())
  }

  @Test("appended rows take their values in the order in which the schema lists a table's columns")
  func columnOrder() {
    let merchant = NodeType(
      name: "merchant", columns: [ColumnType("rate", .number)],
      clocks: Clocks(happened: "opened", known: "seen"),
      labels: [LabelType(column: "risky", known: "known_at")])
    let order = RelationType(
      name: "order", from: "buyer", to: "merchant", columns: [ColumnType("n", .number)],
      clocks: Clocks(happened: "at"))
    #expect(RowBatch(of: merchant).columns.map(\.name) == merchant.tableColumns.map(\.name))
    #expect(RowBatch(of: order).columns.map(\.name) == order.tableColumns.map(\.name))
  }

  @Test("a forgotten node is gone at once, from appended rows and from the snapshot") func forgets() throws {
    let store = try pad.shop()
    var orders = RowBatch(of: Shop.schema.relation("order")!)
    orders.add(
      keys: ["b1", "p2"],
      values: [.time(Timestamp("2026-05-02")!), .missing, .number(3), .text("secret-channel"), .missing])
    try store.append(relation: "order", rows: orders)
    let before = described(try store.graph())
    try store.forget(NodeKey("buyer:b1")!)
    let expected = before.filter { !$0.contains("b1") }
    #expect(described(try Store.open(at: store.path).graph()) == expected)
    #expect(try store.wasForgotten(NodeKey("buyer:b1")!))
    #expect(throws: StoreError.self) { try store.forget(NodeKey("buyer:b1")!) }
    try store.compact()
    #expect(described(try store.graph()) == expected)
    let trail = try store.auditTrail()
    #expect(trail.map(\.what) == ["init", "import", "forget", "compact"])
    // Hashes may hold the two letters by chance; the key itself would stand alone or behind its type.
    #expect(!trail.contains { $0.details.contains("\"b1\"") || $0.details.contains("buyer:b1") })
    let catalogue = try Data(contentsOf: URL(fileURLWithPath: store.path + "/catalog.db"))
    #expect(catalogue.range(of: Data("secret-channel".utf8)) == nil)
  }

  @Test("an import on top of data gives the same as one of everything") func importsAgain() throws {
    let whole = try pad.shop()
    let store = try Store.create(at: pad.path + "/other.rg", schema: Shop.schema)
    var first = Shop.tables
    first["order.csv"] = Shop.orders.split(separator: "\n").prefix(3).joined(separator: "\n")
    first["view.csv"] = nil
    try store.importTables(from: try pad.write(first, in: "first"))
    let rest =
      Shop.orders.split(separator: "\n").prefix(1).joined() + "\n"
      + Shop.orders.split(separator: "\n").dropFirst(3).joined(separator: "\n")
    try store.importTables(from: try pad.write(["order.csv": rest, "view.csv": Shop.views], in: "second"))
    #expect(described(try store.graph()) == described(try whole.graph()))
  }

  @Test("a second writer is told who holds the store") func waits() throws {
    let store = try pad.shop()
    let holder = try Store.open(at: store.path)
    holder.command = "append"
    let appender = try holder.appender()
    store.patience = .milliseconds(50)
    do {
      try store.compact()
      Issue.record("two writers at once")
    } catch {
      #expect("\(error)".contains("process \(getpid()) (append"))
    }
    withExtendedLifetime(appender) {}
  }

  @Test("only the owner may look into a store") func isPrivate() throws {
    let store = try pad.shop()
    let manager = FileManager.default
    for name in try manager.subpathsOfDirectory(atPath: store.path) + [""] {
      let attributes = try manager.attributesOfItem(atPath: store.path + "/" + name)
      let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
      #expect(mode & 0o077 == 0, "\(name) has mode \(String(mode, radix: 8))")
    }
  }
}
