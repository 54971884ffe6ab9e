import Compute
import Graph

extension EventColumns {
  /// A row for each example, a column for each definition.
  ///
  /// Memory: the result, the numbers written beside the events, and a history a thread.
  public func matrix(
    for question: EventQuestion, from sources: [EventSource], parallel: Parallel = .machine,
    progress: ProgressSink = .silent
  ) throws(EventFeatureError) -> Matrix {
    let steps =
      derived.count + events.count + verdicts.count + partners.count + siblings.count
      + (changes?.count ?? 0)
    let bar = progress.step("event columns", total: steps, unit: "participants")
    defer { bar.finish() }
    var tables: [String: EventTable] = [:]
    for numbers in derived {
      let table = try source(numbers[0].feature.table, in: sources).table
      tables[table.name] = try table.adding(numbers, parallel: parallel)
      bar.advance()
    }
    var parts: [Matrix] = []
    for features in events {
      let plain = try source(features[0].table, in: sources).table
      let examples = try question.examples(plain, features[0].participant.ends[0])
      let engine = try EventEngine(table: tables[plain.name] ?? plain, features: features)
      parts.append(engine.columns(for: examples, parallel: parallel))
      bar.advance()
    }
    for features in verdicts {
      let source = try source(features[0].table, in: sources)
      let examples = try question.examples(source.table, features[0].participant.ends[0])
      let engine = try EventEngine(table: source.verdicts!, features: features)
      parts.append(engine.columns(for: examples, parallel: parallel))
      bar.advance()
    }
    for features in partners {
      let source = try source(features[0].table, in: sources)
      let examples = try question.examples(source.table, features[0].end)
      let engine = try PartnerEngine(table: source.table, verdicts: source.verdicts, features: features)
      parts.append(engine.columns(for: examples, parallel: parallel))
      bar.advance()
    }
    for features in siblings {
      let source = try source(features[0].table, in: sources)
      let examples = try question.examples(source.table, features[0].batch)
      let engine = try SiblingEngine(
        table: source.table, verdicts: source.verdicts, features: features, parallel: parallel)
      parts.append(engine.columns(for: examples, parallel: parallel))
      bar.advance()
    }
    for features in changes ?? [] {
      let source = try source(features[0].table, in: sources)
      let examples = try question.examples(source.table, features[0].end)
      parts.append(
        try ChangeEngine(table: source.table, features: features).columns(for: examples, parallel: parallel))
      bar.advance()
    }
    return parts.isEmpty ? Matrix(rows: question.asOf.count, columns: 0, columnNames: []) : .beside(parts)
  }

  private func source(_ name: String, in sources: [EventSource]) throws(EventFeatureError) -> EventSource {
    guard let source = sources.first(where: { $0.table.name == name || $0.verdicts?.name == name }) else {
      throw .unknownTable(table: name, known: sources.map(\.table.name))
    }
    return source
  }
}
