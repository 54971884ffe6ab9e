public enum EventFeatureError: Error, CustomStringConvertible, Equatable {
  case otherTable(feature: String, table: String)
  case unknownTable(table: String, known: [String])
  case unknownColumn(feature: String, column: String, known: [String])

  public var description: String {
    switch self {
    case .otherTable(let feature, let table):
      "The feature \"\(feature)\" is not about this participant of \(table). Give each engine its own features."
    case .unknownTable(let table, let known):
      "Features are asked of \"\(table)\", which is not there. There are: \(known.joined(separator: ", "))."
    case .unknownColumn(let feature, let column, let known):
      "The feature \"\(feature)\" asks for \"\(column)\", which is not there. "
        + (known.isEmpty ? "The table has no such columns." : "There are: \(known.joined(separator: ", ")).")
    }
  }
}
