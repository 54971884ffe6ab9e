// Has the regime changed? A model that learned one time is asked about another.
//
// Each column's training values are cut into ten bins of equal size, and one for what is missing. How far the column has moved
// since is the population stability index: Σ (p − q) ln(p / q) over the bins. Columns move in any world (ages grow), so what
// counts is not that they moved, but that they moved much farther than they had by the time of validation, which the
// model was stopped and calibrated on. Where many columns did, probabilities and alarms speak of a world that is gone.
//
// Lewis: An introduction to credit scoring (1994), for the index.

import Compute
import Foundation

/// What a model remembers of the columns it was trained on, to notice that what it is asked about is another world.
public struct RegimeWatch: Sendable, Codable, Equatable {
  /// For each column, what cuts its training values into parts.
  let edges: [[Float]]
  /// The share of training rows in each part, the missing ones last.
  let shares: [[Float]]
  /// How far each column had moved by the validation rows.
  let natural: [Float]

  /// Columns may move twice as far as they had by validation, and this much more.
  static let allowance: Float = 0.1
  /// More of the columns than this moving farther is another regime.
  static let mostMoved = 0.25
  /// Fewer rows than this say little about eleven bins.
  static let fewestRows = 200

  /// Nil where there are too few rows to know how columns move by themselves.
  public init?(_ matrix: Matrix, training: [Int], validation: [Int]) {
    guard training.count >= Self.fewestRows, validation.count >= Self.fewestRows else { return nil }
    var (edges, shares, natural): ([[Float]], [[Float]], [Float]) = ([], [], [])
    for column in 0..<matrix.columns {
      let values = training.map { matrix[$0, column] }
      let cuts = Self.cuts(of: values)
      let before = Self.shares(of: values, cuts)
      edges.append(cuts)
      shares.append(before)
      natural.append(Self.distance(before, Self.shares(of: validation.map { matrix[$0, column] }, cuts)))
    }
    self.edges = edges
    self.shares = shares
    self.natural = natural
  }

  /// What was found of rows that are to be scored.
  public struct Finding: Sendable {
    /// The share of columns that moved farther than columns do, and those that moved farthest.
    public let moved: Double
    public let farthest: [String]

    public var isOtherRegime: Bool { moved > RegimeWatch.mostMoved }

    public var warning: String? {
      guard isOtherRegime else { return nil }
      let percent = Int((moved * 100).rounded())
      return
        "The regime has changed: \(percent) % of the columns lie farther from what they were in training than twice what they "
        + "had moved by validation (the most: \(farthest.joined(separator: "; "))). Probabilities and alarms speak of a time "
        + "that is gone; train anew on what is known since."
    }
  }

  /// Nil where there are too few rows to say anything.
  public func finding(on matrix: Matrix, rows: [Int]? = nil) -> Finding? {
    let rows = rows ?? Array(0..<matrix.rows)
    guard rows.count >= Self.fewestRows, matrix.columns == edges.count else { return nil }
    var excess: [(column: Int, by: Float)] = []
    for column in 0..<matrix.columns {
      let now = Self.shares(of: rows.map { matrix[$0, column] }, edges[column])
      let by = Self.distance(shares[column], now) - 2 * natural[column] - Self.allowance
      if by > 0 { excess.append((column, by)) }
    }
    let farthest = excess.sorted { ($1.by, $0.column) < ($0.by, $1.column) }.prefix(3)
    return Finding(
      moved: Double(excess.count) / Double(max(1, matrix.columns)),
      farthest: farthest.map { place in
        matrix.columnNames.map { $0[place.column] } ?? "column \(place.column)"
      })
  }

  private static func cuts(of values: [Float]) -> [Float] {
    let known = values.filter { !$0.isNaN }.sorted()
    guard !known.isEmpty else { return [] }
    var cuts: [Float] = []
    for part in 1..<10 {
      let cut = known[known.count * part / 10]
      if cut != cuts.last { cuts.append(cut) }
    }
    return cuts
  }

  /// Half a row is added to each part, so that an empty one is no infinite distance.
  private static func shares(of values: [Float], _ cuts: [Float]) -> [Float] {
    var counts = [Float](repeating: 0.5, count: cuts.count + 2)
    for value in values {
      let part = value.isNaN ? cuts.count + 1 : cuts.indices.partitionPoint { cuts[$0] <= value }
      counts[part] += 1
    }
    let total = counts.reduce(0, +)
    return counts.map { $0 / total }
  }

  private static func distance(_ p: [Float], _ q: [Float]) -> Float {
    zip(p, q).reduce(0) { $0 + ($1.0 - $1.1) * Float(log(Double($1.0 / $1.1))) }
  }
}
