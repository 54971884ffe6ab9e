import Arguments
import Communities
import Graph

/// The ways to look for groups that the command line offers.
enum GroupMethod: String, CaseIterable, Sendable, ArgumentValue {
  case together, leiden
  case leidenHigh = "leiden-high"
  case louvain
  case labelPropagation = "label-propagation"
  case components
  case denseBlocks = "dense-blocks"
  case lockstep, spectral

  /// Where it divides the nodes of any graph.
  var division: CommunityMethod? { CommunityMethod(rawValue: rawValue) }

  /// Where it looks for blocks of two kinds of nodes; else each node is in one group.
  var findsBlocks: Bool { self == .denseBlocks || self == .lockstep || self == .spectral }
}

extension Schema {
  /// Who shares what in this schema: `merchant|buyer-device|account-merchant|buyer`; nil where nobody shares anything.
  ///
  /// What is shared are the types that relations only lead to and that bear no label of their own: devices, accounts,
  /// addresses. Who shares them are the types at the other ends.
  var sharingPath: String? {
    let things = nodeTypes.filter { type in
      type.labels.isEmpty && relations.contains { $0.to == type.name }
        && relations.allSatisfy { $0.from != type.name }
    }.map(\.name)
    let actors = nodeTypes.map(\.name).filter { type in
      relations.contains { $0.from == type && things.contains($0.to) }
    }
    guard !things.isEmpty, !actors.isEmpty else { return nil }
    let ends = actors.joined(separator: "|")
    return "\(ends)-\(things.joined(separator: "|"))-\(ends)"
  }
}
