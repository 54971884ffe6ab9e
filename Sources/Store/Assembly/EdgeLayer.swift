import Compute
import Graph

/// Edges in the order in which they came, to be sorted and laid over a relation.
///
/// What is sorted: its columns too, so that where nothing lies below, the rows of the columns are in the order of the
/// outgoing entries and need no `edgeRows`.
struct EdgeLayer {
  let type: RelationType
  let sources: Buffer<UInt32>
  let targets: Buffer<UInt32>
  let fromCount: Int
  let toCount: Int

  consuming func placed(
    on base: Relation?, columns: [ColumnCollector], shape: TableShape
  ) throws(GraphError)
    -> Relation
  {
    // The times of the new rows come from columns that still are in the order of coming.
    var ownColumns: [String: Column] = [:]
    for index in Set(shape.clockColumns) {
      ownColumns[shape.columns[index].name] = .time(columns[index].addedTimes())
    }
    let times = shape.visibleFrom(ownColumns, count: sources.count)
    ownColumns = [:]
    let isEmptyBase = (base?.rowCount ?? 0) == 0
    let isUnchanged =
      sources.isEmpty
      && base.map { $0.out.snapshot.rowCount == fromCount && $0.into.snapshot.rowCount == toCount } ?? false
    if isUnchanged, let base { return base }

    let baseCount = base?.rowCount ?? 0
    let out: CSR
    let into: CSR
    let order: Buffer<UInt32>?
    if type.isDirected {
      let sorted = try CSRBuilder(
        EdgeList(
          sourceCount: fromCount, targetCount: toCount, sources: sources, targets: targets, times: times),
        keepsEdgeRows: true
      ).forward()
      order = sorted.edgeRows
      out = CSR(
        targetCount: toCount, offsets: sorted.offsets, targets: sorted.targets, times: sorted.times,
        edgeRows: isEmptyBase ? nil : Buffer.counting(from: UInt32(baseCount), count: sorted.entryCount))
      let reversed = try CSRBuilder(
        EdgeList(
          sourceCount: toCount, targetCount: fromCount, sources: out.targets, targets: out.rowOfEntries(),
          times: out.times), keepsEdgeRows: true
      ).forward()
      into = CSR(
        targetCount: fromCount, offsets: reversed.offsets, targets: reversed.targets, times: reversed.times,
        edgeRows: reversed.edgeRows!.adding(UInt32(baseCount)))
    } else {
      let sorted = try CSRBuilder(
        EdgeList(
          sourceCount: fromCount, targetCount: toCount, sources: sources, targets: targets, times: times),
        keepsEdgeRows: true
      ).symmetric()
      let numbered = EdgeLayer.numberedByAppearance(sorted.edgeRows!, rows: sources.count)
      order = numbered.order
      out = CSR(
        targetCount: toCount, offsets: sorted.offsets, targets: sorted.targets, times: sorted.times,
        edgeRows: numbered.rows.adding(UInt32(baseCount)))
      into = out
    }
    var named: [String: Column] = [:]
    for (index, column) in columns.enumerated() {
      // A single clock's column, sorted, is what the entries bear already.
      let isClock = isEmptyBase && type.isDirected && shape.singleClock == index
      named[column.type.name] = isClock ? .time(out.times!) : column.finished(places: order)
    }
    let weights = Relation.weightColumn(type, named)
    let outLayers = Adjacency.layered(base?.out, out.weighted(weights))
    return Relation(
      type: type, out: outLayers,
      into: type.isDirected ? Adjacency.layered(base?.into, into.weighted(weights)) : outLayers,
      columns: named)
  }

  /// Numbers edges by their first entry: `rows` the new number for each entry, `order` the old one of each number.
  static func numberedByAppearance(
    _ origins: Buffer<UInt32>, rows count: Int
  ) -> (
    rows: Buffer<UInt32>, order: Buffer<UInt32>
  ) {
    var numbers = [UInt32](repeating: .max, count: count)
    var order = GrowingBuffer<UInt32>(capacity: count)
    let rows = Buffer<UInt32>(count: origins.count) { rows in
      origins.withUnsafeBufferPointer { origins in
        for entry in origins.indices {
          let origin = Int(origins[entry])
          if numbers[origin] == .max {
            numbers[origin] = UInt32(order.count)
            order.append(UInt32(origin))
          }
          rows[entry] = numbers[origin]
        }
      }
    }
    return (rows, order.finished())
  }
}
