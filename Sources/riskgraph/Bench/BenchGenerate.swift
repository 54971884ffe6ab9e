import Arguments
import Compute
import Foundation
import Marketplace

/// Making a marketplace: edges a second and memory, in both formats.
struct BenchGenerate: Command {
  let name = "generate"
  let summary = "Makes synthetic marketplaces, and says how fast and in how much memory."
  let examples = [Example("bench generate --scale xl --repeat 1", "A hundred million edges, once.")]
  let repeats = BenchOptions.repeats
  let compare = BenchOptions.compare
  let scale = Option("scale", "How large.", default: ScaleName.medium)
  let folder = Option<FolderPath?>(
    "folder", "Where to write meanwhile; the system's temporary folder if nothing is said.")

  func run(_ input: Input, in session: Session) throws -> Answer {
    var bench = try Bench("generate", input, in: session)
    let parent = input[folder].map { URL(fileURLWithPath: $0.path) } ?? FileManager.default.temporaryDirectory
    let place = parent.appendingPathComponent("riskgraph-bench-\(ProcessInfo.processInfo.processIdentifier)")
      .path
    defer { try? FileManager.default.removeItem(atPath: place) }
    for format in GeneratorOptions.Format.allCases {
      let options = GeneratorOptions(scale: input[scale].scale, format: format)
      try? FileManager.default.removeItem(atPath: place)
      // The count is the same every time: a first run gives it.
      let edges = try Generator(options).write(to: place, parallel: session.parallel, stop: session.stop)
        .edges
      let made = try bench.measure(
        "\(input[scale].rawValue), \(format.rawValue)", work: .items(edges, "edges"), warmUp: false,
        setUp: { try? FileManager.default.removeItem(atPath: place) }
      ) { () throws -> Generator.Summary in
        try? FileManager.default.removeItem(atPath: place)
        return try Generator(options).write(to: place, parallel: session.parallel, stop: session.stop)
      }
      bench.result("nodes", Double(made.nodes))
      bench.result("on disk", Double(size(of: place)) / 1e6, unit: "MB")
    }
    return bench.answer()
  }

  private func size(of folder: String) -> Int {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    return names.reduce(0) { sum, name in
      let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)
      return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
    }
  }
}
