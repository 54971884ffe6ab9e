import Compute
import Features
import Foundation
import Graph
import Learning
import Store

/// Makes a day's queue from a store: scores, groups and rules put together, ranked by expected harm.
///
///     var settings = FlagSettings(targets: ["merchant"], budget: 200)
///     let outcome = try Flagging(store).plan(settings, rules: rules, asOf: time)
///     let run = try Flagging(store).write(outcome)
///
/// Sees only what was known before the as-of time; without one, all there is. Costs the model's features and scores, a
/// question to each node for each rule and measure, and a sort.
public struct Flagging {
  let store: Store
  public var book: CaseBook
  /// Where models are; the store's own folder without.
  public var models: ModelFolder
  public var progress = ProgressSink.silent
  /// What is replayed instead of what there is now.
  var pinned: (graph: MarketGraph, data: QueueData, groupRun: Int?)?

  public init(_ store: Store) {
    self.store = store
    book = CaseBook(store)
    models = ModelFolder(path: store.path + "/models")
  }

  /// Everybody who may be flagged, and what was found out on the way.
  private struct Gathered {
    var candidates: [FlagCandidate] = []
    var golden: [(FlagCandidate, isRisky: Bool)] = []
    var promises: [String: FalseShareSelection] = [:]
    var promised: Set<NodeKey>?
    var notes: [String] = []
    var witnesses: [TargetWitness] = []
    var groupRun: Int?
    var data: QueueData
  }

  public func plan(
    _ settings: FlagSettings, rules: RuleBook = .none, asOf wanted: Timestamp? = nil
  ) throws -> FlagOutcome {
    let (gathered, used, asOf) = try gather(settings, rules: rules, asOf: wanted)
    let plan = QueuePlan(
      gathered.candidates, golden: gathered.golden, promises: gathered.promises, promised: gathered.promised,
      settings: used)
    var evidence: [NodeKey: ModelEvidence] = [:]
    let flagged = plan.cases.flatMap { $0.members.map(\.key) }
    for witness in gathered.witnesses where pinned == nil {
      evidence.merge(try witness.evidence(for: flagged.filter { $0.type == witness.target }, settings: used))
      { $1 }
    }
    return FlagOutcome(
      plan: plan, evidence: evidence, asOf: asOf, settings: used, rules: rules, groupRun: gathered.groupRun,
      data: gathered.data, notes: gathered.notes, candidateCount: gathered.candidates.count)
  }

  private func gather(
    _ settings: FlagSettings, rules: RuleBook, asOf wanted: Timestamp?
  ) throws -> (Gathered, FlagSettings, Timestamp) {
    try settings.check()
    var gathered = Gathered(
      data: try pinned?.data ?? QueueData(mark: store.dataMark(), lastEntry: lastEntry()))
    let raw = try pinned?.graph ?? store.graph()
    let asOf = wanted ?? Timestamp(seconds: raw.lastInstant == .min ? 0 : raw.lastInstant + 1)
    var reader = book
    reader.lastEntry = gathered.data.lastEntry
    let graph = raw.with(try reader.verdicts(before: asOf))
    let groups = try GroupWitness(
      store, asOf: asOf, isWholeGraph: asOf.seconds > raw.lastInstant, run: pinned?.groupRun)
    gathered.groupRun = groups.run?.number
    let busy = try reader.busyNodes(asOf: asOf)
    let golden = try reader.golden()
    var used = settings
    for target in settings.targets {
      let witness = try TargetWitness(
        target, graph: graph, asOf: asOf, settings: &used, models: models, groups: groups, rules: rules,
        progress: progress)
      gathered.notes += witness.notes
      let own = try witness.candidates(excluding: busy, settings: used)
      if let share = settings.maxFalse {
        let selection = try witness.promise(of: own, share: share)
        gathered.promises[target] = selection
        gathered.promised = (gathered.promised ?? []).union(selection.places.map { own[$0].key })
      }
      gathered.candidates += own
      gathered.golden += try witness.golden(golden, excluding: busy, settings: used)
      gathered.witnesses.append(witness)
    }
    return (gathered, used, asOf)
  }

  /// The calibrated probabilities of all candidates, for planning.
  public func probabilities(
    _ settings: FlagSettings, rules: RuleBook = .none, asOf: Timestamp? = nil
  ) throws -> (probabilities: [Double], asOf: Timestamp) {
    let (gathered, _, asOf) = try gather(settings, rules: rules, asOf: asOf)
    return (gathered.candidates.map(\.probability), asOf)
  }

  private func lastEntry() throws -> Int {
    try store.readingLedger { database in
      try database.rows("select coalesce(max(number), 0) from case_entries") { (row) throws(StoreError) in
        row.integer(0)
      }
      .first ?? 0
    }
  }
}

/// What the data and the book were when a queue was made.
struct QueueData: Codable, Sendable, Equatable {
  var mark: DataMark
  var lastEntry: Int
}

/// A queue that is not written yet.
public struct FlagOutcome: Sendable {
  public let plan: QueuePlan
  /// Why the model scored the flagged ones so.
  public let evidence: [NodeKey: ModelEvidence]
  public let asOf: Timestamp
  /// With the models' versions and the measures that were found.
  public let settings: FlagSettings
  public let rules: RuleBook
  public let groupRun: Int?
  let data: QueueData
  /// What a reader should know.
  public let notes: [String]
  public let candidateCount: Int

  /// Of flags that stand in the queue for their probability: how many true ones are to be expected.
  public var expectedTrue: Double {
    plan.cases.filter { $0.reason == .harm || $0.reason == .rule }.flatMap(\.members).reduce(0) {
      $0 + $1.probability
    }
  }
}

extension CaseBook {
  /// Nodes that need no new case: they are in one that is not finished, or nothing could be said of them lately.
  func busyNodes(asOf: Timestamp) throws -> Set<NodeKey> {
    var busy: Set<NodeKey> = []
    for one in try cases() {
      let standing = one.standing
      switch standing.state {
      case .open, .claimed, .waiting, .appealed: busy.formUnion(one.members)
      case .decided where standing.decision?.action == .notEnoughEvidence:
        if let since = standing.since, asOf.seconds - since.seconds < 30 * 86_400 {
          busy.formUnion(one.members)
        }
      case .decided where one.golden != nil: busy.formUnion(one.members)
      case .decided, .overturned: break
      }
    }
    return busy
  }
}
