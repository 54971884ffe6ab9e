import Foundation
import Graph
import Store

/// A case as it is kept.
public struct StoredCase: Sendable, Equatable {
  public let number: Int
  /// The queue that opened it, and its place there.
  public let run: Int?
  public let place: Int
  /// Keys of forgotten members are empty.
  public let members: [NodeKey]
  public let harm: Double
  public let region: String?
  public let entries: [CaseEntry]
  /// The known answer of a golden case; not to be shown before it is decided.
  public let golden: Bool?

  public var standing: CaseStanding { CaseStanding(entries) }
  public var name: String { "case:C\(number)" }
}

extension CaseBook {
  public func `case`(_ number: Int) throws -> StoredCase {
    try store.readingLedger { database in
      guard let found = try CaseBook.cases(database, number: number).first else {
        throw GovernanceError.noSuchCase(number)
      }
      return found
    }
  }

  /// Cases in some states, as the queue has them: the newest queue first, then by place.
  public func cases(
    in states: Set<CaseState> = Set(CaseState.allCases), limit: Int? = nil
  ) throws -> [StoredCase] {
    try store.readingLedger { database in
      let all = try CaseBook.cases(database, lastEntry: lastEntry).filter {
        !$0.entries.isEmpty && states.contains($0.standing.state)
      }
      return limit.map { Array(all.prefix($0)) } ?? all
    }
  }

  /// The cases that a node is a member of, the latest first.
  public func cases(with key: NodeKey) throws -> [StoredCase] {
    try store.readingLedger { database in
      let numbers = try database.rows(
        "select case_number from case_members where type = ? and key = ? order by case_number desc",
        .text(key.type),
        .text(key.key)
      ) { (row) throws(StoreError) in row.integer(0) }
      return try numbers.flatMap { try CaseBook.cases(database, number: $0) }
    }
  }

  /// The case and the entry of a decision.
  public func decision(_ number: Int) throws -> (StoredCase, CaseEntry) {
    let found = try store.readingLedger { database in
      try database.rows("select case_number from case_entries where number = ?", .integer(number)) {
        (row) throws(StoreError) in row.integer(0)
      }.first
    }
    guard let found else { throw GovernanceError.noSuchDecision(number) }
    let owner = try self.case(found)
    guard let entry = owner.entries.first(where: { $0.number == number }), entry.what == .decided else {
      throw GovernanceError.noSuchDecision(number)
    }
    return (owner, entry)
  }

  /// Evidence as it was kept, a JSON document; empty where it named somebody who was forgotten.
  public func evidence(_ number: Int) throws -> String? {
    try store.readingLedger { database in
      try database.rows("select body from evidence where number = ?", .integer(number)) {
        (row) throws(StoreError) in
        row.text(0)
      }.first
    }
  }

  /// Keeps a version of the evidence of a case; decisions from now on name it. Returns its number.
  @discardableResult
  public func keepEvidence(_ body: String, for number: Int) throws -> Int {
    try store.writingLedger { database in
      guard !(try CaseBook.entries(of: number, database)).isEmpty else {
        throw GovernanceError.noSuchCase(number)
      }
      return try CaseBook.addEvidence(body, for: number, at: now(), store, database)
    }
  }

  static func addEvidence(
    _ body: String, for number: Int, at: Timestamp, _ store: Store, _ database: Database
  ) throws -> Int {
    let digest = SHA256.text(body)
    try database.run(
      "insert into evidence (case_number, at, body, digest) values (?, ?, ?, ?)", .integer(number),
      .text(at.description), .text(body), .text(digest))
    let evidence = Int(database.lastInsertedRow)
    try store.record("evidence", ["evidence": "\(evidence)", "case": "C\(number)", "hash": digest])
    return evidence
  }

  // MARK: Rows

  static func entries(of number: Int, _ database: Database) throws(StoreError) -> [CaseEntry] {
    try database.rows(
      """
      select number, case_number, at, what, who, action, why, evidence, until, undoes, spared from case_entries
      where case_number = ? order by number
      """, .integer(number), read: entry)
  }

  static func entry(_ row: Statement) throws(StoreError) -> CaseEntry {
    CaseEntry(
      number: row.integer(0), caseNumber: row.integer(1), at: Timestamp(seconds: Int64(row.integer(2))),
      what: CaseEntry.What(rawValue: row.text(3)) ?? .opinion, who: row.text(4),
      action: row.optionalText(5).flatMap(CaseAction.init), why: row.text(6),
      evidence: row.isNull(7) ? nil : row.integer(7),
      until: row.isNull(8) ? nil : Timestamp(seconds: Int64(row.integer(8))),
      undoes: row.isNull(9) ? nil : row.integer(9),
      spared: row.text(10).split(separator: " ").compactMap { Int($0) })
  }

  static func members(of number: Int, _ database: Database) throws(StoreError) -> [NodeKey] {
    try database.rows(
      "select type, key from case_members where case_number = ? order by place", .integer(number)
    ) { (row) throws(StoreError) in NodeKey(type: row.text(0), key: row.text(1)) }
  }

  /// All cases, or one, with three passes over the tables.
  static func cases(
    _ database: Database, number: Int? = nil, lastEntry: Int = .max
  ) throws(StoreError) -> [StoredCase] {
    let (low, high) = (number ?? 0, number ?? Int.max)
    var entries: [Int: [CaseEntry]] = [:]
    for entry in try database.rows(
      """
      select number, case_number, at, what, who, action, why, evidence, until, undoes, spared from case_entries
      where case_number between ? and ? and number <= ? order by number
      """, .integer(low), .integer(high), .integer(lastEntry), read: CaseBook.entry)
    {
      entries[entry.caseNumber, default: []].append(entry)
    }
    var members: [Int: [NodeKey]] = [:]
    for (owner, key) in try database.rows(
      "select case_number, type, key from case_members where case_number between ? and ? order by case_number, place",
      .integer(low), .integer(high),
      read: { (row) throws(StoreError) in (row.integer(0), NodeKey(type: row.text(1), key: row.text(2))) })
    {
      members[owner, default: []].append(key)
    }
    return try database.rows(
      """
      select number, run, place, harm, region, golden from cases where number between ? and ?
      order by run desc, place, number
      """, .integer(low), .integer(high)
    ) { (row) throws(StoreError) in
      let number = row.integer(0)
      return StoredCase(
        number: number, run: row.isNull(1) ? nil : row.integer(1), place: row.integer(2),
        members: members[number] ?? [], harm: row.optionalNumber(3) ?? 0, region: row.optionalText(4),
        entries: entries[number] ?? [], golden: row.optionalText(5).map { $0 == "risky" })
    }
  }
}
