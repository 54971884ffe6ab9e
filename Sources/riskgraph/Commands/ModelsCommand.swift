import Arguments
import Learning

struct ModelsCommand: Command {
  let name = "models"
  let summary = "Lists the trained models: versions, what they were trained on, how good they were."
  let examples = [Example("models shop.rg", "All models of a store, the newest version of each last.")]
  let place = Positional<String>(
    "store", "The store, or the folder that was trained on.", completion: .folder)
  let models = Option<String?>("models", "Where models are kept, if not in the store.", as: "FOLDER")

  func run(_ input: Input, in session: Session) throws -> Answer {
    let folder = ModelFolder(path: input[models] ?? TaskInput.models(input[place]))
    var rows: [JSON] = []
    var table = TextTable(["model", "version", "as of", "columns", "figures"])
    for (target, name) in folder.names() {
      for version in folder.versions(target: target, name: name) {
        let card = try folder.load(target: target, name: name, version: version).card
        let figures = card.metrics.sorted { $0.key < $1.key }
        let columns = card.parts.first?.featureNames.count ?? 0
        table.add([
          "\(target)/\(name)", "\(version)", card.asOf ?? card.split ?? "now", "\(columns)",
          figures.map { "\($0.key) \(threeDigits($0.value))" }.joined(separator: ", "),
        ])
        rows.append([
          "model": JSON("\(target)/\(name)"), "version": JSON(version), "asOf": JSON(card.asOf),
          "split": JSON(card.split), "columns": JSON(columns),
          "metrics": JSON(figures.map { ($0.key, JSON($0.value)) }),
        ])
      }
    }
    var answer = Answer(json: JSON(rows))
    if rows.isEmpty { answer.say("No model was trained yet.") } else { answer.table(table) }
    return answer
  }
}
