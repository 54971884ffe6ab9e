import Compute
import Graph

extension Condition {
  /// The numbers that it compares with something, each once, in their order: what there is to show when it holds.
  ///
  ///     // refund_rate > 0.2 and not count(orders, 7d) < 20
  ///     condition.measures.map(\.description)   // ["refund_rate", "count(orders, 7d)"]
  public var measures: [Measure] {
    var found: [Measure] = []
    expression.forEachCompared { part in
      let measure = Measure(expression: part, nodeType: nodeType)
      if !found.contains(measure) { found.append(measure) }
    }
    return found
  }

  /// Texts that a category of this graph never has, probably misspelt: each with the nearest that it has. Such a
  /// comparison is no mistake, for a level may come tomorrow; but it is worth saying.
  public func unknownLevels(in graph: MarketGraph) -> [String] {
    var doubts: [String] = []
    expression.forEachLevel { column, text in
      let columns =
        column.owner == .edge
        ? graph.relations[column.ownerName]?.columns : graph.nodes[column.ownerName]?.columns
      guard case .category(_, let levels)? = columns?[column.name] else { return }
      let known = (0..<levels.count).map { levels[$0] }
      guard !known.contains(text) else { return }
      doubts.append(
        "no \(column.name) of \(column.ownerName) is \"\(text)\" so far." + hint(for: text, among: known))
    }
    return doubts
  }
}

extension ConditionExpression {
  fileprivate func forEachCompared(_ body: (ConditionExpression) -> Void) {
    switch self {
    case .comparison(_, let a, let b):
      for side in [a, b] where side.isMeasured { body(side) }
    case .among(let value, _): if value.isMeasured { body(value) }
    case .column(let column): if column.kind == .flag { body(self) }
    case .not(let inner): inner.forEachCompared(body)
    case .all(let parts), .any(let parts): for part in parts { part.forEachCompared(body) }
    default: break
    }
  }

  /// A number that is no literal.
  private var isMeasured: Bool {
    guard [.number, .flag, .duration].contains(kind) else { return false }
    switch self {
    case .column, .age, .aggregate: return true
    default: return parts.contains { $0.isMeasured }
    }
  }

  fileprivate func forEachLevel(_ body: (ColumnOf, String) -> Void) {
    switch self {
    case .comparison(_, .column(let column), .text(let text)),
      .comparison(_, .text(let text), .column(let column)):
      body(column, text)
    case .among(.column(let column), let list):
      for case .text(let text) in list { body(column, text) }
    default: for part in parts { part.forEachLevel(body) }
    }
  }
}
