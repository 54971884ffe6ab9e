import Foundation
import Graph
import Testing

@testable import Store

@Suite("Groups that were found")
struct GroupTests {
  /// A store with the shop's tables, and a way to keep groups under C1, C2, … as they come.
  static func store(_ pad: Scratchpad) throws -> Store {
    let store = try Store.create(at: pad.path + "/shop.rg", schema: Shop.schema)
    try store.importTables(from: try pad.write(Shop.tables))
    return store
  }

  static func buyers(_ keys: String...) -> [NodeKey] { keys.map { NodeKey(type: "buyer", key: $0) } }

  static func numbered(_ count: Int) -> ([StoredGroup], Int) -> (names: [String], nextNumber: Int) {
    { _, next in ((0..<count).map { "C\(next + $0)" }, next + count) }
  }

  static let question = GroupQuestion(path: "buyer-product-buyer", method: "leiden", resolution: 1, seed: 7)

  static let pair = StoredGroup(
    members: buyers("b1", "b2"), suspicion: 0.5,
    parts: [
      .init(
        kind: "sharing", value: 2, comparison: 0.25, pValue: 1e-9, strength: 0.9,
        template: "2 of 2 share {thing}; by chance: 0.25", thing: NodeKey(type: "product", key: "p1"))
    ], figures: #"{"density": 1}"#)

  @Test("come back as they were kept, by run, by name and by member")
  func roundTrip() throws {
    let pad = Scratchpad()
    let store = try Self.store(pad)
    let other = StoredGroup(members: Self.buyers("b3", "b4"))
    let (run, names) = try store.keep(
      [Self.pair, other], found: Self.question, in: store.reading(), certificate: #"{"connected": true}"#,
      naming: Self.numbered(2))
    #expect(names == ["C1", "C2"])
    #expect(run.snapshot == 1 && run.question == Self.question && run.groupCount == 2)
    let again = try Store.open(at: store.path)
    #expect(try again.groupRuns() == [run])
    var expected = Self.pair
    expected.name = "C1"
    #expect(try again.groups(of: run, limit: 1) == [expected])
    #expect(try again.group(named: "C1")?.group == expected)
    #expect(try again.group(named: "C9") == nil)
    #expect(try again.groups(with: NodeKey(type: "buyer", key: "b4")).map(\.group.name) == ["C2"])
    #expect(try again.check().isSound)
  }

  @Test("no number is given twice, and the same question of the same snapshot has one answer")
  func numbers() throws {
    let pad = Scratchpad()
    let store = try Self.store(pad)
    for expected in [["C1"], ["C2"]] {
      let (_, names) = try store.keep(
        [Self.pair], found: Self.question, in: store.reading(), certificate: "{}", naming: Self.numbered(1))
      #expect(names == expected)
    }
    #expect(try store.groupRuns().count == 1)
    #expect(try store.group(named: "C1") == nil)
    // Another question is answered beside it, and is told what the newest run on its path found.
    var finer = Self.question
    finer.resolution = 2
    var seen: [String] = []
    try store.keep([Self.pair], found: finer, in: store.reading(), certificate: "{}") { earlier, next in
      seen = earlier.map(\.name)
      return (["C2"], next)
    }
    #expect(seen == ["C2"])
    #expect(try store.groupRuns().count == 2)
    #expect(try store.group(named: "C2")?.run.question == finer)
  }

  @Test("a forgotten node is in no group, in no sentence, and nowhere in the catalogue's bytes")
  func forgetting() throws {
    let pad = Scratchpad()
    let long = "a-key-that-stands-nowhere-else"
    var tables = Shop.tables
    tables["buyer.csv"]! += "\(long),NL,2026-01-01\n"
    let store = try Store.create(at: pad.path + "/shop.rg", schema: Shop.schema)
    try store.importTables(from: try pad.write(tables))
    var group = Self.pair
    group.members = Self.buyers(long, "b1")
    group.parts[0].thing = NodeKey(type: "buyer", key: long)
    try store.keep(
      [group], found: Self.question, in: store.reading(), certificate: "{}", naming: Self.numbered(1))
    try store.forget(NodeKey(type: "buyer", key: long))
    let kept = try #require(try store.group(named: "C1")).group
    #expect(kept.members == Self.buyers("b1"))
    #expect(kept.parts[0].sentence == "2 of 2 share one that was forgotten; by chance: 0.25")
    for suffix in ["", "-wal"] {
      let bytes = FileManager.default.contents(atPath: store.path + "/catalog.db" + suffix) ?? Data()
      #expect(bytes.range(of: Data(long.utf8)) == nil, "catalog.db\(suffix)")
    }
    try store.forget(NodeKey(type: "buyer", key: "b1"))
    #expect(try store.group(named: "C1") == nil)
  }

  @Test("who is forgotten between the search and the keeping is not kept")
  func forgottenMeanwhile() throws {
    let pad = Scratchpad()
    let store = try Self.store(pad)
    let reading = try store.reading()
    try store.forget(NodeKey(type: "buyer", key: "b2"))
    try store.forget(NodeKey(type: "product", key: "p1"))
    try store.keep(
      [Self.pair], found: Self.question, in: reading, certificate: "{}", naming: Self.numbered(1))
    let kept = try #require(try store.group(named: "C1")).group
    #expect(kept.members == Self.buyers("b1") && kept.parts[0].thing == nil)
  }

  @Test("a store of the first format gains the tables when it is opened")
  func migration() throws {
    let pad = Scratchpad()
    let store = try Self.store(pad)
    for table in [
      "group_parts", "group_members", "found_groups", "group_runs", "case_entries", "evidence", "flags",
      "case_members", "cases", "flag_runs", "golden",
    ] {
      try store.catalogue.database.script("drop table \(table)")
    }
    try store.catalogue.database.script("pragma user_version = 1")
    #expect(try Store.open(at: store.path).groupRuns().isEmpty)
  }
}
