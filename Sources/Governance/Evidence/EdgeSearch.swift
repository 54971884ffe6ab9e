// The fewest edges that carry a score.
//
// Each edge is left out in turn, and the model asked again; edges are ranked by how much the score falls without them. From
// the top they are then put together until with them alone, all other edges left out, nine tenths of the score stay; how
// the score falls when just these are left out says how faithful that is.
//
// Ying, Bourgeois, You, Zitnik, Leskovec: GNNExplainer (2019), for the question; the search is greedy, not by gradients.

import Graph
import Learning

struct EdgeSearch<Edge: Hashable> {
  let all: [Edge]
  /// Of many edges those that are left out one by one.
  let tried: [Edge]
  /// With every edge.
  let score: Double
  let named: (Edge) -> (relation: String, neighbour: NodeKey)
  let scores: (_ without: [Set<Edge>]) throws -> [Double]

  /// `isWhole`: whether `all` are all that the node has.
  func edges(of isWhole: Bool) throws -> Explanation.Edges {
    var result = Explanation.Edges()
    result.isWhole = isWhole && tried.count == all.count
    let ranked = zip(tried, try scores(tried.map { [$0] })).map { edge, without in
      let (relation, neighbour) = named(edge)
      let masked = Explanation.Masked(
        relation: relation, neighbour: neighbour, scoreWithout: without, drop: score - without)
      return (edge: edge, masked: masked)
    }.sorted { ($1.masked.drop, $0.masked.neighbour) < ($0.masked.drop, $1.masked.neighbour) }
    result.masked = ranked.map(\.masked)
    // Doubling, then as they are: a few questions instead of one for each length.
    let helpful = ranked.filter { $0.masked.drop > 0 }
    guard !helpful.isEmpty else { return result }
    let none = try scores([Set(all)])[0]
    let lengths = Array(Set([1, 2, 3, 5, 8, 13, helpful.count].filter { $0 <= helpful.count })).sorted()
    let kept = try scores(
      lengths.map { length in Set(all).subtracting(helpful.prefix(length).map(\.edge)) })
    // Nine tenths of the way from no edges at all to all of them.
    let wanted = score - 0.1 * max(0, score - none)
    let chosen = lengths.indices.first { kept[$0] >= wanted } ?? lengths.count - 1
    result.keeping = helpful.prefix(lengths[chosen]).map(\.masked)
    result.scoreWithOnlyThese = kept[chosen]
    result.scoreWithoutThese = try scores([Set(helpful.prefix(lengths[chosen]).map(\.edge))])[0]
    return result
  }
}

extension EdgeSearch where Edge == NearNeighbour {
  /// For a network that hears a node's neighbours: each of them is not heard in turn, with columns as they are.
  static func edges(
    of node: NodeID, _ type: String, in rows: ScoredRows, _ view: GraphView
  ) throws -> Explanation.Edges {
    let all = rows.nearNeighbours(of: node.index)
    guard !all.isEmpty, let table = view.graph.nodes[type],
      let whole = try rows.scores(of: node.index, without: [[]])
    else { return Explanation.Edges() }
    return try EdgeSearch(
      all: all, tried: Array(all.prefix(24)), score: whole[0],
      named: { ($0.relation, NodeKey(type: type, key: table.keys.key(NodeID(UInt32($0.node))))) },
      scores: { try rows.scores(of: node.index, without: $0) ?? [] }
    ).edges(of: true)
  }
}
