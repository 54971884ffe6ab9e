import Features
import Graph

/// What is to come true, as it is written: `label = risky`.
struct OutcomeText {
  let text: String

  init(_ text: String) { self.text = text }

  func outcome(in events: EventGraph) throws -> ExampleMaker.Outcome {
    let sides = text.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
    let labels = events.graph.nodes[events.target]!.type.labels.map(\.column)
    guard sides.count == 2, sides[0] == "label" || labels.contains(sides[0]), !sides[1].isEmpty else {
      throw ExampleError.noExamples(
        reason: "\"\(text)\" is no outcome; write 'label = VALUE'"
          + (labels.isEmpty ? "" : " (labels: \(labels.joined(separator: ", ")))"))
    }
    return .label(value: sides[1].trimmingCharacters(in: ["'", "\""]))
  }
}
