import Compute
import Foundation
import Graph

/// A table of examples as it stands in a file: texts, an empty one where a cell is missing.
///
/// `checked` finds the nodes and reads the cells. What is wrong is refused with its row; what can be handled is, and said in
/// the table's notes.
public struct ExampleRows: Sendable {
  public var file: String
  public var keys: [String]
  /// Empty where each example is an event that is asked about as of its own time.
  public var asOf: [String]
  public var labels: [String]
  public var splits: [String]
  public var weights: [String]

  public init(
    file: String, keys: [String], asOf: [String] = [], labels: [String] = [], splits: [String] = [],
    weights: [String] = []
  ) {
    self.file = file
    self.keys = keys
    self.asOf = asOf
    self.labels = labels
    self.splits = splits
    self.weights = weights
  }

  public func checked(target: String, in events: EventGraph) throws -> ExampleTable {
    guard let table = events.graph.nodes[target] else {
      throw FeatureError.unknownType(name: target, known: events.graph.nodes.keys.sorted())
    }
    guard !keys.isEmpty else { throw ExampleError.noExamples(reason: "\(file) has a header only") }
    var examples = ExampleTable(
      target: target, nodes: try nodes(in: table), asOf: try times(of: table, events: events.isOfEvents))
    try readLabels(into: &examples)
    try readSplits(into: &examples)
    try readWeights(into: &examples)
    examples = try withoutRepeats(examples)
    if events.isOfEvents { examples.takeOwnTimes(of: table) }
    examples.remarkOnTimes(in: events)
    examples.remarkOnSplits()
    return examples
  }

  /// Rows are counted from 1, the header aside.
  private func nodes(in table: NodeTable) throws(ExampleError) -> [UInt32] {
    let found = keys.map { table.keys.node($0)?.rawValue }
    if let first = found.firstIndex(of: nil) {
      throw .unknownKey(
        file: file, row: first + 1, key: keys[first], type: table.type.name,
        more: found.lazy.filter { $0 == nil }.count - 1)
    }
    return found.map { $0! }
  }

  private func times(of table: NodeTable, events: Bool) throws(ExampleError) -> [Int64] {
    var times: [Int64] = []
    times.reserveCapacity(keys.count)
    for row in keys.indices {
      let text = row < asOf.count ? asOf[row].trimmingCharacters(in: .whitespaces) : ""
      if text.isEmpty {
        guard events, let node = table.keys.node(keys[row]), let own = table.times?[node.index],
          own != Column.missingTime
        else { throw .missingTime(file: file, row: row + 1, target: table.type.name) }
        times.append(own)
      } else if let seconds = Int64(text) ?? Timestamp(text)?.seconds, abs(seconds) < 1 << 50 {
        times.append(seconds)
      } else {
        throw .unreadableTime(file: file, row: row + 1, text: text)
      }
    }
    return times
  }

  private func readLabels(into examples: inout ExampleTable) throws(ExampleError) {
    guard !labels.isEmpty else { return }
    let values = Set(labels).subtracting([""]).sorted { a, b in
      if let x = Double(a), let y = Double(b) { x < y } else { a < b }
    }
    guard values.count <= 2 else { throw .notTwoLabels(file: file, values: values) }
    guard !values.isEmpty else { return }
    // A single value is the positive one only where it says so.
    let positive =
      values.count == 2 ? values[1] : ["1", "true", "yes"].contains(values[0].lowercased()) ? values[0] : nil
    examples.labels = labels.map { $0.isEmpty ? .nan : $0 == positive ? 1 : 0 }
    examples.labelNames = values.count == 2 ? values : ["0", "1"]
  }

  private func readSplits(into examples: inout ExampleTable) throws(ExampleError) {
    guard splits.contains(where: { !$0.isEmpty }) else { return }
    var read: [ExampleTable.Split] = []
    for (row, text) in splits.enumerated() {
      switch text.lowercased() {
      case "train", "training": read.append(.train)
      case "val", "valid", "validation": read.append(.validation)
      case "test": read.append(.test)
      case "refit": read.append(.refit)
      case "gap", "": read.append(.gap)
      default: throw .unreadableSplit(file: file, row: row + 1, text: text)
      }
    }
    examples.splits = read
  }

  private func readWeights(into examples: inout ExampleTable) throws(ExampleError) {
    guard weights.contains(where: { !$0.isEmpty }) else { return }
    var read: [Float] = []
    for (row, text) in weights.enumerated() {
      guard let weight = text.isEmpty ? 1 : Float(text), weight > 0, weight.isFinite else {
        throw .unreadableWeight(file: file, row: row + 1, text: text)
      }
      read.append(weight)
    }
    examples.weights = read
  }

  /// The same example twice counts once; with two different labels it is refused.
  private func withoutRepeats(_ examples: ExampleTable) throws(ExampleError) -> ExampleTable {
    struct Question: Hashable {
      let node: UInt32
      let asOf: Int64
    }
    var first: [Question: Int] = [:]
    var kept: [Int] = []
    for row in 0..<examples.count {
      let question = Question(node: examples.nodes[row], asOf: examples.asOf[row])
      guard let earlier = first[question] else {
        first[question] = row
        kept.append(row)
        continue
      }
      let (a, b) = (examples.labels[earlier], examples.labels[row])
      guard a == b || (a.isNaN && b.isNaN) else {
        throw .contradiction(
          file: file, rows: [earlier + 1, row + 1], key: keys[row],
          asOf: Timestamp(seconds: question.asOf).description)
      }
    }
    guard kept.count < examples.count else { return examples }
    var once = examples.rows(kept)
    once.notes.append(
      "\(examples.count - kept.count) examples stood in \(file) more than once; each was taken once.")
    return once
  }
}

extension ExampleTable {
  /// An event is asked about as of its own time: later its own verdict might be known.
  mutating func takeOwnTimes(of table: NodeTable) {
    guard let times = table.times else { return }
    var moved = 0
    for row in 0..<count {
      let own = times[Int(nodes[row])]
      if own != Column.missingTime, own < asOf[row] {
        asOf[row] = own
        moved += 1
      }
    }
    if moved > 0 {
      notes.append(
        "\(moved) examples had an as-of time after the \(target) itself; each is asked about as of its own time."
      )
    }
  }

  /// Says which examples lie outside the time of the events.
  mutating func remarkOnTimes(in events: EventGraph) {
    let times = events.sources.flatMap { source in
      source.table.ends.flatMap { end in
        [
          end.rows.isEmpty ? nil : source.table.times.filter { $0 != .max }.min(),
          end.rows.isEmpty ? nil : source.table.times.filter { $0 != .max }.max(),
        ].compactMap { $0 }
      }
    }
    guard let first = times.min(), let last = times.max() else { return }
    let early = asOf.filter { $0 <= first }.count
    if early > 0, !events.isOfEvents {
      notes.append(
        "\(early) examples have an as-of time at or before the first event (\(Timestamp(seconds: first))): they see nothing of what happened."
      )
    }
    let late = asOf.filter { $0 > last + 1 }.count
    if late > 0 {
      notes.append(
        "\(late) examples have an as-of time after the last event (\(Timestamp(seconds: last))): nothing new happened for them."
      )
    }
  }

  /// Says which splits overlap in time.
  mutating func remarkOnSplits() {
    guard let splits else { return }
    let pairs: [(Split, Split)] = [(.train, .validation), (.train, .test), (.validation, .test)]
    for (early, late) in pairs {
      guard let start = nodes.indices.filter({ splits[$0] == late }).map({ asOf[$0] }).min() else { continue }
      let over = nodes.indices.filter { splits[$0] == early && asOf[$0] >= start }.count
      if over > 0 {
        notes.append(
          "The splits overlap in time: \(over) \(early) examples are not before the first \(late) example "
            + "(\(Timestamp(seconds: start))). What is measured is then not what a forecast would be worth.")
      }
    }
  }
}
