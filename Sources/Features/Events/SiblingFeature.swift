/// One column about an event's siblings: the other events of the same batch (a tender, a day's reviews of a product) that
/// bear the very same instant.
///
/// Everywhere else what bears the as-of second is the future. Siblings are not: such columns are right only where scoring
/// waits until the batch is complete, so no recipe takes them unless a batch was declared. What a sibling's participants
/// did is still only what came before.
public struct SiblingFeature: Sendable, Hashable, Codable {
  /// What is compared or pooled.
  public enum Value: Sendable, Hashable, Codable {
    case number(String)
    /// What each sibling's own participant had done before, or what was known of it.
    case history(EventFeature)
  }

  public enum Statistic: Sendable, Hashable, Codable {
    case mean, greatest, spread
    /// The event's own less the others' mean.
    case difference
    /// The same in standard deviations, widened so much.
    case standardized(widening: Double)
    /// Share of the others below it, equal ones half.
    case rank
  }

  public var table: String
  /// The end whose node makes the batch, together with the instant.
  public var batch: String
  /// Without a value, the number of the others.
  public var value: Value?
  public var statistic: Statistic

  public init(table: String, batch: String, value: Value? = nil, statistic: Statistic = .mean) {
    self.table = table
    self.batch = batch
    self.value = value
    self.statistic = statistic
  }

  public var name: String { "\(table) in the same \(batch) at once: \(words)" }

  public var sentence: String {
    "Of the other \(table) with the same \(batch) and the same instant: \(words). Only for batches that are "
      + "complete when they are scored."
  }

  private var words: String {
    guard let value else { return "others" }
    let what =
      switch value {
      case .number(let name): name
      case .history(let feature): "(\(feature.name))"
      }
    return switch statistic {
    case .mean: "mean of the others' \(what)"
    case .greatest: "greatest of the others' \(what)"
    case .spread: "spread of the others' \(what)"
    case .difference: "own \(what) less the others' mean"
    case .standardized: "own \(what) in standard deviations from the others' mean"
    case .rank: "share of the others with less \(what)"
    }
  }
}

extension SiblingFeature {
  /// A scalar expression in DuckDB's SQL over one example `x`, as in `EventFeature+SQL.swift`.
  public var sql: String {
    func own(_ column: String) -> String {
      "(SELECT o.\(quoted(column)) FROM \(quoted(table)) o WHERE o.row = x.row)"
    }
    func others(_ cells: String) -> String {
      "SELECT \(cells) FROM \(quoted(table)) e WHERE e.\(quoted(batch)) = \(own(batch)) "
        + "AND e.seen = x.as_of AND e.row <> x.row"
    }
    guard let value else {
      return "CASE WHEN \(own(batch)) IS NOT NULL THEN (SELECT count(*) FROM (\(others("e.row"))) s) END"
    }
    let values: String
    var mine = ""
    switch value {
    case .number(let column):
      values = "(\(others("e.\(quoted(column)) AS v"))) s"
      mine = own(column)
    case .history(let feature):
      let end = quoted(feature.participant.ends[0])
      values =
        "(SELECT (\(feature.sql)) AS v FROM (\(others("e.\(end) AS node, e.seen AS as_of, e.row AS row"))) x) s"
    }
    let spread = "CASE WHEN count(s.v) > 1 THEN stddev_pop(s.v) END"
    switch statistic {
    case .mean: return "(SELECT avg(s.v) FROM \(values))"
    case .greatest: return "(SELECT max(s.v) FROM \(values))"
    case .spread: return "(SELECT \(spread) FROM \(values))"
    case .difference: return "\(mine) - (SELECT avg(s.v) FROM \(values))"
    case .standardized(let widening):
      return "(\(mine) - (SELECT avg(s.v) FROM \(values))) "
        + "/ ((SELECT coalesce(\(spread), 0) FROM \(values)) + \(widening))"
    case .rank:
      return "(SELECT avg(CASE WHEN s.v IS NULL OR \(mine) IS NULL THEN NULL WHEN s.v < \(mine) THEN 1.0 "
        + "WHEN s.v = \(mine) THEN 0.5 ELSE 0.0 END) FROM \(values))"
    }
  }
}
