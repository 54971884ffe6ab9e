import Compute

/// What can be wrong with a graph, or with what is asked of it.
public enum CommunityError: Error, CustomStringConvertible, Equatable {
  case badWeight(row: Int, neighbour: Int, weight: Float)
  case badResolution(Double)
  case badSizes(smallest: Int, largest: Int)
  case tooManyNodes(Int)
  case otherNodeCount(partition: Int, graph: Int)
  case unreadable(file: String, line: Int?, reason: String)
  case tooLarge(what: String, bytes: Int, available: Int, remedy: String)
  case badSuspicion(node: Int, value: Double)
  case badWindow(Int64)
  case stopped

  public var description: String {
    switch self {
    case .badWeight(let row, let neighbour, let weight):
      "The edge between nodes \(row) and \(neighbour) weighs \(weight). Communities need finite weights that are "
        + "not negative: leave such edges out, or say how near two nodes are rather than how far."
    case .badResolution(let resolution):
      "The resolution is \(resolution); it must be a finite number, 0 or more. 1 is usual for modularity."
    case .badSizes(let smallest, let largest):
      "Communities of \(smallest) to \(largest) members were asked for; the smallest must be at least 1 and at most "
        + "the largest."
    case .tooManyNodes(let count):
      "The graph has \(grouped(count)) nodes; communities can be sought among at most 2,147,483,647."
    case .otherNodeCount(let partition, let graph):
      "The partition names \(grouped(partition)) nodes, the graph has \(grouped(graph)). They must be of the same nodes."
    case .unreadable(let file, let line, let reason):
      line.map { "\(file), line \($0): \(reason)" } ?? "\(file): \(reason)"
    case .tooLarge(let what, let bytes, let available, let remedy):
      "\(what) needs about \(gibibytes(bytes)) GiB, and \(gibibytes(available)) GiB are allowed. \(remedy)"
    case .badSuspicion(let node, let value):
      "Node \(node) has a suspicion of \(value). Suspicions must be 0 or more, and below a thousand million."
    case .badWindow(let seconds):
      "A window of \(seconds) seconds holds no time. Give at least one second."
    case .stopped:
      "Stopped before the end, as asked."
    }
  }
}

private func gibibytes(_ bytes: Int) -> String {
  let tenths = Int((Double(bytes) / Double(1 << 30) * 10).rounded())
  return "\(tenths / 10).\(tenths % 10)"
}
