// Rows with the same ends become one: its weight is the sum of theirs, its other columns are those of the first.

import Compute
import Graph

extension Relation {
  /// The relation in one layer with one edge for each pair of ends. Needs: no clocks.
  func summingDuplicates() throws(GraphError) -> Relation {
    let whole = folded()
    let out = whole.out.snapshot
    let weights = Relation.weightColumn(type, whole.columns)
    var sources: [UInt32] = []
    var targets: [UInt32] = []
    var kept: [UInt32] = []
    var sums: [Double] = []
    for row in 0..<out.rowCount {
      for entry in out.row(row) {
        let target = out.targets[entry]
        // An undirected edge stands in both rows; it is taken from the smaller one.
        guard type.isDirected || Int(target) >= row else { continue }
        let origin = out.edgeRow(entry)
        let weight = weights.map { Double($0[origin]) } ?? 1
        if sources.last == UInt32(row), targets.last == target {
          kept[kept.count - 1] = min(kept.last!, UInt32(origin))
          if weight == weight { sums[sums.count - 1] += weight }
        } else {
          sources.append(UInt32(row))
          targets.append(target)
          kept.append(UInt32(origin))
          sums.append(weight == weight ? weight : 0)
        }
      }
    }
    guard kept.count < rowCount else { return whole }
    var rows = whole.columns.mapValues { $0.gathered(Buffer(kept)) }
    if let name = type.weight { rows[name] = .number(Buffer(sums.map { Float($0) })) }
    let edges = EdgeList(
      sourceCount: out.rowCount, targetCount: out.targetCount, sources: Buffer(sources),
      targets: Buffer(targets))
    let both = try CSRBuilder(edges, keepsEdgeRows: true).adjacency(isDirected: type.isDirected)
    let summed = Relation.weightColumn(type, rows)
    // Pairs were taken in the order of the rows, which is that of the outgoing entries.
    let forward =
      type.isDirected
      ? CSR(targetCount: both.out.targetCount, offsets: both.out.offsets, targets: both.out.targets)
      : both.out
    let outgoing = Adjacency(snapshot: forward.weighted(summed))
    return Relation(
      type: type, out: outgoing,
      into: type.isDirected ? Adjacency(snapshot: both.into.weighted(summed)) : outgoing,
      columns: rows)
  }
}
