import Arguments
import Compute
import Foundation
import Governance
import Graph
import Reports
import Store

/// The queue and its cases, as reviewers have them.
extension ReportContent {
  /// nil before the first queue that was made by then.
  func queue() throws -> RiskReport.Queue? {
    let queues = try QueueStore(store).queues().filter { asOf == nil || $0.asOf <= asOf! }
    guard let newest = queues.last else { return nil }
    var flags: [Int: [StoredFlag]] = [:]
    for queue in queues {
      for flag in try QueueStore(store).flags(of: queue.number) {
        flags[flag.caseNumber, default: []].append(flag)
      }
    }
    let cases = try CaseBook(store).cases().filter { one in one.run.map { $0 <= newest.number } ?? true }
    let waiting = cases.filter { [.open, .claimed, .waiting, .appealed].contains($0.standing.state) }
    var queue = RiskReport.Queue(
      title: "queue \(newest.number), as of \(newest.asOf)",
      rows: waiting.prefix(limit).map { row(of: $0, flags[$0.number] ?? []) },
      remarks: newest.summary.split(separator: "\n").map(String.init), count: waiting.count)
    queue.states = CaseState.allCases.map { state in
      (state.rawValue, cases.count { $0.standing.state == state })
    }
    // Answers to golden cases are no decisions about the market.
    let decided = cases.filter { $0.golden == nil }.compactMap { $0.standing.decision?.action }
    queue.decisions = CaseAction.allCases.map { action in (action.rawValue, decided.count { $0 == action }) }
    return queue
  }

  /// Says nothing of why a case was opened that would tell a golden or a drawn one from the others.
  private func row(of one: StoredCase, _ flags: [StoredFlag]) -> RiskReport.Row {
    let standing = one.standing
    let top = flags.max { $0.probability < $1.probability }
    return RiskReport.Row(
      name: one.name, members: one.members.map { $0.key.isEmpty ? "one that was forgotten" : "\($0)" },
      probability: top?.probability ?? .nan, harm: one.harm, reasons: top?.details.map { reasons($0) } ?? [],
      state: standing.holder.map { "\(standing.state.rawValue), \($0)" } ?? standing.state.rawValue)
  }

  private func reasons(_ details: FlagDetails) -> [String] {
    var lines: [String] = []
    if let score = details.score {
      lines.append("score \(threeDigits(score))" + (details.model.map { " by \($0)" } ?? ""))
    }
    if let group = details.group {
      lines.append(
        "in group \(group.name) of \(group.size), suspicion \(threeDigits(group.suspicion))"
          + (group.judged > 0 ? ", \(group.risky) of \(group.judged) judged there risky" : ""))
    }
    for rule in details.rules where rule.mode == .live {
      lines.append("rule \(rule.name)" + (rule.policy.map { " (\($0))" } ?? ""))
    }
    if let money = details.money, money > 0 {
      lines.append("money at stake \(grouped(Int(min(money, 1e15))))")
    }
    if let people = details.people, people > 0 {
      lines.append("people exposed \(grouped(Int(min(people, 1e15))))")
    }
    return lines
  }
}
