// The figures of parts of the rows: of each kind of risk, category, country, age, month.

import Compute
import Features
import Graph

extension Evaluation {
  /// Splits the rows by what `values` says of each, and measures each part; parts in the order of their size.
  /// A part of fewer than `least` rows joins `others`.
  func parts(
    by name: String, _ values: [String?], _ scored: Scored, _ settings: EvaluationSettings, least: Int = 30,
    most: Int = 12
  ) -> [Part] {
    var places: [String: [Int]] = [:]
    for (row, value) in values.enumerated() { places[value ?? "unknown", default: []].append(row) }
    let order = places.keys.sorted { (places[$1]!.count, $0) < (places[$0]!.count, $1) }
    let kept = order.filter { places[$0]!.count >= least }.prefix(most)
    let others = order.filter { !kept.contains($0) }.flatMap { places[$0]! }.sorted()
    var result = kept.map { Evaluation.part(name, $0, places[$0]!, scored, settings) }
    if !others.isEmpty { result.append(Evaluation.part(name, "others", others, scored, settings)) }
    return result
  }

  static func part(
    _ name: String, _ value: String, _ places: [Int], _ scored: Scored, _ settings: EvaluationSettings
  ) -> Part {
    var few = settings
    few.bootstrap.samples = min(200, settings.bootstrap.samples)
    let own = scored.rows(places)
    let measures: [RankingMeasure] = [
      .areaUnderROC, .averagePrecision, .recall(atBudget: settings.budget),
      .precision(atBudget: settings.budget),
    ]
    // One class alone has no figures, but its rows are told.
    let figures =
      (try? few.bootstrap.estimates(scores: own.scores, labels: own.labels, measures)).map {
        zip(measures, $0).map { Figure($0.name, $1) }
      } ?? []
    let gains = (try? Evaluation.gains(own.scores, own.baseline, own.labels, few)) ?? []
    return Part(
      by: name, value: value, rows: places.count, positives: own.labels.count { $0 }, figures: figures,
      graphAdds: gains)
  }

  /// Each kind of risk against all good rows: how well it is told from them, and how much of it the review budget of all
  /// rows reaches.
  func kinds(_ kinds: [String?], _ scored: Scored, _ settings: EvaluationSettings) -> [Part] {
    let found = Set(kinds.compactMap { $0 }).sorted()
    guard !found.isEmpty, let whole = try? Ranking(scores: scored.scores, labels: scored.labels) else {
      return []
    }
    let order = scored.scores.sorted(by: >)
    let threshold = order[min(order.count, whole.rows(atBudget: settings.budget)) - 1]
    var few = settings
    few.bootstrap.samples = min(200, settings.bootstrap.samples)
    let measures: [RankingMeasure] = [
      .areaUnderROC, .averagePrecision,
      RankingMeasure("found within the budget") { $0.confusion(at: threshold).recall },
    ]
    return found.map { kind in
      let places = kinds.indices.filter { kinds[$0] == kind || !scored.labels[$0] }
      let own = scored.rows(places)
      let figures =
        (try? few.bootstrap.estimates(scores: own.scores, labels: own.labels, measures)).map {
          zip(measures, $0).map { Figure($0.name, $1) }
        } ?? []
      let count = kinds.count { $0 == kind }
      return Part(
        by: "kind of risk", value: kind, rows: count, positives: count, figures: figures, graphAdds: [])
    }
  }

  /// Positives by the month in which they came out, each month's against all good rows.
  func months(_ since: [Int64], _ scored: Scored, _ settings: EvaluationSettings) -> [Part] {
    var months: [String: [Int]] = [:]
    for row in since.indices where scored.labels[row] && since[row] != Column.missingTime {
      months[String(Timestamp(seconds: since[row]).description.prefix(7)), default: []].append(row)
    }
    guard months.count > 1 else { return [] }
    let good = scored.labels.indices.filter { !scored.labels[$0] }
    return months.keys.sorted().map {
      Evaluation.part("month it came out", $0, (months[$0]! + good).sorted(), scored, settings)
    }
  }
}

/// Scores beside the labels that judge them.
struct Scored {
  var scores: [Double]
  var baseline: [Double]?
  var labels: [Bool]

  func rows(_ places: [Int]) -> Scored {
    Scored(
      scores: places.map { scores[$0] }, baseline: baseline.map { all in places.map { all[$0] } },
      labels: places.map { labels[$0] })
  }
}

extension NodeTable {
  /// What a category, a text or a short number says of each of some nodes.
  func values(of column: String, at nodes: [Int]) throws(FeatureError) -> [String?] {
    guard let texts = texts(of: column) else {
      throw .unknownColumn(name: column, type: type.name, known: columns.keys.sorted())
    }
    return nodes.map { texts[$0] }
  }

  /// How long each of some nodes had been there at an instant of its own; nil where the type has no clock.
  func ages(of nodes: [Int], asOf: [Int64]) -> [String?]? {
    guard let times else { return nil }
    let bands = [
      (30, "under 30 days"), (90, "30 to 90 days"), (180, "90 to 180 days"), (365, "180 to 365 days"),
    ]
    return zip(nodes, asOf).map { node, instant in
      guard times[node] > Column.missingTime else { return nil }
      let days = (instant - times[node]) / 86_400
      return bands.first { days < $0.0 }?.1 ?? "over a year"
    }
  }
}

extension JudgedRows {
  /// What a category, a text or a short number says of each row.
  func values(of column: String) throws -> [String?] {
    try sight.view.nodes(of: sight.labels.type).values(of: column, at: nodes)
  }

  /// How long each row had been there at the moment; nil where the type has no clock.
  func ages() throws -> [String?]? {
    guard let asOf else { return nil }
    return try sight.view.nodes(of: sight.labels.type).ages(
      of: nodes, asOf: nodes.map { _ in asOf.seconds })
  }
}
