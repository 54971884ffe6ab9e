// Who uses what: members, and each kind of instrument (devices, accounts, addresses) that several of them may share.

import Compute
import Graph

/// Members, and each kind of instrument that they use.
public struct SharedInstruments: Sendable {
  public struct Kind: Sendable {
    public let name: String
    /// Rows are members, columns are instruments; each pair once.
    public let uses: BipartiteGraph

    public init(name: String, uses: BipartiteGraph) {
      self.name = name
      self.uses = uses
    }
  }

  public let memberCount: Int
  public let kinds: [Kind]

  public init(memberCount: Int, kinds: [Kind]) {
    precondition(kinds.allSatisfy { $0.uses.rowCount == memberCount }, "rows of other members")
    self.memberCount = memberCount
    self.kinds = kinds
  }

  /// What the nodes of a path share, as far as a view sees it.
  ///
  ///     let path = try RelationPath("merchant-device|address-merchant", in: graph.schema)
  ///     let parts = try view.sharedThings(along: path)
  ///     SharedInstruments(parts, memberCount: try view.space(of: path).count)
  public init(_ parts: [SharedThings], memberCount: Int) {
    self.init(
      memberCount: memberCount,
      kinds: parts.map { Kind(name: $0.type, uses: BipartiteGraph(rows: $0.things, columns: $0.nodes)) })
  }
}
