// Which of a node's edges carry its score, for a model that judges rows of columns alone.
//
// Columns are computed on the node's surroundings alone, with the edge and without; the difference is added to the
// columns that the whole graph gave, so that what the surroundings cannot tell (where the node stands in the whole graph)
// stays as it is.

import Compute
import Features
import Graph
import Learning

struct EdgeMasking {
  let desk: EvidenceDesk
  let model: TrainedModel
  let evidence: ModelEvidence
  let sight: NodeTask.Sight
  /// So many edges are tried; of more, those to the neighbours with the fewest neighbours of their own: a thing that
  /// few share says more than one that all do.
  var most = 24

  func edges() throws -> Explanation.Edges {
    let reach = model.card.parts.flatMap(\.features.features).map(\.reach).max() ?? 0
    guard reach > 0 else { return Explanation.Edges() }
    let ego = try EgoGraph(desk.view, around: desk.key, steps: reach + 1)
    let all = ego.ownEdges
    guard !all.isEmpty else { return Explanation.Edges() }
    let whole = try columns(ego.graph())
    func scores(without sets: [Set<EgoGraph.Edge>]) throws -> [Double] {
      let rows = try sets.map { set in combined(try columns(ego.graph(without: set)), whole) }
      return try model.probabilities(ofRows: rows)
    }
    return try EdgeSearch(
      all: all, tried: candidates(all), score: model.probabilities(ofRows: [evidence.cells])[0],
      named: { ($0.relation, $0.neighbour) }, scores: scores(without:)
    ).edges(of: ego.isWhole)
  }

  private func candidates(_ all: [EgoGraph.Edge]) throws -> [EgoGraph.Edge] {
    guard all.count > most else { return all }
    let degrees = try all.map { edge -> Int in
      let back: Direction = edge.direction == .out ? .into : .out
      return try desk.view.degree(of: desk.view.node(edge.neighbour), edge.relation, back)
    }
    // What nobody else has says nothing of company.
    return all.indices.sorted { a, b in
      let (x, y) = (degrees[a] < 2 ? Int.max : degrees[a], degrees[b] < 2 ? Int.max : degrees[b])
      return x != y ? x < y : all[a].neighbour < all[b].neighbour
    }.prefix(most).map { all[$0] }
  }

  /// The node's columns on a small graph, part by part, with the labels that may be known.
  private func columns(_ graph: MarketGraph) throws -> [[Float]] {
    let view = VisibleGraph(graph, asOf: desk.view.asOf)
    let table = try view.nodes(of: desk.key.type)
    guard let full = desk.view.graph.nodes[desk.key.type] else { return [] }
    let classes = (0..<table.count).map { place -> Int32 in
      guard let node = full.keys.node(table.keys.key(NodeID(UInt32(place)))), node != desk.node,
        node.index < sight.labels.classes.count
      else { return KnownLabels.unknown }
      return sight.labels.classes[node.index]
    }
    let labels = KnownLabels(type: sight.labels.type, classes: classes, classCount: sight.labels.classCount)
    return try model.card.parts.map { part in
      let local = part.features.keeping { !$0.isStructure }
      return try local.columns(in: view, labels: labels).row(0)
    }
  }

  /// What the whole graph gave, moved by what the mask changed; columns of structure stay.
  private func combined(_ masked: [[Float]], _ whole: [[Float]]) -> [[Float]] {
    zip(zip(model.card.parts, evidence.cells), zip(masked, whole)).map { given, local in
      let (part, cells) = given
      var place = -1
      return zip(part.features.features, cells).map { feature, cell in
        guard !feature.isStructure else { return cell }
        place += 1
        let (with, without) = (local.1[place], local.0[place])
        if with == without || (with.isNaN && without.isNaN) { return cell }
        // What becomes missing is missing; what appears is taken as it is.
        if without.isNaN || with.isNaN || cell.isNaN { return without }
        return cell + without - with
      }
    }
  }
}

extension GraphFeature {
  var isStructure: Bool {
    if case .structure = self { return true }
    return false
  }

  /// How many steps from the node it looks.
  var reach: Int {
    switch self {
    case .own(.degree): 1
    case .own, .structure: 0
    case .labels(let path, _): path.count
    case .neighbours(let path, _, let column):
      if case .degree = column { path.count + 1 } else { path.count }
    }
  }
}
