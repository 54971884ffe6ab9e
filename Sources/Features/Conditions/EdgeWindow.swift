import Compute
import Graph

/// The edges of a node that were seen within a window of time, in both layers of a relation.
struct EdgeWindow: Sendable {
  let adjacency: Adjacency
  /// From when each node is seen; nil where nodes are always seen.
  let subjectTimes: Buffer<Int64>?
  let otherTimes: Buffer<Int64>?
  /// Inclusive, exclusive.
  let start: Int64?
  let end: Int64?

  /// How many they are: binary searches where the other ends have no clocks, else a look at each.
  func count(of node: Int) -> Int {
    guard isSeen(node) else { return 0 }
    if otherTimes == nil {
      return entries(of: node, adjacency.snapshot).count
        + (adjacency.appended.map { entries(of: node, $0).count } ?? 0)
    }
    var count = 0
    forEach(of: node) { _, _ in count += 1 }
    return count
  }

  /// The other end and the row of the relation's columns of each, the snapshot's first.
  func forEach(of node: Int, _ body: (_ other: UInt32, _ edgeRow: Int) -> Void) {
    guard isSeen(node) else { return }
    for layer in [adjacency.snapshot, adjacency.appended].compactMap({ $0 }) {
      for entry in entries(of: node, layer) {
        let other = layer.targets[entry]
        if let otherTimes, let end, otherTimes[Int(other)] >= end { continue }
        body(other, layer.edgeRow(entry))
      }
    }
  }

  private func isSeen(_ node: Int) -> Bool {
    guard let subjectTimes, let end else { return true }
    return subjectTimes[node] < end
  }

  private func entries(of node: Int, _ layer: CSR) -> Range<Int> {
    guard node < layer.rowCount else { return 0..<0 }
    let seen = layer.row(node, before: end.map { Timestamp(seconds: $0) })
    guard let start, let times = layer.times else { return seen }
    return seen.partitionPoint { times[$0] < start }..<seen.upperBound
  }
}

/// One number from a node's edges in a window.
struct EdgeSummary: Sendable {
  let statistic: ConditionExpression.Statistic
  let edges: EdgeWindow
  let condition: ConditionEvaluation?
  let value: ConditionEvaluation?

  func value(of node: Int) -> ConditionValue {
    switch statistic {
    case .count:
      guard condition != nil else { return .number(Double(edges.count(of: node))) }
      var count = 0
      forEachFitting(node) { _ in count += 1 }
      return .number(Double(count))
    case .share:
      var (count, known) = (0, 0)
      edges.forEach(of: node) { other, row in
        guard let truth = condition?(ConditionFrame(node: node, edgeRow: row, other: Int(other))).truth else {
          return
        }
        known += 1
        if truth { count += 1 }
      }
      return ConditionValue(known == 0 ? nil : Double(count) / Double(known))
    case .distinct:
      var partners: [Int] = []
      forEachFitting(node) { partners.append($0.other) }
      partners.sort()
      var count = 0
      for (place, partner) in partners.enumerated() where place == 0 || partners[place - 1] != partner {
        count += 1
      }
      return .number(Double(count))
    case .sum, .mean, .min, .max: return summary(of: node)
    }
  }

  private func summary(of node: Int) -> ConditionValue {
    guard let value else { return .missing }
    var (count, sum) = (0, 0.0)
    var (lowest, highest) = (Double.infinity, -Double.infinity)
    var isTime = false
    forEachFitting(node) { frame in
      let known: Double
      switch value(frame) {
      case .number(let number): known = number
      case .time(let seconds):
        // Seconds since 1970 are whole and far below 2^53.
        known = Double(seconds)
        isTime = true
      default: return
      }
      count += 1
      sum += known
      lowest = Swift.min(lowest, known)
      highest = Swift.max(highest, known)
    }
    if statistic == .sum { return ConditionValue(sum) }
    guard count > 0 else { return .missing }
    switch statistic {
    case .mean: return ConditionValue(sum / Double(count))
    case .min: return isTime ? .time(Int64(lowest)) : ConditionValue(lowest)
    default: return isTime ? .time(Int64(highest)) : ConditionValue(highest)
    }
  }

  /// Edges for which the condition holds; an unknown one does not.
  private func forEachFitting(_ node: Int, _ body: (ConditionFrame) -> Void) {
    edges.forEach(of: node) { other, row in
      let frame = ConditionFrame(node: node, edgeRow: row, other: Int(other))
      if condition.map({ $0(frame).truth == true }) ?? true { body(frame) }
    }
  }
}
