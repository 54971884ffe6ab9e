import Arguments
import Communities
import Compute
import Foundation
import Governance
import Graph
import Store

struct ExplainCommand: Command {
  let name = "explain"
  let summary = "Says why a node is risky: in words, numbers that can be asked again, and a picture."
  let discussion = """
    A flagged node is explained from what was kept when it was flagged, as of that time; another is scored first. Every \
    number is the answer to a query, which --queries shows. Contributions are Shapley values of the trees (or integrated \
    gradients); edges are judged by leaving each out and asking the model again.
    """
  let examples = [
    Example("explain shop.rg merchant:M42", "Why, in words."),
    Example(
      "explain shop.rg merchant:M42 --picture m42.svg --queries",
      "With a picture, and what each number answers."),
  ]
  let store = StoreParameters.store
  let node = StoreParameters.node
  let asOf = StoreParameters.asOf
  let queries = Flag("queries", "Show the query behind each number.")
  let picture = Option<String?>(
    "picture", "Draw the node with what it shares, as SVG.", as: "FILE", completion: .file)

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name)
    _ = try store.graph().find(input[node])
    var explainer = Explainer(store)
    explainer.progress = session.progress
    let found = try explainer.explain(input[node], asOf: input[asOf])
    if let path = input[picture] {
      let drawn = try explainer.picture(of: found)
      try Data(drawn.svg().utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
    var answer = Answer(json: ExplainCommand.json(found))
    answer.facts(ExplainCommand.head(found))
    func tell(_ title: String, _ findings: [Finding]) {
      guard !findings.isEmpty else { return }
      answer.heading(title)
      for finding in findings {
        answer.say("  " + finding.text)
        guard input[queries] else { continue }
        for number in finding.numbers {
          answer.say("      \(Finding.plain(number.value)) = \(number.query.words)")
        }
      }
    }
    tell("What raised the score", found.reasons)
    tell("Rules", found.rules)
    tell("What it shares", found.relations)
    tell("What changed", found.changes)
    if !found.groupSentences.isEmpty {
      answer.heading("Its group")
      for sentence in found.groupSentences { answer.say("  " + sentence) }
      for bond in found.bonds {
        answer.say(
          "  \(bond.members) of \(bond.ofMembers) use \(bond.thing), which \(bond.users) use in all.")
      }
    }
    ExplainCommand.tellEdges(found, in: &answer)
    tell("What would un-flag it", [found.counterfactual].compactMap { $0 })
    if !found.similar.isEmpty {
      var table = TextTable(["similar decided case", "node", "decided", "alike"])
      for one in found.similar { table.add([one.caseName, one.node, one.action, percent(one.likeness)]) }
      answer.table(table)
    }
    return answer
  }

  private static func head(_ found: Explanation) -> [(String, String)] {
    var facts = [("node", "\(found.key)"), ("as of", "\(found.asOf)")]
    if let name = found.caseName { facts.append(("case", name)) }
    if let probability = found.probability { facts.append(("risk", percent(probability))) }
    if let model = found.model {
      facts.append(("score", "\(percent(model.score)), by \(model.model), version \(model.version)"))
    }
    if let money = found.details?.money { facts.append(("money exposed", grouped(Int(money.rounded())))) }
    if let people = found.details?.people { facts.append(("people exposed", grouped(Int(people.rounded())))) }
    return facts
  }

  private static func tellEdges(_ found: Explanation, in answer: inout Answer) {
    let edges = found.edges
    guard !edges.masked.isEmpty else { return }
    answer.heading("Which edges carry the score")
    var table = TextTable(["without", "by", "score", "falls by"])
    for one in edges.masked.prefix(6) where one.drop > 0 {
      table.add(["\(one.neighbour)", one.relation, percent(one.scoreWithout), percent(one.drop)])
    }
    if !table.isEmpty { answer.table(table) }
    if let only = edges.scoreWithOnlyThese, let without = edges.scoreWithoutThese {
      answer.say(
        "With \(edges.keeping.count) of its edges alone the score is \(percent(only)); without just these it is \(percent(without))."
      )
    } else {
      answer.say("No single edge carries the score.")
    }
    if !edges.isWhole {
      answer.say("It has many edges: the latest, and those to what few share, were looked at.")
    }
  }

  private static func json(_ found: Explanation) -> JSON {
    func findings(_ list: [Finding]) -> JSON {
      JSON(
        list.map { finding in
          [
            "text": JSON(finding.text),
            "numbers": JSON(
              finding.numbers.map { ["value": JSON($0.value), "query": JSON($0.query.words)] }),
          ]
        })
    }
    func masked(_ list: [Explanation.Masked]) -> JSON {
      JSON(
        list.map {
          [
            "relation": JSON($0.relation), "neighbour": JSON("\($0.neighbour)"),
            "scoreWithout": JSON($0.scoreWithout),
          ]
        })
    }
    return [
      "node": JSON("\(found.key)"), "asOf": JSON("\(found.asOf)"), "case": JSON(found.caseName),
      "probability": JSON(found.probability), "score": JSON(found.model?.score),
      "model": JSON(found.model?.model),
      "reasons": findings(found.reasons), "rules": findings(found.rules),
      "relations": findings(found.relations),
      "changes": findings(found.changes), "unflagging": findings([found.counterfactual].compactMap { $0 }),
      "group": JSON(found.groupName), "groupSentences": JSON(found.groupSentences),
      "bonds": JSON(
        found.bonds.map {
          ["thing": JSON("\($0.thing)"), "members": JSON($0.members), "users": JSON($0.users)]
        }),
      "edges": masked(found.edges.masked), "keepingEdges": masked(found.edges.keeping),
      "scoreWithOnlyThese": JSON(found.edges.scoreWithOnlyThese),
      "scoreWithoutThese": JSON(found.edges.scoreWithoutThese),
      "similar": JSON(
        found.similar.map {
          [
            "case": JSON($0.caseName), "node": JSON($0.node), "action": JSON($0.action),
            "likeness": JSON($0.likeness),
          ]
        }),
    ]
  }
}
