import Compute
import Graph

/// Everything that is wrong with a condition, each mistake with its place.
public struct ConditionError: Error, Equatable, Sendable, CustomStringConvertible {
  public struct Problem: Sendable, Equatable, CustomStringConvertible {
    public let place: TextPlace
    public let what: String

    public init(place: TextPlace, what: String) {
      self.place = place
      self.what = what
    }

    public var description: String { "\(place.line):\(place.column): \(what)" }
  }

  /// At least one, in the order of their places.
  public let problems: [Problem]

  public init(problems: [Problem]) {
    self.problems = problems.sorted { $0.place < $1.place }
  }

  init(_ place: TextPlace, _ what: String) { problems = [Problem(place: place, what: what)] }

  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// A sentence for a name that nobody knows: the nearest one, or all of them where they are few.
func hint(for name: String, among names: [String]) -> String {
  if let near = nearestName(to: name, among: names) { return " Did you mean \(near)?" }
  if names.isEmpty { return " There is none." }
  guard names.count <= 12 else { return "" }
  return " There is \(names.joined(separator: ", "))."
}
