import Graph

/// Questions to learn from or to answer: each a node of the target type, the instant as of which it is asked, perhaps the
/// answer, and perhaps which part of the work it is for.
///
/// Each example sees what had happened and was known strictly before its own as-of time.
public struct ExampleTable: Sendable {
  /// What an example is for. Those between two parts, whose outcomes reach over, are for nothing; or, where they reach over
  /// the start of validation only, for the last fit, which takes the validation rows in as well.
  public enum Split: String, Sendable, CaseIterable { case train, refit, validation, test, gap }

  public let target: String
  public internal(set) var nodes: [UInt32]
  public internal(set) var asOf: [Int64]
  /// 1, 0, or NaN where nobody knows.
  public internal(set) var labels: [Float]
  /// The two label values as they were written, the negative one first; empty without labels.
  public internal(set) var labelNames: [String]
  /// Nil until the table was split.
  public internal(set) var splits: [Split]?
  public internal(set) var weights: [Float]?
  /// What was handled, and a reader should know.
  public var notes: [String] = []

  public init(
    target: String, nodes: [UInt32], asOf: [Int64], labels: [Float]? = nil,
    labelNames: [String] = ["0", "1"],
    splits: [Split]? = nil, weights: [Float]? = nil
  ) {
    precondition(nodes.count == asOf.count && labels.map { $0.count == nodes.count } ?? true, "a cell each")
    self.target = target
    self.nodes = nodes
    self.asOf = asOf
    self.labels = labels ?? [Float](repeating: .nan, count: nodes.count)
    self.labelNames = labels == nil ? [] : labelNames
    self.splits = splits
    self.weights = weights
  }

  public var count: Int { nodes.count }
  public var hasLabels: Bool { labels.contains { !$0.isNaN } }

  /// The places of the labelled examples of a part.
  public func places(_ split: Split) -> [Int] {
    guard let splits else { return [] }
    return nodes.indices.filter { splits[$0] == split && !labels[$0].isNaN }
  }

  /// The examples at these places, in this order.
  public func rows(_ places: [Int]) -> ExampleTable {
    var rows = self
    rows.nodes = places.map { nodes[$0] }
    rows.asOf = places.map { asOf[$0] }
    rows.labels = places.map { labels[$0] }
    rows.splits = splits.map { all in places.map { all[$0] } }
    rows.weights = weights.map { all in places.map { all[$0] } }
    return rows
  }

  /// The instant after the last training example: what recipes take their constants from lies before it.
  public var trainingEnd: Int64 {
    guard let splits else { return .max }
    let last = nodes.indices.lazy.filter { splits[$0] == .train }.map { asOf[$0] }.max()
    return last.map { $0 + 1 } ?? .max
  }
}

/// What can be wrong with a table of examples, each with its place.
public enum ExampleError: Error, CustomStringConvertible, Equatable {
  case unknownKey(file: String, row: Int, key: String, type: String, more: Int)
  case unreadableTime(file: String, row: Int, text: String)
  case missingTime(file: String, row: Int, target: String)
  case contradiction(file: String, rows: [Int], key: String, asOf: String)
  case notTwoLabels(file: String, values: [String])
  case unreadableSplit(file: String, row: Int, text: String)
  case unreadableWeight(file: String, row: Int, text: String)
  case missingColumn(file: String, wanted: String, found: [String])
  case noExamples(reason: String)
  case unlabelled(file: String)
  case noRows(split: String, reason: String)
  case notTimed(target: String)
  case unreadableSpan(text: String)
  case badChoice(file: String, reason: String)

  public var description: String {
    switch self {
    case .unknownKey(let file, let row, let key, let type, let more):
      "\(file), row \(row): no \(type) has the key \"\(key)\""
        + (more > 0 ? " (nor have \(more) more rows one that is known)." : ".")
        + " Import the \(type) first, or leave the row out."
    case .unreadableTime(let file, let row, let text):
      "\(file), row \(row): the as-of time \"\(text)\" is none. Write a date like 2026-03-01, a time like "
        + "2026-03-01T08:30:00Z or 2026-03-01T08:30:00+02:00, or whole seconds since 1970."
    case .missingTime(let file, let row, let target):
      "\(file), row \(row): there is no as-of time, and this \(target) has no time of its own."
    case .contradiction(let file, let rows, let key, let asOf):
      "\(file), rows \(rows.map(String.init).joined(separator: " and ")): \(key) as of \(asOf) stands there with two "
        + "different labels. Keep one."
    case .notTwoLabels(let file, let values):
      "\(file): the label column has \(values.count) different values (\(values.prefix(5).joined(separator: ", "))"
        + "\(values.count > 5 ? ", …" : "")); a question has two answers, such as 0 and 1."
    case .unreadableSplit(let file, let row, let text):
      "\(file), row \(row): the split \"\(text)\" is none of train, valid, test and gap."
    case .unreadableWeight(let file, let row, let text):
      "\(file), row \(row): the weight \"\(text)\" is no number above 0."
    case .missingColumn(let file, let wanted, let found):
      "\(file) has no column \(wanted). It has: \(found.joined(separator: ", "))."
    case .noExamples(let reason): "There are no examples: \(reason)."
    case .unlabelled(let file):
      "\(file) has no labels, so there is nothing to learn from or to judge by. Add a column label."
    case .noRows(let split, let reason): "No labelled example is for \(split): \(reason)."
    case .notTimed(let target):
      "Nothing that happens to a \(target) has a time, so it cannot be asked about at one."
    case .unreadableSpan(let text):
      "\"\(text)\" is no length of time. Write a number and a unit: 90s, 30min, 12h, 60d, 8w."
    case .badChoice(let file, let reason): "\(file): \(reason)"
    }
  }
}
