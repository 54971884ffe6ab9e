import Foundation
import Graph
import Testing

@testable import Store

/// Writers killed at random moments. `RISKGRAPH_LONG=1` makes it many rounds.
@Suite(.serialized) struct CrashTests {
  static let rounds = ProcessInfo.processInfo.environment["RISKGRAPH_LONG"] == "1" ? 80 : 4

  /// The helper beside this test bundle.
  private static var helper: String? {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    for _ in 0..<4 {
      let candidate = folder.appendingPathComponent("store-crash").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    return nil
  }

  /// Starts the helper; its lines so far are read when it has ended.
  private struct Child {
    let process = Process()
    let pipe = Pipe()
    let errors = Pipe()

    init(_ arguments: [String]) throws {
      process.executableURL = URL(fileURLWithPath: try #require(CrashTests.helper))
      process.arguments = arguments
      process.standardOutput = pipe
      process.standardError = errors
      try process.run()
    }

    func killed(after milliseconds: Int) -> [String] {
      usleep(UInt32(milliseconds * 1000))
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      return lines()
    }

    func lines() -> [String] {
      let data = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func errorText() -> String {
      String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
  }

  private let pad = Scratchpad()

  private func expectSound(_ store: Store) throws {
    let report = try Store.open(at: store.path).check()
    #expect(report.problems == [])
  }

  @Test("killed appends and compacts lose nothing acknowledged and leave nothing half-done")
  func appendsAndCompacts() throws {
    let store = try pad.shop()
    var next = 0
    for round in 0..<CrashTests.rounds {
      let writer = try Child(["append", store.path, "\(next)"])
      let lines = writer.killed(after: .random(in: 30...400))
      let acknowledged = lines.filter { $0.hasPrefix("appended") }.count
      let compactor = try Child(["compact", store.path])
      _ = compactor.killed(after: .random(in: 1...150))
      try expectSound(store)
      let graph = try Store.open(at: store.path).graph()
      let stored = (0..<graph.nodes["buyer"]!.count).filter {
        graph.nodes["buyer"]!.keys.key(NodeID(UInt32($0))).hasPrefix("n")
      }.count
      // One batch may be on the disk whose acknowledgement was cut off.
      #expect(
        stored == next + acknowledged || stored == next + acknowledged + 1,
        "round \(round): \(stored) stored, \(next + acknowledged) acknowledged")
      next = stored
    }
    try store.compact()
    try expectSound(store)
    #expect(
      FileManager.default.subpaths(atPath: store.path + "/snapshots")!.filter { !$0.contains("/") }.count == 1
    )
  }

  @Test("a killed import leaves the store as it was, or has all of it") func imports() throws {
    let store = try pad.shop()
    let before = described(try store.graph())
    let lines = "buyer,product,at\n" + (0..<20_000).map { "x\($0),y\($0 % 50),\($0)\n" }.joined()
    let folder = try pad.write(["view.csv": lines], in: "more")
    for round in 0..<CrashTests.rounds {
      let copy = "\(pad.path)/copy-\(round).rg"
      try FileManager.default.copyItem(atPath: store.path, toPath: copy)
      let child = try Child(["import", copy, folder])
      let isAcknowledged = child.killed(after: .random(in: 50...700)).contains("imported")
      let after = try Store.open(at: copy)
      try expectSound(after)
      let graph = try after.graph()
      if described(graph) == before {
        #expect(!isAcknowledged)
      } else {
        #expect(graph.relations["view"]!.rowCount == 20_003)
      }
      try FileManager.default.removeItem(atPath: copy)
    }
  }

  @Test("a killed forget has forgotten the node wholly, or not at all") func forgets() throws {
    let store = try pad.shop()
    var views = RowBatch(of: Shop.schema.relation("view")!)
    for number in 0..<40 { views.add(keys: ["f\(number)", "p1"], values: [.time(Timestamp(seconds: 5))]) }
    try store.append(relation: "view", rows: views, unknownKeys: .create)
    for number in 0..<40 {
      var one = RowBatch(of: Shop.schema.relation("view")!)
      one.add(keys: ["f\(number)", "p2"], values: [.time(Timestamp(seconds: 6))])
      if number == 20 { try store.compact() }
      try store.append(relation: "view", rows: one)
    }
    var next = 0
    for _ in 0..<CrashTests.rounds where next < 40 {
      let child = try Child(["forget", store.path] + (next..<40).map { "buyer:f\($0)" })
      let forgotten = child.killed(after: .random(in: 20...200)).filter { $0.hasPrefix("forgot") }.count
      try expectSound(store)
      let text = described(try Store.open(at: store.path).graph())
      var gone = next
      while gone < 40, !text.contains(where: { $0.contains(" f\(gone) ") }) { gone += 1 }
      #expect(gone == next + forgotten || gone == next + forgotten + 1)
      for number in gone..<max(gone, 40) {
        #expect(text.filter { $0.hasPrefix("view out f\(number) ") }.count == 2)
      }
      next = gone
    }
  }

  @Test("readers beside a writer and compacts see only whole states") func readersSeeWholeStates() throws {
    let store = try pad.shop()
    let readers = try (0..<8).map { _ in try Child(["read", store.path]) }
    for round in 0..<3 {
      let writer = try Child(["append", store.path, "\(round * 100_000)"])
      _ = writer.killed(after: 300)
      try store.compact()
    }
    for reader in readers {
      kill(reader.process.processIdentifier, SIGKILL)
      let lines = reader.lines()
      #expect(!lines.contains { $0.hasPrefix("torn") }, "\(lines.last ?? "")")
      #expect(lines.contains { $0.hasPrefix("read") }, "a reader never got through: \(reader.errorText())")
    }
    try expectSound(store)
  }

  @Test("a full disk fails the command and loses nothing", arguments: [40_000, 70_000, 100_000])
  func fullDisk(limit: Int) throws {
    let store = try pad.shop()
    let before = described(try store.graph())
    let lines = "buyer,product,at\n" + (0..<30_000).map { "x\($0),y\($0 % 50),\($0)\n" }.joined()
    let folder = try pad.write(["view.csv": lines], in: "more")
    let child = try Child(["fill", store.path, "import", "\(limit)", folder])
    #expect(!child.lines().contains("imported"))
    #expect(child.process.terminationReason == .exit)
    #expect(child.process.terminationStatus == 1)
    #expect(
      child.errorText().contains("space") || child.errorText().contains("large"), "\(child.errorText())")
    try expectSound(store)
    #expect(described(try Store.open(at: store.path).graph()) == before)
  }
}
