import Foundation
import Testing

/// `riskgraph communities` on a store, run as a user would run it.
@Suite("The communities command on a store")
struct CommunitiesCommandTests {
  /// Six merchants: M1 to M3 share device D1 and account A1, M4 to M6 share device D2; M3 and M4 an office.
  static let merchants =
    "id,since,risky,told\n"
    + "M1,2026-01-01,1,2026-02-01\nM2,2026-01-02,,\nM3,2026-01-03,,\nM4,2025-01-04,0,2026-02-01\n"
    + "M5,2024-01-05,0,2026-02-01\nM6,2023-01-06,0,2026-02-01\n"
  static let schema = """
    {"name": "shop",
     "nodes": {"merchant": {"columns": {"risky": "flag"}, "happened": "since",
                            "labels": {"risky": {"known": "told"}}},
               "device": {}, "account": {}, "office": {}},
     "relations": {"uses": {"from": "merchant", "to": "device", "happened": "at"},
                   "paid_to": {"from": "merchant", "to": "account", "happened": "at"},
                   "sits_in": {"from": "merchant", "to": "office", "happened": "at"}}}
    """
  static let path = "merchant-device|account|office-merchant"

  static func market() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(schema, to: "schema.json")
    try folder.write(merchants, to: "tables/merchant.csv")
    for (table, rows) in [("device", "D1\nD2\n"), ("account", "A1\n"), ("office", "O1\n")] {
      try folder.write("id\n" + rows, to: "tables/\(table).csv")
    }
    try folder.write(
      "merchant,device,at\nM1,D1,2026-01-05\nM2,D1,2026-01-06\nM3,D1,2026-01-07\nM4,D2,2025-02-01\nM5,D2,2025-02-02\n"
        + "M6,D2,2025-02-03\n", to: "tables/uses.csv")
    try folder.write(
      "merchant,account,at\nM1,A1,2026-01-05\nM2,A1,2026-01-06\nM3,A1,2026-01-07\n", to: "tables/paid_to.csv")
    try folder.write("merchant,office,at\nM3,O1,2026-01-05\nM4,O1,2026-01-05\n", to: "tables/sits_in.csv")
    for words in [
      ["init", folder.path + "/shop.rg", "--schema", folder.path + "/schema.json"],
      ["import", folder.path + "/shop.rg", folder.path + "/tables"],
    ] {
      let run = try Program.run(words)
      #expect(run.status == 0, "\(run.errors)")
    }
    return folder
  }

  private static func communities(_ folder: TemporaryFolder, _ words: String...) throws -> Program.Run {
    try Program.run(["communities", folder.path + "/shop.rg", "--json"] + words)
  }

  @Test("finds who shares things, keeps the groups, and shows one with its members and what binds them")
  func keepsAndShows() throws {
    let folder = try Self.market()
    let run = try #require(try Self.communities(folder, "--on", Self.path).json)
    let found = try #require(run["communities"] as? [[String: Any]])
    #expect(found.map { $0["size"] as? Int } == [3, 3])
    #expect((run["certificate"] as? [String: Any])?["disconnected"] as? Int == 0)
    // The three that share two things and whose one verdict is bad come first.
    let picture = folder.path + "/one.svg"
    let name = try #require(found[0]["name"] as? String)
    let one = try #require(try Self.communities(folder, "--show", name, "--picture", picture).json)
    let group = try #require(one["community"] as? [String: Any])
    #expect(group["members"] as? [String] == ["merchant:M1", "merchant:M2", "merchant:M3"])
    let parts = try #require(group["parts"] as? [[String: Any]])
    #expect(Set(parts.compactMap { $0["kind"] as? String }).isSuperset(of: ["labels", "sharing", "age"]))
    let bonds = try #require(one["bonds"] as? [[String: Any]])
    #expect(bonds.map { $0["thing"] as? String } == ["account:A1", "device:D1"])
    #expect(bonds[0]["first"] as? String == "2026-01-05" && bonds[0]["last"] as? String == "2026-01-07")
    let drawn = try String(contentsOfFile: picture, encoding: .utf8)
    #expect(drawn.contains("<svg") && drawn.contains("M1") && drawn.contains("D1"))
  }

  @Test("sees as of an instant only what was known by then")
  func asOf() throws {
    let folder = try Self.market()
    let run = try #require(
      try Self.communities(folder, "--on", Self.path, "--as-of", "2025-12-31").json)
    let found = try #require(run["communities"] as? [[String: Any]])
    #expect(found.count == 1 && found[0]["size"] as? Int == 3)
    #expect(
      (found[0]["parts"] as? [[String: Any]])?.contains {
        ($0["says"] as? String)?.contains("0 of 0") == true
      } == true)
  }

  @Test("names last while groups grow, and --against says what became of a snapshot's groups")
  func lasts() throws {
    let folder = try Self.market()
    let first = try #require(try Self.communities(folder, "--on", Self.path).json)
    let names = try #require(first["communities"] as? [[String: Any]]).map { $0["name"] as? String }
    let row = #"{"merchant": "M7", "device": "D1", "at": "2026-03-01"}"# + "\n"
    let node = #"{"id": "M7", "since": "2026-02-20"}"# + "\n"
    _ = try Program.run("append", folder.path + "/shop.rg", "--type", "merchant", input: node)
    let added = try Program.run("append", folder.path + "/shop.rg", "--relation", "uses", input: row)
    #expect(added.status == 0, "\(added.errors)")
    #expect(try Program.run("compact", folder.path + "/shop.rg").status == 0)
    let second = try #require(try Self.communities(folder, "--on", Self.path, "--against", "1").json)
    let changes = try #require(second["changes"] as? [[String: Any]])
    let grown = try #require(changes.first { $0["kind"] as? String == "grown" })
    #expect(grown["before"] as? Int == 3 && grown["after"] as? Int == 4)
    #expect(Set(changes.map { $0["name"] as? String }) == Set(names))
    let missing = try Self.communities(folder, "--on", Self.path, "--against", "9")
    #expect(missing.status == 1)
    #expect(
      missing.errors.contains(
        "there are of 1, 2. A snapshot's communities can be found while it is the current"))
  }

  @Test("a forgotten member is in no group any more")
  func forgets() throws {
    let folder = try Self.market()
    let first = try #require(try Self.communities(folder, "--on", Self.path).json)
    let name = try #require((first["communities"] as? [[String: Any]])?[0]["name"] as? String)
    #expect(try Program.run("forget", folder.path + "/shop.rg", "merchant:M2").status == 0)
    let one = try #require(try Self.communities(folder, "--show", name).json)
    let group = try #require(one["community"] as? [String: Any])
    #expect(group["members"] as? [String] == ["merchant:M1", "merchant:M3"])
  }

  @Test("without options the nodes that share things are sought, and blocks between two types where asked")
  func methods() throws {
    let folder = try Self.market()
    let run = try #require(try Self.communities(folder).json)
    #expect(run["on"] as? String == "merchant-device|account|office-merchant")
    #expect(run["method"] as? String == "together")
    for method in ["dense-blocks", "spectral", "lockstep"] {
      let blocks = try #require(
        try Self.communities(
          folder, "--on", "merchant-uses-device", "--method", method, "--window-days", "30"
        ).json)
      #expect((blocks["certificate"] as? [String: Any])?["edges"] as? Int == 6, "\(method)")
    }
    let file = folder.path + "/blocks.csv"
    let dense = try #require(
      try Self.communities(folder, "--on", "merchant-uses-device", "--method", "dense-blocks", "--out", file)
        .json)
    let found = try #require(dense["communities"] as? [[String: Any]])
    #expect(!found.isEmpty && (found[0]["parts"] as? [[String: Any]])?[0]["kind"] as? String == "density")
    // The table names the groups as the answer does, and holds every member once a group.
    let rows = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows[0] == ["node", "group", "suspicion"])
    for group in found {
      let own = rows.filter { $0[1] == (group["name"] as? String ?? "-") }
      #expect(own.count == group["size"] as? Int)
      let suspicion = group["suspicion"] as? Double
      #expect(own.allSatisfy { Double($0[2]) == suspicion })
    }
  }

  @Test("mistakes are answered with the way out")
  func mistakes() throws {
    let folder = try Self.market()
    for (words, answer) in [
      (["--show", "C1"], "No communities are stored here yet. riskgraph communities"),
      (["--on", "merchant-devise-merchant"], #"Did you mean "device"?"#),
      (["--on", Self.path, "--against", "old.npy"], "give its number, as in --against 3"),
      (["--on", Self.path, "--smallest", "5", "--largest", "3"], "the smallest must be at least 1"),
      (["--on", Self.path, "--resolution", "nan"], "resolution"),
      (["--on", "merchant-uses-device", "--method", "together"], "needs nodes that share things"),
      (["--on", Self.path, "--method", "dense-blocks"], "blocks between two types of nodes"),
      (
        ["--on", "merchant-uses-device", "--method", "dense-blocks", "--out", folder.path + "/blocks.npy"],
        "Write a .csv."
      ),
      // None of these kept anything.
      (["--show", "C1"], "No communities are stored here yet. riskgraph communities"),
      (
        ["--on", Self.path, "--out", folder.path + "/nowhere/groups.csv"],
        "riskgraph: \(folder.path)/nowhere/groups.csv: No such file or directory.\n"
      ),
    ] {
      let run = try Program.run(["communities", folder.path + "/shop.rg"] + words)
      #expect(run.status != 0 && run.errors.contains(answer), "\(words): \(run.errors)")
    }
  }
}
