/// How large a market is: its nodes, and how many edges each node has on average.
///
///     MarketScale.named("medium")!.nodes        // 170,000, with about a million edges
public struct MarketScale: Sendable, Hashable {
  public var name: String
  public var nodes: Int

  public init(name: String, nodes: Int) {
    self.name = name
    self.nodes = nodes
  }

  public static let tiny = MarketScale(name: "tiny", nodes: 2_000)
  public static let small = MarketScale(name: "small", nodes: 4_200)
  public static let medium = MarketScale(name: "medium", nodes: 170_000)
  public static let large = MarketScale(name: "large", nodes: 3_400_000)
  public static let xl = MarketScale(name: "xl", nodes: 17_000_000)

  public static let all = [tiny, small, medium, large, xl]

  public static func named(_ name: String) -> MarketScale? { all.first { $0.name == name } }

  /// As many nodes as asked for.
  public static func nodes(_ count: Int) -> MarketScale { MarketScale(name: "\(count) nodes", nodes: count) }

  /// Fewer nodes than this make no market: each type needs some.
  public static let fewestNodes = 500
  /// What 32-bit ids within a type allow, with room to spare.
  public static let mostNodes = 2_000_000_000
}
