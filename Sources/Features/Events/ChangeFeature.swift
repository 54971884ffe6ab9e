import Compute
import Foundation
import Graph

/// One column about whether the number of a node's events a day has changed of late: computed from the days before an instant by
/// `changePoints`, exactly. It has no SQL.
public struct ChangeFeature: Sendable, Hashable, Codable {
  public enum Statistic: String, Sendable, Hashable, Codable, CaseIterable {
    /// The logarithm of the odds that anything changed.
    case logOdds
    /// Days since the latest change began; missing where none is probable.
    case daysSince
    /// The logarithm of the events a day after the latest change over those before, 0.1 a day added to both.
    case logRatio
  }

  public var table: String
  public var end: String
  /// How many days before the instant are looked at.
  public var days: Int
  public var statistic: Statistic

  public init(table: String, end: String, days: Int = 180, statistic: Statistic) {
    self.table = table
    self.end = end
    self.days = days
    self.statistic = statistic
  }

  public var name: String { "\(table) by \(end): \(words)" }

  public var sentence: String {
    "Of the number of \(table) a day of this \(end) in the \(days) days before the as-of time: \(words)."
  }

  private var words: String {
    switch statistic {
    case .logOdds: "logarithm of the odds that it changed"
    case .daysSince: "days since it last changed"
    case .logRatio: "logarithm of what it changed to over what it was"
    }
  }
}

/// Computes change features: for each example a series of days, and its most probable division.
///
/// Costs the square of the days an example, about a quarter of a millisecond for 180; examples are independent, so blocks of
/// them go to the cores.
public struct ChangeEngine: Sendable {
  public let features: [ChangeFeature]
  private let table: EventTable
  private let end: EventTable.End

  /// Needs: features of one end and one number of days.
  public init(table: EventTable, features: [ChangeFeature]) throws(EventFeatureError) {
    precondition(!features.isEmpty, "no features to compute")
    self.table = table
    self.features = features
    end = try table.end(for: .end(features[0].end))
  }

  public func columns(for examples: EventExamples, parallel: Parallel = .machine) -> Matrix {
    var result = Matrix(rows: examples.count, columns: features.count, columnNames: features.map(\.name))
    let width = features.count
    let days = features[0].days
    result.withUnsafeMutableBufferPointer { cells in
      parallel.forEach(rows: examples.count, atLeast: 16) { block in
        for example in block {
          let report = report(of: examples.nodes[example], asOf: examples.asOf[example], days: days)
          for column in 0..<width {
            cells[example * width + column] = answer(features[column].statistic, report, days: days)
          }
        }
      }
    }
    return result
  }

  /// The days from the node's first event on, at most so many; nil where it had none.
  private func report(of node: UInt32, asOf: Int64, days: Int) -> (found: ChangePointReport, days: Int)? {
    guard node != EventTable.End.nobody, Int(node) < end.nodeCount else { return nil }
    let past = table.places(of: node, at: end, before: asOf)
    guard !past.isEmpty else { return nil }
    let age = asOf - table.times[Int(end.rows[past.lowerBound])]
    let count = min(days, Int((age + 86_399) / 86_400))
    guard count > 1 else { return nil }
    var counts = [Int](repeating: 0, count: count)
    for place in past.reversed() {
      let back = Int((asOf - 1 - table.times[Int(end.rows[place])]) / 86_400)
      if back >= count { break }
      counts[count - 1 - back] += 1
    }
    return (changePoints(in: DailyCounts(counts)), count)
  }

  private func answer(
    _ statistic: ChangeFeature.Statistic, _ report: (found: ChangePointReport, days: Int)?, days: Int
  ) -> Float {
    guard let (found, count) = report else { return .nan }
    switch statistic {
    case .logOdds: return Float(max(-20, min(50, found.logOdds)))
    case .daysSince: return found.latest.map { Float(count - $0.day) } ?? .nan
    case .logRatio: return found.latest.map { Float(log(($0.after + 0.1) / ($0.before + 0.1))) } ?? 0
    }
  }
}
