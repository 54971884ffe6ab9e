import Compute

extension GraphView {
  /// The labels of a type's nodes as far as they were known before the view's instant: a number or a category for
  /// each node, missing (NaN, or `Column.missingCode`) where nobody knew one, or the node is not seen yet.
  ///
  /// A label that was known from the second T on is unknown to the view as of T, and known to that of T + 1. Where the
  /// schema names a known-at column, a label without an entry there is known to no view but that of everything.
  public func labels(_ name: String, of type: String) throws(GraphError) -> Column {
    let table = try nodes(type)
    guard let label = table.type.labels.first(where: { $0.column == name }) else {
      throw .unknownLabel(name: name, of: type, known: table.type.labels.map(\.column))
    }
    let column = try column(name, of: type)
    guard let asOf else { return column }
    var known: Buffer<Int64>?
    if let name = label.known {
      guard case .time(let times) = try self.column(name, of: type) else {
        throw .unfitColumn(
          name: name, of: type, reason: "it says since when a label is known, but is no time")
      }
      known = times
    }
    func isKnown(_ node: Int) -> Bool {
      guard isVisible(NodeID(UInt32(node)), in: table) else { return false }
      guard let time = known?[node] else { return true }
      return time != Column.missingTime && time < asOf.seconds
    }
    switch column {
    case .number(let values):
      return .number(Buffer((0..<table.count).map { isKnown($0) ? values[$0] : .nan }))
    case .category(let codes, let levels):
      return .category(
        codes: Buffer((0..<table.count).map { isKnown($0) ? codes[$0] : Column.missingCode }), levels: levels)
    case .time, .text:
      throw .unfitColumn(name: name, of: type, reason: "a label is a number, a flag or a category")
    }
  }
}
