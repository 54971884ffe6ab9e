// Mini-batches out of a large graph: for each row that is learned from a few of its neighbours, a few of theirs, and so on.
//
// A hop's block has the nodes reached so far as rows and, as columns, the same nodes followed by those that they newly
// reach. A node with no more neighbours than wanted gives all; else as many different ones as wanted, drawn evenly. What
// is drawn for a node is named by seed, step, hop and node, so it depends on nothing else.
//
// Hamilton, Ying, Leskovec: Inductive representation learning on large graphs (2017).

import Compute
import Graph

/// Draws neighbourhoods.
public final class NeighbourSampler: Sendable {
  /// A drawn neighbourhood: the nodes whose features it needs, and a block for each depth of a network, the farthest
  /// hop first. The first nodes are the rows that were asked for.
  public struct Sample {
    public let nodes: [UInt32]
    public let graphs: [GraphOperators]
    public let entryCount: Int
  }

  public let kind: GraphOperators.Kind
  /// Neighbours of each node, the hop nearest to the rows first.
  public let neighbours: [Int]
  private let relations: [SparseMatrix]
  /// For normalized operators: the inverse root of each node's degree, itself counted.
  private let inverseRoots: [Float]

  /// Needs: a kind that does not need the whole graph.
  public init(_ graph: NetworkGraph, kind: GraphOperators.Kind, neighbours: [Int]) {
    self.kind = kind
    self.neighbours = neighbours
    relations = kind == .meanOfEach ? graph.relations.map(\.neighbours) : [graph.merged]
    let merged = relations[0]
    inverseRoots =
      kind == .normalized
      ? (0..<merged.rows).map { 1 / Float(merged.degree($0) + 1).squareRoot() } : []
  }

  /// The neighbourhood of these rows, for one step. Safe to call from several threads.
  public func sample(_ rows: [Int], seed: Seed, step: Int) -> Sample {
    var nodes = rows.map { UInt32($0) }
    var places = PlaceTable(expecting: rows.count * 16)
    for (place, node) in nodes.enumerated() { places.insert(node, place) }
    var graphs: [GraphOperators] = []
    var entryCount = 0
    for (hop, wanted) in neighbours.enumerated() {
      let count = nodes.count
      var drawn: [(offsets: [UInt64], targets: [UInt32])] = []
      for (index, relation) in relations.enumerated() {
        let stream = seed.stream(for: "neighbours \(step) \(hop) \(index)")
        drawn.append(draw(relation, wanted, &nodes, count, &places, stream))
        entryCount += drawn[index].targets.count
      }
      graphs.append(operators(drawn, nodes: nodes))
    }
    return Sample(nodes: nodes, graphs: graphs.reversed(), entryCount: entryCount)
  }

  /// Draws for the first `count` nodes, and appends those newly reached.
  private func draw(
    _ relation: SparseMatrix, _ wanted: Int, _ nodes: inout [UInt32], _ count: Int,
    _ places: inout PlaceTable,
    _ stream: RandomStream
  ) -> (offsets: [UInt64], targets: [UInt32]) {
    var offsets = [UInt64](repeating: 0, count: count + 1)
    var targets: [UInt32] = []
    targets.reserveCapacity(count * wanted)
    relation.offsets.withUnsafeBufferPointer { starts in
      relation.targets.withUnsafeBufferPointer { all in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: max(1, wanted)) { chosen in
          for row in 0..<count {
            let node = Int(nodes[row])
            let (start, end) = (Int(starts[node]), Int(starts[node + 1]))
            let degree = end - start
            if degree <= wanted {
              for entry in start..<end { targets.append(places.place(of: all[entry], &nodes)) }
            } else {
              var numbers = stream.generator(item: node)
              NeighbourSampler.choose(wanted, of: degree, into: chosen, &numbers)
              for index in 0..<wanted { targets.append(places.place(of: all[start + chosen[index]], &nodes)) }
            }
            offsets[row + 1] = UInt64(targets.count)
          }
        }
      }
    }
    return (offsets, targets)
  }

  /// Different numbers below `count`, evenly. Robert Floyd's way: Bentley & Floyd, A sample of brilliance (1987).
  static func choose(
    _ wanted: Int, of count: Int, into chosen: UnsafeMutableBufferPointer<Int>,
    _ numbers: inout CounterGenerator
  ) {
    for index in 0..<wanted {
      let last = count - wanted + index
      // The high half of a product: even up to one part in 2³² for graphs of this size.
      let number = Int(((numbers.next() >> 32) &* UInt64(last + 1)) >> 32)
      var isNew = true
      for other in 0..<index where chosen[other] == number {
        isNew = false
        break
      }
      chosen[index] = isNew ? number : last
    }
  }

  private func operators(_ drawn: [(offsets: [UInt64], targets: [UInt32])], nodes: [UInt32]) -> GraphOperators
  {
    GraphOperators(
      drawn.enumerated().map { index, part in
        kind == .normalized
          ? normalized(part.offsets, part.targets, nodes)
          : SparseMatrix(columns: nodes.count, offsets: Buffer(part.offsets), targets: Buffer(part.targets))
            .averaging()
      })
  }

  /// As the whole graph's, with what was drawn standing for what was not.
  private func normalized(_ offsets: [UInt64], _ targets: [UInt32], _ nodes: [UInt32]) -> SparseMatrix {
    let rows = offsets.count - 1
    var newOffsets: [UInt64] = [0]
    var newTargets: [UInt32] = []
    var weights: [Float] = []
    newTargets.reserveCapacity(targets.count + rows)
    weights.reserveCapacity(targets.count + rows)
    for row in 0..<rows {
      let node = Int(nodes[row])
      let entries = Int(offsets[row])..<Int(offsets[row + 1])
      let share = entries.isEmpty ? 1 : Float(relations[0].degree(node)) / Float(entries.count)
      newTargets.append(UInt32(row))
      weights.append(inverseRoots[node] * inverseRoots[node])
      for entry in entries {
        newTargets.append(targets[entry])
        weights.append(share * inverseRoots[node] * inverseRoots[Int(nodes[Int(targets[entry])])])
      }
      newOffsets.append(UInt64(newTargets.count))
    }
    return SparseMatrix(
      columns: nodes.count, offsets: Buffer(newOffsets), targets: Buffer(newTargets), weights: Buffer(weights)
    )
  }
}

/// Which place a node has in a sample: a small open-addressing table, so that a sample of a large graph costs what the
/// sample does.
struct PlaceTable {
  private var keys: [UInt32]
  private var values: [UInt32]
  private var mask: Int
  private var count = 0

  init(expecting expected: Int) {
    var size = 64
    while size < expected * 2 { size *= 2 }
    keys = [UInt32](repeating: .max, count: size)
    values = [UInt32](repeating: 0, count: size)
    mask = size - 1
  }

  mutating func insert(_ node: UInt32, _ place: Int) {
    var slot = PlaceTable.hash(node) & mask
    while keys[slot] != .max && keys[slot] != node { slot = (slot &+ 1) & mask }
    if keys[slot] == .max { count += 1 }
    keys[slot] = node
    values[slot] = UInt32(place)
  }

  /// The node's place; a node that has none is appended.
  @inline(__always)
  mutating func place(of node: UInt32, _ nodes: inout [UInt32]) -> UInt32 {
    var slot = PlaceTable.hash(node) & mask
    while keys[slot] != .max {
      if keys[slot] == node { return values[slot] }
      slot = (slot &+ 1) & mask
    }
    if count * 3 > keys.count * 2 {
      grow()
      return place(of: node, &nodes)
    }
    keys[slot] = node
    let place = UInt32(nodes.count)
    values[slot] = place
    count += 1
    nodes.append(node)
    return place
  }

  private mutating func grow() {
    let (oldKeys, oldValues) = (keys, values)
    keys = [UInt32](repeating: .max, count: oldKeys.count * 2)
    values = [UInt32](repeating: 0, count: oldKeys.count * 2)
    mask = keys.count - 1
    count = 0
    for (key, value) in zip(oldKeys, oldValues) where key != .max { insert(key, Int(value)) }
  }

  private static func hash(_ node: UInt32) -> Int {
    Int(truncatingIfNeeded: (UInt64(node) &* 0x9e37_79b9_7f4a_7c15) >> 24)
  }
}
