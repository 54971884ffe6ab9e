// Many columns by one statement: each example is joined with its node's events once, and every column is an aggregate of
// them. The fastest form known in SQL: window functions number the events from the newest and from each partner's first, so
// that what needs an order is an aggregate with a filter as well.

extension EventFeature {
  /// One statement that gives `example` and a column `c0`, `c1`, … for each feature, in the order of examples. The events'
  /// table and the examples' `x_examples` are as in `sql`, with a column `example`.
  ///
  /// Nil where a feature needs the event that is asked about, or rates of the whole table.
  public static func joined(_ features: [EventFeature], examples: String = "x_examples") -> String? {
    guard let first = features.first, case .end(let end) = first.participant else { return nil }
    var partners: [String] = []
    var columns: [String] = []
    for feature in features {
      guard feature.table == first.table, feature.participant == first.participant,
        let column = feature.aggregate(partners: &partners)
      else { return nil }
      columns.append("\(column) AS c\(columns.count)")
    }
    let met = partners.indices.map { place in
      let partner = "e.\(quoted(partners[place]))"
      return
        ", CASE WHEN \(partner) IS NOT NULL THEN row_number() OVER (PARTITION BY x.example, \(partner) ORDER BY e.seen, e.row) END AS met\(place)"
    }.joined()
    return """
      WITH j AS (
        SELECT x.example, e.*,
          row_number() OVER (PARTITION BY x.example ORDER BY e.seen DESC, e.row DESC) AS place,
          e.seen - lag(e.seen) OVER (PARTITION BY x.example ORDER BY e.seen, e.row) AS gap\(met)
        FROM \(quoted(examples)) x JOIN \(quoted(first.table)) e ON e.\(quoted(end)) = x.node AND e.seen < x.as_of)
      SELECT x.example, \(columns.joined(separator: ", "))
      FROM \(quoted(examples)) x LEFT JOIN j ON j.example = x.example GROUP BY x.example, x.as_of ORDER BY x.example
      """
  }

  private func aggregate(partners: inout [String]) -> String? {
    func met(_ partner: String) -> String {
      if !partners.contains(partner) { partners.append(partner) }
      return "j.met\(partners.firstIndex(of: partner)!)"
    }
    let count = "count(j.seen)"
    func some(_ expression: String, atLeast least: Int = 1) -> String {
      "CASE WHEN \(count) >= \(least) THEN \(expression) END"
    }
    let meanGap = "((max(j.seen) - min(j.seen)) / (\(count) - 1))"
    switch measure {
    case .count(let window): return "\(count)\(window.filter)"
    case .logCount: return "ln(1 + \(count))"
    case .isNew: return "CASE WHEN \(count) = 0 THEN 1 ELSE 0 END"
    case .decayedCount(let halfLife):
      return "coalesce(sum(pow(2.0, (j.seen - x.as_of) / \(halfLife))), 0)"
    case .sinceLast: return "x.as_of - max(j.seen)"
    case .logSinceLast(let unit): return "ln(1 + (x.as_of - max(j.seen)) / \(unit))"
    case .soonAfter(let seconds): return "CASE WHEN x.as_of - max(j.seen) <= \(seconds) THEN 1 ELSE 0 END"
    case .sinceFirst: return "x.as_of - min(j.seen)"
    case .sinceNth(let back): return "x.as_of - max(j.seen) FILTER (j.place = \(back))"
    case .gapMean: return some(meanGap, atLeast: 2)
    case .gapVariation(let smoothing):
      return "CASE WHEN count(j.gap) > 1 THEN stddev_pop(j.gap) / (avg(j.gap) + \(smoothing)) END"
    case .overdue(let smoothing):
      return some("(x.as_of - max(j.seen)) / (\(meanGap) + \(smoothing))", atLeast: 2)
    case .burst(let seconds):
      return "avg(CASE WHEN j.gap <= \(seconds) THEN 1.0 WHEN j.gap IS NOT NULL THEN 0.0 END)"
    case .trend(let short, let long):
      let before = "count(j.seen) FILTER (j.seen >= x.as_of - \(long) AND j.seen < x.as_of - \(short))"
      return
        "ln((\(count)\(Window.last(seconds: short).filter) + 1) / (\(before) * \(short).0 / \(long - short).0 + 1))"
    case .trendOfLife(let short):
      let life =
        "CASE WHEN \(count) > 0 THEN greatest(1.0, (x.as_of - min(j.seen)) / \(short).0) ELSE 1.0 END"
      return "ln((\(count)\(Window.last(seconds: short).filter) + 1) / (\(count) / (\(life)) + 1))"
    case .hourConcentration: return concentrationOnClock(period: 86_400, count)
    case .weekdayConcentration: return concentrationOnClock(period: 7 * 86_400, count)
    case .number(let column, let statistic, let window):
      return statistic.aggregate("j.\(quoted(column))", window)
    case .recentShift(let column):
      let cell = "j.\(quoted(column))"
      return "avg(\(cell)) FILTER (j.place <= 5) - avg(\(cell))"
    case .share(let column, let level):
      return some("count(j.seen) FILTER (j.\(quoted(column)) = \(literal(level))) / \(count)")
    case .distinct(let partner): return "count(j.seen) FILTER (\(met(partner)) = 1)"
    case .newcomers(let partner, let window):
      guard let condition = window.condition else { return "count(j.seen) FILTER (\(met(partner)) = 1)" }
      return "count(j.seen) FILTER (\(met(partner)) = 1 AND \(condition))"
    case .repeats(let partner): return some("1 - count(j.seen) FILTER (\(met(partner)) = 1) / \(count)")
    case .concentration(let partner):
      return some("coalesce(sum(2 * \(met(partner)) - 1), 0) / pow(\(count), 2)")
    case .sinceLastHigh(let column): return "x.as_of - max(j.seen) FILTER (j.\(quoted(column)) > 0.5)"
    case .smoothedRate, .decayedRate, .deviation: return nil
    }
  }

  private func concentrationOnClock(period: Int, _ count: String) -> String {
    let angle = "2 * pi() * (j.seen % \(period)) / \(period).0"
    return
      "CASE WHEN \(count) > 1 THEN sqrt(pow(sum(cos(\(angle))), 2) + pow(sum(sin(\(angle))), 2)) / \(count) END"
  }
}

extension EventFeature.Window {
  fileprivate var condition: String? {
    switch self {
    case .ever: nil
    case .last(let seconds): "j.seen >= x.as_of - \(seconds)"
    case .lastEvents(let count): "j.place <= \(count)"
    }
  }

  fileprivate var filter: String { condition.map { " FILTER (\($0))" } ?? "" }
}

extension EventFeature.Statistic {
  fileprivate func aggregate(_ cell: String, _ window: EventFeature.Window) -> String {
    let filter = window.filter
    switch self {
    case .mean: return "avg(\(cell))\(filter)"
    case .spread: return "CASE WHEN count(\(cell))\(filter) > 1 THEN stddev_pop(\(cell))\(filter) END"
    case .sum: return "coalesce(sum(\(cell))\(filter), 0)"
    case .least: return "min(\(cell))\(filter)"
    case .greatest: return "max(\(cell))\(filter)"
    case .last:
      let known = [window.condition, "\(cell) IS NOT NULL"].compactMap { $0 }.joined(separator: " AND ")
      return "arg_min(\(cell), j.place) FILTER (\(known))"
    case .missingShare:
      return
        "CASE WHEN count(j.seen)\(filter) > 0 THEN 1 - count(\(cell))\(filter) / count(j.seen)\(filter) END"
    }
  }
}
