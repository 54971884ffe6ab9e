/// What can be wrong with a question put to the graph, or with a stored model.
public enum TaskError: Error, CustomStringConvertible, Equatable {
  case noLabelColumn(type: String, column: String?, known: [String])
  case unlabelled(type: String, column: String)
  case nothingKnown(column: String, asOf: String, earliest: String)
  case noSplit(column: String, value: String, found: [String])
  case notTwoClasses(column: String, classes: Int)
  case damagedModel(path: String, reason: String)
  case otherGraph(model: String, reason: String)
  case noModel(name: String, known: [String])
  case nothingPromoted(target: String?, known: [String])
  case takesNoPart(model: String, reason: String)
  case notOfExamples(model: String)
  /// `reason` is a sentence.
  case otherSchema(model: String, reason: String)

  public var description: String {
    switch self {
    case .noLabelColumn(let type, let column, let known):
      (column.map { "\(type) has no label column \"\($0)\"." } ?? "The schema names no label of \(type).")
        + " Its columns are: \(known.joined(separator: ", ")). Say which with --label."
    case .unlabelled(let type, let column):
      "No \(type) has a value in \(column), so there is nothing to learn from."
    case .nothingKnown(let column, let asOf, let earliest):
      "No value of \(column) was known before \(asOf); the first became known \(earliest). Choose a later --as-of."
    case .noSplit(let column, let value, let found):
      "No labelled row has \"\(value)\" in \(column), which holds: \(found.joined(separator: ", ")). "
        + "A split column says train, val or test."
    case .notTwoClasses(let column, let classes):
      "\(column) has \(classes) classes; this wants two, a positive and a negative one."
    case .damagedModel(let path, let reason): "\(path) cannot be read as a model: \(reason)."
    case .otherGraph(let model, let reason):
      "\(model) cannot score this graph: \(reason). Train a model on this graph."
    case .noModel(let name, let known):
      "There is no model \"\(name)\". "
        + (known.isEmpty ? "None was trained yet." : "There are: \(known.joined(separator: ", ")).")
    case .nothingPromoted(let target, let known):
      "No model \(target.map { "of \($0) " } ?? "")was promoted, or several were: say which with --model"
        + (known.isEmpty ? "; none was trained yet." : ", one of \(known.joined(separator: ", ")).")
    case .takesNoPart(let model, let reason): "\(model) cannot be trained here: \(reason)."
    case .notOfExamples(let model):
      "\(model) was not trained on examples, each as of its own time, so it judges nodes. Leave --examples out, or train a "
        + "model with train --examples."
    case .otherSchema(let model, let reason):
      "\(model) cannot score this graph: \(reason) It was trained on another schema; train a model on this graph."
    }
  }
}
