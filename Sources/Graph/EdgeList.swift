import Compute

/// Edges as a table has them: row `i` leads from node `sources[i]` to node `targets[i]`.
public struct EdgeList: Sendable {
  public var sourceCount: Int
  public var targetCount: Int
  public var sources: Buffer<UInt32>
  public var targets: Buffer<UInt32>
  public var weights: Buffer<Float>?
  /// From when each edge is visible, in seconds.
  public var times: Buffer<Int64>?

  /// Needs: buffers of one length.
  public init(
    sourceCount: Int, targetCount: Int, sources: Buffer<UInt32>, targets: Buffer<UInt32>,
    weights: Buffer<Float>? = nil, times: Buffer<Int64>? = nil
  ) {
    precondition(sources.count == targets.count, "an edge has two ends")
    precondition(weights.map { $0.count == sources.count } ?? true, "one weight for each edge")
    precondition(times.map { $0.count == sources.count } ?? true, "one time for each edge")
    self.sourceCount = sourceCount
    self.targetCount = targetCount
    self.sources = sources
    self.targets = targets
    self.weights = weights
    self.times = times
  }

  /// Edges among the nodes of one type, from pairs: for tests and small graphs.
  ///
  ///     EdgeList(nodes: 3, [(0, 1), (1, 2)])
  public init(nodes: Int, _ edges: [(Int, Int)], weights: [Float]? = nil, times: [Int64]? = nil) {
    self.init(
      sourceCount: nodes, targetCount: nodes, sources: Buffer(edges.map { UInt32($0.0) }),
      targets: Buffer(edges.map { UInt32($0.1) }), weights: weights.map { Buffer($0) },
      times: times.map { Buffer($0) })
  }

  public var count: Int { sources.count }
}
