import Compute
import Graph

/// Computes sibling features: histories of all the table's events as of their own times, then one walk over each
/// example's batch.
///
/// Costs the histories once, and for each example as many steps as its batch has events.
public struct SiblingEngine: Sendable {
  public let features: [SiblingFeature]
  private let table: EventTable
  private let batch: EventTable.End
  /// For each feature the values of all rows; nil where others are only counted.
  private let values: [Buffer<Float>?]

  /// Needs: features of one batch of `table`; its verdicts where a history is one of verdicts.
  public init(
    table: EventTable, verdicts: EventTable?, features: [SiblingFeature], parallel: Parallel = .machine
  ) throws(EventFeatureError) {
    precondition(!features.isEmpty, "no features to compute")
    self.table = table
    self.features = features
    batch = try table.end(for: .end(features[0].batch))
    var known: [SiblingFeature.Value: Buffer<Float>] = [:]
    for feature in features {
      guard case .number(let name)? = feature.value else { continue }
      guard let number = table.numbers.first(where: { $0.name == name }) else {
        throw .unknownColumn(feature: feature.name, column: name, known: table.numbers.map(\.name))
      }
      known[.number(name)] = number.values
    }
    var histories: [EventFeature] = []
    for case .history(let history)? in features.map(\.value) where !histories.contains(history) {
      histories.append(history)
    }
    // Histories of one table and participant are computed together.
    while let first = histories.first {
      let alike = histories.filter { $0.table == first.table && $0.participant == first.participant }
      histories.removeAll { alike.contains($0) }
      let matrix = try SiblingEngine.rows(of: alike, table, verdicts, parallel)
      for (place, history) in alike.enumerated() { known[.history(history)] = Buffer(matrix.column(place)) }
    }
    values = features.map { feature in feature.value.map { known[$0]! } }
  }

  /// The features of every row as of its own time.
  private static func rows(
    of features: [EventFeature], _ table: EventTable, _ verdicts: EventTable?, _ parallel: Parallel
  ) throws(EventFeatureError) -> Matrix {
    guard let source = [table, verdicts].compactMap({ $0 }).first(where: { $0.name == features[0].table })
    else {
      throw .unknownTable(table: features[0].table, known: [table.name])
    }
    let end = try table.end(for: .end(features[0].participant.ends[0]))
    let examples = EventExamples(
      nodes: end.nodes, asOf: table.times, rows: Buffer((0..<UInt32(table.rowCount)).map { $0 }))
    return try EventEngine(table: source, features: features).columns(for: examples, parallel: parallel)
  }

  /// Needs: examples that are rows of the table.
  public func columns(for examples: EventExamples, parallel: Parallel = .machine) -> Matrix {
    guard let rows = examples.rows else { preconditionFailure("only events have siblings") }
    var result = Matrix(rows: rows.count, columns: features.count, columnNames: features.map(\.name))
    let width = features.count
    result.withUnsafeMutableBufferPointer { cells in
      parallel.forEach(rows: rows.count, atLeast: 256) { block in
        for example in block {
          let row = rows[example]
          let siblings = row == EventTable.End.nobody ? nil : siblings(of: Int(row))
          for column in 0..<width {
            cells[example * width + column] = siblings.map { answer(column, own: row, $0) } ?? .nan
          }
        }
      }
    }
    return result
  }

  /// Where in the batch's rows those of the same instant stand, the event's own among them.
  private func siblings(of row: Int) -> Range<Int>? {
    let node = batch.nodes[row]
    guard node != EventTable.End.nobody else { return nil }
    let instant = table.times[row]
    let before = table.places(of: node, at: batch, before: instant)
    let upTo = table.places(of: node, at: batch, before: instant + 1)
    return before.upperBound..<upTo.upperBound
  }

  private func answer(_ column: Int, own row: UInt32, _ places: Range<Int>) -> Float {
    guard let values = values[column] else { return Float(places.count - 1) }
    let own = values[Int(row)]
    var count = 0.0
    var sum = 0.0
    var greatest = -Float.infinity
    var below = 0.0
    for place in places where batch.rows[place] != row {
      let value = values[Int(batch.rows[place])]
      guard value == value else { continue }
      count += 1
      sum += Double(value)
      greatest = max(greatest, value)
      below += value < own ? 1 : value == own ? 0.5 : 0
    }
    guard count > 0 else { return .nan }
    let mean = sum / count
    func spread() -> Double {
      var scatter = 0.0
      for place in places where batch.rows[place] != row {
        let value = values[Int(batch.rows[place])]
        if value == value { scatter += (Double(value) - mean) * (Double(value) - mean) }
      }
      return (scatter / count).squareRoot()
    }
    switch features[column].statistic {
    case .mean: return Float(mean)
    case .greatest: return greatest
    case .spread: return count > 1 ? Float(spread()) : .nan
    case .difference: return Float(Double(own) - mean)
    case .standardized(let widening):
      return Float((Double(own) - mean) / ((count > 1 ? spread() : 0) + widening))
    case .rank: return own == own ? Float(below / count) : .nan
    }
  }
}
