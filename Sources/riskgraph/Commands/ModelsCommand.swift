import Arguments
import Compute
import Learning

struct ModelsCommand: Command {
  let name = "models"
  let summary = "Lists the trained models; promotes one, or removes a version."
  let discussion = """
    The list says of each version what it was trained on and how good it was. The promoted version is what scores where no \
    model is named: of each target one at most.
    """
  let examples = [
    Example("models shop.rg", "All models of a store, the newest version of each last."),
    Example("models shop.rg --promote merchant/gcn", "From now on this one scores."),
    Example("models shop.rg --remove merchant/gcn --version 2", "Delete a version."),
  ]
  let place = Positional<String>(
    "store", "The store, or the folder that was trained on.", completion: .folder)
  let promote = Option<String?>("promote", "The model that is used from now on.", as: "MODEL")
  let remove = Option<String?>("remove", "The model of which --version is deleted.", as: "MODEL")
  let version = Option<Int?>("version", "Which version; of --promote the newest without it.")
  let models = ModelParameters.models

  func run(_ input: Input, in session: Session) throws -> Answer {
    let folder = ModelFolder(path: input[models] ?? TaskInput.models(input[place]))
    var said: [String] = []
    if let text = input[promote] {
      let (target, name) = try named(text, folder)
      try folder.promote(target: target, name: name, version: input[version])
      said.append("Promoted \(text), version \(folder.promotion(of: target)?.version ?? 0).")
    }
    if let text = input[remove] {
      let (target, name) = try named(text, folder)
      guard let number = input[version] else { throw ModelsError.noVersion(text) }
      try folder.remove(target: target, name: name, version: number)
      said.append("Removed version \(number) of \(text).")
    }
    var rows: [JSON] = []
    var table = TextTable(["model", "version", "", "as of", "data", "columns", "figures"])
    for (target, name) in folder.names() {
      let promoted = folder.promotion(of: target)
      for version in folder.versions(target: target, name: name) {
        let card = try folder.load(target: target, name: name, version: version).card
        let isPromoted = promoted.map { $0 == (name, version) } ?? false
        let figures = card.metrics.sorted { $0.key < $1.key }
        let columns = card.parts.first?.featureNames.count ?? 0
        let nodes = card.data.filter { $0.key.hasSuffix("(nodes)") }.values.reduce(0, +)
        let edges = card.data.filter { $0.key.hasSuffix("(entries)") }.values.reduce(0, +)
        let short = ["AUROC", "AUPRC", "accuracy"].compactMap { name in
          card.metrics[name].map { "\(name) \(threeDigits($0))" }
        }
        table.add([
          "\(target)/\(name)", "\(version)", isPromoted ? "promoted" : "", card.asOf ?? card.split ?? "now",
          "\(grouped(nodes)) nodes, \(grouped(edges)) edges", "\(columns)", short.joined(separator: ", "),
        ])
        rows.append([
          "model": JSON("\(target)/\(name)"), "version": JSON(version), "isPromoted": JSON(isPromoted),
          "asOf": JSON(card.asOf), "split": JSON(card.split),
          "seed": JSON(Int(truncatingIfNeeded: card.seed)),
          "columns": JSON(columns),
          "data": JSON(card.data.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }),
          "metrics": JSON(figures.map { ($0.key, JSON($0.value)) }),
        ])
      }
    }
    var answer = Answer(json: JSON(rows))
    for sentence in said { answer.say(sentence) }
    if rows.isEmpty { answer.say("No model was trained yet.") } else { answer.table(table) }
    return answer
  }

  private func named(_ text: String, _ folder: ModelFolder) throws -> (target: String, name: String) {
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw TaskError.noModel(name: text, known: folder.names().map { "\($0.target)/\($0.name)" })
    }
    return (parts[0], parts[1])
  }
}

enum ModelsError: Error, CustomStringConvertible {
  case noVersion(String)

  var description: String {
    switch self {
    case .noVersion(let model): "Which version of \(model) is to go? Say it with --version."
    }
  }
}
