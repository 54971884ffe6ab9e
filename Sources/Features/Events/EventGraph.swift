// From a typed graph to tables of events: what happened, to whom, and what became known of it when.
//
// A relation with a clock is a table whose rows are its edges. A node type with a clock and links is one as well: an order,
// a review, a bid. Relations that were read from the same table are put together again, so that an order has its buyer, its
// product and its merchant. Where the target takes part in a table only through something that belongs to it (a review is
// of a product, and the product a merchant's), it becomes an end of that table too: whoever it belonged to by then.

import Compute
import Graph

/// The event tables of a graph, as one type of node is asked about.
public struct EventGraph: Sendable {
  public let graph: MarketGraph
  public let target: String
  public let sources: [EventSource]
  /// The ends that were added because what stands at another end belongs to the target.
  public let belongings: [Belonging]

  /// An end that stands for the target by way of another end and a relation.
  public struct Belonging: Sendable, Hashable, Codable {
    public var table: String
    public var end: String
    public var relation: String
  }

  /// Whether the target's nodes are events themselves, rows of the table of their name.
  public var isOfEvents: Bool { sources.contains { $0.table.name == target } }

  /// Tables in the order of the schema. `label` is the target's label column, if not the schema's first; `belongings` are
  /// those of a stored model, else they are found: a thing that mostly has one owner.
  public init(
    _ graph: MarketGraph, target: String, label: String? = nil, belongings: [Belonging]? = nil,
    parallel: Parallel = .machine
  ) throws(FeatureError) {
    guard graph.nodes[target] != nil else {
      throw .unknownType(name: target, known: graph.nodes.keys.sorted())
    }
    var drafts: [EventDraft] = []
    for type in graph.schema.nodeTypes {
      if let draft = EventDraft(eventsOf: type, in: graph, parallel: parallel) { drafts.append(draft) }
    }
    for type in graph.schema.relations where !type.clocks.isTimeless && !graph.isLink(type) {
      guard let relation = graph.relations[type.name], relation.out.entryCount > 0 else { continue }
      var draft = EventDraft(edgesOf: relation, in: graph, parallel: parallel)
      if let place = drafts.firstIndex(where: { $0.isSameTable(as: draft) }) {
        drafts[place].takeEnds(of: draft)
      } else {
        draft.avoidName(of: drafts.map(\.name))
        drafts.append(draft)
      }
    }
    self.graph = graph
    self.target = target
    let found =
      drafts.contains { $0.name == target }
      ? [] : belongings ?? drafts.compactMap { $0.belonging(to: target, in: graph) }
    self.belongings = found
    let labels = graph.eventLabels(target: target, wanted: label)
    sources = drafts.map { draft in
      var draft = draft
      for belonging in found where belonging.table == draft.name {
        draft.addEnd(for: target, by: belonging, in: graph)
      }
      return draft.source(labels: labels, target: target, parallel: parallel)
    }
  }
}

extension MarketGraph {
  /// Whether a relation is a column of its own node type's table.
  package func isLink(_ type: RelationType) -> Bool {
    guard let owner = schema.nodeType(type.from) else { return false }
    return type.table == owner.table && type.name.hasPrefix(owner.name + ".")
  }

  /// Labels that may become verdicts: the target's, and those of other types where the target has none.
  func eventLabels(target: String, wanted: String?) -> [String: EventLabel] {
    var labels: [String: EventLabel] = [:]
    for (name, table) in nodes {
      labels[name] = EventLabel(table, column: name == target ? wanted : nil)
    }
    return labels
  }
}

/// A type's label as 0 and 1, and since when each was known.
package struct EventLabel: Sendable {
  package let values: Buffer<Float>
  /// Missing where a label has no time of its own.
  package let known: Buffer<Int64>?

  /// Nil where there is no label, or it has more than two values. Of two the second is the positive one, as in learning.
  package init?(_ table: NodeTable, column wanted: String?) {
    let label = table.type.labels.first { wanted == nil || $0.column == wanted }
    guard let name = wanted ?? label?.column, let column = table.columns[name] else { return nil }
    switch column {
    case .number(let values):
      let distinct = Set(values.filter { !$0.isNaN }).sorted()
      guard let positive = distinct.last, distinct.count <= 2 else { return nil }
      // Where only one value is known yet, 0 is still the good one.
      self.values = Buffer(values.map { $0.isNaN ? .nan : $0 == positive && positive != 0 ? 1 : 0 })
    case .category(let codes, let levels):
      let distinct = Set(codes.filter { $0 != Column.missingCode }).sorted {
        levels[Int($0)] < levels[Int($1)]
      }
      guard let positive = distinct.last, distinct.count <= 2 else { return nil }
      values = Buffer(codes.map { $0 == Column.missingCode ? .nan : $0 == positive ? 1 : 0 })
    case .time, .text: return nil
    }
    if let time = label?.known, case .time(let times)? = table.columns[time] {
      known = times
    } else {
      known = nil
    }
  }
}
