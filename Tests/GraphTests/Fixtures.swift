import Compute
import Graph

/// A symmetric graph from undirected edges, put together the slow way: an independent truth for faster builders.
func projection(nodes: Int, _ edges: [(Int, Int)], weights: [Float]? = nil) -> Projection {
  var rows = [[(target: Int, weight: Float)]](repeating: [], count: nodes)
  for (place, (a, b)) in edges.enumerated() {
    rows[a].append((b, weights?[place] ?? 1))
    if a != b { rows[b].append((a, weights?[place] ?? 1)) }
  }
  for row in rows.indices { rows[row].sort { $0.target < $1.target } }
  var offsets: [UInt64] = [0]
  for row in rows { offsets.append(offsets.last! + UInt64(row.count)) }
  let csr = CSR(
    targetCount: nodes, offsets: Buffer(offsets), targets: Buffer(rows.joined().map { UInt32($0.target) }),
    weights: weights == nil ? nil : Buffer(rows.joined().map(\.weight)))
  return Projection(space: .plain(nodes), csr: csr)
}

/// A graph with some structure and some isolated nodes, each pair at most once.
func randomEdges(nodes: Int, count: Int, seed: UInt64) -> [(Int, Int)] {
  var numbers = Seed(seed).generator(for: "edges")
  var pairs: Set<[Int]> = []
  for _ in 0..<count {
    // Squared, so that low numbers are hubs and high ones may stay alone.
    let a = Int(numbers.unit() * numbers.unit() * Double(nodes))
    let b = Int(numbers.unit() * numbers.unit() * Double(nodes))
    if a != b { pairs.insert([min(a, b), max(a, b)]) }
  }
  return pairs.map { ($0[0], $0[1]) }.sorted { $0 < $1 }
}

/// Zachary's karate club: 34 members, 78 friendships. Zachary (1977).
let karateClub: [(Int, Int)] = [
  (0, 1), (0, 2), (0, 3), (0, 4), (0, 5), (0, 6), (0, 7), (0, 8), (0, 10), (0, 11), (0, 12), (0, 13), (0, 17),
  (0, 19), (0, 21), (0, 31), (1, 2), (1, 3), (1, 7), (1, 13), (1, 17), (1, 19), (1, 21), (1, 30), (2, 3),
  (2, 7),
  (2, 8), (2, 9), (2, 13), (2, 27), (2, 28), (2, 32), (3, 7), (3, 12), (3, 13), (4, 6), (4, 10), (5, 6),
  (5, 10),
  (5, 16), (6, 16), (8, 30), (8, 32), (8, 33), (9, 33), (13, 33), (14, 32), (14, 33), (15, 32), (15, 33),
  (18, 32),
  (18, 33), (19, 33), (20, 32), (20, 33), (22, 32), (22, 33), (23, 25), (23, 27), (23, 29), (23, 32),
  (23, 33),
  (24, 25), (24, 27), (24, 31), (25, 31), (26, 29), (26, 33), (27, 33), (28, 31), (28, 33), (29, 32),
  (29, 33),
  (30, 32), (30, 33), (31, 32), (31, 33), (32, 33),
]
