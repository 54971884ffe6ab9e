import Foundation
import Testing

/// The commands from flagging to audit, as a user runs them; and killed in the middle of their work.
@Suite(.serialized) struct GovernanceCommandTests {
  /// `RISKGRAPH_LONG=1` makes it many rounds.
  static let rounds = ProcessInfo.processInfo.environment["RISKGRAPH_LONG"] == "1" ? 60 : 5

  static let rules = """
    rule looks-odd of merchant
      when refund_rate > 10% or chat_minutes > 30
      severity review
      policy 4.2 <script>alert(1)</script>
      mode live
    """

  private let folder: TemporaryFolder
  private var store: String { folder.path + "/shop.rg" }

  init() throws {
    folder = try TemporaryFolder()
    let tables = folder.path + "/tables"
    let made = try Program.run("generate", tables, "--scale", "tiny", "--format", "csv", "--quiet")
    #expect(made.status == 0, "\(made.errors)")
    #expect(try Program.run("init", store, "--schema", tables + "/schema.json").status == 0)
    #expect(try Program.run("import", store, tables, "--quiet").status == 0)
    try folder.write(GovernanceCommandTests.rules, to: "rules.txt")
  }

  private var flagWords: [String] {
    [
      "flag", store, "--target", "merchant", "--rules", folder.path + "/rules.txt", "--budget", "12",
      "--json", "--quiet",
    ]
  }

  private func count(_ words: String...) throws -> Int {
    let listed = try Program.run(words + ["--json", "--limit", "10000"])
    return listed.json?["count"] as? Int ?? -1
  }

  @Test("a whole turn: rules, flag, next, explain, impact, decide, replay, undo, audit")
  func turn() throws {
    let check = try Program.run("rules", "check", store, folder.path + "/rules.txt")
    #expect(check.status == 0 && check.output.contains("refund rate is more than 0.1"), "\(check.errors)")
    let queue = try Program.run(flagWords)
    #expect(queue.status == 0, "\(queue.errors)")
    #expect((queue.json?["cases"] as? [Any])?.isEmpty == false)
    let next = try Program.run("review", store, "next", "--as", "ana", "--json")
    let name = try #require(next.json?["case"] as? String)
    let member = try #require((next.json?["members"] as? [String])?.first)
    let why = try Program.run("explain", store, member, "--queries", "--picture", folder.path + "/x.svg")
    #expect(why.status == 0 && why.output.contains("looks-odd"), "\(why.output)\(why.errors)")
    #expect(try folder.text("x.svg").contains("<svg"))
    #expect(try Program.run("impact", store, name, "--action", "delist").status == 0)
    let noReason = try Program.run("review", store, "decide", name, "--action", "delist", "--as", "ana")
    #expect(noReason.status == 1 && noReason.errors.contains("--why"))
    let decided = try Program.run(
      "review", store, "decide", name, "--action", "delist", "--why", "copies", "--as", "ana", "--json")
    let decision = try #require(decided.json?["decision"] as? String)
    let replay = try Program.run("replay", store, decision, "--quiet")
    #expect(
      replay.status == 0 && replay.output.contains("comes out the same"), "\(replay.output)\(replay.errors)")
    #expect(try Program.run("review", store, "undo", name, "--why", "no", "--as", "ana").status == 0)
    let nobodyLeft = try Program.run(
      "review", store, "decide", name, "--action", "delist", "--spare", member, "--why", "x", "--as", "ana")
    #expect(nobodyLeft.status == 1 && nobodyLeft.errors.contains("nobody would be left"))
    #expect(try Program.run("audit", store, "verify").status == 0)
    let export = try Program.run("review", store, "export", "--out", folder.path + "/d.csv")
    #expect(export.status == 0)
    let mode =
      try FileManager.default.attributesOfItem(atPath: folder.path + "/d.csv")[.posixPermissions] as? Int
    #expect(mode.map { $0 & 0o077 } == 0)
  }

  @Test("a rule file's mistakes are named with line and column, and nothing in it steers the terminal")
  func badRules() throws {
    try folder.write("rule a of merchant\n  when refund_rat > 1\n  mode \u{1b}[31mlive\n", to: "bad.txt")
    let run = try Program.run("rules", "check", store, folder.path + "/bad.txt")
    #expect(run.status == 1)
    #expect(run.errors.contains("bad.txt:2:8:") && run.errors.contains("Did you mean refund_rate?"))
    #expect(run.errors.contains("bad.txt:3:8:"))
    #expect(!run.errors.contains("\u{1b}") && !run.output.contains("\u{1b}"))
  }

  @Test("hostile names of reviewers and reasons are shown harmless and kept as they are")
  func hostile() throws {
    #expect(try Program.run(flagWords).status == 0)
    let name = try #require(
      try Program.run("review", store, "next", "--as", "x", "--json").json?["case"] as? String)
    #expect(
      try Program.run(
        "review", store, "decide", name, "--action", "warn", "--as", "x", "--why",
        "\u{1b}[2J'; drop table cases; --"
      ).status == 0)
    let shown = try Program.run("review", store, "show", name)
    #expect(!shown.output.contains("\u{1b}") && shown.output.contains("drop table cases"))
    let json = try Program.run("review", store, "show", name, "--json")
    let entries = try #require(json.json?["entries"] as? [[String: Any]])
    #expect(entries.last?["why"] as? String == "\u{1b}[2J'; drop table cases; --")
    #expect(try Program.run("audit", store, "verify").status == 0)
  }

  @Test("of many reviewers who decide one case at once one wins, and each other is told")
  func atOnce() throws {
    #expect(try Program.run(flagWords).status == 0)
    var processes: [(Process, Pipe)] = []
    for reviewer in 0..<6 {
      let process = try Program.start([
        "review", store, "decide", "case:C1", "--action", "warn", "--why", "x", "--as", "r\(reviewer)",
      ])
      let pipe = Pipe()
      process.standardError = pipe
      process.standardOutput = Pipe()
      try process.run()
      processes.append((process, pipe))
    }
    var winners = 0
    for (process, pipe) in processes {
      let told = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      if process.terminationStatus == 0 {
        winners += 1
      } else {
        #expect(told.contains("was decided already"), "\(told)")
      }
    }
    #expect(winners == 1)
    #expect(try Program.run("audit", store, "verify").status == 0)
  }

  @Test("killed while it flags or decides: wholly there or not at all")
  func killed() throws {
    for round in 0..<GovernanceCommandTests.rounds {
      let before = try count("review", store, "list", "--state", "open")
      let flag = try Program.start(flagWords)
      let output = Pipe()
      flag.standardOutput = output
      flag.standardError = Pipe()
      try flag.run()
      usleep(.random(in: 20_000...600_000))
      if flag.isRunning { kill(flag.processIdentifier, SIGKILL) }
      _ = output.fileHandleForReading.readDataToEndOfFile()
      flag.waitUntilExit()
      let after = try count("review", store, "list", "--state", "open")
      let audit = try Program.run("audit", store, "verify")
      #expect(audit.status == 0, "round \(round): \(audit.output)")
      #expect(after == before || after > before, "round \(round)")
      #expect(try Program.run("check", store, "--quiet").status == 0)
      guard after > 0 else { continue }
      let listed = try Program.run("review", store, "list", "--state", "open", "--limit", "1", "--json")
      let name = try #require((listed.json?["cases"] as? [[String: Any]])?.first?["case"] as? String)
      let decide = try Program.start([
        "review", store, "decide", name, "--action", "allow", "--why", "fine", "--as", "ana",
      ])
      decide.standardOutput = Pipe()
      decide.standardError = Pipe()
      try decide.run()
      usleep(.random(in: 1_000...60_000))
      if decide.isRunning { kill(decide.processIdentifier, SIGKILL) }
      decide.waitUntilExit()
      let shown = try Program.run("review", store, "show", name, "--json")
      let state = shown.json?["state"] as? String
      let entries = (shown.json?["entries"] as? [Any])?.count
      #expect(
        (state == "open" && entries == 1) || (state == "decided" && entries == 2),
        "\(state ?? "") \(entries ?? -1)")
      if decide.terminationReason == .exit, decide.terminationStatus == 0 { #expect(state == "decided") }
      #expect(try Program.run("audit", store, "verify").status == 0, "round \(round)")
    }
  }
}
