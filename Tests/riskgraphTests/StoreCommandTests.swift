import Foundation
import Testing

/// The commands that keep a store, run end to end on a market of a few rows.
@Suite("Commands on a store")
struct StoreCommandTests {
  static let schema = """
    {"name": "tiny",
     "nodes": {"merchant": {"columns": {"name": "text"}}, "device": {}},
     "relations": {"uses": {"from": "merchant", "to": "device", "happened": "at", "columns": {"at": "time"}}}}
    """

  /// A folder with the tables, and a store `shop.rg` that has taken them in.
  static func market(names: [String] = ["Anna", "Ben", "Cy"]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(schema, to: "schema.json")
    let rows = names.enumerated().map { "M\($0 + 1),\"\($1.replacing("\"", with: "\"\""))\"\n" }
    try folder.write("id,name\n" + rows.joined(), to: "tables/merchant.csv")
    try folder.write("id\nD1\nD2\n", to: "tables/device.csv")
    try folder.write(
      "merchant,device,at\nM1,D1,2026-01-05\nM2,D1,2026-02-01\nM3,D2,2026-03-01\n", to: "tables/uses.csv")
    let made = try Program.run("init", folder.path + "/shop.rg", "--schema", folder.path + "/schema.json")
    #expect(made.status == 0, "\(made.errors)")
    let taken = try Program.run("import", folder.path + "/shop.rg", folder.path + "/tables")
    #expect(taken.status == 0, "\(taken.errors)")
    return folder
  }

  @Test("tables become a store that info counts and check finds sound")
  func fromTables() throws {
    let folder = try Self.market()
    let info = try #require(try Program.run("info", folder.path + "/shop.rg", "--json").json)
    let nodes = try #require(info["nodes"] as? [[String: Any]])
    #expect(nodes.map { $0["count"] as? Int } == [3, 2])
    let edges = try #require(info["edges"] as? [[String: Any]])
    #expect(edges.map { $0["count"] as? Int } == [3])
    #expect(edges[0]["highestInto"] as? Int == 2)
    let check = try Program.run("check", folder.path + "/shop.rg", "--json")
    #expect(check.status == 0)
    #expect(check.json?["sound"] as? Bool == true)
  }

  @Test("neighbours are those that were known before the instant, the latest first")
  func neighbours() throws {
    let folder = try Self.market()
    let store = folder.path + "/shop.rg"
    func keys(_ words: String...) throws -> [String] {
      let run = try Program.run(["neighbors", store, "device:D1", "--json"] + words)
      return (run.json?["neighbors"] as? [[String: Any]] ?? []).compactMap { $0["key"] as? String }
    }
    #expect(try keys() == ["M2", "M1"])
    // What bears the very instant is the future.
    #expect(try keys("--as-of", "2026-02-01") == ["M1"])
    #expect(try keys("--as-of", "2026-02-01T00:00:01Z") == ["M2", "M1"])
    #expect(try keys("--as-of", "2026-01-05") == [])
    #expect(try keys("--limit", "1") == ["M2"])
    #expect(try keys("--direction", "out") == [])
  }

  @Test("appended rows are seen at once, and are still there after compact")
  func append() throws {
    let folder = try Self.market()
    let store = folder.path + "/shop.rg"
    let line = "{\"merchant\": \"M3\", \"device\": \"D1\", \"at\": \"2026-04-01\"}\n"
    let run = try Program.run("append", store, "--relation", "uses", "--json", input: line)
    #expect(run.json?["rows"] as? Int == 1, "\(run.errors)")
    for _ in 0..<2 {
      let found = try Program.run("neighbors", store, "device:D1", "--json")
      #expect(found.json?["count"] as? Int == 3)
      #expect(try Program.run("compact", store).status == 0)
    }
    #expect(try Program.run("info", store, "--json").json?["pendingRows"] as? Int == 0)
  }

  @Test("a bad row is refused with its place, and nothing of its batch is taken in")
  func badRows() throws {
    let folder = try Self.market()
    let store = folder.path + "/shop.rg"
    let lines = """
      {"merchant": "M3", "device": "D1", "at": "2026-04-01"}
      {"merchant": "M3", "device": "D9", "at": "2026-04-01"}
      """
    let run = try Program.run("append", store, "--relation", "uses", input: lines)
    #expect(run.status == 1)
    #expect(run.errors.contains("standard input, row 2: device is \"D9\", but no device has that key."))
    #expect(try Program.run("neighbors", store, "device:D1", "--json").json?["count"] as? Int == 2)
    let skipping = try Program.run(
      "append", store, "--relation", "uses", "--unknown-keys", "skip", "--json", input: lines)
    #expect(skipping.json?["rows"] as? Int == 1)
    #expect(skipping.json?["unknownKeysSkipped"] as? Int == 1)
  }

  @Test("what is forgotten is gone at once, and from the files after compact")
  func forget() throws {
    let folder = try Self.market(names: ["Anna", "Benedikta-Secret", "Cy"])
    let store = folder.path + "/shop.rg"
    #expect(try Program.run("forget", store, "merchant:M2").status == 0)
    #expect(try Program.run("neighbors", store, "merchant:M2").status == 1)
    #expect(try Program.run("neighbors", store, "device:D1", "--json").json?["count"] as? Int == 1)
    #expect(try Program.run("compact", store).status == 0)
    let search = try Program.shell("grep -rl Benedikta-Secret '\(store)'")
    #expect(search.output == "")
    #expect(try Program.run("forget", store, "merchant:M2").status == 1)
  }

  @Test("names that the store does not have are answered with the nearest")
  func nearNames() throws {
    let folder = try Self.market()
    let store = folder.path + "/shop.rg"
    let answers: [([String], String)] = [
      (["neighbors", store, "mechant:M1"], "Did you mean merchant?"),
      (["neighbors", store, "device:D3"], "Did you mean device:D1?"),
      (["neighbors", store, "device:D1", "--relation", "use"], "Did you mean uses?"),
      (["append", store, "--relation", "usse"], "Did you mean uses?"),
    ]
    for (words, remark) in answers {
      let run = try Program.run(words)
      #expect(run.status == 1)
      #expect(run.errors.contains(remark), "\(run.errors)")
    }
    #expect(try Program.run("append", store).status == 2)
    #expect(try Program.run("info", folder.path).errors.contains("is not a store"))
  }

  @Test("keys and cells from hostile tables cannot steer the terminal, and come out of JSON as they went in")
  func hostileKeys() throws {
    let folder = try Self.market()
    let store = folder.path + "/shop.rg"
    let key = "D\u{1B}[2J\u{202E}é"
    let device = try String(decoding: JSONEncoder().encode(["id": key]), as: UTF8.self)
    #expect(try Program.run("append", store, "--type", "device", input: device + "\n").status == 0)
    let row = try String(
      decoding: JSONEncoder().encode(["merchant": "M1", "device": key, "at": "2026-04-01"]), as: UTF8.self)
    #expect(try Program.run("append", store, "--relation", "uses", input: row).status == 0)
    let text = try Program.run("neighbors", store, "merchant:M1")
    #expect(text.output.contains("device:D\\u{1B}[2J\\u{202E}é"))
    #expect(!text.output.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
    let json = try Program.run("neighbors", store, "merchant:M1", "--json")
    #expect((json.json?["neighbors"] as? [[String: Any]])?.contains { $0["key"] as? String == key } == true)
  }

  @Test(
    "Ctrl-C ends an append where everything is whole: what was acknowledged stays, and the store is sound")
  func interrupted() throws {
    let folder = try Self.market()
    let store = folder.path + "/shop.rg"
    let process = try Program.start(["append", store, "--relation", "uses"])
    let (input, output, errors) = (Pipe(), Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let line = "{\"merchant\": \"M3\", \"device\": \"D1\", \"at\": \"2026-04-01\"}\n"
    try input.fileHandleForWriting.write(contentsOf: Data(line.utf8))
    // Waits until the row is there for readers, whatever time that takes.
    var seen = 2
    for _ in 0..<600 where seen < 3 {
      seen = try Program.run("neighbors", store, "device:D1", "--json").json?["count"] as? Int ?? 0
    }
    #expect(seen == 3)
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 1)
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(said.contains("stopped"), "\(said)")
    #expect(try Program.run("check", store).status == 0)
    #expect(try Program.run("neighbors", store, "device:D1", "--json").json?["count"] as? Int == 3)
  }

  @Test("a damaged file is named, with status 1")
  func damage() throws {
    let folder = try Self.market()
    let store = folder.path + "/shop.rg"
    let find = try Program.shell(
      "ls \(store)/snapshots/*/* -d | head -1; find \(store)/snapshots -name '*targets*.npy' | head -1")
    let file = try #require(find.output.split(separator: "\n").last.map(String.init))
    let handle = try #require(FileHandle(forUpdatingAtPath: file))
    try handle.seek(toOffset: handle.seekToEnd() - 1)
    try handle.write(contentsOf: Data([0x7F]))
    try handle.close()
    let check = try Program.run("check", store)
    #expect(check.status == 1)
    #expect(check.output.contains((file as NSString).lastPathComponent), "\(check.output)")
  }
}
