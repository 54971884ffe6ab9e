import Arguments
import Graph
import Store

/// What the commands on one plain graph take: which edges, as of when, and what more nodes than how many share.
enum ProjectionParameters {
  static let on = Option<String>(
    "on",
    "Which edges: buyer-order-product (a relation), or merchant-device-merchant (merchants that share a device).",
    as: "PATH")
  static let maxDegree = Option(
    "max-degree", "What more nodes than this share joins nobody.", default: 100, accepts: within(2...))

  /// The store's graph as it was known at the instant, projected.
  static func project(
    _ input: Input, _ store: FolderPath, for command: String, in session: Session
  ) throws
    -> (projection: Projection, report: ProjectionReport, graph: MarketGraph)
  {
    let graph = try Store.open(store, for: command).graph()
    let (projection, report) = try graph.view(asOf: input[StoreParameters.asOf]).projection(
      input[on], ProjectionSettings(maxDegree: input[maxDegree]), parallel: session.parallel)
    return (projection, report, graph)
  }

  /// What every such command says of its graph in JSON.
  static func facts(_ report: ProjectionReport, asOf: Timestamp?) -> [(String, JSON)] {
    [
      ("on", JSON(report.path)), ("asOf", JSON(asOf?.description)), ("nodes", JSON(report.nodes)),
      ("edges", JSON(report.edges)),
    ]
  }
}

extension Projection {
  /// The name of the node at a place: `merchant:M42`.
  func key(at place: Int, in graph: MarketGraph) -> String {
    let (type, id) = space.node(at: place)
    return "\(type):\(graph.nodes[type]!.keys.key(id))"
  }
}
