import Compute

/// Everything that is wrong with a schema, each mistake with its place.
public struct SchemaError: Error, CustomStringConvertible, Equatable {
  public struct Problem: Sendable, Equatable, CustomStringConvertible {
    public let place: TextPlace
    /// Where in the document: `relations.sells.from`.
    public let path: String
    public let what: String

    public var description: String {
      "\(place.line):\(place.column): " + (path.isEmpty ? "" : "\(path): ") + what
    }
  }

  /// What the schema was called: its file.
  public let file: String
  /// At least one, in the order of their places.
  public let problems: [Problem]

  public var description: String { problems.map { "\(file):\($0)" }.joined(separator: "\n") }
}

/// A sentence for a name that nobody knows: the nearest one that is known, or all of them where they are few.
func suggestion(for name: String, among names: [String]) -> String {
  if let near = nearestName(to: name, among: names) { return " Did you mean \"\(near)\"?" }
  if names.isEmpty { return " None is declared." }
  guard names.count <= 12 else { return "" }
  return " Known: " + names.joined(separator: ", ") + "."
}
