// A look for leaks before training: what almost gives the label away is rarely a gift.
//
// Public sets have such leaks (a feature computed from the label, the same account under two ids on both sides of a split),
// and a model that finds one looks splendid until it is used.

import Compute
import Features

/// Something that may let the label through.
public struct Leak: Sendable, Equatable, Codable {
  public let what: String
  /// Whether it is so strong that the result cannot be trusted.
  public let isSevere: Bool
}

extension NodeTask {
  /// Looks at the training rows: single columns that tell the label, and rows that stand on both sides.
  ///
  /// Costs a sort of the training rows for each column.
  public func leaks(columns: [Matrix]) -> [Leak] {
    guard isBinary, let names = columns.first?.columnNames else { return [] }
    var found: [Leak] = []
    let rows = training.flatMap { part in
      part.nodes.indices.map { (part.sight, part.nodes[$0], part.classes[$0]) }
    }
    let labels = rows.map { $0.2 == 1 }
    for (place, name) in names.enumerated() {
      let cells = rows.map { columns[$0.0][$0.1, place] }
      let present = cells.indices.filter { !cells[$0].isNaN }
      if present.count < cells.count, present.count > 0 {
        let missing = cells.map { $0.isNaN ? 1.0 : 0.0 }
        if let area = (try? Ranking(scores: missing, labels: labels))?.areaUnderROC,
          max(area, 1 - area) > 0.95
        {
          found.append(Leak(what: "that \(name) is missing almost gives the label away", isSevere: true))
        }
      }
      let scores = present.map { Double(cells[$0]) }
      guard present.count >= 20,
        let ranking = try? Ranking(scores: scores, labels: present.map { labels[$0] })
      else { continue }
      let area = max(ranking.areaUnderROC, 1 - ranking.areaUnderROC)
      guard area > 0.95 else { continue }
      let rounded = (area * 1000).rounded() / 1000
      found.append(
        Leak(
          what:
            "\(name) alone orders the training rows with AUROC \(rounded): can it only be computed from the label?",
          isSevere: area > 0.99))
    }
    found += twins(columns)
    return found
  }

  /// Rows of training and test whose own columns are the same to the last digit: the same entity under two keys.
  private func twins(_ columns: [Matrix]) -> [Leak] {
    guard let names = columns.first?.columnNames else { return [] }
    func row(_ part: Rows, _ node: Int) -> [UInt32] { columns[part.sight].row(node).map(\.bitPattern) }
    guard names.count >= 8 else { return [] }
    let seen = Set(training.flatMap { part in part.nodes.map { row(part, $0) } })
    let others = (validation + test).flatMap { part in part.nodes.map { row(part, $0) } }
    let same = others.lazy.filter { seen.contains($0) }.count
    guard same * 100 > others.count else { return [] }
    return [
      Leak(
        what:
          "\(same) of \(others.count) rows outside training are the same as a training row in every column: "
          + "is the same entity on both sides of the split?", isSevere: same * 10 > others.count)
    ]
  }
}
