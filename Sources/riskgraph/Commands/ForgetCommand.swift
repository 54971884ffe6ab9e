import Arguments
import Graph
import Store

struct ForgetCommand: Command {
  let name = "forget"
  let summary = "Erases a node: it, its edges and its rows are gone for every reader at once."
  let discussion = """
    From the snapshot's files they go at the next compact. The audit trail keeps that it happened, and not the data.
    """
  let examples = [Example("forget shop.rg buyer:B7", "Then: riskgraph compact shop.rg")]

  let store = StoreParameters.store
  let node = StoreParameters.node
  let wait = StoreParameters.wait

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name, wait: input[wait])
    do {
      try store.forget(input[node])
    } catch StoreError.noSuchNode, StoreError.noSuchNodeType {
      _ = try store.graph().find(input[node])
      throw NameError.node(input[node], nearest: nil)
    }
    var answer = Answer(json: ["forgotten": true, "type": JSON(input[node].type)])
    answer.say("Forgotten. riskgraph compact \(store.path) takes it out of the snapshot's files, too.")
    return answer
  }
}
