import Compute
import Features
import Foundation
import Graph

/// The rows that trees are drawn from, and what a place's inputs are.
struct TimedWalk {
  private let settings: TimedNeighbourhoods
  private let graph: MarketGraph
  private let target: String
  let steps: [Step]
  private let rows: [CSR]
  private let ends: [(from: String, to: String)]
  /// Links of an event's own table: the example itself sees all of its own.
  private let isOwn: [Bool]
  private let types: [String]
  private let own: [String: (start: Int, columns: [GraphFeature.OwnColumn], values: Matrix)]
  private let labels: [String: EventLabel]
  private let unit: Double
  let names: [String]
  var width: Int { names.count }

  private static let shared = ["is the example", "edge's age", "known bad", "known good", "edges by then"]

  init(_ settings: TimedNeighbourhoods, _ events: EventGraph) throws {
    self.settings = settings
    graph = events.graph
    target = events.target
    let view = VisibleGraph(events.graph)
    // The types that trees can reach, nearest first.
    var types = [events.target]
    var steps: [Step] = []
    var level = [events.target]
    for _ in settings.neighbours {
      var next: [String] = []
      for type in level {
        for step in view.steps(from: type) where !steps.contains(step) {
          steps.append(step)
          let end = try view.ends(of: step).to
          if !types.contains(end) {
            types.append(end)
            next.append(end)
          }
        }
      }
      level = next
    }
    self.types = types
    self.steps = steps
    ends = try steps.map { try view.ends(of: $0) }
    rows = try steps.map { step in
      let relation = try view.relation(step.relation)
      let from = try view.nodes(of: view.ends(of: step).from)
      return (step.direction == .out ? relation.out : relation.into).merged(rows: from.count)
    }
    isOwn = try steps.map { step in
      try step.direction == .out && events.graph.isLink(view.relation(step.relation).type)
    }
    var names = Self.shared + types.map { "is a \($0)" }
    var own: [String: (start: Int, columns: [GraphFeature.OwnColumn], values: Matrix)] = [:]
    for type in types {
      let table = try view.nodes(of: type)
      let columns = table.learnable(excluding: [], mostLevels: 8, withTimes: false)
      let values = Matrix(rows: table.count, cells: try columns.map { try table.cells(of: $0, asOf: nil) })
      own[type] = (names.count, columns, values)
      names += columns.map { "\(type): \($0.words)" }
    }
    self.own = own
    self.names = names
    var labels: [String: EventLabel] = [:]
    for type in types {
      // A label that has no time is known when its event is, and never where its node is no event.
      guard let label = EventLabel(try view.nodes(of: type), column: nil) else { continue }
      if label.known != nil || events.sources.contains(where: { $0.table.name == type }) {
        labels[type] = label
      }
    }
    self.labels = labels
    unit =
      events.sources.flatMap { source in source.table.ends.map { source.table.medianGap(at: $0) } }.min()
      ?? 86_400
  }

  /// The entries that are drawn for a place, of all relations that lead away from its type.
  func forEachNeighbour(
    of place: TimedNeighbourhoods.Place, number: Int, root: TimedNeighbourhoods.Place, asOf: Int64,
    wanted: Int,
    hop: Int, _ body: (Int, UInt32, Int64?, String) -> Void
  ) {
    let mine = steps.indices.filter { ends[$0].from == place.type }
    let share = max(1, wanted / max(1, mine.count))
    for step in mine {
      let csr = rows[step]
      guard Int(place.node) < csr.rowCount else { continue }
      let isRoot = place.parent < 0
      let visible =
        isRoot && isOwn[step]
        ? csr.row(Int(place.node)) : csr.row(Int(place.node), before: Timestamp(seconds: asOf))
      let type = ends[step].to
      let times = graph.nodes[type]?.times
      func isWanted(_ entry: Int) -> Bool {
        let node = csr.targets[entry]
        if type == target, node == root.node { return false }
        guard let times, !(isRoot && isOwn[step]) else { return true }
        return times[Int(node)] < asOf
      }
      switch settings.order {
      case .newest:
        var taken = 0
        for entry in visible.reversed() where isWanted(entry) {
          body(step, csr.targets[entry], csr.times?[entry], type)
          taken += 1
          if taken == share { break }
        }
      case .uniform:
        var numbers = Seed(settings.seed).generator(for: "places \(hop) \(step)", item: number)
        for offset in chosen(share, of: visible.count, &numbers) {
          let entry = visible.lowerBound + offset
          if isWanted(entry) { body(step, csr.targets[entry], csr.times?[entry], type) }
        }
      }
    }
  }

  private func chosen(_ wanted: Int, of count: Int, _ numbers: inout CounterGenerator) -> [Int] {
    guard count > wanted else { return Array(0..<count) }
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: wanted) { places in
      NeighbourSampler.choose(wanted, of: count, into: places, &numbers)
      return places.prefix(wanted).sorted()
    }
  }

  /// A place's inputs. What the example's own label is, is none of them.
  func write(
    _ place: TimedNeighbourhoods.Place, asOf: Int64, showsLabel: Bool, to features: inout Matrix, row: Int
  ) {
    let isRoot = place.parent < 0
    features[row, 0] = isRoot ? 1 : 0
    features[row, 1] = place.time.map { Float(log1p(Double(max(0, asOf - $0)) / unit)) } ?? .nan
    if showsLabel, let label = labels[place.type] {
      let known =
        label.known.map { $0[Int(place.node)] } ?? graph.nodes[place.type]?.times?[Int(place.node)] ?? .min
      let value = label.values[Int(place.node)]
      let isKnown = !value.isNaN && known != Column.missingTime && known < asOf
      features[row, 2] = isKnown && value == 1 ? 1 : 0
      features[row, 3] = isKnown && value == 0 ? 1 : 0
    }
    let edges = steps.indices.filter { ends[$0].from == place.type && Int(place.node) < rows[$0].rowCount }
    let count = edges.reduce(0) { $0 + rows[$1].row(Int(place.node), before: Timestamp(seconds: asOf)).count }
    features[row, 4] = Float(log1p(Double(count)))
    features[row, Self.shared.count + types.firstIndex(of: place.type)!] = 1
    if let own = own[place.type] {
      for column in 0..<own.columns.count {
        features[row, own.start + column] = own.values[Int(place.node), column]
      }
    }
  }
}
