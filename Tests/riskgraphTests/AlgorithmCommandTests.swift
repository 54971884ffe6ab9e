import Foundation
import Testing

/// components, pagerank and cores on merchants that share devices, against what the sample's own table says.
@Suite("Algorithms on a store")
struct AlgorithmCommandTests {
  /// Who shares a device with whom, from the table itself.
  struct Sharing {
    var neighbours: [String: Set<String>] = [:]

    init() throws {
      let text = try String(contentsOfFile: Sharing.sample + "/merchant_logs_in.csv", encoding: .utf8)
      var users: [String: Set<String>] = [:]
      for line in text.split(separator: "\n").dropFirst() {
        let cells = line.split(separator: ",").map(String.init)
        users[cells[1], default: []].insert(cells[0])
      }
      for group in users.values {
        for merchant in group { neighbours[merchant, default: []].formUnion(group.subtracting([merchant])) }
      }
    }

    static let sample =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path + "/Datasets/sample"
  }

  static func store() throws -> (folder: TemporaryFolder, path: String) {
    let folder = try TemporaryFolder()
    let path = folder.path + "/shop.rg"
    #expect(try Program.run("init", path, "--schema", Sharing.sample + "/schema.json").status == 0)
    #expect(try Program.run("import", path, Sharing.sample, "--quiet").status == 0)
    return (folder, path)
  }

  @Test("components, cores and ranks are those of the table")
  func agree() throws {
    let sharing = try Sharing()
    let (folder, path) = try Self.store()
    defer { withExtendedLifetime(folder) {} }
    func json(_ command: String) throws -> [String: Any] {
      let run = try Program.run(
        command, path, "--on", "merchant-device-merchant", "--max-degree", "1000", "--limit", "1000", "--json"
      )
      #expect(run.status == 0, "\(run.errors)")
      return try #require(run.json)
    }

    // Components, by walking.
    var sizes: [Int] = []
    var seen: Set<String> = []
    for start in sharing.neighbours.keys where seen.insert(start).inserted {
      var waiting = [start]
      var size = 0
      while let next = waiting.popLast() {
        size += 1
        for other in sharing.neighbours[next]! where seen.insert(other).inserted { waiting.append(other) }
      }
      sizes.append(size)
    }
    let components = try json("components")
    #expect(components["components"] as? Int == sizes.count)
    let largest = try #require(components["largest"] as? [[String: Any]])
    #expect(largest.compactMap { $0["size"] as? Int } == sizes.sorted(by: >).filter { $0 > 1 })

    // Core numbers: k as long as taking away everybody with fewer than k leaves somebody.
    var core: [String: Int] = [:]
    for k in 0...sharing.neighbours.count {
      var left = Set(sharing.neighbours.keys)
      while let weak = left.first(where: { sharing.neighbours[$0]!.intersection(left).count < k }) {
        left.remove(weak)
      }
      if left.isEmpty { break }
      for node in left { core[node] = k }
    }
    let cores = try json("cores")
    for entry in try #require(cores["deepest"] as? [[String: Any]]) {
      let node = try #require((entry["node"] as? String)?.split(separator: ":").last.map(String.init))
      #expect(entry["core"] as? Int == core[node], "\(node)")
    }
    let levels = try #require(cores["levels"] as? [[String: Int]])
    for level in levels { #expect(level["nodes"] == core.values.count { $0 == level["core"] }) }

    // Ranks: they sum to one, and nobody who shares with nobody is above the floor.
    let ranks = try #require(try json("pagerank")["ranks"] as? [[String: Any]])
    let values = ranks.compactMap { $0["rank"] as? Double }
    #expect(values.count == sharing.neighbours.count)
    #expect(abs(values.reduce(0, +) - 1) < 1e-6)
    #expect(values == values.sorted(by: >))
    let alone = Set(sharing.neighbours.filter { $0.value.isEmpty }.keys)
    let floor = try #require(values.last)
    for entry in ranks {
      let node = try #require((entry["node"] as? String)?.split(separator: ":").last.map(String.init))
      if alone.contains(node) { #expect(abs(try #require(entry["rank"] as? Double) - floor) < 1e-9) }
    }
  }

  @Test("a path that the schema does not know is answered with the nearest that it does")
  func wrongPath() throws {
    let (folder, path) = try Self.store()
    defer { withExtendedLifetime(folder) {} }
    for command in ["components", "pagerank", "cores"] {
      let run = try Program.run(command, path, "--on", "merchant-devise-merchant")
      #expect(run.status != 0)
      #expect(run.errors.contains("device"), "\(run.errors)")
    }
  }
}
