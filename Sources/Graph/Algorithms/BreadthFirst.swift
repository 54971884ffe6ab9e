// Breadth-first search that turns around when the frontier is large.
//
// While few nodes were just reached, they look at their neighbours (top down). When the frontier touches a good part
// of all edges, the nodes not reached yet look for a neighbour in it instead (bottom up) and stop at the first.
//
// Beamer, Asanović, Patterson: Direction-optimizing breadth-first search (2012).

import Compute

extension Projection {
  /// For each node its distance in edges from the nearest source; `UInt32.max` where there is no way.
  ///
  /// Needs: sources inside the graph. Touches each edge at most twice.
  public func distances(from sources: [Int], parallel: Parallel = .machine) -> Buffer<UInt32> {
    let rows = nodeCount
    return Buffer<UInt32>(count: rows) { distances in
      distances.initialize(repeating: .max)
      var frontier: [UInt32] = []
      for source in Set(sources).sorted() {
        precondition((0..<rows).contains(source), "a source outside the graph")
        distances[source] = 0
        frontier.append(UInt32(source))
      }
      var unexplored = csr.entryCount
      var level: UInt32 = 0
      csr.withUnsafeRows { offsets, targets, _ in
        while !frontier.isEmpty {
          let edges = frontier.reduce(0) { $0 + Int(offsets[Int($1) + 1] - offsets[Int($1)]) }
          unexplored -= edges
          if edges > unexplored / 14 {
            frontier = lookBack(distances, offsets, targets, level, parallel)
          } else {
            frontier = lookAhead(distances, offsets, targets, level, frontier)
          }
          level += 1
        }
      }
    }
  }
}

private func lookAhead(
  _ distances: UnsafeMutableBufferPointer<UInt32>, _ offsets: UnsafePointer<UInt64>,
  _ targets: UnsafePointer<UInt32>, _ level: UInt32, _ frontier: [UInt32]
) -> [UInt32] {
  var next: [UInt32] = []
  for node in frontier {
    for entry in Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) {
      let neighbour = Int(targets[entry])
      if distances[neighbour] == .max {
        distances[neighbour] = level + 1
        next.append(UInt32(neighbour))
      }
    }
  }
  return next
}

private func lookBack(
  _ distances: UnsafeMutableBufferPointer<UInt32>, _ offsets: UnsafePointer<UInt64>,
  _ targets: UnsafePointer<UInt32>, _ level: UInt32, _ parallel: Parallel
) -> [UInt32] {
  // Blocks read distances that other blocks may be writing, so what they find is noted first and written afterwards.
  let found = parallel.map(rows: distances.count, atLeast: 4096) { block -> [UInt32] in
    var found: [UInt32] = []
    for node in block where distances[node] == .max {
      for entry in Int(offsets[node])..<Int(offsets[node + 1]) where distances[Int(targets[entry])] == level {
        found.append(UInt32(node))
        break
      }
    }
    return found
  }
  for block in found { for node in block { distances[Int(node)] = level + 1 } }
  return found.flatMap { $0 }
}
