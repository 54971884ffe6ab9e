import Compute

/// How nodes that share something are joined.
public struct ProjectionSettings: Sendable, Hashable {
  /// What more nodes than this share joins nobody: an address of thousands is a post office.
  public var maxDegree = 100
  /// How many pairs that share something are taken on at most; a pair costs about twelve bytes.
  public var mostPairs = 200_000_000

  public init() {}

  public init(maxDegree: Int) { self.maxDegree = maxDegree }
}

/// What became a projection, and what did not.
public struct ProjectionReport: Sendable, Hashable, CustomStringConvertible {
  /// What one relation led to.
  public struct Shared: Sendable, Hashable {
    /// The type of what is shared, and through which relation.
    public let type: String
    public let relation: String
    /// How many of them join at least two nodes, and how many were left out as too many share them.
    public let used: Int
    public let leftOut: Int
    /// The ends that those left out have, and the most that one has.
    public let leftOutEnds: Int
    public let largestDegree: Int
  }

  public let path: String
  public let nodes: Int
  public let edges: Int
  public let shared: [Shared]

  public var description: String {
    var text = "\(path): \(grouped(nodes)) nodes, \(grouped(edges)) edges."
    for part in shared {
      text += " Through \(grouped(part.used)) shared \(part.type) (\(part.relation))"
      if part.leftOut > 0 {
        text +=
          "; \(grouped(part.leftOut)) left out, which \(grouped(part.leftOutEnds)) nodes in all share "
          + "(one alone \(grouped(part.largestDegree)))"
      }
      text += "."
    }
    return text
  }
}
