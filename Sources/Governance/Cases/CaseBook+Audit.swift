import Foundation
import Graph
import Store

/// What a look through the books found.
public struct AuditFindings: Sendable, Equatable {
  /// Empty where all is well.
  public var flaws: [String]
  public var entries: Int
  /// The hash of the last entry: noted elsewhere, it proves later that nothing before it was changed.
  public var head: String
}

extension CaseBook {
  /// Goes through the audit trail and everything it keeps a hash of: cases, decisions, evidence, queues.
  ///
  /// Finds any line changed, removed, added outside, put in another order, or cut off the end; and with the hash of an
  /// earlier end, whether that end is still part of the trail. Costs a hash for each row.
  public func verified(earlierHead: String? = nil) throws -> AuditFindings {
    var flaws: [String] = []
    if let flaw = try store.auditFlaw() { flaws.append(flaw) }
    let trail = try store.auditTrail()
    if let earlierHead, !trail.contains(where: { $0.chain == earlierHead }) {
      flaws.append(
        "the audit trail has no entry with the hash \(earlierHead): what stood there was changed or removed")
    }
    var hashes: [String: [Int: String]] = [:]
    for entry in trail {
      let kinds = ["case": "entry", "evidence": "evidence", "flag": "queue"]
      guard let name = kinds[entry.what],
        let details = try? JSONDecoder().decode([String: String].self, from: Data(entry.details.utf8)),
        let number = details[name].flatMap({ Int($0) }), let hash = details["hash"]
      else { continue }
      hashes[entry.what, default: [:]][number] = hash
    }
    try store.readingLedger { database in
      flaws += try caseFlaws(hashes["case"] ?? [:], database)
      flaws += try evidenceFlaws(hashes["evidence"] ?? [:], database)
      flaws += try queueFlaws(hashes["flag"] ?? [:], database)
    }
    return AuditFindings(flaws: flaws, entries: trail.count, head: trail.last?.chain ?? "")
  }

  private func caseFlaws(_ hashes: [Int: String], _ database: Database) throws -> [String] {
    let entries = try database.rows(
      """
      select number, case_number, at, what, who, action, why, evidence, until, undoes, spared from case_entries order by number
      """, read: CaseBook.entry)
    var flaws = CaseBook.compared(
      entries.map { ($0.number, ledgerHash($0.digest)) }, hashes, what: "entry", of: "the cases' book")
    // The rows that lists are made from must say what the book says.
    let books = Dictionary(grouping: entries, by: \.caseNumber)
    let rows = try database.rows("select number, state, holder, snoozed_until from cases order by number") {
      (row) throws(StoreError) in
      (row.integer(0), row.text(1), row.optionalText(2), row.isNull(3) ? nil : Int64(row.integer(3)))
    }
    for (number, state, holder, snoozed) in rows {
      let standing = CaseStanding(books[number] ?? [])
      if standing.state.rawValue != state || standing.holder != holder
        || standing.snoozedUntil?.seconds != snoozed
      {
        flaws.append("case:C\(number) stands as \(state), but its entries say \(standing.state.rawValue)")
      }
    }
    return flaws
  }

  private func evidenceFlaws(_ hashes: [Int: String], _ database: Database) throws -> [String] {
    let rows = try database.rows("select number, body, digest from evidence order by number") {
      (row) throws(StoreError) in (row.integer(0), row.text(1), row.text(2))
    }
    // Emptied evidence named somebody who was forgotten; its digest stays.
    return CaseBook.compared(
      rows.map { ($0.0, $0.1.isEmpty ? $0.2 : SHA256.text($0.1)) }, hashes, what: "evidence",
      of: "the evidence")
  }

  private func queueFlaws(_ hashes: [Int: String], _ database: Database) throws -> [String] {
    let numbers = try database.rows("select number from flag_runs order by number") {
      (row) throws(StoreError) in
      row.integer(0)
    }
    return CaseBook.compared(
      try numbers.map { ($0, try QueueStore.hash(of: $0, database)) }, hashes, what: "queue", of: "the queues"
    )
  }

  /// Rows against the hashes that the trail has of them.
  private static func compared(
    _ rows: [(number: Int, hash: String)], _ hashes: [Int: String], what: String, of owner: String
  ) -> [String] {
    var flaws: [String] = []
    var missing = hashes
    for (number, hash) in rows {
      guard let expected = missing.removeValue(forKey: number) else {
        flaws.append("\(what) \(number) of \(owner) is not in the audit trail")
        continue
      }
      if expected != hash { flaws.append("\(what) \(number) of \(owner) was changed after it was written") }
    }
    flaws += missing.keys.sorted().map { "\(what) \($0) of \(owner) was removed" }
    return flaws
  }
}
