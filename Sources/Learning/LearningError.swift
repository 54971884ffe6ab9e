/// What can be wrong with what learning is given.
public enum LearningError: Error, CustomStringConvertible, Equatable {
  /// Two lists that belong together have different lengths.
  case differentLengths(what: String, count: Int, other: String, otherCount: Int)
  /// Nothing to measure or to learn from.
  case noRows(what: String)
  /// A question about telling two classes apart, where only one is there.
  case oneClassOnly(what: String, label: String, count: Int)
  /// A score that is not a number, or infinite.
  case notFinite(what: String, row: Int)
  /// A number outside what it may be.
  case outOfRange(what: String, value: String, allowed: String)
  /// The graph has other relations than the one that the network learned from.
  case differentRelations(learned: [String], given: [String])
  /// A weight that the network does not have, or in another shape.
  case differentWeights(name: String, shape: String, expected: String)
  /// Mini-batches asked of a network that needs the whole graph.
  case cannotSample(network: String)

  public var description: String {
    switch self {
    case .differentLengths(let what, let count, let other, let otherCount):
      "There are \(count) \(what) but \(otherCount) \(other); each row needs one of both."
    case .noRows(let what):
      "There are no \(what). Choose another as-of time, split or target."
    case .oneClassOnly(let what, let label, let count):
      "All \(count) \(what) have the label \(label), so nothing can be told apart. "
        + "Choose rows in which both classes stand: a later as-of time, another split, or another label."
    case .notFinite(let what, let row):
      "Row \(row) of the \(what) is not a finite number."
    case .differentRelations(let learned, let given):
      "The network learned from the relations \(learned.joined(separator: ", ")), but this graph has "
        + "\(given.joined(separator: ", ")). Train on this graph, or choose the same relations."
    case .differentWeights(let name, let shape, let expected):
      "The weights hold \(name) (\(shape)) where the network has \(expected): they belong to another network."
    case .cannotSample(let network):
      "A \(network) network needs the whole graph in every step. Train without mini-batches, or choose sage, gcn, "
        + "relational or gat."
    case .outOfRange(let what, let value, let allowed):
      "\(what) is \(value), but must be \(allowed)."
    }
  }
}
