/// The types of nodes, in the order in which their tables are written.
public enum NodeKind: Int, Sendable, CaseIterable {
  case merchant, product, creator, stream, video, buyer, device, account, address, ad

  public var name: String { "\(self)" }

  /// The first letter of its keys.
  var letter: UInt8 { Array("mpcsvbdahx".utf8)[rawValue] }

  /// Its share of all nodes.
  var share: Double {
    [0.06, 0.18, 0.02, 0.015, 0.025, 0.33, 0.19, 0.085, 0.085, 0.01][rawValue]
  }

  static func count(of kind: NodeKind, nodes: Int) -> Int { max(4, Int(Double(nodes) * kind.share)) }
}
