import Arguments
import Compute
import Graph
import Store

struct PageRankCommand: Command {
  let name = "pagerank"
  let summary = "Ranks nodes by PageRank on chosen edges, also as seen from chosen nodes."
  let examples = [
    Example("pagerank shop.rg --on 'buyer-order-product'", "The nodes that a random walker meets most."),
    Example(
      "pagerank shop.rg --on 'merchant-device-merchant' --from merchant:M42", "Who is near M42: personalized."
    ),
  ]

  let store = StoreParameters.store
  let on = ProjectionParameters.on
  let from = Option<[NodeKey]>("from", "Where walkers start, instead of everywhere.")
  let damping = Option(
    "damping", "The chance to follow an edge rather than to start again.", default: 0.85,
    accepts: within(0...0.999))
  let tolerance = Option(
    "tolerance", "Stop when ranks change by less than this.", default: 1e-6, accepts: within(1e-15...1))
  let maxDegree = ProjectionParameters.maxDegree
  let asOf = StoreParameters.asOf
  let limit = StoreParameters.limit

  func run(_ input: Input, in session: Session) throws -> Answer {
    let (projection, report, graph) = try ProjectionParameters.project(
      input, input[store], for: name, in: session)
    var settings = PageRankSettings()
    settings.damping = input[damping]
    settings.tolerance = input[tolerance]
    for key in input[from] {
      let (_, node) = try graph.find(key)
      guard let place = projection.space.place(of: node, type: key.type) else {
        throw NameError.nodeType(key.type, known: projection.space.parts.map(\.type))
      }
      settings.starts[place] = 1
    }
    let result = projection.pageRank(settings, parallel: session.parallel)
    let ranks = result.ranks
    let best = ranks.indices.sorted { ranks[$0] != ranks[$1] ? ranks[$0] > ranks[$1] : $0 < $1 }.prefix(
      input[limit])
    let rows: [JSON] = best.map { place in
      JSON([("node", JSON(projection.key(at: place, in: graph))), ("rank", JSON(ranks[place]))])
    }
    var answer = Answer(
      json: JSON(
        ProjectionParameters.facts(report, asOf: input[asOf]) + [
          ("steps", JSON(result.steps)), ("lastChange", JSON(result.lastChange)), ("ranks", JSON(rows)),
        ]))
    var table = TextTable(["node", "rank", "degree"], alignments: [.leading, .trailing, .trailing])
    for place in best {
      let rank = ranks[place] * Double(ranks.count)
      table.add([
        projection.key(at: place, in: graph), threeDigits(rank), grouped(projection.csr.degree(place)),
      ])
    }
    answer.table(table)
    answer.say("A rank of 1 is the mean of all nodes. \(counted(result.steps, "step")).")
    answer.say(report.description)
    return answer
  }
}
