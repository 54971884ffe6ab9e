// A graph without some of its nodes: ids close up, edges at removed nodes go, and so do their rows of the columns.
// One pass over the relations that touch a removed node's type; the others are shared.

import Compute
import Graph

extension MarketGraph {
  /// Needs: relations in one layer, as a snapshot has them.
  func removing(_ removals: Set<Removal>) -> MarketGraph {
    var maps: [String: NodeMap] = [:]
    for (type, gone) in Dictionary(grouping: removals, by: \.type) {
      guard let table = nodes[type] else { continue }
      maps[type] = NodeMap(count: table.count, removed: Set(gone.map(\.node)))
    }
    var newNodes = nodes
    for (type, map) in maps {
      let table = nodes[type]!
      newNodes[type] = NodeTable(
        type: table.type, keys: KeyIndex.indexing(table.keys.texts.gathered(map.kept)),
        columns: table.columns.mapValues { $0.gathered(map.kept) },
        times: table.times?.gathered(map.kept, missing: Column.missingTime))
    }
    var newRelations = relations
    for (name, relation) in relations {
      let type = relation.type
      guard maps[type.from] != nil || maps[type.to] != nil else { continue }
      newRelations[name] = relation.removing(
        from: maps[type.from] ?? NodeMap(count: nodes[type.from]!.count),
        to: maps[type.to] ?? NodeMap(count: nodes[type.to]!.count))
    }
    return MarketGraph(schema: schema, nodes: newNodes, relations: newRelations)
  }
}

/// From old places of nodes to new ones, some nodes being gone.
struct NodeMap {
  /// For each old place the new one, or `KeyTable.none`.
  let places: Buffer<UInt32>
  /// For each new place the old one.
  let kept: Buffer<UInt32>

  init(count: Int, removed: Set<UInt32> = []) {
    var kept = GrowingBuffer<UInt32>(capacity: count)
    places = Buffer<UInt32>(count: count) { places in
      for node in 0..<count {
        let isGone = !removed.isEmpty && removed.contains(UInt32(node))
        places[node] = isGone ? KeyTable.none : UInt32(kept.count)
        if !isGone { kept.append(UInt32(node)) }
      }
    }
    self.kept = kept.finished()
  }
}

extension Relation {
  func removing(from: NodeMap, to: NodeMap) -> Relation {
    let outgoing = out.snapshot.removing(rows: from, targets: to)
    guard type.isDirected else {
      let numbered = EdgeLayer.numberedByAppearance(outgoing.edgeRows!, rows: rowCount)
      let rows = columns.mapValues { $0.gathered(numbered.order) }
      let both = Adjacency(
        snapshot: CSR(
          targetCount: outgoing.targetCount, offsets: outgoing.offsets, targets: outgoing.targets,
          times: outgoing.times, edgeRows: numbered.rows
        ).weighted(Relation.weightColumn(type, rows)))
      return Relation(type: type, out: both, into: both, columns: rows)
    }
    let order = outgoing.edgeRows!
    var newRow = [UInt32](repeating: 0, count: rowCount)
    for (new, old) in order.enumerated() { newRow[Int(old)] = UInt32(new) }
    let rows = columns.mapValues { $0.gathered(order) }
    let weights = Relation.weightColumn(type, rows)
    let incoming = into.snapshot.removing(rows: to, targets: from)
    return Relation(
      type: type,
      out: Adjacency(
        snapshot: CSR(
          targetCount: outgoing.targetCount, offsets: outgoing.offsets, targets: outgoing.targets,
          times: outgoing.times
        ).weighted(weights)),
      into: Adjacency(
        snapshot: CSR(
          targetCount: incoming.targetCount, offsets: incoming.offsets, targets: incoming.targets,
          times: incoming.times, edgeRows: Buffer(newRow).gathered(incoming.edgeRows!, missing: 0)
        ).weighted(weights)), columns: rows)
  }
}

extension CSR {
  /// Without the rows and targets that are gone; has `edgeRows`, with the numbers that edges had before.
  func removing(rows: NodeMap, targets map: NodeMap) -> CSR {
    let offsets = UnfinishedBuffer<UInt64>(capacity: rows.kept.count + 1)
    let ends = offsets.elements
    Parallel.machine.forEach(rows: rows.kept.count, atLeast: 1 << 12) { range in
      for new in range {
        var degree: UInt64 = 0
        for entry in row(Int(rows.kept[new])) where map.places[Int(targets[entry])] != KeyTable.none {
          degree += 1
        }
        ends[new + 1] = degree
      }
    }
    ends[0] = 0
    for row in 0..<rows.kept.count { ends[row + 1] += ends[row] }
    let count = Int(ends[rows.kept.count])
    let newTargets = UnfinishedBuffer<UInt32>(capacity: count)
    let newTimes = UnfinishedBuffer<Int64>(capacity: times == nil ? 0 : count)
    let newRows = UnfinishedBuffer<UInt32>(capacity: count)
    let (outTargets, outTimes, outRows) = (newTargets.elements, newTimes.elements, newRows.elements)
    Parallel.machine.forEach(rows: rows.kept.count, atLeast: 1 << 12) { range in
      for new in range {
        var place = Int(ends[new])
        for entry in row(Int(rows.kept[new])) {
          let target = map.places[Int(targets[entry])]
          guard target != KeyTable.none else { continue }
          outTargets[place] = target
          outRows[place] = UInt32(truncatingIfNeeded: edgeRow(entry))
          if let times { outTimes[place] = times[entry] }
          place += 1
        }
      }
    }
    let kept = newTimes.finished()
    return CSR(
      targetCount: map.kept.count, offsets: offsets.finished(), targets: newTargets.finished(),
      times: times == nil ? nil : kept, edgeRows: newRows.finished())
  }
}
