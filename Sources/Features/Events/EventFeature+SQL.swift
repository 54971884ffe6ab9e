// The same columns in SQL, one correlated subquery each: slow and obvious, to check the engine by, and to tell a
// database's owner exactly what a column means.
//
// The events' table has the columns of its ends, numbers and categories, `seen` (whole seconds from when a row was
// visible) and `row` (its place in the file, which breaks ties). The examples' table, `x`, has `node`, `as_of`
// and, where examples are events themselves, `row`.

extension EventFeature {
  /// A scalar expression in DuckDB's SQL over one example `x`.
  public var sql: String {
    let all = EventRows(table: table, participant: participant)
    switch measure {
    case .count(let window):
      return all.within(window).select("count(*)")
    case .decayedCount(let halfLife):
      return all.select("coalesce(sum(pow(2.0, (e.seen - x.as_of) / \(halfLife))), 0)")
    case .logCount:
      return all.select("ln(1 + count(*))")
    case .isNew:
      return all.select("CASE WHEN count(*) = 0 THEN 1 ELSE 0 END")
    case .logSinceLast(let unit):
      return all.select("ln(1 + (x.as_of - max(e.seen)) / \(unit))")
    case .soonAfter(let seconds):
      return all.select("CASE WHEN x.as_of - max(e.seen) <= \(seconds) THEN 1 ELSE 0 END")
    case .sinceLast:
      return all.select("x.as_of - max(e.seen)")
    case .sinceFirst:
      return all.select("x.as_of - min(e.seen)")
    case .sinceNth(let back):
      return all.select("x.as_of - list(e.seen ORDER BY e.seen DESC)[\(back)]")
    case .gapMean:
      return all.select("CASE WHEN count(*) > 1 THEN \(meanGap) END")
    case .gapVariation(let smoothing):
      return all.gaps.select(
        "CASE WHEN count(g.gap) > 1 THEN stddev_pop(g.gap) / (avg(g.gap) + \(smoothing)) END")
    case .overdue(let smoothing):
      return all.select(
        "CASE WHEN count(*) > 1 THEN (x.as_of - max(e.seen)) / (\(meanGap) + \(smoothing)) END")
    case .burst(let seconds):
      return all.gaps.select(
        "avg(CASE WHEN g.gap <= \(seconds) THEN 1.0 WHEN g.gap IS NOT NULL THEN 0.0 END)")
    case .trend(let short, let long):
      let before = "count(*) FILTER (e.seen >= x.as_of - \(long) AND e.seen < x.as_of - \(short))"
      return all.select("ln((\(recent(short)) + 1) / (\(before) * \(short).0 / \(long - short).0 + 1))")
    case .trendOfLife(let short):
      let life =
        "CASE WHEN count(*) > 0 THEN greatest(1.0, (x.as_of - min(e.seen)) / \(short).0) ELSE 1.0 END"
      return all.select("ln((\(recent(short)) + 1) / (count(*) / (\(life)) + 1))")
    case .hourConcentration:
      return all.select(concentration(period: 86_400))
    case .weekdayConcentration:
      return all.select(concentration(period: 7 * 86_400))
    case .number(let column, let statistic, let window):
      return all.within(window).select(statistic.sql("e." + quoted(column)))
    case .recentShift(let column):
      let mean = "avg(e.\(quoted(column)))"
      return "\(all.within(.lastEvents(5)).select(mean)) - \(all.select(mean))"
    case .share(let column, let level):
      return all.select(
        "CASE WHEN count(*) > 0 THEN count(*) FILTER (e.\(quoted(column)) = \(literal(level))) / count(*) END"
      )
    case .distinct(let partner):
      return all.select("count(DISTINCT e.\(quoted(partner)))")
    case .newcomers(let partner, let window):
      let distinct = "count(DISTINCT e.\(quoted(partner)))"
      return "\(all.select(distinct)) - \(all.before(window).select(distinct))"
    case .repeats(let partner):
      return all.select("CASE WHEN count(*) > 0 THEN 1 - count(DISTINCT e.\(quoted(partner))) / count(*) END")
    case .concentration(let partner):
      let each =
        "SELECT count(*) AS c FROM \(all.source) WHERE \(all.condition) AND e.\(quoted(partner)) IS NOT NULL "
        + "GROUP BY e.\(quoted(partner))"
      let total = all.select("count(*)")
      return
        "CASE WHEN \(total) > 0 THEN (SELECT coalesce(sum(p.c * p.c), 0) FROM (\(each)) p) / pow(\(total), 2) END"
    case .smoothedRate(let column, let strength, let window):
      let cell = "e.\(quoted(column))"
      let rows = all.within(window)
      let sum = rows.select("coalesce(sum(\(cell)), 0)")
      return "(\(sum) + \(strength) * \(prior(column))) / (\(rows.select("count(\(cell))")) + \(strength))"
    case .decayedRate(let column, let halfLife):
      let cell = "e.\(quoted(column))"
      let weight = "pow(2.0, (e.seen - x.as_of) / \(halfLife))"
      let sum = all.select("coalesce(sum(\(cell) * \(weight)), 0)")
      let count = all.select("coalesce(sum(\(weight)) FILTER (\(cell) IS NOT NULL), 0)")
      return "(\(sum) + \(prior(column))) / (\(count) + 1)"
    case .sinceLastHigh(let column):
      return all.select("x.as_of - max(e.seen) FILTER (e.\(quoted(column)) > 0.5)")
    case .deviation(let column, let deviation, let widening):
      return self.deviation(all, "e.\(quoted(column))", column, deviation, widening)
    }
  }

  private var meanGap: String { "(max(e.seen) - min(e.seen)) / (count(*) - 1)" }

  private func recent(_ seconds: Int64) -> String { "count(*) FILTER (e.seen >= x.as_of - \(seconds))" }

  private func concentration(period: Int) -> String {
    let angle = "2 * pi() * (e.seen % \(period)) / \(period).0"
    return
      "CASE WHEN count(*) > 1 THEN sqrt(pow(sum(cos(\(angle))), 2) + pow(sum(sin(\(angle))), 2)) / count(*) END"
  }

  /// The rate in the whole table by then.
  private func prior(_ column: String) -> String {
    "(SELECT (coalesce(sum(a.\(quoted(column))), 0) + 1) / (count(a.\(quoted(column))) + 20) "
      + "FROM \(quoted(table)) a WHERE a.seen < x.as_of)"
  }

  private func deviation(
    _ all: EventRows, _ cell: String, _ column: String, _ deviation: Deviation, _ widening: Double
  ) -> String {
    let own = "(SELECT o.\(quoted(column)) FROM \(quoted(table)) o WHERE o.row = x.row)"
    switch deviation {
    case .standardized:
      let spread = "CASE WHEN count(\(cell)) > 1 THEN stddev_pop(\(cell)) ELSE 0 END"
      return "(\(own) - \(all.select("avg(\(cell))"))) / (\(all.select(spread)) + \(widening))"
    case .fromMean:
      return "\(own) - \(all.select("avg(\(cell))"))"
    case .fromLast:
      return "\(own) - \(all.select(Statistic.last.sql(cell)))"
    case .fromGreatest:
      return "\(own) - \(all.select("max(\(cell))"))"
    case .rank, .same:
      let worth =
        deviation == .rank
        ? "WHEN \(cell) < \(own) THEN 1.0 WHEN \(cell) = \(own) THEN 0.5"
        : "WHEN \(cell) = \(own) THEN 1.0"
      let mean = "avg(CASE WHEN \(cell) IS NULL THEN NULL \(worth) ELSE 0.0 END)"
      return "CASE WHEN \(own) IS NOT NULL THEN \(all.within(.lastEvents(50)).select(mean)) END"
    }
  }
}

extension EventFeature.Statistic {
  fileprivate func sql(_ cell: String) -> String {
    switch self {
    case .mean: "avg(\(cell))"
    case .spread: "CASE WHEN count(\(cell)) > 1 THEN stddev_pop(\(cell)) END"
    case .sum: "coalesce(sum(\(cell)), 0)"
    case .least: "min(\(cell))"
    case .greatest: "max(\(cell))"
    case .last: "list(\(cell) ORDER BY e.seen DESC, e.row DESC) FILTER (\(cell) IS NOT NULL)[1]"
    case .missingShare: "CASE WHEN count(*) > 0 THEN 1 - count(\(cell)) / count(*) END"
    }
  }
}

/// The rows of a node that an example may see, as the inside of a subquery.
private struct EventRows {
  var source: String
  var condition: String
  private let table: String

  init(table: String, participant: EventFeature.Participant) {
    self.table = table
    source = "\(quoted(table)) e"
    func own(_ column: String) -> String {
      "(SELECT o.\(quoted(column)) FROM \(quoted(table)) o WHERE o.row = x.row)"
    }
    let isSame =
      switch participant {
      case .end(let end): "e.\(quoted(end)) = x.node"
      case .pair(let a, let b): "e.\(quoted(a)) = \(own(a)) AND e.\(quoted(b)) = \(own(b))"
      case .binned(let end, let number, let edges):
        "e.\(quoted(end)) = \(own(end)) AND \(bin("e." + quoted(number), edges)) = \(bin(own(number), edges))"
      case .level(let end, let category):
        "e.\(quoted(end)) = \(own(end)) AND e.\(quoted(category)) = \(own(category))"
      }
    condition = "\(isSame) AND e.seen < x.as_of"
  }

  func select(_ expression: String) -> String { "(SELECT \(expression) FROM \(source) WHERE \(condition))" }

  func within(_ window: EventFeature.Window) -> EventRows {
    var rows = self
    switch window {
    case .ever: break
    case .last(let seconds): rows.condition += " AND e.seen >= x.as_of - \(seconds)"
    case .lastEvents(let count):
      let numbered = "row_number() OVER (ORDER BY e.seen DESC, e.row DESC) AS place"
      rows.source = "(SELECT e.*, \(numbered) FROM \(source) WHERE \(condition)) e"
      rows.condition = "e.place <= \(count)"
    }
    return rows
  }

  /// The rows before a window begins.
  func before(_ window: EventFeature.Window) -> EventRows {
    var rows = self
    switch window {
    case .ever: rows.condition += " AND false"
    case .last(let seconds): rows.condition += " AND e.seen < x.as_of - \(seconds)"
    case .lastEvents(let count):
      rows = within(window)
      rows.condition = "e.place > \(count)"
    }
    return rows
  }

  /// The gaps between rows, as `g.gap`; the first row's is null.
  var gaps: EventRows {
    var rows = self
    rows.source =
      "(SELECT e.seen - lag(e.seen) OVER (ORDER BY e.seen) AS gap FROM \(source) WHERE \(condition)) g"
    rows.condition = "true"
    return rows
  }
}

/// How many edges a number has reached; null where it is missing.
private func bin(_ number: String, _ edges: [Float]) -> String {
  "CASE " + edges.enumerated().map { "WHEN \(number) < \($1) THEN \($0)" }.joined(separator: " ")
    + " WHEN \(number) IS NOT NULL THEN \(edges.count) END"
}

func quoted(_ name: String) -> String {
  "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}

func literal(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
}
