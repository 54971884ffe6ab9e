import Foundation
import Graph
import Store

/// The cases of a store: who has which, what was decided, by whom, when and why.
///
///     let book = CaseBook(store)
///     let next = try book.claimNext(by: "ana")
///     try book.decide(next.number, .delist, by: "ana", because: "sells copies; see the listing's pictures")
///
/// Every change is one transaction on the disk when the call returns, and an entry in the audit trail. Of two reviewers
/// who do the same at once, one wins and the other's call throws. Costs a few milliseconds, most of it waiting for the disk.
public struct CaseBook {
  let store: Store
  /// What time it is; a fixed time for tests, simulations and decisions that were made elsewhere.
  public var now: @Sendable () -> Timestamp = { Timestamp(seconds: Int64(Date().timeIntervalSince1970)) }

  /// Entries after this one are passed over when reading: the book as it was.
  var lastEntry = Int.max

  public init(_ store: Store) { self.store = store }

  // MARK: Taking a case

  /// Gives an open case to a reviewer.
  @discardableResult
  public func claim(_ number: Int, by who: String) throws -> CaseEntry {
    try change(number, .claimed, by: who) { standing, entry in
      guard standing.state == .open || standing.state == .appealed || standing.state == .waiting else {
        if let holder = standing.holder, holder != who {
          throw GovernanceError.taken(caseNumber: number, by: holder)
        }
        throw notPossible(standing, number, "claimed")
      }
      if let holder = standing.holder { throw GovernanceError.taken(caseNumber: number, by: holder) }
    }
  }

  /// The most harmful open case that nobody has and that is not snoozed, given to a reviewer in the same transaction.
  public func claimNext(by who: String, types: Set<String> = []) throws -> StoredCase {
    let now = now()
    let number = try store.writingLedger { database -> Int in
      let open = try database.rows(
        """
        select number from cases where state = 'open' and holder is null
          and (snoozed_until is null or snoozed_until <= ?) order by run desc, place, number
        """, .integer(now.seconds)
      ) { (row) throws(StoreError) in row.integer(0) }
      for number in open {
        if !types.isEmpty {
          guard let type = try CaseBook.members(of: number, database).first?.type, types.contains(type) else {
            continue
          }
        }
        _ = try append(number, .claimed, by: who, database) { _, _ in }
        return number
      }
      throw GovernanceError.nothingOpen
    }
    return try self.case(number)
  }

  /// Gives a case back.
  @discardableResult
  public func release(_ number: Int, by who: String) throws -> CaseEntry {
    try change(number, .released, by: who) { standing, _ in
      guard let holder = standing.holder else { throw notPossible(standing, number, "given back") }
      if holder != who { throw GovernanceError.taken(caseNumber: number, by: holder) }
    }
  }

  // MARK: Deciding

  /// Decides a case that is open or the reviewer's own. A suspension waits until a second person confirms it.
  ///
  /// A decision against a case may spare members that do not belong to it: they are cleared.
  @discardableResult
  public func decide(
    _ number: Int, _ action: CaseAction, sparing spared: Set<NodeKey> = [], by who: String,
    because why: String
  ) throws -> CaseEntry {
    guard !why.isBlank else { throw GovernanceError.noReason(what: "a decision") }
    let places = try places(of: spared, in: number, action)
    return try change(number, .decided, by: who, action: action, because: why, spared: places) {
      standing, entry in
      switch standing.state {
      case .open, .claimed:
        if let holder = standing.holder, holder != who {
          throw GovernanceError.taken(caseNumber: number, by: holder)
        }
      case .waiting, .decided, .appealed, .overturned:
        let last = standing.overturning ?? standing.decision
        throw GovernanceError.alreadyDecided(
          caseNumber: number, action: standing.decision?.action?.rawValue ?? "overturned",
          by: last?.who ?? "?",
          at: (last?.at ?? entry.at).description)
      }
    }
  }

  private func places(of spared: Set<NodeKey>, in number: Int, _ action: CaseAction) throws -> [Int] {
    guard !spared.isEmpty else { return [] }
    guard action.verdict == true else {
      throw GovernanceError.badSetting(
        name: "--spare", reason: "only a decision against a case spares some of its members")
    }
    let members = try self.case(number).members
    for key in spared.sorted() where !members.contains(key) {
      throw GovernanceError.badReference(text: "\(key)", wanted: "a member of case:C\(number)")
    }
    guard members.contains(where: { !spared.contains($0) }) else {
      throw GovernanceError.badSetting(
        name: "--spare", reason: "nobody would be left; decide allow to clear the whole case")
    }
    return members.indices.filter { spared.contains(members[$0]) }
  }

  /// The second pair of eyes: agrees with what waits, so that it holds from now.
  @discardableResult
  public func confirm(_ number: Int, by who: String, because why: String = "") throws -> CaseEntry {
    try change(number, .confirmed, by: who, because: why) { standing, _ in
      try needSecond(standing, number, who, "confirmed")
    }
  }

  /// The second pair of eyes: does not agree; the case is open again, and both answers are kept.
  @discardableResult
  public func object(_ number: Int, by who: String, because why: String) throws -> CaseEntry {
    guard !why.isBlank else { throw GovernanceError.noReason(what: "an objection") }
    return try change(number, .objected, by: who, because: why) { standing, _ in
      try needSecond(standing, number, who, "objected to")
    }
  }

  private func needSecond(_ standing: CaseStanding, _ number: Int, _ who: String, _ what: String) throws {
    guard standing.state == .waiting else { throw notPossible(standing, number, what) }
    if standing.decision?.who == who { throw GovernanceError.ownSecond(caseNumber: number, who: who) }
    if let holder = standing.holder, holder != who {
      throw GovernanceError.taken(caseNumber: number, by: holder)
    }
  }

  /// A reviewer's own answer to a case that another decided. Changes nothing but what is known of how sure reviewers are.
  @discardableResult
  public func opinion(
    _ number: Int, _ action: CaseAction, by who: String, because why: String
  ) throws -> CaseEntry {
    try change(number, .opinion, by: who, action: action, because: why) { standing, _ in
      guard let decision = standing.decision else {
        throw notPossible(standing, number, "given an opinion on")
      }
      if decision.who == who { throw GovernanceError.ownSecond(caseNumber: number, who: who) }
    }
  }

  // MARK: Afterwards

  @discardableResult
  public func appeal(_ number: Int, by who: String, because why: String) throws -> CaseEntry {
    guard !why.isBlank else { throw GovernanceError.noReason(what: "an appeal") }
    return try change(number, .appealed, by: who, because: why) { standing, _ in
      guard standing.state == .decided, standing.decision?.action != .allow else {
        throw notPossible(standing, number, "appealed")
      }
    }
  }

  /// The answer to an appeal, by another than who decided.
  @discardableResult
  public func answerAppeal(
    _ number: Int, overturn: Bool, by who: String, because why: String
  ) throws -> CaseEntry {
    guard !why.isBlank else { throw GovernanceError.noReason(what: "the answer to an appeal") }
    return try change(number, overturn ? .overturned : .upheld, by: who, because: why) { standing, _ in
      guard standing.state == .appealed else { throw notPossible(standing, number, "answered") }
      if standing.decision?.who == who { throw GovernanceError.ownSecond(caseNumber: number, who: who) }
      if let holder = standing.holder, holder != who {
        throw GovernanceError.taken(caseNumber: number, by: holder)
      }
    }
  }

  /// Puts a case away until a time.
  @discardableResult
  public func snooze(
    _ number: Int, until: Timestamp, by who: String, because why: String = ""
  ) throws -> CaseEntry {
    try change(number, .snoozed, by: who, because: why, until: until) { standing, _ in
      guard standing.state == .open || standing.state == .claimed else {
        throw notPossible(standing, number, "put away")
      }
      if let holder = standing.holder, holder != who {
        throw GovernanceError.taken(caseNumber: number, by: holder)
      }
    }
  }

  /// Takes back the last entry of a case that was not taken back yet. Both stay in the book.
  @discardableResult
  public func undo(_ number: Int, by who: String, because why: String) throws -> CaseEntry {
    guard !why.isBlank else { throw GovernanceError.noReason(what: "taking back") }
    return try store.writingLedger { database in
      let entries = try CaseBook.entries(of: number, database)
      let undone = Set(entries.compactMap(\.undoes))
      guard
        let last = entries.last(where: {
          $0.what != .undone && $0.what != .opened && !undone.contains($0.number)
        })
      else {
        guard !entries.isEmpty else { throw GovernanceError.noSuchCase(number) }
        throw GovernanceError.nothingToUndo(caseNumber: number)
      }
      return try append(number, .undone, by: who, because: why, undoes: last.number, database) { _, _ in }
    }
  }

  // MARK: The one way to write

  private func notPossible(_ standing: CaseStanding, _ number: Int, _ what: String) -> GovernanceError {
    .notPossible(caseNumber: number, what: what, state: standing.state.rawValue)
  }

  private func change(
    _ number: Int, _ what: CaseEntry.What, by who: String, action: CaseAction? = nil,
    because why: String = "",
    until: Timestamp? = nil, spared: [Int] = [], _ check: (CaseStanding, CaseEntry) throws -> Void
  ) throws -> CaseEntry {
    try store.writingLedger { database in
      try append(
        number, what, by: who, action: action, because: why, until: until, spared: spared, database, check)
    }
  }

  /// Adds a line to a case's book, the line's hash to the audit trail, and brings the case's row up to date.
  func append(
    _ number: Int, _ what: CaseEntry.What, by who: String, action: CaseAction? = nil,
    because why: String = "",
    until: Timestamp? = nil, undoes: Int? = nil, spared: [Int] = [], _ database: Database,
    _ check: (CaseStanding, CaseEntry) throws -> Void
  ) throws -> CaseEntry {
    guard !who.isBlank else { throw GovernanceError.noName }
    let entries = try CaseBook.entries(of: number, database)
    guard what == .opened || !entries.isEmpty else { throw GovernanceError.noSuchCase(number) }
    let evidence =
      try database.rows(
        "select max(number) from evidence where case_number = ?", .integer(number)
      ) { (row) throws(StoreError) in row.isNull(0) ? nil : row.integer(0) }.first ?? nil
    var entry = CaseEntry(
      number: 0, caseNumber: number, at: now(), what: what, who: who, action: action, why: why,
      evidence: evidence,
      until: until, undoes: undoes, spared: spared)
    try check(CaseStanding(entries), entry)
    try database.run(
      """
      insert into case_entries (case_number, at, what, who, action, why, evidence, until, undoes, spared)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, .integer(number), .integer(entry.at.seconds), .text(what.rawValue), .text(who),
      .optional(action?.rawValue), .text(why), .optional(evidence.map(Int64.init)), .optional(until?.seconds),
      .optional(undoes.map(Int64.init)), .text(spared.map { "\($0)" }.joined(separator: " ")))
    entry.number = Int(database.lastInsertedRow)
    let standing = CaseStanding(entries + [entry])
    try database.run(
      "update cases set state = ?, holder = ?, snoozed_until = ? where number = ?",
      .text(standing.state.rawValue),
      .optional(standing.holder), .optional(standing.snoozedUntil?.seconds), .integer(number))
    try store.record(
      "case",
      [
        "entry": "\(entry.number)", "case": "C\(number)", "what": what.rawValue,
        "hash": ledgerHash(entry.digest),
      ])
    return entry
  }
}

/// Lengths stand before the parts, so that moving a letter from one to the next changes the hash.
func ledgerHash(_ parts: [String]) -> String {
  SHA256.text(parts.map { "\($0.utf8.count):\($0)" }.joined())
}

extension String {
  var isBlank: Bool { allSatisfy { $0.isWhitespace } }
}
