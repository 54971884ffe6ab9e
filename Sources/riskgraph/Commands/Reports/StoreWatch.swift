import Arguments
import Compute
import Governance
import Graph
import Learning
import Store

/// The models of a store looked at again, with what the store knows besides: which communities are new.
struct StoreWatch {
  let store: Store
  let graph: MarketGraph
  let asOf: Timestamp?
  let progress: ProgressSink

  init(_ store: Store, asOf: Timestamp?, progress: ProgressSink) throws {
    self.store = store
    self.asOf = asOf
    self.progress = progress
    // What reviewers decided is known, too.
    graph = try store.graph().with(CaseBook(store).verdicts(before: asOf))
  }

  /// Of each name the promoted or newest version. Throws where there is no model at all; of several, one that cannot be
  /// looked at is told to `remark` and left out.
  func models(
    only wanted: String? = nil, version: Int? = nil, remark: (String) -> Void = { _ in }
  ) throws -> [ModelWatch] {
    let folder = ModelFolder(path: TaskInput.models(store.path))
    let known = folder.names()
    let chosen = known.filter { wanted == nil || "\($0.target)/\($0.name)" == wanted }
    guard !chosen.isEmpty else {
      throw TaskError.noModel(name: wanted ?? "of any kind", known: known.map { "\($0.target)/\($0.name)" })
    }
    var watches: [ModelWatch] = []
    for (target, name) in chosen {
      do {
        var watch = try ModelWatch(
          folder, target: target, name: name, version: version, in: graph, asOf: asOf, progress: progress)
        try addGroups(to: &watch)
        try addCoverage(to: &watch)
        watches.append(watch)
      } catch  where wanted == nil && chosen.count > 1 {
        remark("\(target)/\(name) was left out: \(error)")
      }
    }
    return watches
  }

  /// How much of the newest queue was decided: what nobody looks at teaches nothing.
  private func addCoverage(to watch: inout ModelWatch) throws {
    guard let coverage = try QueueCoverage(store), coverage.targets.contains(watch.target) else { return }
    watch.add(coverage.advice, coverage.says)
  }

  /// Suspicious groups of the newest search that no search had found before the training.
  private func addGroups(to watch: inout ModelWatch) throws {
    guard let trained = watch.card.asOf.flatMap({ Timestamp($0) }) else { return }
    var newest: [String: GroupRun] = [:]
    for run in try store.groupRuns() { newest[run.question.path] = run }
    for run in newest.values.sorted(by: { $0.number < $1.number }) {
      let earlier = try store.groupRuns(path: run.question.path, kind: run.question.kind).last {
        $0.number < run.number && ($0.question.asOf ?? Timestamp(seconds: .max)) <= trained
      }
      guard let earlier else { continue }
      let before = Set(try store.groups(of: earlier).map(\.name))
      let fresh = try store.groups(of: run).filter {
        !before.contains($0.name) && ($0.suspicion ?? 0) >= 0.5
          && $0.members.contains { $0.type == watch.target }
      }
      guard !fresh.isEmpty else { continue }
      let names = fresh.prefix(5).map(\.name).joined(separator: ", ") + (fresh.count > 5 ? ", …" : "")
      watch.add(
        fresh.count >= 5 ? .look : .keep,
        "\(fresh.count) suspicious groups on \(run.question.path) are new since it was trained: \(names).")
    }
  }
}
