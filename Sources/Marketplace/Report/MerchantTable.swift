import Compute
import Foundation
import Graph
import Tables

/// All merchants of a written market as they were seen at a time: own columns, columns of what they are joined with, what
/// their keys and row orders could betray; the labels known then, and the truth of the time after.
struct MerchantTable {
  /// Rows of `columns` that had a label, and those labels.
  var taught: [Int] = []
  var labels: [Int] = []
  /// Rows that are judged, and what is true of them.
  var judged: [Int] = []
  var truth: [Bool] = []
  /// Of every row: whether the merchant is risky at any time.
  var everRisky: [Bool] = []
  private let columns: TableColumns

  init(folder: String, format: GeneratorOptions.Format, asOf: Timestamp, stop: StopRequest) throws {
    let database = try Database()
    for table in MarketTable.allCases {
      let name = table.isTruth ? "truth_" + table.spec.name : table.spec.name
      let path = folder + (table.isTruth ? "/truth/" : "/") + table.spec.name + "." + format.rawValue
      let quoted = "'" + path.replacingOccurrences(of: "'", with: "''") + "'"
      let source =
        format == .parquet
        ? "read_parquet(\(quoted))" : "read_csv(\(quoted), all_varchar = true, header = true)"
      try database.run("CREATE VIEW \(name) AS SELECT * FROM \(source)")
    }
    columns = try database.columns(MerchantTable.sql(asOf: asOf), stop: stop)
    let label = columns.float("label")
    let risky = columns.float("truth")
    everRisky = columns.float("ever").map { $0 > 0.5 }
    for row in 0..<columns.rows {
      if label[row] == label[row] {
        taught.append(row)
        labels.append(label[row] > 0.5 ? 1 : 0)
      } else if risky[row] >= 0 {
        judged.append(row)
        truth.append(risky[row] > 0.5)
      }
    }
  }

  /// The columns of those names.
  func matrix(_ isWanted: (String) -> Bool) -> Matrix {
    let names = columns.names.filter(isWanted)
    var matrix = Matrix(rows: columns.rows, columns: names.count, columnNames: names)
    for (place, name) in names.enumerated() {
      let values = columns.float(name)
      for row in 0..<columns.rows { matrix[row, place] = values[row] }
    }
    return matrix
  }

  private static func sql(asOf: Timestamp) -> String {
    let now = "TIMESTAMP '\(asOf.description.prefix(10)) 00:00:00'"
    func before(_ column: String) -> String { "\(column)::TIMESTAMP < \(now)" }
    func days(_ column: String) -> String { "epoch(\(now) - \(column)::TIMESTAMP) / 86400" }

    let own = [
      "age": "ln(1 + \(days("m.opened_at")))", "verified": "m.is_verified::BOOLEAN::INT",
      "trial_orders": "ln(1 + m.trial_orders::DOUBLE)", "price_level": "ln(m.price_level::DOUBLE)",
      "rating": "m.rating::DOUBLE", "late_rate": "ln(1e-4 + m.late_rate::DOUBLE)",
      "refund_rate": "ln(1e-4 + m.refund_rate::DOUBLE)", "dispute_rate": "ln(1e-4 + m.dispute_rate::DOUBLE)",
      "chat_response_rate": "m.chat_response_rate::DOUBLE",
      "chat_minutes": "ln(0.1 + m.chat_minutes::DOUBLE)",
      "deposit": "m.deposit::DOUBLE",
    ]
    var select = own.sorted { $0.key < $1.key }.map { "\($0.value) AS own_\($0.key)" }
    for (column, levels) in [
      ("category", categoryLevels), ("country", countryLevels), ("business", businessLevels),
    ] {
      for level in levels { select.append("(m.\(column) = '\(level)')::INT AS own_\(column)_\(level)") }
    }
    var join: [String] = []
    for (relation, time, kind, since) in [
      ("merchant_logs_in", "logged_in_at", "device", "first_seen"),
      ("merchant_paid_to", "since", "account", "opened_at"), ("ships_from", "since", "address", "first_seen"),
    ] {
      let flag =
        kind == "device"
        ? "x.is_emulator::BOOLEAN::INT"
        : kind == "account" ? "(x.kind = 'wallet')::INT" : "(x.kind = 'virtual')::INT"
      join.append(
        """
        LEFT JOIN (WITH e AS (SELECT DISTINCT merchant, \(kind) FROM \(relation) WHERE \(before(time))),
          s AS (SELECT \(kind), count(*) AS n FROM e GROUP BY 1),
          k AS (SELECT a.merchant, sum((m.risk_label::BOOLEAN AND \(before("m.label_known_at")))::INT) AS known
            FROM e a JOIN e b USING (\(kind)) JOIN merchant m ON m.id = b.merchant WHERE a.merchant <> b.merchant GROUP BY 1)
          SELECT e.merchant AS id, count(*) AS near_\(kind)_count, avg(s.n) AS near_\(kind)_shared,
            min(\(days("x." + since))) AS near_\(kind)_age, avg(\(flag)) AS near_\(kind)_flag,
            max(k.known) AS near_\(kind)_known
          FROM e JOIN s USING (\(kind)) JOIN \(kind) x ON x.id = e.\(kind) LEFT JOIN k ON k.merchant = e.merchant GROUP BY 1
        ) AS by_\(kind) ON by_\(kind).id = m.id
        """)
      for part in ["count", "shared", "age", "flag", "known"] {
        select.append("by_\(kind).near_\(kind)_\(part)")
      }
    }
    func aggregate(_ name: String, _ parts: [(String, String)], from source: String) {
      let list = parts.map { "\($0.1) AS near_\(name)_\($0.0)" }.joined(separator: ", ")
      join.append(
        "LEFT JOIN (SELECT merchant AS id, \(list) FROM \(source) GROUP BY 1) AS by_\(name) ON by_\(name).id = m.id"
      )
      for part in parts { select.append("by_\(name).near_\(name)_\(part.0)") }
    }
    aggregate(
      "products",
      [
        ("count", "count(*)"), ("price", "avg(ln(p.price::DOUBLE))"), ("discount", "avg(p.discount::DOUBLE)"),
        ("brands", "avg((p.brand <> 'none')::INT)"),
      ], from: "sells e JOIN product p ON p.id = e.product WHERE \(before("e.listed_at"))")
    aggregate(
      "orders",
      [
        ("count", "count(*)"), ("amount", "avg(e.amount::DOUBLE)"),
        ("coupons", "avg((e.coupon::DOUBLE > 0)::INT)"),
        ("buyer_age", "avg(\(days("b.joined_at")))"), ("buyer_orders", "avg(b.orders_before::DOUBLE)"),
        ("buyer_verified", "avg(b.is_phone_verified::BOOLEAN::INT)"),
        ("repeats", "count(DISTINCT e.buyer) / count(*)"),
        ("fresh", "avg((epoch(e.ordered_at::TIMESTAMP - b.joined_at::TIMESTAMP) < 7776000)::INT)"),
        ("known", "avg(coalesce((b.risk_label::BOOLEAN AND \(before("b.label_known_at")))::INT, 0))"),
      ], from: "orders e JOIN buyer b ON b.id = e.buyer WHERE \(before("e.ordered_at"))")
    aggregate("refunds", [("count", "count(*)")], from: "refunds WHERE \(before("settled_at"))")
    aggregate("complaints", [("count", "count(*)")], from: "complaints WHERE \(before("registered_at"))")
    aggregate(
      "reviews",
      [("stars", "avg(r.stars::DOUBLE)"), ("spread", "stddev(r.stars::DOUBLE)"), ("count", "count(*)")],
      from: "reviews r JOIN sells USING (product) WHERE \(before("r.published_at"))")
    aggregate(
      "edits",
      [("swaps", "sum((changed IN ('title', 'images', 'category', 'brand'))::INT)"), ("count", "count(*)")],
      from: "edits WHERE \(before("edited_at"))")
    for name in ["refunds", "complaints", "reviews", "edits"] {
      select.append(
        "(coalesce(near_\(name)_count, 0) + 0.3) / (coalesce(near_orders_count, 0) + 10) AS near_\(name)_rate"
      )
    }
    for place in 2...9 { select.append("ascii(substr(m.id, \(place), 1)) AS key_letter\(place)") }
    select += [
      "m.place AS key_place", "epoch(m.opened_at::TIMESTAMP)::BIGINT % 60 AS key_second",
      "epoch(m.opened_at::TIMESTAMP)::BIGINT % 3600 AS key_hour",
      "epoch(m.opened_at::TIMESTAMP)::BIGINT % 10 AS key_digit",
    ]
    select.append("CASE WHEN \(before("m.label_known_at")) THEN m.risk_label::BOOLEAN::INT END AS label")
    // 1 risky after the as-of time, 0 not, -1 no longer.
    select.append(
      "CASE WHEN t.key IS NULL THEN 0 WHEN t.ended_at::TIMESTAMP > \(now) THEN 1 ELSE -1 END AS truth")
    select.append("(t.key IS NOT NULL)::INT AS ever")
    let outer = select.map { item -> String in
      let name = item.split(separator: " ").last!.split(separator: ".").last!
      return "\(name)::FLOAT AS \(name)"
    }
    return """
      WITH m AS (SELECT *, row_number() OVER () AS place FROM merchant)
      SELECT \(outer.joined(separator: ", ")) FROM (
        SELECT m.id, \(select.joined(separator: ", ")) FROM m \(join.joined(separator: "\n"))
        LEFT JOIN (SELECT * FROM truth_nodes WHERE type = 'merchant' AND is_risky::BOOLEAN) AS t ON t.key = m.id
        WHERE \(before("m.opened_at")))
      ORDER BY id
      """
  }
}
