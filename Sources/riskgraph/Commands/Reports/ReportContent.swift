import Arguments
import Communities
import Compute
import Foundation
import Graph
import Learning
import Reports
import Store

/// Gathers from a store what a report shows.
struct ReportContent {
  let store: Store
  let asOf: Timestamp?
  let limit: Int
  let withModels: Bool
  let session: Session

  init(_ store: Store, asOf: Timestamp?, limit: Int, withModels: Bool, _ session: Session) throws {
    self.store = store
    self.asOf = asOf
    self.limit = limit
    self.withModels = withModels
    self.session = session
  }

  func report() throws -> RiskReport {
    let info = try store.info()
    let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970)).description
    var report = RiskReport(
      store: info.schema.name, path: (info.path as NSString).lastPathComponent,
      madeAt: now.replacing("T", with: " ").replacing("Z", with: " UTC"))
    report.program = RiskGraph.version
    report.asOf = asOf?.description
    report.snapshot = info.snapshot
    report.nodes = info.nodes.map { ($0.type.name, $0.count) }
    report.edges = info.edges.map { ($0.type.name, $0.count) }
    let watch = try StoreWatch(store, asOf: asOf, progress: session.progress)
    if withModels, !ModelFolder(path: TaskInput.models(store.path)).names().isEmpty {
      report.models = try watch.models { session.note($0) }
      report.ranking = try ranking(of: report.models, watch.graph)
    }
    report.queue = try queue()
    try addGroups(to: &report, watch.graph)
    return report
  }

  /// The highest scores of the first model that scores.
  private func ranking(of models: [ModelWatch], _ graph: MarketGraph) throws -> RiskReport.Queue? {
    guard let model = models.first(where: { !$0.scores.isEmpty }), let table = graph.nodes[model.target]
    else {
      return nil
    }
    let known = try NodeLabels(table, column: model.card.label)
    let open = model.scores.filter { !known.isKnown($0.node, before: asOf) }
    let top = open.sorted { ($0.score, $1.node) > ($1.score, $0.node) }.prefix(min(20, limit))
    let rows = top.map { one in
      let name = "\(model.target):\(table.keys.key(NodeID(UInt32(one.node))))"
      return RiskReport.Row(name: name, members: [name], probability: one.score)
    }
    return RiskReport.Queue(
      title: "the highest scores of \(model.title) among those of whom nothing is known", rows: rows,
      count: open.count)
  }

  /// The groups of the newest search of each path, the most suspicious first.
  private func addGroups(to report: inout RiskReport, _ graph: MarketGraph) throws {
    var newest: [String: GroupRun] = [:]
    for run in try store.groupRuns() where asOf == nil || run.question.asOf.map({ $0 <= asOf! }) ?? false {
      newest["\(run.question.kind) \(run.question.path)"] = run
    }
    let runs = newest.values.sorted { $0.number < $1.number }
    var found: [(run: GroupRun, group: StoredGroup)] = []
    for run in runs {
      found += try store.groups(of: run, limit: limit).filter { $0.members.count > 1 }.map { (run, $0) }
    }
    found.sort {
      ($0.group.suspicion ?? 0, $0.group.members.count, $1.group.name)
        > ($1.group.suspicion ?? 0, $1.group.members.count, $0.group.name)
    }
    report.groups = found.prefix(limit).enumerated().map { place, one in
      RiskReport.Group(
        name: one.group.name, members: one.group.members.map { "\($0)" }, suspicion: one.group.suspicion,
        reasons: one.group.parts.sorted { $0.strength > $1.strength }.filter { $0.strength > 0 }.map(
          \.sentence),
        picture: place < 6 ? try? picture(of: one.group, one.run, graph) : nil)
    }
    guard !runs.isEmpty else { return }
    let words = runs.map { run in
      "\(run.question.path) by \(run.question.method)" + (run.question.asOf.map { ", as of \($0)" } ?? "")
    }
    report.groupRemark = "Found on \(words.joined(separator: "; "))."
  }

  private func picture(of group: StoredGroup, _ run: GroupRun, _ graph: MarketGraph) throws -> String {
    let view = graph.view(asOf: run.question.asOf)
    let path = try RelationPath(run.question.path, in: graph.schema)
    let bonds = try view.bonds(of: group.members, along: path)
    return try CommunityPicture(of: group, bonds: bonds).svg(width: 560, height: 460)
  }
}
