import Compute
import Foundation

extension EdgeList {
  /// Undirected edges among nodes of one type, each once.
  public init(nodeCount: Int, sources: Buffer<UInt32>, targets: Buffer<UInt32>) {
    self.init(sourceCount: nodeCount, targetCount: nodeCount, sources: sources, targets: targets)
  }

  public var nodeCount: Int { sourceCount }
}

// Graphs by recipe, to measure on: the same seed gives the same graph on any number of threads.
extension EdgeList {
  /// R-MAT: each edge falls into a quarter of the adjacency matrix with chances .57, .19, .19, .05, then into a quarter
  /// of that, down to one cell; nodes are shuffled afterwards. Skewed degrees, no communities. Each pair once, no loops.
  ///
  /// Chakrabarti, Zhan, Faloutsos: R-MAT (2004); the constants are Graph500's.
  public static func rmat(
    scale: Int, edgeFactor: Int = 16, seed: Seed = Seed(1), parallel: Parallel = .machine
  ) -> EdgeList {
    let nodes = 1 << scale
    let drawn = nodes * edgeFactor
    let names = shuffled(nodes, seed: seed)
    let stream = seed.stream(for: "rmat")
    let pairs = Buffer<UInt64>(count: drawn) { pairs in
      let pairs = pairs
      parallel.forEach(rows: drawn, atLeast: 65_536) { block in
        for edge in block {
          var numbers = stream.generator(item: edge)
          var source = 0
          var target = 0
          var bits = 0
          var random: UInt64 = 0
          for level in 0..<scale {
            // Sixteen random bits a level are enough for two decimals of chance.
            if bits == 0 {
              random = numbers.next()
              bits = 64
            }
            let draw = Double(random & 0xffff) / 65_536
            random >>= 16
            bits -= 16
            if draw >= 0.57 {
              if draw < 0.76 {
                target |= 1 << level
              } else if draw < 0.95 {
                source |= 1 << level
              } else {
                source |= 1 << level
                target |= 1 << level
              }
            }
          }
          pairs[edge] = pair(names[source], names[target])
        }
      }
    }
    return EdgeList(nodeCount: nodes, pairs: pairs)
  }

  /// A planted partition with power-law community sizes and degrees, and the community of each node.
  ///
  /// A share `mixing` of edge ends is joined at random over the whole graph, the rest at random within communities
  /// (a configuration model each, so pairs that meet twice and loops are dropped).
  public static func planted(
    nodes: Int, meanDegree: Double = 20, smallest: Int = 20, largest: Int = 5000, mixing: Double = 0.3,
    seed: Seed = Seed(2)
  ) -> (edges: EdgeList, communities: Buffer<UInt32>) {
    var numbers = seed.generator(for: "planted communities")
    var communities: [UInt32] = []
    communities.reserveCapacity(nodes)
    var community: UInt32 = 0
    while communities.count < nodes {
      let size = min(largest, Int(Double(smallest) * pow(1 - numbers.unit(), -1 / 1.5)))
      for _ in 0..<min(size, nodes - communities.count) { communities.append(community) }
      community += 1
    }
    communities.shuffle(using: &numbers)

    var weights = (0..<nodes).map { _ in min(1000, pow(1 - numbers.unit(), -0.5)) }
    let scale = meanDegree / (weights.reduce(0, +) / Double(max(nodes, 1)))
    for node in weights.indices { weights[node] *= scale }
    var within: [UInt32] = []
    var across: [UInt32] = []
    for node in 0..<nodes {
      // Rounded up or down at random, so that the mean is kept.
      let ends = max(1, Int(weights[node] + numbers.unit()))
      for _ in 0..<ends {
        if numbers.unit() < mixing { across.append(UInt32(node)) } else { within.append(UInt32(node)) }
      }
    }
    across.shuffle(using: &numbers)
    within.shuffle(using: &numbers)
    within = grouped(within, by: communities, count: Int(community))
    let pairs =
      (within.pairsOfNeighbours { communities[Int($0)] == communities[Int($1)] })
      + across.pairsOfNeighbours { _, _ in true }
    return (EdgeList(nodeCount: nodes, pairs: Buffer(pairs)), Buffer(communities))
  }

  /// Each pair once, rising, without loops. `pairs` hold the smaller end in the high half.
  private init(nodeCount: Int, pairs: Buffer<UInt64>) {
    var kept = Array(pairs)
    kept.sort()
    var count = 0
    kept.withUnsafeMutableBufferPointer { kept in
      var last: UInt64?
      for pair in kept where pair >> 32 != pair & 0xffff_ffff && pair != last {
        kept[count] = pair
        last = pair
        count += 1
      }
    }
    self.init(
      nodeCount: nodeCount,
      sources: Buffer<UInt32>(count: count) { for edge in 0..<count { $0[edge] = UInt32(kept[edge] >> 32) } },
      targets: Buffer<UInt32>(count: count) {
        for edge in 0..<count { $0[edge] = UInt32(truncatingIfNeeded: kept[edge]) }
      })
  }
}

private func pair(_ a: UInt32, _ b: UInt32) -> UInt64 { UInt64(min(a, b)) << 32 | UInt64(max(a, b)) }

private func shuffled(_ count: Int, seed: Seed) -> [UInt32] {
  var numbers = seed.generator(for: "names")
  var names = (0..<UInt32(count)).map { $0 }
  names.shuffle(using: &numbers)
  return names
}

/// A counting sort: the ends in the order of their communities, in the order they had within each.
private func grouped(_ ends: [UInt32], by communities: [UInt32], count: Int) -> [UInt32] {
  var starts = [Int](repeating: 0, count: count + 1)
  for end in ends { starts[Int(communities[Int(end)]) + 1] += 1 }
  for community in 0..<count { starts[community + 1] += starts[community] }
  var result = [UInt32](repeating: 0, count: ends.count)
  for end in ends {
    let community = Int(communities[Int(end)])
    result[starts[community]] = end
    starts[community] += 1
  }
  return result
}

extension [UInt32] {
  /// The first with the second, the third with the fourth, … where they may be joined.
  fileprivate func pairsOfNeighbours(_ mayJoin: (UInt32, UInt32) -> Bool) -> [UInt64] {
    stride(from: 0, to: count - 1, by: 2).compactMap {
      mayJoin(self[$0], self[$0 + 1]) ? pair(self[$0], self[$0 + 1]) : nil
    }
  }
}
