import Foundation
import Testing

/// `generate`, run as a user runs it, at its default size.
@Suite("generate", .serialized)
struct GenerateCommandTests {
  private func report(seed: Int) throws -> [String: Any] {
    let folder = try TemporaryFolder()
    let run = try Program.run(
      "generate", folder.path + "/market", "--scale", "medium", "--seed", "\(seed)", "--report", "--json",
      "--quiet")
    #expect(run.status == 0, "\(run.errors)")
    return try #require(run.json?["report"] as? [String: Any])
  }

  @Test("a medium market with default settings is as hard as promised")
  func difficulty() throws {
    let report = try report(seed: 7)
    func figure(_ name: String) throws -> Double { try #require(report[name] as? Double) }
    #expect(try figure("bestColumnAUROC") <= 0.75)
    #expect(try (0.68...0.80).contains(figure("logisticOwn")))
    #expect(try (0.72...0.86).contains(figure("treesOwn")))
    #expect(try figure("treesNeighbours") - figure("treesOwn") >= 0.06)
    #expect(try max(figure("logisticOwn"), figure("treesOwn"), figure("treesNeighbours")) < 0.985)
    #expect(try abs(figure("treesKeys") - 0.5) <= 0.02)
    let promises = try #require(report["promises"] as? [[String: Any]])
    #expect(promises.count == 6 && promises.allSatisfy { $0["holds"] as? Bool == true })
  }

  @Test("with other seeds neighbours help as much, and keys, row order and digits tell nothing on average")
  func otherSeeds() throws {
    var keys: [Double] = []
    for seed in 1...3 {
      let report = try report(seed: seed)
      func figure(_ name: String) throws -> Double { try #require(report[name] as? Double) }
      #expect(try figure("bestColumnAUROC") <= 0.75, "seed \(seed)")
      #expect(try figure("treesNeighbours") - figure("treesOwn") >= 0.06, "seed \(seed)")
      #expect(try figure("treesNeighbours") < 0.985, "seed \(seed)")
      keys.append(try figure("treesKeys"))
    }
    // Some 800 are risky in each: chance moves one area by 0.012, the mean of three by 0.007.
    #expect(abs(keys.reduce(0, +) / 3 - 0.5) <= 0.02, "\(keys)")
  }

  @Test("where files cannot grow any more, it says so and takes away what it had written")
  func fullDisk() throws {
    let folder = try TemporaryFolder()
    let run = try Program.shell(
      "ulimit -f 200; \"$riskgraph\" generate '\(folder.path)/market' --scale medium --quiet")
    #expect(run.status == 1)
    #expect(run.errors.contains("cannot be written"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/market"))
  }

  @Test("stopped half-way by Ctrl-C, it leaves nothing behind")
  func stopped() throws {
    let folder = try TemporaryFolder()
    let process = try Program.start(["generate", folder.path + "/market", "--scale", "large", "--quiet"])
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 60)
    while !FileManager.default.fileExists(atPath: folder.path + "/market"), process.isRunning,
      Date() < deadline
    {
      usleep(1000)
    }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 1 || process.terminationStatus == 130)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/market"))
  }
}
