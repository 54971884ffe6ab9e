// What was around each example as of its own time, as one graph that a network can learn on.
//
// Networks on graphs see one graph; examples see as many as there are as-of times. So for each example a small tree is drawn: from
// each relation's row a few entries of the prefix that was visible by then, the newest first or evenly, and from each of
// those a few again. Every place in a tree is a node of its own, so what it was reached by is an input of it: how long before
// the as-of time the edge was seen (in logarithms); with it the node's own columns, how many
// edges it had by then, and whether it was known to be bad or good by then. The example's own node never comes back
// in its tree, so its label cannot.
//
// Hamilton, Ying, Leskovec: Inductive representation learning on large graphs (2017), for the sampling; Rossi et al.: Temporal
// graph networks (2020), for neighbours by their time.

import Compute
import Features
import Foundation
import Graph

/// Draws neighbourhoods in time.
///
///     let drawn = try TimedNeighbourhoods().draw(for: examples, in: events)
///     drawn.features      // a row for each example first, then one for each place in their trees
public struct TimedNeighbourhoods: Sendable, Codable, Equatable {
  public enum Order: String, Sendable, Codable { case newest, uniform }

  /// How many neighbours a place has in all its relations together (one along each at least), the hop nearest to the example
  /// first.
  public var neighbours: [Int]
  public var order: Order
  public var seed: UInt64
  /// Types of nodes whose own known labels may not be seen: what is reached through such a node shows no label.
  public var withoutVerdictsOn: [String]

  public init(
    neighbours: [Int] = [24, 8], order: Order = .newest, seed: UInt64 = 1, withoutVerdictsOn: [String] = []
  ) {
    self.neighbours = neighbours
    self.order = order
    self.seed = seed
    self.withoutVerdictsOn = withoutVerdictsOn
  }

  /// Trees beside each other. The first nodes are the examples.
  public struct Drawn: Sendable {
    public var features: Matrix
    public var graph: NetworkGraph
    /// For each place beyond the examples, which node it is a copy of.
    public var places: [Place]
  }

  /// One place in a tree.
  public struct Place: Sendable, Equatable {
    public let example: Int
    public let parent: Int
    public let type: String
    public let node: UInt32
    /// When the edge to its parent was seen; nil for relations without a clock.
    public let time: Int64?
  }

  /// Memory: a row of inputs for each place, about examples × the product of `neighbours` of them at most.
  public func draw(for examples: ExampleTable, in events: EventGraph) throws -> Drawn {
    let walk = try TimedWalk(self, events)
    var places: [Place] = []
    var edges: [[(from: Int, to: Int)]] = walk.steps.map { _ in [] }
    for example in 0..<examples.count {
      let root = Place(
        example: example, parent: -1, type: examples.target, node: examples.nodes[example], time: nil)
      var level = [(number: example, place: root)]
      for (hop, wanted) in neighbours.enumerated() {
        var next: [(number: Int, place: Place)] = []
        for (number, place) in level {
          walk.forEachNeighbour(
            of: place, number: number, root: root, asOf: examples.asOf[example], wanted: wanted, hop: hop
          ) { step, node, time, type in
            let place = Place(example: example, parent: number, type: type, node: node, time: time)
            let child = examples.count + places.count
            places.append(place)
            edges[step].append((number, child))
            next.append((child, place))
          }
        }
        level = next
      }
    }
    let count = examples.count + places.count
    var features = Matrix(rows: count, columns: walk.width, columnNames: walk.names)
    for example in 0..<examples.count {
      walk.write(
        Place(example: example, parent: -1, type: examples.target, node: examples.nodes[example], time: nil),
        asOf: examples.asOf[example], showsLabel: false, to: &features, row: example)
    }
    for (offset, place) in places.enumerated() {
      let parent = place.parent - examples.count
      walk.write(
        place, asOf: examples.asOf[place.example],
        showsLabel: parent < 0 || !withoutVerdictsOn.contains(places[parent].type),
        to: &features, row: examples.count + offset)
    }
    var relations = zip(walk.steps, edges).map { step, edges in
      NetworkGraph.Relation(name: step.words, neighbours: bothWays(edges, count), isSymmetric: true)
    }
    if relations.isEmpty {
      relations = [.init(name: "nothing", neighbours: bothWays([], count), isSymmetric: true)]
    }
    return Drawn(features: features, graph: NetworkGraph(relations: relations), places: places)
  }

  private func bothWays(_ edges: [(from: Int, to: Int)], _ count: Int) -> SparseMatrix {
    var offsets = [UInt64](repeating: 0, count: count + 1)
    for edge in edges {
      offsets[edge.from + 1] += 1
      offsets[edge.to + 1] += 1
    }
    for node in 0..<count { offsets[node + 1] += offsets[node] }
    var next = offsets
    var targets = [UInt32](repeating: 0, count: 2 * edges.count)
    // Edges come in the order of their farther ends, and a place's parent was numbered before it: rows are sorted.
    for edge in edges {
      targets[Int(next[edge.to])] = UInt32(edge.from)
      next[edge.to] += 1
    }
    for edge in edges {
      targets[Int(next[edge.from])] = UInt32(edge.to)
      next[edge.from] += 1
    }
    return SparseMatrix(columns: count, offsets: Buffer(offsets), targets: Buffer(targets))
  }
}
