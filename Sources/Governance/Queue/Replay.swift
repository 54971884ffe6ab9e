import Foundation
import Graph
import Store

/// A decision gone through again: what was recorded when its case was opened, and what comes out now from the same data,
/// model and rules.
public struct Replay: Sendable {
  public struct Member: Sendable {
    public let key: NodeKey
    public let recorded: StoredFlag
    /// Nil where the node is not in the queue any more.
    public let now: (place: Int, candidate: FlagCandidate)?

    public var isSame: Bool {
      guard let now, let details = recorded.details else { return false }
      return now.place == recorded.place && now.candidate.probability == recorded.probability
        && now.candidate.harm == recorded.harm && now.candidate.details == details
    }
  }

  public let queue: StoredQueue
  public let members: [Member]
  /// Whether the very data could be opened that the queue was made from; why not, else.
  public let isExact: Bool

  public var isSame: Bool { !members.isEmpty && members.allSatisfy { $0.isSame } }
}

extension Flagging {
  /// Makes the queue of a decision's case again.
  ///
  /// Costs what making a queue costs. Where a compact or a forgetting has changed the data since, it says so; rows that
  /// came later but claim to have been known earlier may then show.
  public func replay(decision number: Int) throws -> Replay {
    let (owner, _) = try book.decision(number)
    guard let run = owner.run else { throw GovernanceError.noSuchFlagRun(nil) }
    let queue = try QueueStore(store).queue(run)
    let (graph, isExact) = try store.graph(at: queue.data.mark)
    var again = self
    again.pinned = (graph, queue.data, queue.groupRun ?? -1)
    let rules = try RuleBook(queue.rules, file: "the rules of queue \(run)", in: store.schema)
    let outcome = try again.plan(queue.settings, rules: rules, asOf: queue.asOf)
    var found: [NodeKey: (place: Int, candidate: FlagCandidate)] = [:]
    for (place, candidate) in outcome.plan.cases.flatMap(\.members).enumerated() {
      found[candidate.key] = (place + 1, candidate)
    }
    let flags = try QueueStore(store).flags(of: run).filter { $0.caseNumber == owner.number }
    return Replay(
      queue: queue, members: flags.map { .init(key: $0.key, recorded: $0, now: found[$0.key]) },
      isExact: isExact)
  }
}
