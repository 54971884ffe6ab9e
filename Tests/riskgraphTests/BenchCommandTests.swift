import Compute
import Foundation
import Testing

@testable import riskgraph

@Suite("Benches")
struct BenchCommandTests {
  private func past(_ seconds: [Double], peak: Int = 100) -> BenchComparison {
    let all = seconds.map { "\($0)" }.joined(separator: ",")
    let document = """
      {"machine": {"readGBs": 20, "sgemmGFLOPs": 100}, "measurements": [
        {"what": "work", "seconds": {"median": \(medianOf(seconds)), "all": [\(all)]}, "peakBytes": \(peak)}]}
      """
    return try! BenchComparison(Data(document.utf8), name: "old.json")
  }

  private func now(_ seconds: [Double], what: String = "work") -> [Bench.Measurement] {
    [Bench.Measurement(what: what, seconds: seconds, work: nil, peakBytes: 200, addedBytes: nil)]
  }

  @Test("only what lies outside the other run's spread is news")
  func verdicts() {
    let old = past([1.0, 1.1, 1.2])
    #expect(old.changes(to: now([1.15, 1.3, 1.4]))[0].verdict == .noise)
    #expect(old.changes(to: now([1.25, 1.3, 1.4]))[0].verdict == .slower)
    #expect(old.changes(to: now([0.7, 0.8, 0.95]))[0].verdict == .faster)
    #expect(old.changes(to: now([1], what: "other"))[0].verdict == .new)
    #expect(old.changes(to: now([1.25, 1.3, 1.4]))[0].memory == 2)
  }

  @Test("one run shows no spread: a tenth is taken for it")
  func singleRuns() {
    #expect(past([1.0]).changes(to: now([1.15]))[0].verdict == .noise)
    #expect(past([1.0]).changes(to: now([1.3]))[0].verdict == .slower)
  }

  @Test("a machine that is not what it was is told of")
  func machine() {
    func limits(_ read: Double) -> MachineLimits {
      let document = "{\"readGBs\": \(read), \"triadGBs\": 20, \"sgemmGFLOPs\": 101, \"threads\": 2}"
      return try! JSONDecoder().decode(MachineLimits.self, from: Data(document.utf8))
    }
    #expect(past([1]).machineRemark(limits(20.5)) == nil)
    #expect(past([1]).machineRemark(limits(10))?.contains("0.50 ×") == true)
  }

  @Test("trees: what it writes for others is what it measured, and its JSON is what --compare reads")
  func trees() throws {
    let folder = try TemporaryFolder()
    let words = ["bench", "trees", "--rows", "400", "--columns", "5", "--rounds", "3", "--repeat", "3"]
    let run = try Program.run(words + ["--data", folder.path + "/data", "--json", "--quiet"])
    #expect(run.status == 0, "\(run.errors)")
    let measured = try #require(run.json?["measurements"] as? [[String: Any]])
    #expect(measured.map { $0["what"] as? String } == ["grow", "predict", "explain"])
    for one in measured { #expect((one["peakBytes"] as? Int ?? 0) > 0) }
    let rows = try NumpyFile(path: folder.path + "/data/train.x.npy")
    #expect(rows.shape == [400, 5])
    try folder.write(run.output, to: "old.json")
    let again = try Program.run(words + ["--compare", folder.path + "/old.json"])
    #expect(again.output.contains("compared"))
    #expect(again.output.contains("GB/s"))
    let wrong = try Program.run(words + ["--compare", folder.path + "/data/train.x.npy"])
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("is not what riskgraph bench"))
  }

  @Test("every bench has its runs, a comparison, and JSON")
  func options() {
    for bench in Registry.benches where bench.name != "ratios" {
      let names = bench.parameters.map(\.face.name)
      #expect(names.contains("repeat") && names.contains("compare"), "\(bench.name)")
    }
  }

  @Test("a program that is run for its costs: time, memory, what it said, and how it ended")
  func child() throws {
    let folder = try TemporaryFolder()
    let program = ChildProgram(Program.path, in: folder.path)
    let good = try program.run(["version"], stop: StopRequest())
    #expect(good.status == 0 && good.output.contains("riskgraph") && good.errors == "")
    #expect(good.peakBytes > 1 << 20 && good.seconds > 0)
    let bad = try program.run(["docter"], stop: StopRequest())
    #expect(bad.status == 2 && bad.errors.contains("Did you mean doctor?"))
    let made = try program.run(["generate", "tables", "--nodes", "500"], stop: StopRequest())
    #expect(
      made.status == 0 && FileManager.default.fileExists(atPath: folder.path + "/tables/merchant.parquet"))
    let stop = StopRequest()
    stop.stop()
    #expect(throws: CancellationError.self) { _ = try program.run(["doctor"], stop: stop) }
    #expect(throws: BenchError.self) {
      _ = try ChildProgram(folder.path + "/nothing", in: folder.path).run([], stop: StopRequest())
    }
  }

  @Test("the pipeline's stages add up, and its picture shows each of them")
  func picture() {
    let costs = [1_000_000, 10_000_000].flatMap { edges in
      ["generate", "train"].map {
        PipelineCost(stage: $0, edges: edges, seconds: [1, 3], peakBytes: edges * 40, figure: nil)
      }
    }
    let whole = PipelineCost(adding: Array(costs[0..<2]))
    #expect(whole.seconds == [2, 6] && whole.peakBytes == 40_000_000)
    #expect(PipelineCost(merging: [costs[0], costs[0]]).seconds == [1, 3, 1, 3])
    let svg = PipelinePicture(costs, machine: "a machine").svg()
    for word in ["generate", "train", "a machine", "Memory"] { #expect(svg.contains(word)) }
    #expect(
      shortCount(998_400) == "998 k" && shortCount(1_000_000) == "1 M" && shortCount(99_800_000) == "100 M")
  }

  @Test("ratios beside other software, as a table and a picture; who is missing is named")
  func ratios() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      {"machine": {"processor": "P", "threads": 2}, "rounds": 3, "quick": false, "program": "riskgraph 1",
       "versions": {"igraph": "1.0"}, "missing": {"torch": "no wheel"}, "rows": [
        {"part": "communities", "data": "R-MAT", "what": "leiden", "peer": "igraph", "how": "2 iterations",
         "ours": [1, 2, 3], "theirs": [20, 20, 20], "ratio": {"median": 10, "low": 6.67, "high": 20}}]}
      """, to: "bench.json")
    let run = try Program.run(
      "bench", "ratios", folder.path + "/bench.json", "--picture", folder.path + "/r.svg", columns: 110)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("10.0 ×") && run.output.contains("torch was left out: no wheel"))
    #expect(try folder.text("r.svg").contains("leiden · igraph"))
    #expect(try Program.run("bench", "ratios", folder.path + "/r.svg").errors.contains("Scripts/bench"))
  }
}
