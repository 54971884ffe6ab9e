public enum EventFeatureError: Error, CustomStringConvertible, Equatable {
  case otherTable(feature: String, table: String, end: String)
  case unknownColumn(feature: String, column: String, known: [String])

  public var description: String {
    switch self {
    case .otherTable(let feature, let table, let end):
      "The feature \"\(feature)\" is not about \(table) through \(end). Give each engine its own features."
    case .unknownColumn(let feature, let column, let known):
      "The feature \"\(feature)\" asks for \"\(column)\", which is not there. "
        + (known.isEmpty ? "The table has no such columns." : "There are: \(known.joined(separator: ", ")).")
    }
  }
}
