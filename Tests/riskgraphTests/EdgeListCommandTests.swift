import Foundation
import Testing

/// `riskgraph communities` of an edge list, run as a user would run it.
@Suite("The communities command on an edge list")
struct EdgeListCommandTests {
  private func run(_ name: String, _ text: String, _ words: String...) throws -> Program.Run {
    let folder = try TemporaryFolder()
    try folder.write(text, to: name)
    return try Program.run(["communities", folder.path + "/" + name, "--json"] + words)
  }

  private func communityCount(_ run: Program.Run) -> Int? {
    (run.json?["certificate"] as? [String: Any])?["communities"] as? Int
  }

  private static let banner = "%%MatrixMarket matrix coordinate pattern symmetric\n"

  @Test(
    "graphs without ties leave each node alone",
    arguments: ["leiden", "leiden-high", "louvain", "label-propagation", "components"])
  func alone(_ method: String) throws {
    for (name, text, count) in [
      ("one.mtx", Self.banner + "1 1 0\n", 1), ("isolated.mtx", Self.banner + "5 5 0\n", 5),
      ("loop.mtx", Self.banner + "1 1 1\n1 1\n", 1), ("empty.csv", "", 0), ("heading.csv", "from,to\n", 0),
    ] {
      let run = try run(name, text, "--method", method)
      #expect(run.status == 0, "\(name): \(run.errors)")
      #expect(communityCount(run) == count, "\(name): \(run.output)")
    }
  }

  @Test("negative weights and weights that are no numbers are refused by name")
  func badWeights() throws {
    for (text, weight) in [
      ("a,b,-1\n", "-1.0"), ("0,1,2\n1,2,-0.5\n", "-0.5"), ("0,1,1\n1,2,nan\n", "nan"),
      ("0,1,1\n1,2,inf\n", "inf"), ("0,1,1\n1,2,1e99\n", "inf"),
    ] {
      let run = try run("weights.csv", text)
      #expect(run.status == 1 && run.errors.contains("weighs \(weight)"), "\(text): \(run.errors)")
    }
    let words = try run("words.csv", "0,1,1\n1,2,heavy\n")
    #expect(words.status == 1 && words.errors.contains("line 2"), "\(words.errors)")
  }

  @Test("ids up to 2^32 and beyond, with holes, keep their names")
  func largeIDs() throws {
    let text = "0,4294967295\n4294967295,4294967296\n0,4294967296\n9000000000,7\n"
    let found = try run("large.csv", text)
    #expect(communityCount(found) == 2, "\(found.errors)")
    let one = try run("large.csv", text, "--show", "C1")
    #expect(one.json?["members"] as? [String] == ["0", "4294967295", "4294967296"], "\(one.output)")
  }
}
