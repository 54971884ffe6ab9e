import Compute
import Graph

/// A number written beside each event of a table: an event feature of one of its participants, as of the event's own time.
///
/// With it a history can speak of how others stood when they came: the mean, over a product's reviews, of whether the
/// reviewer was new. For SQL it is one more column of the table, computed from the feature's own SQL with the table's rows
/// as examples.
public struct DerivedNumber: Sendable, Hashable, Codable {
  public var feature: EventFeature

  public init(_ feature: EventFeature) { self.feature = feature }

  /// The name of the column.
  public var name: String { "\(feature.participant.words)'s \(feature.measure.words)" }

  /// The rows of `base` with the derived columns beside them, in DuckDB's SQL: what the table's features are asked of.
  public static func select(_ numbers: [DerivedNumber], from base: String) -> String {
    let columns = numbers.map { number in
      var onBase = number.feature
      onBase.table = base
      let end = quoted(number.feature.participant.ends[0])
      return
        "(SELECT \(onBase.sql) FROM (SELECT b.\(end) AS node, b.seen AS as_of, b.row AS row) x) AS \(quoted(number.name))"
    }
    let list = (["b.*"] + columns).joined(separator: ", ")
    return "SELECT \(list) FROM \(quoted(base)) b"
  }
}

extension DerivedNumber {
  /// The same rows by window functions: much faster, for tables with somebody at every end. Nil where a feature has no such form.
  public static func windowed(_ numbers: [DerivedNumber], from base: String) -> String? {
    var columns = ["b.*"]
    for number in numbers {
      let end = quoted(number.feature.participant.ends[0])
      let frame =
        "OVER (PARTITION BY b.\(end) ORDER BY b.seen RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
      let since = "(b.seen - max(b.seen) \(frame))"
      let cell: String
      switch number.feature.measure {
      case .logCount: cell = "ln(1 + count(*) \(frame))"
      case .isNew: cell = "CASE WHEN count(*) \(frame) = 0 THEN 1 ELSE 0 END"
      case .logSinceLast(let unit): cell = "ln(1 + \(since) / \(unit))"
      case .soonAfter(let seconds): cell = "CASE WHEN \(since) <= \(seconds) THEN 1 ELSE 0 END"
      case .deviation(let column, .fromMean, _):
        cell = "b.\(quoted(column)) - avg(b.\(quoted(column))) \(frame)"
      default: return nil
      }
      columns.append("\(cell) AS \(quoted(number.name))")
    }
    return "SELECT \(columns.joined(separator: ", ")) FROM \(quoted(base)) b"
  }
}

extension EventTable {
  /// The same table with more numbers. Costs each end's histories once.
  func adding(
    _ derived: [DerivedNumber], parallel: Parallel = .machine
  ) throws(EventFeatureError) -> EventTable {
    guard !derived.isEmpty else { return self }
    var more: [Number] = []
    for end in ends {
      let own = derived.filter { $0.feature.participant == .end(end.name) }
      guard !own.isEmpty else { continue }
      let columns = try EventEngine(table: self, features: own.map(\.feature))
        .columnsOfAllRows(parallel: parallel)
      for (number, values) in zip(own, columns) { more.append(Number(name: number.name, values: values)) }
    }
    return EventTable(self, numbers: numbers + more)
  }
}
