import Compute
import Graph

extension EventTable {
  /// The rows by what a feature counts together: the node at an end, or a finer group.
  func end(for participant: EventFeature.Participant) throws(EventFeatureError) -> End {
    switch participant {
    case .end(let name):
      return try self.end(named: name, for: participant)
    case .pair(let a, let b):
      let (first, second) = (try end(named: a, for: participant), try end(named: b, for: participant))
      return grouped(participant) { row in
        first.nodes[row] == End.nobody || second.nodes[row] == End.nobody
          ? nil : UInt64(first.nodes[row]) << 32 | UInt64(second.nodes[row])
      }
    case .binned(let name, let number, let edges):
      let end = try self.end(named: name, for: participant)
      guard let column = numbers.first(where: { $0.name == number }) else {
        throw .unknownColumn(feature: participant.words, column: number, known: numbers.map(\.name))
      }
      return grouped(participant) { row in
        let value = column.values[row]
        guard end.nodes[row] != End.nobody, value == value else { return nil }
        let bin = edges.firstIndex { value < $0 } ?? edges.count
        return UInt64(end.nodes[row]) << 32 | UInt64(bin)
      }
    case .level(let name, let category):
      let end = try self.end(named: name, for: participant)
      guard let column = categories.first(where: { $0.name == category }) else {
        throw .unknownColumn(feature: participant.words, column: category, known: categories.map(\.name))
      }
      return grouped(participant) { row in
        end.nodes[row] == End.nobody || column.codes[row] == Column.missingCode
          ? nil : UInt64(end.nodes[row]) << 32 | UInt64(column.codes[row])
      }
    }
  }

  private func end(
    named name: String, for participant: EventFeature.Participant
  ) throws(EventFeatureError) -> End {
    guard let end = ends.first(where: { $0.name == name }) else {
      throw .unknownColumn(feature: participant.words, column: name, known: ends.map(\.name))
    }
    return end
  }

  /// Groups of rows with the same code, numbered by first appearance.
  private func grouped(_ participant: EventFeature.Participant, _ code: (Int) -> UInt64?) -> End {
    var numbers: [UInt64: UInt32] = [:]
    let groups = Buffer<UInt32>(count: rowCount) { groups in
      for row in 0..<rowCount {
        guard let code = code(row) else {
          groups[row] = End.nobody
          continue
        }
        let next = UInt32(numbers.count)
        let group = numbers[code, default: next]
        if group == next { numbers[code] = next }
        groups[row] = group
      }
    }
    return grouped(by: groups, count: numbers.count, name: participant.words)
  }

  /// The same rows as verdicts: visible from when the label became known, with the label as a number.
  ///
  /// A row without a label is never visible. Rows keep their numbers, so an event's own row finds its groups here too.
  public func verdicts(
    label: Buffer<Float>, known: Buffer<Int64>, parallel: Parallel = .machine
  ) -> EventTable {
    precondition(label.count == rowCount && known.count == rowCount, "a label and its time for each row")
    let times = Buffer<Int64>(count: rowCount) { times in
      for row in 0..<rowCount {
        times[row] =
          label[row] == label[row] && known[row] != Column.missingTime
          ? max(known[row], self.times[row]) : .max
      }
    }
    return EventTable(
      name: name + " verdicts", times: times,
      ends: ends.map { ($0.name, $0.type, $0.nodes, $0.nodeCount) },
      numbers: numbers + [Number(name: EventTable.labelColumn, values: label)], categories: categories,
      parallel: parallel)
  }

  /// The name of a table of verdicts' number that says what the verdict was.
  public static let labelColumn = "label"
}
