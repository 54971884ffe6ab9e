import Foundation
import Graph
import Store

// Cases whose answer is known, mixed into the queue like any other: how often a reviewer finds it says how sure the
// other decisions are. They teach the models nothing.

/// How a reviewer did on golden cases.
public struct ReviewerRecord: Sendable, Equatable {
  public let reviewer: String
  public let right: Int
  public let answered: Int
  /// Of all their decisions those that another person answered otherwise.
  public let disputed: Int
  public let decided: Int
}

extension CaseBook {
  public func addGolden(_ key: NodeKey, isRisky: Bool) throws {
    try store.writingLedger { database in
      try database.run(
        """
        insert into golden (type, key, answer, added) values (?, ?, ?, ?)
        on conflict (type, key) do update set answer = excluded.answer
        """, .text(key.type), .text(key.key), .text(isRisky ? "risky" : "clear"), .text(now().description))
      try store.record(
        "golden", ["trace": try store.ledgerTrace(of: key), "answer": isRisky ? "risky" : "clear"])
    }
  }

  public func golden() throws -> [(key: NodeKey, isRisky: Bool)] {
    try store.readingLedger { database in
      try database.rows("select type, key, answer from golden order by type, key") {
        (row) throws(StoreError) in
        (NodeKey(type: row.text(0), key: row.text(1)), row.text(2) == "risky")
      }
    }
  }

  /// Each reviewer's record, by name.
  public func reviewers() throws -> [ReviewerRecord] {
    var counts: [String: (right: Int, answered: Int, disputed: Int, decided: Int)] = [:]
    for one in try cases() {
      let undone = Set(one.entries.compactMap(\.undoes))
      let answers = one.entries.filter {
        ($0.what == .decided || $0.what == .opinion) && !undone.contains($0.number)
      }
      for answer in answers {
        counts[answer.who, default: (0, 0, 0, 0)].decided += 1
        guard let verdict = answer.action?.verdict else { continue }
        if let truth = one.golden {
          counts[answer.who]!.answered += 1
          if truth == verdict { counts[answer.who]!.right += 1 }
        }
        let others = one.entries.contains { other in
          guard other.who != answer.who, !undone.contains(other.number) else { return false }
          return other.what == .objected || other.action?.verdict.map { $0 != verdict } == true
        }
        if others { counts[answer.who]!.disputed += 1 }
      }
    }
    return counts.sorted { $0.key < $1.key }.map {
      ReviewerRecord(
        reviewer: $0.key, right: $0.value.right, answered: $0.value.answered, disputed: $0.value.disputed,
        decided: $0.value.decided)
    }
  }
}
