import Compute
import Graph

/// A table of events, and what has to be known of it besides: which verdicts became known when, what is declared a batch.
public struct EventSource: Sendable {
  public let table: EventTable
  /// The table's labels by when they became known; nil where it has none.
  public let verdicts: EventTable?
  /// Numbers of an event that are only known after it, and so are not compared with the event's own.
  public var outcomes: Set<String> = []
  /// The ends whose nodes may be asked about, if not all.
  public var askedEnds: Set<String>?
  /// The end whose nodes' own labels the verdicts are, where they are not the events'.
  public var labelledEnd: String?
  /// Ends that make a batch with the instant: what bears them is complete when it is scored.
  public var batches: Set<String> = []

  public init(table: EventTable, label: Buffer<Float>? = nil, known: Buffer<Int64>? = nil) {
    self.table = table
    verdicts = label.map { table.verdicts(label: $0, known: known ?? table.times) }
  }

  /// The same with another table of the same rows.
  func with(table: EventTable) -> EventSource {
    var source = EventSource(table: table, verdicts: verdicts)
    source.outcomes = outcomes
    source.askedEnds = askedEnds
    source.labelledEnd = labelledEnd
    source.batches = batches
    return source
  }

  private init(table: EventTable, verdicts: EventTable?) {
    self.table = table
    self.verdicts = verdicts
  }
}

/// What is asked: for each example an instant, and the nodes it is about or the event that it is.
public struct EventQuestion: Sendable {
  public let asOf: Buffer<Int64>
  /// The example's node of each type; for events these are found in the table itself.
  public var nodes: [String: Buffer<UInt32>]
  /// The table whose rows the examples are, and their rows.
  public var event: (table: String, rows: Buffer<UInt32>)?
  /// Types of nodes whose verdicts may not be used: a target's own label.
  public var withoutVerdictsOn: Set<String> = []

  public init(asOf: Buffer<Int64>, nodes: [String: Buffer<UInt32>]) {
    self.asOf = asOf
    self.nodes = nodes
  }

  public init(events rows: Buffer<UInt32>, of table: EventTable) {
    self.init(events: rows, of: table, asOf: Buffer(rows.map { table.times[Int($0)] }))
  }

  /// Events that are asked about at times of their own.
  public init(events rows: Buffer<UInt32>, of table: EventTable, asOf: Buffer<Int64>) {
    self.asOf = asOf
    nodes = [:]
    for end in table.ends where nodes[end.type] == nil {
      nodes[end.type] = Buffer(rows.map { end.nodes[Int($0)] })
    }
    event = (table.name, rows)
  }

  /// The examples as one end of a table sees them.
  public func examples(_ table: EventTable, _ endName: String) throws(EventFeatureError) -> EventExamples {
    let end = try table.end(for: .end(endName))
    if let event, event.table == table.name {
      let nodes = Buffer(event.rows.map { end.nodes[Int($0)] })
      return EventExamples(nodes: nodes, asOf: asOf, rows: event.rows)
    }
    guard let nodes = nodes[end.type] else {
      throw .unknownTable(table: end.type, known: nodes.keys.sorted())
    }
    return EventExamples(nodes: nodes, asOf: asOf)
  }
}
