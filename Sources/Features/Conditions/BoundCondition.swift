import Compute
import Graph

/// A condition with its names found in a graph, as it was known at an instant: ready to be asked of many nodes.
///
/// A column costs a read, a count of a relation two binary searches, what looks at edges one look at each edge in
/// the window. Safe to ask from several threads.
public struct BoundCondition: Sendable {
  let table: NodeTable
  let view: GraphView
  let evaluate: ConditionEvaluation

  /// Whether it holds; nil where too little is known to say so, or the node is not seen yet.
  public func holds(for node: NodeID) -> Bool? {
    guard node.index < table.count, view.isVisible(node, in: table) else { return nil }
    return evaluate(ConditionFrame(node: node.index)).truth
  }

  /// All nodes that are seen and for which it holds, rising.
  public func nodes(parallel: Parallel = .machine) -> [NodeID] {
    parallel.map(rows: table.count, atLeast: 256) { rows in
      rows.lazy.map { NodeID(UInt32($0)) }.filter { holds(for: $0) == true }
    }.flatMap { Array($0) }
  }

  /// For each node whether it holds (what is not known does not).
  public func holds(for nodes: [NodeID], parallel: Parallel = .machine) -> [Bool] {
    parallel.map(rows: nodes.count, atLeast: 256) { rows in rows.map { holds(for: nodes[$0]) == true } }
      .flatMap { $0 }
  }
}

/// A measure with its names found in a graph, as it was known at an instant.
public struct BoundMeasure: Sendable {
  let table: NodeTable
  let view: GraphView
  let evaluate: ConditionEvaluation

  /// The number; nil where it is not known, or the node is not seen yet. A time span in seconds.
  public func value(of node: NodeID) -> Double? {
    guard node.index < table.count, view.isVisible(node, in: table) else { return nil }
    return evaluate(ConditionFrame(node: node.index)).number
  }

  /// One number for each node; NaN where it is not known.
  public func values(of nodes: [NodeID], parallel: Parallel = .machine) -> [Double] {
    parallel.map(rows: nodes.count, atLeast: 256) { rows in rows.map { value(of: nodes[$0]) ?? .nan } }
      .flatMap { $0 }
  }
}

extension Condition {
  /// Finds the condition's columns and relations in the graph. Costs a pass over the nodes for each label in it, and
  /// where the view has no instant and the condition needs one, a pass over all times: it is then asked as of the
  /// last of them.
  public func bound(to view: GraphView) throws(GraphError) -> BoundCondition {
    let binder = try ConditionBinder(view: view, needsTime: expression.needsTime)
    let table = try view.nodes(nodeType)
    return BoundCondition(
      table: table, view: view, evaluate: try binder.bound(expression, table, edge: nil))
  }
}

extension Measure {
  /// As `Condition.bound`.
  public func bound(to view: GraphView) throws(GraphError) -> BoundMeasure {
    let binder = try ConditionBinder(view: view, needsTime: expression.needsTime)
    let table = try view.nodes(nodeType)
    return BoundMeasure(table: table, view: view, evaluate: try binder.bound(expression, table, edge: nil))
  }
}

typealias ConditionEvaluation = @Sendable (ConditionFrame) -> ConditionValue

/// What a condition is asked of: a node, and inside a `where` one of its edges with the node at the other end.
struct ConditionFrame {
  var node: Int
  var edgeRow = 0
  var other = 0
}

/// What an expression is worth; time spans are numbers of seconds.
enum ConditionValue: Equatable {
  case missing
  case number(Double)
  case time(Int64)
  case text(String)
  case truth(Bool)

  var number: Double? {
    switch self {
    case .number(let value): value.isNaN ? nil : value
    case .truth(let value): value ? 1 : 0
    default: nil
    }
  }

  var truth: Bool? {
    switch self {
    case .truth(let value): value
    case .number(let value): value.isNaN ? nil : value != 0
    default: nil
    }
  }

  init(_ truth: Bool?) { self = truth.map { .truth($0) } ?? .missing }
  init(_ number: Double?) {
    guard let number, number.isFinite else {
      self = .missing
      return
    }
    self = .number(number)
  }
}
