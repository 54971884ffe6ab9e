import Arguments
import Compute
import Features
import Graph
import Learning

/// Examples that a kept model is asked about: what `score` and `evaluate` read where they are given --examples.
struct AskedExamples {
  let graph: MarketGraph
  /// As the model was trained to see them.
  let events: EventGraph
  let table: ExampleTable

  /// `name` is what the model is called on the command line.
  init(_ file: String, for trained: TrainedModel, named name: String, in path: String) throws {
    guard trained.card.examples != nil else { throw TaskError.notOfExamples(model: name) }
    let target = trained.card.target
    let graph = try TaskInput.graph(path)
    events = try trained.events(of: graph)
    let rows: ExampleRows
    do {
      rows = try ExampleFile.read(file, target: target, types: graph.schema.nodeTypes.map(\.name)).rows
    } catch ExampleError.missingColumn(let file, let wanted, let found) {
      let others = found.filter { graph.nodes[$0] != nil && $0 != target }
      guard !others.isEmpty else {
        throw ExampleError.missingColumn(file: file, wanted: wanted, found: found)
      }
      throw ExampleQuestionError.otherTarget(
        file: file, asks: listed(others, "or"), model: name, target: target)
    }
    self.graph = graph
    table = try rows.checked(target: target, in: events)
    try checkLabels(of: trained.card, named: name, in: file)
  }

  /// The positive answer must be the one that the model learned as such.
  private func checkLabels(of card: ModelCard, named name: String, in file: String) throws {
    guard table.labelNames.count == 2, card.classNames.count == 2 else { return }
    func meaning(_ text: String) -> String {
      switch text.lowercased() {
      case "true", "yes": "1.0"
      case "false", "no": "0.0"
      default: Double(text).map { "\($0)" } ?? text
      }
    }
    guard table.labelNames.map(meaning) != card.classNames.map(meaning) else { return }
    // A table of one label only cannot say which it is.
    guard Set(table.labels.filter { !$0.isNaN }).count == 2 else { return }
    throw ExampleQuestionError.otherLabels(
      file: file, labels: table.labelNames, model: name, learned: card.classNames)
  }
}

/// What a table of examples asks of a model that cannot answer it.
enum ExampleQuestionError: Error, CustomStringConvertible, Equatable {
  case otherTarget(file: String, asks: String, model: String, target: String)
  case otherLabels(file: String, labels: [String], model: String, learned: [String])
  /// All judged rows have one label.
  case oneLabel(file: String, rows: String)

  var description: String {
    switch self {
    case .otherTarget(let file, let asks, let model, let target):
      "\(file) asks about \(asks), but \(model) judges \(target). Choose a model of \(asks) with --model, or a table with "
        + "a column \(target)."
    case .otherLabels(let file, let labels, let model, let learned):
      "\(file): the labels are \(listed(labels, "and")), but \(model) learned \(listed(learned, "and")). Write the same, the "
        + "\(learned[1]) for what it is to find."
    case .oneLabel(let file, let rows):
      "\(file): all \(rows) have the same label, so nothing can be told apart. Add examples with the other one."
    }
  }
}
