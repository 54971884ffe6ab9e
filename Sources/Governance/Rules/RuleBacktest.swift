import Compute
import Features
import Foundation
import Graph
import Learning

/// What a rule would have done as of a time, and how right it was, by what is known of its nodes now.
public struct RuleBacktest: Sendable, Equatable {
  public let rule: Rule
  /// How many met it.
  public let flagged: Int
  /// Of them those of whom something is known.
  public let risky: Int
  public let cleared: Int
  /// Of the risky those of whom nobody knew as of that time.
  public let newlyFound: Int
  /// All of the type that were seen then, and how many of them turned out risky.
  public let seen: Int
  public let allRisky: Int
  /// Levels of categories in it that nothing has.
  public let doubts: [String]

  /// The share of risky ones among those of whom something is known; nil where nothing is.
  public var precision: Double? { risky + cleared == 0 ? nil : Double(risky) / Double(risky + cleared) }
  /// Where the true precision lies with 95 % confidence (Wilson, 1927).
  public var interval: ClosedRange<Double> {
    wilsonInterval(share: Double(risky) / Double(risky + cleared), of: risky + cleared)
  }
  public var recall: Double? { allRisky == 0 ? nil : Double(risky) / Double(allRisky) }
}

extension RuleBook {
  /// Every rule as of a time, judged by all labels that `graph` holds, decisions among them.
  ///
  /// Costs a question to each node of each rule's type.
  public func backtest(on graph: MarketGraph, asOf: Timestamp?) throws -> [RuleBacktest] {
    let view = graph.view(asOf: asOf)
    return try rules.map { rule in
      let met = try rule.condition.bound(to: view).nodes()
      let table = try view.nodes(rule.nodeType)
      let labels = try? NodeLabels(table)
      let positive = Int32((labels?.classNames.count ?? 2) - 1)
      func isRisky(_ node: NodeID) -> Bool? {
        guard let label = labels?.classes[node.index], label >= 0 else { return nil }
        return label == positive
      }
      let seen = try view.visibleNodes(rule.nodeType)
      return RuleBacktest(
        rule: rule, flagged: met.count, risky: met.count { isRisky($0) == true },
        cleared: met.count { isRisky($0) == false },
        newlyFound: met.count { isRisky($0) == true && labels?.isKnown($0.index, before: asOf) == false },
        seen: seen.count, allRisky: seen.count { isRisky($0) == true },
        doubts: rule.condition.unknownLevels(in: graph))
    }
  }
}
