import Compute
import Features
import Foundation
import Graph
import Learning

/// Puts evidence in words.
struct ReasonWriter {
  let desk: EvidenceDesk
  let schema: Schema

  private var node: String { "\(desk.key)" }

  // MARK: The model's reasons

  /// The columns that raised the score most, each with what is usual.
  func reasons(_ model: TrainedModel?, most: Int = 6) throws -> [Finding] {
    guard let evidence = desk.evidence, let model else { return [] }
    var features: [String: GraphFeature] = [:]
    for part in model.card.parts {
      for feature in part.features.features { features[feature.name] = feature }
    }
    return try evidence.columns.filter { $0.contribution > 0 }.prefix(most).map { column in
      try sentence(column, features[column.name])
    }
  }

  private func sentence(_ column: ModelEvidence.Column, _ feature: GraphFeature?) throws -> Finding {
    let adds = Finding.Number(.contribution(column.name), column.contribution, .signed)
    if let text = feature?.measureText(from: desk.key.type, in: schema),
      let measure = try? Measure(text, of: desk.key.type, in: schema),
      let value = try measure.bound(to: desk.view).value(of: desk.node)
    {
      let form: Finding.Number.Form = measure.isDuration ? .days : .plain
      let own = Finding.Number(.measure(measure.description, node: node), value, form)
      let words = capitalized(escaped(measure.words))
      guard let usual = try desk.median(measure.description) else {
        return Finding("\(words) is {0} ({1} to the log-odds).", [own, adds], weight: column.contribution)
      }
      let median = Finding.Number(.median(measure.description, type: desk.key.type), usual, form)
      let ratio = usual == 0 ? .infinity : value / usual
      if ratio.isFinite, ratio >= 1.5 {
        return Finding(
          "\(words) is {0}, {1} × the median of \(desk.key.type) nodes, {2} ({3} to the log-odds).",
          [own, .init(.ratio(measure.description, node: node), ratio), median, adds],
          weight: column.contribution)
      }
      return Finding(
        "\(words) is {0}; the median of \(desk.key.type) nodes is {1} ({2} to the log-odds).",
        [own, median, adds],
        weight: column.contribution)
    }
    let words = capitalized(escaped(column.name))
    guard let value = column.value else {
      return Finding("\(words) is not known ({0} to the log-odds).", [adds], weight: column.contribution)
    }
    let own = Finding.Number(.column(column.name), Double(value))
    guard let median = column.median else {
      return Finding("\(words) is {0} ({1} to the log-odds).", [own, adds], weight: column.contribution)
    }
    return Finding(
      "\(words) is {0}; the median is {1} ({2} to the log-odds).",
      [own, .init(.columnMedian(column.name), Double(median)), adds], weight: column.contribution)
  }

  // MARK: What would un-flag it

  /// The fewest columns that, were they usual, would bring the score below the line: the largest fall first, at most six.
  func counterfactual(_ model: TrainedModel?, line: Double) throws -> Finding? {
    guard let evidence = desk.evidence, let model, model.judgesRowsAlone, evidence.score >= line else {
      return nil
    }
    var open = evidence.columns.filter { $0.contribution > 0 && $0.median != nil && $0.median != $0.value }
      .prefix(20).map(\.name)
    var changed: [String] = []
    var score = evidence.score
    while score >= line, changed.count < 6, !open.isEmpty {
      let rows = open.map { EvidenceDesk.cells(evidence, model, atMedian: Set(changed + [$0])) }
      let scores = try model.probabilities(ofRows: rows)
      let best = scores.indices.min { (scores[$0], $0) < (scores[$1], $1) }!
      guard scores[best] < score else { break }
      score = scores[best]
      changed.append(open.remove(at: best))
    }
    guard !changed.isEmpty else { return nil }
    var numbers: [Finding.Number] = []
    var parts: [String] = []
    for name in changed {
      let median = evidence.columns.first { $0.name == name }?.median ?? .nan
      parts.append("\(escaped(name)) were {\(numbers.count)}")
      numbers.append(.init(.columnMedian(name), Double(median)))
    }
    numbers.append(.init(.scoreWith(changed), score, .percent))
    numbers.append(.init(.score, evidence.score, .percent))
    let end = score < line ? "" : " That would not be enough to un-flag it."
    return Finding(
      "If \(parts.joined(separator: " and ")), the score would be {\(changed.count)} instead of {\(changed.count + 1)}.\(end)",
      numbers)
  }

  // MARK: Relations

  /// What it shares, and with how many that are known to be risky.
  func relations() throws -> [Finding] {
    let label = schema.nodeType(desk.key.type)?.labels.first?.column
    return try schema.relations.flatMap { relation -> [Finding] in
      // Things that several nodes of its type use: not the buyers of shops, but devices, accounts, addresses.
      guard relation.from != relation.to, relation.from == desk.key.type || relation.to == desk.key.type
      else { return [] }
      let other = relation.from == desk.key.type ? relation.to : relation.from
      let name = relation.name.split(separator: ".").map { "`\($0)`" }.joined(separator: ".")
      func number(_ text: String) throws -> Finding.Number? {
        let measure = try Measure(text, of: desk.key.type, in: schema)
        return try measure.bound(to: desk.view).value(of: desk.node).map {
          .init(.measure(measure.description, node: node), $0)
        }
      }
      guard let all = try number("distinct(\(name))"), all.value > 0, all.value <= 200,
        let shared = try number("distinct(\(name) where other.distinct(\(name)) >= 2)"), shared.value > 0
      else { return [] }
      var template =
        "Shares {0} of its {1} \(escaped(other)) nodes (\(escaped(relation.name))) with other \(escaped(desk.key.type)) nodes"
      var numbers = [shared, all]
      if let label {
        for least in [10, 3, 1] {
          let text = "distinct(\(name) where other.distinct(\(name) where other.`\(label)` = 1) >= \(least))"
          guard let risky = try? number(text), risky.value > 0 else { continue }
          template += ", {2} of them each with \(least) or more known to be risky"
          numbers.append(risky)
          break
        }
      }
      return [Finding(template + ".", numbers, weight: shared.value)]
    }.sorted {
      $0.numbers.count != $1.numbers.count ? $0.numbers.count > $1.numbers.count : $0.weight > $1.weight
    }
  }

  // MARK: Changes in time

  /// When what happened to it changed its pace within the last 120 days.
  func changes(days: Int = 120) throws -> [Finding] {
    guard let asOf = desk.view.asOf else { return [] }
    return try schema.relations.flatMap { relation -> [Finding] in
      guard !relation.clocks.isTimeless, relation.from == desk.key.type || relation.to == desk.key.type else {
        return []
      }
      let direction: Direction = relation.from == desk.key.type ? .out : .into
      var counts = [Int](repeating: 0, count: days)
      for neighbour in try desk.view.neighbours(of: desk.node, relation.name, direction) {
        let ago = (asOf.seconds - 1 - neighbour.time.seconds) / 86_400
        if neighbour.time != .missing, ago >= 0, ago < days { counts[days - 1 - Int(ago)] += 1 }
      }
      guard counts.reduce(0, +) >= 8 else { return [] }
      let report = changePoints(in: DailyCounts(counts))
      guard report.logOdds > 3, let latest = report.latest else { return [] }
      let since = days - latest.day
      guard since > 0, since < days else { return [] }
      var name = relation.name.split(separator: ".").map { "`\($0)`" }.joined(separator: ".")
      if relation.from == relation.to, relation.isDirected { name += ".\(direction.rawValue)" }
      // From the change before it on, so that the pace before is that of one time.
      let start = report.changes.dropLast().last.map { days - $0.day } ?? days
      func number(_ text: String) throws -> Finding.Number? {
        let measure = try Measure(text, of: desk.key.type, in: schema)
        return try measure.bound(to: desk.view).value(of: desk.node).map {
          .init(.measure(measure.description, node: node), $0)
        }
      }
      guard
        let before = try number("(count(\(name), \(start)d) - count(\(name), \(since)d)) / \(start - since)"),
        let after = try number("count(\(name), \(since)d) / \(since)")
      else { return [] }
      let day = Timestamp(seconds: asOf.seconds - Int64(since) * 86_400)
      return [
        Finding(
          "From \(String(day.description.prefix(10))) on {0} a day of \(escaped(relation.name)), {1} a day before.",
          [after, before],
          weight: report.logOdds)
      ]
    }.sorted { $0.weight > $1.weight }
  }

  /// A brace of the data's own must not look like a place for a number.
  private func escaped(_ text: String) -> String { text.replacing("{", with: "(").replacing("}", with: ")") }
}

private func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
