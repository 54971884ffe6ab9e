import Compute
import Foundation
import Graph

/// Questions put to event tables: of each example the node at an end, and the instant as of which it is asked.
public struct EventExamples: Sendable {
  /// The participant that each example is about; `End.nobody` where it has none.
  public let nodes: Buffer<UInt32>
  public let asOf: Buffer<Int64>
  /// Where an example is an event of the table itself: its row.
  public let rows: Buffer<UInt32>?

  public init(nodes: Buffer<UInt32>, asOf: Buffer<Int64>, rows: Buffer<UInt32>? = nil) {
    precondition(
      nodes.count == asOf.count && (rows?.count ?? nodes.count) == nodes.count, "a cell for each example")
    self.nodes = nodes
    self.asOf = asOf
    self.rows = rows
  }

  public var count: Int { nodes.count }
}

/// Computes event features: each example sees the events that were visible strictly before its own instant.
///
/// Examples are put in the order of node and instant. A node's events are taken into its `EventHistory` at once, whose
/// running values answer as of any of its instants. Nodes are independent, so blocks of them go to the cores; memory is a
/// history a thread and the result.
public struct EventEngine: Sendable {
  public let table: EventTable
  public let features: [EventFeature]
  let end: EventTable.End
  let queries: [EventQuery]
  let plan: EventHistory.Plan
  let gapUnit: Double
  /// The plan's numbers whose rate over the whole table is asked for, and the table's columns that are compared with
  /// an event's own.
  let priors: [(number: Int, rate: TableRate)]
  let ownColumns: [Int]

  /// Needs: features of this table and one participant, at least one. Throws where one names a column or an end that
  /// is not there.
  public init(table: EventTable, features: [EventFeature]) throws(EventFeatureError) {
    precondition(!features.isEmpty, "no features to compute")
    self.table = table
    self.features = features
    let participant = features[0].participant
    end = try table.end(for: participant)
    var compiler = EventCompiler(table: table, participant: participant)
    var queries: [EventQuery] = []
    for feature in features { queries.append(try compiler.compile(feature)) }
    self.queries = queries
    self.plan = compiler.plan
    self.gapUnit = table.medianGap(at: end)
    priors = compiler.numbersWithPrior.sorted().map { [plan] number in
      let values = table.numbers[plan.numbers[number].column].values
      return (number, TableRate(times: table.times, values: values))
    }
    ownColumns = Set(
      queries.compactMap { query in
        if case .deviation(_, let column, _, _) = query { column } else { nil }
      }
    ).sorted()
  }

  /// A matrix with a row for each example and a column for each feature.
  ///
  /// Needs: examples that are rows of the table, where the participant is more than the node at an end.
  public func columns(for examples: EventExamples, parallel: Parallel = .machine) -> Matrix {
    var result = Matrix(rows: examples.count, columns: features.count, columnNames: features.map(\.name))
    let examples = withGroups(examples)
    let order = examplesByNode(examples)
    // Blocks of examples that break only between nodes.
    var bounds = [0]
    for place in order.indices.dropFirst()
    where place - bounds.last! >= 512 && examples.nodes[order[place]] != examples.nodes[order[place - 1]] {
      bounds.append(place)
    }
    bounds.append(order.count)
    let width = features.count
    result.withUnsafeMutableBufferPointer { cells in
      parallel.forEach(blocks: bounds.count - 1) { block in
        var walk = Walk(self)
        var place = bounds[block]
        while place < bounds[block + 1] {
          let node = examples.nodes[order[place]]
          var last = place
          while last < bounds[block + 1], examples.nodes[order[last]] == node { last += 1 }
          walk.begin(node, before: examples.asOf[order[last - 1]])
          for example in order[place..<last] {
            let asOf = examples.asOf[example]
            let row = examples.rows.flatMap { $0[example] == EventTable.End.nobody ? nil : Int($0[example]) }
            walk.answer(asOf: asOf, position: walk.history.position(before: asOf), row: row) {
              column, answer in
              cells[example * width + column] = answer
            }
          }
          place = last
        }
      }
    }
    return result
  }

  /// What the events are grouped by stands where the node stood.
  private func withGroups(_ examples: EventExamples) -> EventExamples {
    if case .end = features[0].participant { return examples }
    guard let rows = examples.rows else { preconditionFailure("only events have pairs and ranges") }
    let groups = Buffer(rows.map { $0 == EventTable.End.nobody ? EventTable.End.nobody : end.nodes[Int($0)] })
    return EventExamples(nodes: groups, asOf: examples.asOf, rows: rows)
  }

  private func examplesByNode(_ examples: EventExamples) -> [Int] {
    (0..<examples.count).sorted { a, b in
      let (x, y) = (examples.nodes[a], examples.nodes[b])
      if x != y { return x < y }
      let (s, t) = (examples.asOf[a], examples.asOf[b])
      return s != t ? s < t : a < b
    }
  }
}

extension EventEngine {
  /// One thread's way along the nodes: the history of the one it has come to, and room to work in.
  struct Walk {
    let engine: EventEngine
    private(set) var history: EventHistory
    private var block = EventBlock()
    private var surroundings: EventQuery.Surroundings

    init(_ engine: EventEngine) {
      self.engine = engine
      history = EventHistory(plan: engine.plan, gapUnit: engine.gapUnit)
      surroundings = EventQuery.Surroundings(
        ownNumbers: [Float](repeating: .nan, count: engine.table.numbers.count),
        priors: [Double](repeating: 0, count: engine.plan.numbers.count))
    }

    /// Takes in all that was visible of a node before an instant.
    mutating func begin(_ node: UInt32, before instant: Int64) {
      history.reset()
      let (table, end) = (engine.table, engine.end)
      guard node != EventTable.End.nobody, Int(node) < end.nodeCount else { return }
      let seen = table.places(of: node, at: end, before: instant)
      end.rows.withUnsafeBufferPointer { rows in
        history.append(UnsafeBufferPointer(rebasing: rows[seen]), of: table, through: &block)
      }
    }

    /// Every query's answer from the first `position` events. `row` is the event itself where one is asked about.
    mutating func answer(asOf: Int64, position: Int, row: Int?, _ body: (Int, Float) -> Void) {
      for column in engine.ownColumns {
        surroundings.ownNumbers[column] = row.map { engine.table.numbers[column].values[$0] } ?? .nan
      }
      for (number, rate) in engine.priors { surroundings.priors[number] = rate.rate(before: asOf) }
      for (column, query) in engine.queries.enumerated() {
        body(column, history.answer(query, asOf: asOf, position: position, surroundings))
      }
    }
  }
}

/// The share of 1 in a 0/1 column over all rows visible before an instant, drawn towards a twentieth by twenty rows.
struct TableRate: Sendable {
  private let times: [Int64]
  private let sums: [Double]

  init(times: Buffer<Int64>, values: Buffer<Float>) {
    let order = (0..<times.count).filter { values[$0] == values[$0] }.sorted { times[$0] < times[$1] }
    self.times = order.map { times[$0] }
    var sums = [0.0]
    sums.reserveCapacity(order.count + 1)
    for row in order { sums.append(sums.last! + Double(values[row])) }
    self.sums = sums
  }

  func rate(before instant: Int64, withoutBad bad: Double = 0, ofKnown without: Double = 0) -> Double {
    let known = times.indices.partitionPoint { times[$0] < instant }
    return (sums[known] - bad + 1) / (Double(known) - without + 20)
  }
}
