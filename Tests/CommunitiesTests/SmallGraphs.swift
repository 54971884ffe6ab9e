import Communities
import Compute
import Graph

/// A graph out of a list of edges, each named once.
func plainGraph(_ count: Int, _ edges: [(Int, Int)], weights: [Float]? = nil) -> Projection {
  var rows = [[(target: Int, weight: Float)]](repeating: [], count: count)
  for (index, (a, b)) in edges.enumerated() {
    let weight = weights?[index] ?? 1
    rows[a].append((b, weight))
    if a != b { rows[b].append((a, weight)) }
  }
  for row in 0..<count { rows[row].sort { $0.target < $1.target } }
  var offsets: [UInt64] = [0]
  for row in rows { offsets.append(offsets.last! + UInt64(row.count)) }
  return Projection(
    space: .plain(count),
    csr: CSR(
      targetCount: count, offsets: Buffer(offsets), targets: Buffer(rows.joined().map { UInt32($0.target) }),
      weights: weights == nil ? nil : Buffer(rows.joined().map { $0.weight })))
}

let twoTriangles = plainGraph(6, [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)])

/// Groups of equal size whose members are tied with one probability inside and another outside.
func plantedGraph(
  groups: Int, size: Int, inside: Double, outside: Double, seed: UInt64, weighted: Bool = false
) -> (graph: Projection, truth: Partition) {
  var numbers = Seed(seed).generator(for: "planted")
  var edges: [(Int, Int)] = []
  var weights: [Float] = []
  let count = groups * size
  for a in 0..<count {
    for b in (a + 1)..<max(a + 1, count) where numbers.unit() < (a / size == b / size ? inside : outside) {
      edges.append((a, b))
      weights.append(Float(numbers.unit() + 0.1))
    }
  }
  let truth = Partition((0..<count).map { UInt32($0 / size) })
  return (plainGraph(count, edges, weights: weighted ? weights : nil), truth)
}

/// Zachary's karate club (1977): 34 members, 78 friendships.
let karateClub = plainGraph(
  34,
  [
    (0, 1), (0, 2), (0, 3), (0, 4), (0, 5), (0, 6), (0, 7), (0, 8), (0, 10), (0, 11), (0, 12), (0, 13),
    (0, 17),
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
  ])
