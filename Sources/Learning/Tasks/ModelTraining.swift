// From a question to a model: features for every moment, a look for leaks, a fit, a calibration.
//
// Who has a say in what: training rows teach; validation rows decide when to stop, what to blend, whether to smooth, and
// calibrate; test rows only measure, and nothing here looks at them.

import Compute
import Features
import Graph

/// Trains a model of a kind on a task.
///
///     let task = try NodeTask.split(graph, target: "node", label: "label", by: "split0")
///     let model = try ModelTraining(.trees).fit(task)
public struct ModelTraining: Sendable {
  public var kind: ModelKind
  /// Walks up to this length; nil: three where a type is joined to itself alone, else two.
  public var hops: Int?
  public var excluding: Set<String>
  public var usesGraph: Bool
  public var trees: TreeSettings
  /// How a network is built and trained; nil: as its kind's defaults say.
  public var network: Network?
  /// Whether a network is given rows of sum 1 (for counts, as of words) instead of standardized columns.
  public var scalesRows = false
  /// Whether scores are corrected and smoothed along the edges afterwards. nil: where validation gains by it, and only
  /// for `auto`.
  public var smooths: Bool?
  /// Where a network's training is written down from time to time.
  public var checkpoint: Checkpoint?
  /// Called after each epoch of a network, with how many there were.
  var afterEpoch: (@Sendable (Int) -> Void)?
  public var seed: Seed
  public var code: String

  /// A file beside which nothing else of the run is needed.
  public struct Checkpoint: Sendable {
    /// A file for each network goes into this folder.
    public var folder: String
    /// Whether to go on from what is there.
    public var resumes: Bool
    public var everyEpochs: Int

    public init(folder: String, resumes: Bool, everyEpochs: Int = 25) {
      self.folder = folder
      self.resumes = resumes
      self.everyEpochs = max(1, everyEpochs)
    }
  }

  public init(
    _ kind: ModelKind, hops: Int? = nil, excluding: Set<String> = [], usesGraph: Bool = true,
    trees: TreeSettings = TreeSettings(), seed: Seed = Seed(1), code: String = "1"
  ) {
    self.kind = kind
    self.hops = hops
    self.excluding = excluding
    self.usesGraph = usesGraph
    self.trees = trees
    self.seed = seed
    self.code = code
  }

  /// The same without the graph: own columns alone, and where a network walks the graph, layers that do not.
  public var withoutGraph: ModelTraining {
    var plain = self
    plain.usesGraph = false
    plain.smooths = false
    plain.checkpoint = nil
    if kind.seesGraph {
      plain.kind = .mlp
      plain.network = nil
    }
    return plain
  }

  /// Looks for leaks first, and tells `found` what it found before anything is trained.
  public func fit(
    _ task: NodeTask, progress: ProgressSink = .silent, stop: StopRequest? = nil,
    found: (([Leak]) -> Void)? = nil
  ) throws -> TrainedModel {
    let bench = try Workbench(self, task, progress)
    bench.leaks = try task.leaks(of: bench.features, columns: bench.columns(bench.features))
    found?(bench.leaks)
    try bench.prune()
    let candidates: [Candidate]
    switch kind {
    case .ensemble, .auto: candidates = try bench.blended(bench.everything(stop: stop))
    case .trees: candidates = [try bench.trees(bench.features, seed: seed, stop: stop)]
    case .labelprop: candidates = [try bench.propagation()]
    default: candidates = [try bench.network(kind, stop: stop)]
    }
    return try bench.model(of: candidates)
  }
}
