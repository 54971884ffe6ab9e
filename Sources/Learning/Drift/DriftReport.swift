import Compute
import Features

/// How far the columns and scores of a model have moved since it was trained.
///
///     let drift = try DriftReport(model, since: distribution, in: sightOfToday)
///     drift.scores?.stability.index
///     drift.columns.first?.name          // what moved most
///
/// Who is asked about then and now are largely the same nodes, a little older: the tests take them for independent, and so are
/// cautious. Columns that count from a day drift by that alone, and are told apart.
public struct DriftReport: Sendable {
  public struct Move: Sendable {
    public let name: String
    public let stability: PopulationStability
    public let verdict: PopulationStability.Verdict
    /// Between the distributions, measured at the cuts of the kept bins: at least this large.
    public let smirnov: KolmogorovSmirnov
    public let missingThen: Double
    public let missingNow: Double
    public let cuts: [Float]
    public let then: [Int]
    public let now: [Int]
    /// Whether it counts from a day, as an age does.
    public let growsByItself: Bool
  }

  public let nodesThen: Int
  public let nodesNow: Int
  /// What moved most first.
  public let columns: [Move]
  public let scores: Move?
  /// Columns that the model wants and the graph no longer gives a single value of.
  public let vanished: [String]

  /// Computes the model's columns and scores in a sight.
  public init(
    _ model: TrainedModel, since then: TrainingDistribution, in sight: NodeTask.Sight,
    progress: ProgressSink = .silent
  ) throws {
    let look = try ModelLook(model, sight, progress: progress)
    self.init(
      since: then, nodes: look.nodes.count, columns: look.columns, growing: look.growing,
      scores: look.scores)
  }

  /// Compares what is given with what was kept.
  init(
    since then: TrainingDistribution, nodes: Int, columns given: [(name: String, values: [Float])],
    growing: Set<String> = [], scores: [Double]?
  ) {
    let known = Dictionary(then.columns.map { ($0.name, $0.bins) }, uniquingKeysWith: { first, _ in first })
    let compared = given.filter { known[$0.name] != nil }
    columns = compared.map { column in
      DriftReport.move(
        column.name, known[column.name]!, column.values, among: compared.count,
        growsByItself: growing.contains(column.name))
    }.sorted { ($0.stability.index, $1.name) > ($1.stability.index, $0.name) }
    vanished = columns.filter { $0.missingNow == 1 && $0.missingThen < 1 }.map(\.name).sorted()
    if let bins = then.scores, let scores {
      self.scores = DriftReport.move("score", bins, scores.map(Float.init), among: 1)
    } else {
      self.scores = nil
    }
    nodesThen = then.nodes
    nodesNow = nodes
  }

  /// Of the columns that need not: those that grow by themselves are left out.
  public var drifted: [Move] { columns.filter { $0.verdict == .drifted && !$0.growsByItself } }
  public var moved: [Move] { columns.filter { $0.verdict == .moved && !$0.growsByItself } }

  static func move(
    _ name: String, _ bins: QuantileBins, _ values: [Float], among tests: Int,
    growsByItself: Bool = false
  ) -> Move {
    let (now, missing) = bins.counts(of: values)
    let stability = PopulationStability(then: bins.counts + [bins.missing], now: now + [missing])
    let (n, m) = (bins.counts.reduce(0, +), now.reduce(0, +))
    var (a, b, most) = (0, 0, 0.0)
    if n > 0, m > 0 {
      for bin in now.indices {
        a += bins.counts[bin]
        b += now[bin]
        most = max(most, abs(Double(a) / Double(n) - Double(b) / Double(m)))
      }
    }
    return Move(
      name: name, stability: stability, verdict: stability.verdict(among: tests),
      smirnov: KolmogorovSmirnov(distance: most, n, m),
      missingThen: share(bins.missing, bins.count), missingNow: share(missing, values.count), cuts: bins.cuts,
      then: bins.counts, now: now,
      growsByItself: growsByItself)
  }
}

private func share(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
