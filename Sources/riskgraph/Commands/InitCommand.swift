import Arguments
import Compute
import Graph
import Store

struct InitCommand: Command {
  let name = "init"
  let summary = "Makes an empty store for a schema."
  let discussion = """
    The schema says which tables there are: the types of nodes, the relations between them, their columns, and their \
    clocks (when a row happened, and when it came to be known). The README has one to start from.
    """
  let examples = [Example("init shop.rg --schema schema.json", "Makes the folder shop.rg.")]

  let store = StoreParameters.store
  let schema = Option<FilePath>("schema", "The schema, in JSON.")

  func run(_ input: Input, in session: Session) throws -> Answer {
    let schema = try Schema(file: input[schema].path)
    _ = try Store.create(at: input[store].path, schema: schema)
    let types = schema.nodeTypes.map(\.name)
    let relations = schema.relations.map(\.name)
    var answer = Answer(json: [
      "store": JSON(input[store].path), "nodeTypes": JSON(types), "relations": JSON(relations),
    ])
    answer.say(
      "Made \(input[store].path): \(counted(types.count, "type")) of nodes, "
        + "\(counted(relations.count, "relation")).")
    answer.say("Next: riskgraph import \(input[store].path) <folder with the tables>")
    return answer
  }
}

/// `1 relation`, `1,204 relations`.
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}
