// Who of a type is near whom: the graph that a network sees among the nodes that it judges.
//
// A relation from the type to itself is taken as it is. Through another type, two nodes are near if they share a neighbour
// there (two shops on one device); a neighbour that more than `mostSharers` share tells nothing and is left out.

import Compute
import Features
import Graph

struct WalkGraph {
  static let mostSharers = 24

  /// One relation for each step from the type that leads back to it, all sights beside each other without edges between.
  static func network(of target: String, in views: [VisibleGraph]) throws -> NetworkGraph {
    guard let first = views.first else { throw LearningError.noRows(what: "moments") }
    var relations: [NetworkGraph.Relation] = []
    for step in first.steps(from: target) {
      let end = try first.ends(of: step).to
      var offsets: [UInt64] = [0]
      var targets: [UInt32] = []
      var start = 0
      for view in views {
        let count = try view.nodes(of: target).count
        let csr = try view.neighbours(step)
        let back =
          end == target
          ? nil : try view.neighbours(Step(step.relation, step.direction == .out ? .into : .out))
        append(csr, back, count, start, &offsets, &targets)
        start += count
      }
      guard !targets.isEmpty else { continue }
      let isSymmetric = try end != target || !first.relation(step.relation).type.isDirected
      relations.append(
        NetworkGraph.Relation(
          name: step.words,
          neighbours: SparseMatrix(columns: start, offsets: Buffer(offsets), targets: Buffer(targets)),
          isSymmetric: isSymmetric))
    }
    guard !relations.isEmpty else {
      throw TaskError.takesNoPart(
        model: "a graph network", reason: "no relation leads from \(target) back to it")
    }
    return NetworkGraph(relations: relations)
  }

  private static func append(
    _ csr: CSR, _ back: CSR?, _ count: Int, _ start: Int, _ offsets: inout [UInt64], _ targets: inout [UInt32]
  ) {
    var row: [UInt32] = []
    for node in 0..<count {
      row.removeAll(keepingCapacity: true)
      if node < csr.rowCount {
        for entry in csr.row(node) {
          let neighbour = csr.targets[entry]
          guard let back else {
            row.append(neighbour)
            continue
          }
          let sharers = back.row(Int(neighbour))
          guard sharers.count <= mostSharers else { continue }
          for sharer in sharers { row.append(back.targets[sharer]) }
        }
      }
      row.sort()
      var last: UInt32?
      for neighbour in row where neighbour != last && Int(neighbour) != node {
        targets.append(UInt32(start) + neighbour)
        last = neighbour
      }
      offsets.append(UInt64(targets.count))
    }
  }
}
