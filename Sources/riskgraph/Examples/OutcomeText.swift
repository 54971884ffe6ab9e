import Features
import Graph

/// What is to come true, as it is written: a label with its value, or a condition in the rules' language.
struct OutcomeText {
  let text: String

  init(_ text: String) { self.text = text }

  /// `label = risky` is about the label that becomes known; `count(orders, 90d) = 0` about what holds when the horizon ends.
  func outcome(in events: EventGraph) throws -> ExampleMaker.Outcome {
    let sides = text.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
    let labels = events.graph.nodes[events.target]!.type.labels.map(\.column)
    if sides.count == 2, sides[0] == "label" || labels.contains(sides[0]), !sides[1].contains(" ") {
      return .label(value: sides[1].trimmingCharacters(in: ["'", "\""]))
    }
    return .condition(try Condition(text, of: events.target, in: events.graph.schema))
  }
}
