import Arguments
import Compute
import Foundation
import Reports

/// The whole way from nothing to a queue of cases, at several sizes: time and memory of each stage.
struct BenchPipeline: Command {
  let name = "pipeline"
  let summary =
    "Generates, imports, projects, finds communities, trains and flags: time and memory of each stage."
  let discussion = """
    Each stage is a process of its own that runs the command a user would type, so its memory is what that command held at \
    most, mapped files with it. The market is made up and is removed afterwards; 100 million edges need about 15 GB of disk.
    """
  let examples = [
    Example("bench pipeline --edges 1m", "A million edges."),
    Example(
      "bench pipeline --edges 1m,10m,100m --repeat 1 --picture cost.svg", "Cost against size, with a picture."
    ),
  ]
  let edges = Option<[NodeCount]>(
    "edges", "How many edges the markets have, about; 1m without it.", as: "COUNT,…")
  let target = Option("target", "The node type that is judged.", default: "merchant")
  let model = Option("model", "What is trained.", default: "trees", accepts: TaskInput.modelName)
  let seed = Option("seed", "Which market.", default: 7, accepts: within(0...))
  let folder = Option<FolderPath?>("folder", "Where to work; the system's temporary folder without it.")
  let picture = Option<FilePath?>("picture", "Also draw cost against size into this SVG file.")
  let repeats = Option("repeat", "Runs that count.", default: 1, accepts: within(1...100))
  let compare = BenchOptions.compare

  /// Edges of a made market for each of its nodes.
  private static let edgesPerNode = 5.9

  func run(_ input: Input, in session: Session) throws -> Answer {
    let sizes = input[edges].isEmpty ? [1_000_000] : input[edges].map(\.count)
    let parent = input[folder]?.path ?? NSTemporaryDirectory()
    var bench = try Bench("pipeline", repeats: input[repeats], compare: input[compare]?.path, in: session)
    var costs: [PipelineCost] = []
    for size in sizes {
      var runs: [[PipelineCost]] = []
      for round in 0..<input[repeats] {
        let work = "\(parent)/riskgraph-pipeline-\(getpid())-\(round)"
        defer { try? FileManager.default.removeItem(atPath: work) }
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        runs.append(try self.costs(of: size, in: work, input, session))
      }
      let merged = runs[0].indices.map { stage in PipelineCost(merging: runs.map { $0[stage] }) }
      let whole = PipelineCost(adding: merged)
      for cost in merged + [whole] { record(cost, in: &bench) }
      costs += merged
    }
    if let path = input[picture]?.path {
      let text = PipelinePicture(costs, machine: machineWords(bench.limits)).svg()
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      session.note("Drawn: \(path)")
    }
    return bench.answer()
  }

  private func record(_ cost: PipelineCost, in bench: inout Bench) {
    bench.record(
      Bench.Measurement(
        what: "\(shortCount(cost.edges)): \(cost.stage)", seconds: cost.seconds,
        work: .items(cost.edges, "edges"), peakBytes: cost.peakBytes, addedBytes: nil))
    if let figure = cost.figure { bench.result(figure.name, figure.value) }
  }

  /// One run of all stages.
  private func costs(
    of size: Int, in work: String, _ input: Input, _ session: Session
  ) throws -> [PipelineCost] {
    let nodes = Int((Double(size) / BenchPipeline.edgesPerNode).rounded())
    let program = ChildProgram(in: work)
    var made = size
    var costs: [PipelineCost] = []
    let stages = PipelineStage.all(
      nodes: nodes, target: input[target], model: input[model], seed: input[seed])
    for stage in stages {
      session.note("\(shortCount(size)) edges: \(stage.name) …")
      var (seconds, peak, last) = (0.0, 0, JSON.null)
      for words in stage.commands {
        let run = try program.run(words + ["--json", "--quiet"], stop: session.stop)
        guard run.status == 0 else {
          throw BenchError.stageFailed(
            stage: stage.name, command: "riskgraph " + words.joined(separator: " "), status: run.status,
            message: run.errors.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        seconds += run.seconds
        peak = max(peak, run.peakBytes)
        last = JSON(document: run.output)
      }
      if stage.name == "generate", let edges = last["edges"]?.number { made = Int(edges) }
      let value = stage.figure.flatMap { figure in
        figure.path.reduce(last as JSON?) { $0?[$1] }?.number.map { (figure.name, $0) }
      }
      costs.append(
        PipelineCost(stage: stage.name, edges: made, seconds: [seconds], peakBytes: peak, figure: value))
    }
    return costs
  }

  private func machineWords(_ limits: MachineLimits) -> String {
    "\(Processor.current.name), \(limits.threads) threads"
  }
}

/// What one stage took at one size.
struct PipelineCost: Sendable {
  let stage: String
  let edges: Int
  let seconds: [Double]
  let peakBytes: Int
  let figure: (name: String, value: Double)?

  init(stage: String, edges: Int, seconds: [Double], peakBytes: Int, figure: (name: String, value: Double)?) {
    self.stage = stage
    self.edges = edges
    self.seconds = seconds
    self.peakBytes = peakBytes
    self.figure = figure
  }

  /// Several runs of the same. Needs: at least one.
  init(merging runs: [PipelineCost]) {
    self.init(
      stage: runs[0].stage, edges: runs[0].edges, seconds: runs.flatMap(\.seconds),
      peakBytes: runs.map(\.peakBytes).max()!, figure: runs[0].figure)
  }

  /// All stages of one size, one after another. Needs: as many runs of each.
  init(adding stages: [PipelineCost]) {
    self.init(
      stage: "all", edges: stages[0].edges,
      seconds: stages[0].seconds.indices.map { run in stages.reduce(0) { $0 + $1.seconds[run] } },
      peakBytes: stages.map(\.peakBytes).max()!, figure: nil)
  }
}

/// A count in a word: `1 M`, `99.8 M`, `20 k`.
func shortCount(_ count: Int) -> String {
  func digits(_ value: Double) -> String {
    value >= 99.5
      ? "\(Int(value.rounded()))"
      : String(format: value >= 9.95 || value == value.rounded() ? "%.0f" : "%.1f", value)
  }
  switch Double(count) {
  case 999_500...: return "\(digits(Double(count) / 1e6)) M"
  case 1000...: return "\(digits(Double(count) / 1e3)) k"
  default: return "\(count)"
  }
}
