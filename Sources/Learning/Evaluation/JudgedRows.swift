// Who is judged, and by what: nodes as they were seen at a moment, and what came out of them afterwards.

import Compute
import Features
import Graph

/// What is true of nodes, whether or not the platform ever came to know it: for judging only.
public struct Truth: Sendable {
  public struct Deed: Sendable {
    /// What kind of risk it is.
    public let kind: String
    public let from: Timestamp
    public let to: Timestamp

    public init(kind: String, from: Timestamp, to: Timestamp) {
      self.kind = kind
      self.from = from
      self.to = to
    }
  }

  /// By the key of the node. Who has no deed is good.
  public let deeds: [String: Deed]

  public init(deeds: [String: Deed]) { self.deeds = deeds }
}

/// Nodes asked about at a moment, with the answers of the time after it.
public struct JudgedRows: Sendable {
  public let sight: NodeTask.Sight
  public let nodes: [Int]
  public let labels: [Bool]
  /// Of positives the second on which it came out (or, by the truth, began); else missing.
  public let since: [Int64]
  /// Of positives what kind of risk they are, where that is known.
  public let kinds: [String?]
  public let until: Timestamp?

  public var positives: Int { labels.count { $0 } }
  public var asOf: Timestamp? { sight.view.asOf }

  /// Rows of a task, such as its test rows. Needs: two classes.
  public init(_ rows: NodeTask.Rows, of task: NodeTask) {
    sight = task.sights[rows.sight]
    nodes = rows.nodes
    labels = rows.classes.map { $0 == 1 }
    since = rows.nodes.indices.map {
      rows.classes[$0] == 1 ? task.labels.known?[rows.nodes[$0]] ?? Column.missingTime : Column.missingTime
    }
    kinds = rows.nodes.map { _ in nil }
    until = task.asOf
  }

  /// Everyone visible at `from` of whom nothing was known yet, judged by the labels that became known before `to`: or, where
  /// the truth is given, by what they were up to between `from` and `to`.
  public init(
    _ labels: NodeLabels, in graph: MarketGraph, from: Timestamp, to: Timestamp?, truth: Truth? = nil
  ) throws {
    let view = VisibleGraph(graph, asOf: from)
    let table = try view.nodes(of: labels.type)
    let marksGood = labels.classes.contains(0) && labels.classNames.count > 1
    var rows: [(node: Int, isPositive: Bool, since: Int64, kind: String?)] = []
    for node in try view.visibleNodes(of: labels.type) where !labels.isTold(node, before: from) {
      if let truth {
        let deed = truth.deeds[table.keys.key(NodeID(UInt32(node)))]
        // Whose deeds were over is neither good nor to be found any more.
        if let deed, deed.to <= from { continue }
        let isPositive = deed.map { to == nil || $0.from < to! } ?? false
        rows.append(
          (node, isPositive, deed?.from.seconds ?? Column.missingTime, isPositive ? deed?.kind : nil))
        continue
      }
      let isKnownLater = labels.isKnown(node, before: to)
      guard isKnownLater || !marksGood || labels.classes[node] > 0 else { continue }
      let isPositive = isKnownLater && labels.classes[node] > 0
      rows.append(
        (node, isPositive, isPositive ? labels.known?[node] ?? Column.missingTime : Column.missingTime, nil))
    }
    sight = NodeTask.Sight(view: view, labels: labels.knownLabels(before: from))
    nodes = rows.map(\.node)
    self.labels = rows.map(\.isPositive)
    since = rows.map(\.since)
    kinds = rows.map(\.kind)
    until = to
  }
}

extension NodeLabels {
  /// Whether a verdict on the node had come before an instant. Who counts as good without a date was never looked at.
  func isTold(_ node: Int, before instant: Timestamp) -> Bool {
    guard isKnown(node, before: instant) else { return false }
    return classes[node] > 0 || known.map { $0[node] != Column.missingTime } ?? false
  }
}
