import Compute
import Graph

/// A table of events while it is put together from a graph.
struct EventDraft {
  struct End {
    var name: String
    var type: String
    var nodes: Buffer<UInt32>
    var count: Int
  }

  private(set) var name: String
  private let file: String
  /// A row without a time says nothing of when: nobody takes part in it, and it is never seen.
  private(set) var times: Buffer<Int64>
  private(set) var ends: [End]
  private var numbers: [EventTable.Number] = []
  private var categories: [EventTable.Category] = []
  /// The node type whose nodes the rows are; nil for edges.
  private let type: String?
  /// Edges without direction stand in the table both ways, and are counted from the first end alone.
  private let isSymmetric: Bool

  /// The nodes of a type that has a clock and links, if it is one.
  init?(eventsOf type: NodeType, in graph: MarketGraph, parallel: Parallel) {
    let links = graph.schema.relations.filter { $0.from == type.name && graph.isLink($0) }
    guard let table = graph.nodes[type.name], let times = table.times, !links.isEmpty, table.count > 0 else {
      return nil
    }
    name = type.name
    file = type.table
    self.type = type.name
    isSymmetric = false
    self.times = Buffer(times.map { $0 == Column.missingTime ? .max : $0 })
    ends = links.compactMap { link -> End? in
      guard let relation = graph.relations[link.name], let other = graph.nodes[link.to] else { return nil }
      let csr = relation.out.merged(rows: table.count, parallel: parallel)
      let nodes = (0..<table.count).map { row -> UInt32 in
        let entries = csr.row(row)
        return entries.isEmpty || times[row] == Column.missingTime
          ? EventTable.End.nobody : csr.targets[entries.lowerBound]
      }
      return End(
        name: String(link.name.dropFirst(type.name.count + 1)), type: link.to, nodes: Buffer(nodes),
        count: other.count)
    }
    let barred = Set(type.labels.flatMap { [$0.column, $0.known].compactMap { $0 } })
    for column in type.columns where !barred.contains(column.name) {
      guard let values = table.columns[column.name] else { continue }
      add(values, named: column.name, rows: nil)
    }
  }

  /// The edges of a relation with a clock.
  init(edgesOf relation: Relation, in graph: MarketGraph, parallel: Parallel) {
    let type = relation.type
    let (from, to) = (graph.nodes[type.from]!, graph.nodes[type.to]!)
    let csr = relation.out.merged(rows: from.count, parallel: parallel)
    let hasRows = !type.columns.isEmpty && type.isDirected
    name = type.name
    file = type.table
    self.type = nil
    isSymmetric = !type.isDirected
    let count =
      hasRows ? (0..<csr.entryCount).reduce(0) { max($0, csr.edgeRow($1) + 1) } : csr.entryCount
    var sources = [UInt32](repeating: EventTable.End.nobody, count: count)
    var targets = sources
    var seen = [Int64](repeating: .max, count: count)
    for node in 0..<from.count {
      for entry in csr.row(node) {
        let row = hasRows ? csr.edgeRow(entry) : entry
        let target = csr.targets[entry]
        // An edge is seen when it is, and both its ends.
        let time = max(
          csr.times?[entry] ?? Column.missingTime, from.times?[node] ?? Column.missingTime,
          to.times?[Int(target)] ?? Column.missingTime)
        guard time != Column.missingTime else { continue }
        (sources[row], targets[row], seen[row]) = (UInt32(node), target, time)
      }
    }
    times = Buffer(seen)
    ends = [
      End(name: type.fromColumn, type: type.from, nodes: Buffer(sources), count: from.count),
      End(name: type.toColumn, type: type.to, nodes: Buffer(targets), count: to.count),
    ]
    let rows = hasRows ? nil : (0..<csr.entryCount).map { csr.edgeRow($0) }
    for column in type.columns {
      guard let values = relation.columns[column.name] else { continue }
      add(values, named: column.name, rows: rows)
    }
  }

  private mutating func add(_ column: Column, named name: String, rows: [Int]?) {
    switch column {
    case .number(let values):
      let own = rows.map { rows in Buffer(rows.map { values[$0] }) } ?? values
      numbers.append(.init(name: name, values: fitted(own, missing: .nan)))
    case .category(let codes, let levels):
      let own = rows.map { rows in Buffer(rows.map { codes[$0] }) } ?? codes
      categories.append(
        .init(
          name: name, codes: fitted(own, missing: Column.missingCode),
          levels: (0..<levels.count).map { levels[$0] }))
    case .time, .text: break
    }
  }

  private func fitted<Cell>(_ values: Buffer<Cell>, missing: Cell) -> Buffer<Cell> {
    if values.count == times.count { return values }
    return Buffer((0..<times.count).map { $0 < values.count ? values[$0] : missing })
  }

  // MARK: More ends

  /// Two relations that one table was read into: rows in the same order, at the same times, with the same first end.
  func isSameTable(as other: EventDraft) -> Bool {
    type == nil && other.type == nil && !isSymmetric && !other.isSymmetric && file == other.file
      && times == other.times && ends[0].name == other.ends[0].name && ends[0].nodes == other.ends[0].nodes
  }

  mutating func takeEnds(of other: EventDraft) {
    for end in other.ends where !ends.contains(where: { $0.name == end.name }) { ends.append(end) }
    for number in other.numbers where !numbers.contains(where: { $0.name == number.name }) {
      numbers.append(number)
    }
  }

  mutating func avoidName(of others: [String]) {
    while others.contains(name) { name += " edges" }
  }

  /// A relation by which what stands at one of the ends belongs to the target, where the target has no end of its own.
  func belonging(to target: String, in graph: MarketGraph) -> EventGraph.Belonging? {
    guard !ends.contains(where: { $0.type == target }) else { return nil }
    for end in ends {
      for name in graph.relations.keys.sorted() {
        let relation = graph.relations[name]!
        let owned: Adjacency
        if relation.type.from == target, relation.type.to == end.type, relation.type.isDirected {
          owned = relation.into
        } else if relation.type.to == target, relation.type.from == end.type, relation.type.isDirected {
          owned = relation.out
        } else {
          continue
        }
        // Mostly one owner, and mostly things that have one.
        let count = owned.entryCount
        if count > 0, count * 10 <= end.count * 11, count * 2 >= end.count {
          return .init(table: self.name, end: end.name, relation: name)
        }
      }
    }
    return nil
  }

  /// The target that what stands at an end belonged to when the event was seen: the latest by then.
  mutating func addEnd(for target: String, by belonging: EventGraph.Belonging, in graph: MarketGraph) {
    guard let end = ends.first(where: { $0.name == belonging.end }),
      let relation = graph.relations[belonging.relation], let owners = graph.nodes[target]
    else { return }
    let owned = relation.type.from == target ? relation.into : relation.out
    let csr = owned.merged(rows: end.count)
    let nodes = times.indices.map { row -> UInt32 in
      let node = end.nodes[row]
      guard node != EventTable.End.nobody else { return EventTable.End.nobody }
      let links = csr.row(Int(node))
      let event = times[row]
      let known =
        csr.times.map { since in links.lowerBound..<links.partitionPoint { since[$0] <= event } } ?? links
      return known.isEmpty ? EventTable.End.nobody : csr.targets[known.upperBound - 1]
    }
    let taken = Set(ends.map(\.name))
    ends.append(
      End(
        name: taken.contains(target) ? target + " of " + end.name : target, type: target,
        nodes: Buffer(nodes), count: owners.count))
  }

  // MARK: Finished

  /// The table, with verdicts where something in it is labelled: the events themselves, else the target at one of its ends,
  /// else whatever else has labels that became known at a time.
  func source(labels: [String: EventLabel], target: String, parallel: Parallel) -> EventSource {
    let table = EventTable(
      name: name, times: times, ends: ends.map { ($0.name, $0.type, $0.nodes, $0.count) }, numbers: numbers,
      categories: categories, parallel: parallel)
    var source: EventSource
    if let type, let label = labels[type] {
      // An event's label that has no time of its own was known when the event was.
      let known = label.known.map { known in
        Buffer(times.indices.map { max(known[$0] == Column.missingTime ? .max : known[$0], times[$0]) })
      }
      source = EventSource(table: table, label: label.values, known: known ?? times)
    } else if let end = labelledEnd(labels, target), let label = labels[end.type], let known = label.known {
      let values = Buffer(
        end.nodes.map { $0 == EventTable.End.nobody ? Float.nan : label.values[Int($0)] })
      let since = Buffer(
        times.indices.map { row -> Int64 in
          let node = end.nodes[row]
          guard node != EventTable.End.nobody, known[Int(node)] != Column.missingTime else {
            return Column.missingTime
          }
          return max(known[Int(node)], times[row])
        })
      source = EventSource(table: table, label: values, known: since)
      source.labelledEnd = end.name
    } else {
      source = EventSource(table: table)
    }
    if isSymmetric { source.askedEnds = [ends[0].name] }
    return source
  }

  private func labelledEnd(_ labels: [String: EventLabel], _ target: String) -> End? {
    func isTimed(_ end: End) -> Bool { labels[end.type]?.known != nil }
    return ends.first { $0.type == target && isTimed($0) } ?? ends.first { isTimed($0) }
  }
}
