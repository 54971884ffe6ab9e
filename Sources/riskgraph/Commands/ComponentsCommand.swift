import Arguments
import Compute
import Graph
import Store

struct ComponentsCommand: Command {
  let name = "components"
  let summary = "Finds the connected components of chosen edges, largest first."
  let examples = [
    Example(
      "components shop.rg --on 'merchant-device-merchant'",
      "Merchants that devices join, directly or through others.")
  ]

  let store = StoreParameters.store
  let on = ProjectionParameters.on
  let maxDegree = ProjectionParameters.maxDegree
  let asOf = StoreParameters.asOf
  let limit = StoreParameters.limit

  func run(_ input: Input, in session: Session) throws -> Answer {
    let (projection, report, graph) = try ProjectionParameters.project(
      input, input[store], for: name, in: session)
    let components = projection.components(parallel: session.parallel)
    let sizes = ComponentSizes(of: components)
    let shown = sizes.largestFirst.filter { $0.size > 1 }.prefix(input[limit])
    // The first members of each shown one, in one pass.
    var members: [UInt32: [String]] = [:]
    for one in shown { members[one.node] = [] }
    for (place, root) in components.enumerated() where (members[root]?.count ?? 5) < 5 {
      members[root]!.append(projection.key(at: place, in: graph))
    }
    let alone = sizes.largestFirst.count { $0.size == 1 }
    let largest: [JSON] = shown.map { one in
      JSON([("size", JSON(one.size)), ("first", JSON(members[one.node] ?? []))])
    }
    var answer = Answer(
      json: JSON(
        ProjectionParameters.facts(report, asOf: input[asOf]) + [
          ("components", JSON(sizes.count)), ("alone", JSON(alone)), ("largest", JSON(largest)),
        ]))
    if !shown.isEmpty {
      var table = TextTable(["size", "some of its nodes"])
      for one in shown {
        let names = members[one.node] ?? []
        table.add([grouped(one.size), names.joined(separator: ", ") + (one.size > names.count ? ", …" : "")])
      }
      answer.table(table)
    }
    answer.say(
      "\(counted(sizes.count - alone, "component")) of two and more nodes; \(counted(alone, "node")) alone.")
    answer.say(report.description)
    return answer
  }
}
