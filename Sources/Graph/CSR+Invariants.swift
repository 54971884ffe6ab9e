import Compute

extension CSR {
  /// What is wrong with this graph, in words; nil where every invariant holds: offsets start at 0 and never fall,
  /// targets are in range, rows are sorted by time and then target, weights are numbers.
  ///
  /// One pass over everything; for tests, and for `check` on what a disk gave back.
  public func violation(isSymmetric: Bool = false) -> String? {
    guard offsets[0] == 0 else { return "the first offset is \(offsets[0]), not 0" }
    for row in 0..<rowCount where offsets[row] > offsets[row + 1] {
      return "the offsets fall after row \(row)"
    }
    for row in 0..<rowCount {
      let entries = self.row(row)
      for entry in entries {
        if Int(targets[entry]) >= targetCount {
          return "row \(row) names target \(targets[entry]) of only \(targetCount)"
        }
        if let weights, weights[entry].isNaN { return "row \(row) has a weight that is no number" }
        guard entry > entries.lowerBound else { continue }
        let before = (times?[entry - 1] ?? 0, targets[entry - 1])
        let here = (times?[entry] ?? 0, targets[entry])
        if before.0 > here.0 { return "the times of row \(row) fall at entry \(entry)" }
        if before > here { return "the targets of row \(row) fall at entry \(entry)" }
      }
    }
    return isSymmetric ? asymmetry() : nil
  }

  /// Counts, for every entry from a lower to a higher node, its mirror image: sorted lists of both must agree.
  private func asymmetry() -> String? {
    guard rowCount == targetCount else { return "\(rowCount) rows, but \(targetCount) targets" }
    var next = (0..<rowCount).map { Int(offsets[$0]) }
    guard times == nil else { return nil }
    for row in 0..<rowCount {
      for entry in self.row(row) {
        let target = Int(targets[entry])
        // Rows come in rising order, so each target's own row must list them in that order.
        guard next[target] < Int(offsets[target + 1]), targets[next[target]] == UInt32(row) else {
          return "the edge from \(row) to \(target) has no counterpart"
        }
        if weight(next[target]) != weight(entry) {
          return "the edge from \(row) to \(target) weighs differently seen from there"
        }
        next[target] += 1
      }
    }
    return nil
  }
}
