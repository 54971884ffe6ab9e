import Compute
import Foundation
import Graph

extension SuspicionJudge {
  /// What blocks of two kinds of nodes count: how much denser they are than chance, and the looks at their members.
  public static let weightsOfBlocks: [SuspicionPart.Kind: Double] = [
    .density: 0.5, .scores: 0.6, .labels: 0.6, .synchrony: 0.35, .age: 0.1, .money: 0.05,
  ]

  /// Blocks judged as groups of rows and columns together, the columns numbered after the rows; the most suspicious first.
  ///
  /// Needs: facts of rows, then columns. A group's community is its block's place in the list.
  public func blocks(_ blocks: [DenseBlock], in graph: BipartiteGraph) -> [GroupSuspicion] {
    blocks.enumerated().map { place, block in
      let members = block.rows + block.columns.map { $0 + UInt32(graph.rowCount) }
      let parts = [
        density(block, in: graph, blockCount: blocks.count), scores(members), labels(members, blocks.count),
        synchrony(members, blocks.count), age(members), money(members),
      ].compactMap { $0 }
      return GroupSuspicion(community: place, members: members, score: score(of: parts), parts: parts)
    }.sorted { ($0.score, $0.members.count, $1.community) > ($1.score, $1.members.count, $0.community) }
  }

  /// The edges of a block against those that a random graph with the same degrees has there.
  func density(_ block: DenseBlock, in graph: BipartiteGraph, blockCount: Int) -> SuspicionPart {
    let ofRows = block.rows.reduce(0) { $0 + graph.rows.degree(Int($1)) }
    let ofColumns = block.columns.reduce(0) { $0 + graph.columns.degree(Int($1)) }
    let expected = Double(ofRows) * Double(ofColumns) / Double(max(1, graph.edgeCount))
    let (p, strength) = SuspicionJudge.strength(
      logP: logPoissonTail(atLeast: block.edges, mean: max(expected, 1e-12)), groupCount: blockCount)
    let outside = ofRows - block.edges
    return SuspicionPart(
      kind: .density, value: Double(block.edges), comparison: expected, pValue: p, strength: strength,
      says:
        "\(grouped(block.rows.count)) and \(grouped(block.columns.count)) nodes with \(grouped(block.edges)) edges between "
        + "them, \(digits(100 * block.density, 1)) % of all that could be; in degree-matched random groups: "
        + "\(digits(expected, 1)). \(grouped(outside)) edges of the first lead elsewhere")
  }
}
