import Communities
import Compute
import Graph

extension Explainer {
  /// The node with its neighbours by what several share, and who else uses that: a small graph to be drawn.
  ///
  /// At most `most` nodes; of more, the neighbours whose edges carry the score, then those that the fewest others use.
  public func picture(of explanation: Explanation, most: Int = 60) throws -> CommunityPicture {
    let desk = try desk(for: explanation)
    let view = desk.view
    let ego = try EgoGraph(view, around: explanation.key, steps: 2, mostOfRelation: 12, mostNodes: 400)
    let strong = Dictionary(
      explanation.edges.masked.map { ($0.neighbour, $0.drop) }, uniquingKeysWith: { max($0, $1) })
    let graph = try ego.graph()
    var links: [NodeKey: Set<NodeKey>] = [:]
    for relation in graph.relations.values {
      guard let from = graph.nodes[relation.type.from], let to = graph.nodes[relation.type.to] else {
        continue
      }
      for row in 0..<relation.out.rowCount where row < relation.out.snapshot.rowCount {
        for entry in relation.out.snapshot.row(row) {
          let a = NodeKey(type: relation.type.from, key: from.keys.key(NodeID(UInt32(row))))
          let b = NodeKey(
            type: relation.type.to, key: to.keys.key(NodeID(relation.out.snapshot.targets[entry])))
          links[a, default: []].insert(b)
          links[b, default: []].insert(a)
        }
      }
    }
    let near = (links[explanation.key] ?? []).filter { (links[$0]?.count ?? 0) > 1 }
    let ranked = near.sorted { a, b in
      let (x, y) = (strong[a] ?? 0, strong[b] ?? 0)
      return x != y ? x > y : (links[a]!.count, a) < (links[b]!.count, b)
    }
    var chosen = [explanation.key]
    for neighbour in ranked where chosen.count < most {
      chosen.append(neighbour)
      for far in links[neighbour]!.sorted() where !chosen.contains(far) && far.type == explanation.key.type {
        guard chosen.count < most else { break }
        chosen.append(far)
      }
    }
    let places = Dictionary(chosen.enumerated().map { ($1, $0) }, uniquingKeysWith: { $1 })
    var offsets: [UInt64] = [0]
    var targets: [UInt32] = []
    for node in chosen {
      targets += (links[node] ?? []).compactMap { places[$0].map { UInt32($0) } }.sorted()
      offsets.append(UInt64(targets.count))
    }
    let csr = CSR(targetCount: chosen.count, offsets: Buffer(offsets), targets: Buffer(targets))
    return CommunityPicture(
      title: "\(explanation.key), as of \(explanation.asOf)",
      nodes: chosen.map { node in
        let risk = node == explanation.key ? explanation.probability ?? explanation.model?.score : nil
        let drop = strong[node].map { "without it the score falls by \(Finding.plain($0 * 100)) %" }
        return CommunityPicture.Node(name: "\(node)", type: node.type, risk: risk, remark: drop)
      }, graph: Projection(space: .plain(chosen.count), csr: csr))
  }
}
