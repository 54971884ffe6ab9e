import Compute
import Features
import Graph

/// The label column of a node type, as classes numbered from 0, with the time from which each was known.
public struct NodeLabels: Sendable {
  public let type: String
  public let column: String
  /// The distinct values, numbers rising, texts in order. Of two classes the second is the positive one.
  public let classNames: [String]
  /// For each node its class, or -1.
  public let classes: [Int32]
  /// For each node the second from which its label was known; nil where the schema names no such column.
  public let known: Buffer<Int64>?

  /// Needs: a label that the schema names, or a column named here.
  public init(_ table: NodeTable, column wanted: String? = nil) throws(TaskError) {
    let type = table.type
    let columns = table.columns.keys.sorted()
    let label = type.labels.first { wanted == nil || $0.column == wanted }
    guard let name = label?.column ?? wanted, let column = table.columns[name] else {
      throw .noLabelColumn(type: type.name, column: wanted, known: columns)
    }
    let texts: [String?]
    var classNames: [String]
    switch column {
    case .number(let values):
      texts = values.map { $0.isNaN ? nil : $0 == $0.rounded() ? String(Int($0)) : String($0) }
      classNames = Set(values.filter { !$0.isNaN }).sorted().map {
        $0 == $0.rounded() ? String(Int($0)) : String($0)
      }
    case .category(let codes, let levels):
      texts = codes.map { $0 == Column.missingCode ? nil : levels[Int($0)] }
      classNames = Set(texts.compactMap { $0 }).sorted()
    case .text(let values):
      texts = (0..<values.count).map { values[$0].isEmpty ? nil : values[$0] }
      classNames = Set(texts.compactMap { $0 }).sorted()
    case .time:
      throw .noLabelColumn(type: type.name, column: name, known: columns)
    }
    guard let only = classNames.first else { throw .unlabelled(type: type.name, column: name) }
    // Where only one value is ever written it marks the positive ones, unless it says no: the others are just not marked.
    if classNames.count == 1, !["0", "false", "no", "good"].contains(only.lowercased()) {
      classNames = [only == "1" ? "0" : "not \(only)", only]
    }
    self.classNames = classNames
    let numbers = Dictionary(uniqueKeysWithValues: classNames.enumerated().map { ($1, Int32($0)) })
    classes = texts.map { text in text.flatMap { numbers[$0] } ?? -1 }
    self.type = type.name
    self.column = name
    if let time = label?.known, case .time(let values)? = table.columns[time] {
      known = values
    } else {
      known = nil
    }
  }

  /// Whether a node's label was known before an instant. A label without a time was always known.
  public func isKnown(_ node: Int, before instant: Timestamp?) -> Bool {
    guard classes[node] >= 0 else { return false }
    guard let instant, let known, known[node] != Column.missingTime else { return true }
    return known[node] < instant.seconds
  }

  /// Those known before an instant, for the features of neighbours' labels.
  public func knownLabels(before instant: Timestamp?) -> KnownLabels {
    KnownLabels(
      type: type, classes: classes.indices.map { isKnown($0, before: instant) ? classes[$0] : -1 },
      classCount: classNames.count)
  }
}
