import Arguments
import Compute
import Graph
import Store

struct CoresCommand: Command {
  let name = "cores"
  let summary = "Finds core numbers on chosen edges: how deep in the dense part each node is."
  let discussion = """
    A node has core number k when it is in a part of the graph in which everybody has k neighbours, and in none in \
    which everybody has more.
    """
  let examples = [Example("cores shop.rg --on 'merchant-device-merchant'", "The innermost merchants first.")]

  let store = StoreParameters.store
  let on = ProjectionParameters.on
  let maxDegree = ProjectionParameters.maxDegree
  let asOf = StoreParameters.asOf
  let limit = StoreParameters.limit

  func run(_ input: Input, in session: Session) throws -> Answer {
    let (projection, report, graph) = try ProjectionParameters.project(
      input, input[store], for: name, in: session)
    let cores = projection.coreNumbers(parallel: session.parallel)
    let deepest = cores.indices.sorted { cores[$0] != cores[$1] ? cores[$0] > cores[$1] : $0 < $1 }
      .prefix(input[limit])
    var counts: [UInt32: Int] = [:]
    for core in cores { counts[core, default: 0] += 1 }
    let levels = counts.sorted { $0.key > $1.key }
    let levelRows: [JSON] = levels.map { level in
      JSON([("core", JSON(Int(level.key))), ("nodes", JSON(level.value))])
    }
    let rows: [JSON] = deepest.map { place in
      JSON([("node", JSON(projection.key(at: place, in: graph))), ("core", JSON(Int(cores[place])))])
    }
    var answer = Answer(
      json: JSON(
        ProjectionParameters.facts(report, asOf: input[asOf]) + [
          ("levels", JSON(levelRows)), ("deepest", JSON(rows)),
        ]))
    var table = TextTable(["node", "core", "degree"], alignments: [.leading, .trailing, .trailing])
    for place in deepest {
      table.add([
        projection.key(at: place, in: graph), "\(cores[place])", grouped(projection.csr.degree(place)),
      ])
    }
    answer.table(table)
    if let top = levels.first {
      answer.say("\(counted(top.value, "node")) in the innermost core, \(top.key).")
    }
    answer.say(report.description)
    return answer
  }
}
