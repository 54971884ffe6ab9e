import Compute
import Features
import Graph
import Store

/// What an action on a case would touch.
public struct Impact: Sendable, Equatable {
  public struct Touched: Sendable, Equatable {
    public var relation: String
    public var type: String
    /// Different nodes at the other ends, over all members.
    public var nodes: Int
    public var edges: Int
    /// Edges of the last seven days: orders that may still be under way.
    public var latestEdges: Int
    /// The sum of the edges' amount over the last thirty days, where they have one.
    public var money: Double?
  }

  public var caseName: String
  public var action: CaseAction
  public var asOf: Timestamp
  public var members: [NodeKey]
  public var touched: [Touched]
  /// By the probabilities at flagging: how many of the members are innocent.
  public var expectedInnocents: Double
  public var members95: (low: Double, high: Double)

  public static func == (a: Impact, b: Impact) -> Bool {
    a.caseName == b.caseName && a.action == b.action && a.members == b.members && a.touched == b.touched
      && a.expectedInnocents == b.expectedInnocents
  }
}

extension CaseBook {
  /// Counts what a case's members are joined with as of a time: a look at each of their edges.
  public func impact(of number: Int, action: CaseAction, asOf wanted: Timestamp? = nil) throws -> Impact {
    let one = try self.case(number)
    let graph = try store.graph()
    let flags =
      try one.run.map { try QueueStore(store).flags(of: $0).filter { $0.caseNumber == number } } ?? []
    let queue = try one.run.map { try QueueStore(store).queue($0) }
    let last = graph.lastInstant
    let asOf = wanted ?? queue?.asOf ?? Timestamp(seconds: last == .min ? 0 : last + 1)
    let view = graph.view(asOf: asOf)
    var touched: [Impact.Touched] = []
    for relation in graph.schema.relations {
      for direction in Direction.allCases {
        let own = direction == .out ? relation.from : relation.to
        if direction == .into, relation.from == relation.to, !relation.isDirected { continue }
        let members = one.members.filter { $0.type == own && !$0.key.isEmpty }
        guard !members.isEmpty else { continue }
        var nodes: Set<NodeID> = []
        var sum = Impact.Touched(
          relation: relation.name, type: direction == .out ? relation.to : relation.from, nodes: 0, edges: 0,
          latestEdges: 0)
        let amounts: Buffer<Float>? =
          if case .number(let values)? = graph.relations[relation.name]?.columns["amount"] { values } else {
            nil
          }
        var money = 0.0
        for member in members {
          guard let node = try? view.node(member) else { continue }
          for neighbour in try view.neighbours(of: node, relation.name, direction) {
            nodes.insert(neighbour.node)
            sum.edges += 1
            let age = asOf.seconds &- neighbour.time.seconds
            if neighbour.time != .missing, age <= 7 * 86_400 { sum.latestEdges += 1 }
            if let amounts, neighbour.time != .missing, age <= 30 * 86_400,
              amounts[neighbour.edgeRow].isFinite
            {
              money += Double(amounts[neighbour.edgeRow])
            }
          }
        }
        sum.nodes = nodes.count
        sum.money = amounts == nil ? nil : money
        if sum.edges > 0 { touched.append(sum) }
      }
    }
    let innocents = flags.reduce(0) { $0 + (1 - $1.probability) }
    let spread = 1.959964 * flags.reduce(0) { $0 + $1.probability * (1 - $1.probability) }.squareRoot()
    return Impact(
      caseName: one.name, action: action, asOf: asOf, members: one.members, touched: touched,
      expectedInnocents: innocents,
      members95: (max(0, innocents - spread), min(Double(flags.count), innocents + spread)))
  }
}
