import Arguments
import Compute
import Governance
import Learning
import Store

/// How far the newest queue was worked through.
struct QueueCoverage {
  let queue: Int
  let targets: [String]
  let cases: Int
  /// Decided, waiting for a second person, or further.
  let decided: Int
  let budget: Int

  /// nil before the first queue.
  init?(_ store: Store) throws {
    guard let newest = try QueueStore(store).queues().last else { return nil }
    let own = try CaseBook(store).cases().filter { $0.run == newest.number }
    queue = newest.number
    targets = newest.settings.targets
    cases = own.count
    decided = own.count { ![.open, .claimed].contains($0.standing.state) }
    budget = newest.settings.budget
  }

  var says: String {
    "Of queue \(queue), \(grouped(decided)) of \(counted(cases, "case")) are decided; the budget was \(grouped(budget))."
  }

  /// Much that is not looked at is worth a look; the rest is only told.
  var advice: ModelHealth.Advice { cases >= 20 && decided * 2 < cases ? .look : .keep }
}
