import Foundation
import Graph

// The door for what keeps books in the catalogue beside the store itself: queues, cases, decisions. Each change is one
// transaction and leaves an entry in the audit trail, whose chain it thereby joins.

extension Store {
  /// What `body` reads is one state of the books, whatever others commit meanwhile.
  package func readingLedger<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try transaction("begin", body)
  }

  /// What `body` does, wholly or not at all. Others who want to write wait for it; it does not wait for a running
  /// import, which only writes files until its last moment.
  package func writingLedger<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try transaction("begin immediate", body)
  }

  /// Adds an entry to the audit trail, inside `writingLedger`.
  package func record(_ what: String, _ details: [String: String]) throws(StoreError) {
    try catalogue.audit(what, details)
  }

  /// A salted hash that stays when the key itself is forgotten.
  package func ledgerTrace(of key: NodeKey) throws(StoreError) -> String {
    Store.trace(of: key, salt: try catalogue.setting("salt") ?? "")
  }

  /// What names the state of the data: the current snapshot (0 before the first import), the newest appended batch, and
  /// the newest entry of the list of forgotten nodes.
  package func dataMark() throws(StoreError) -> DataMark {
    DataMark(
      snapshot: try catalogue.currentSnapshot()?.number ?? 0, batch: try catalogue.pending().newest,
      forgotten: try catalogue.newestForgotten())
  }

  /// The audit trail's first flaw, if any: an entry changed, removed or out of order, or the end cut off.
  package func auditFlaw() throws(StoreError) -> String? {
    if let flaw = try catalogue.auditViolation() { return flaw }
    let last = try catalogue.auditTrail().last?.number ?? 0
    // SQLite remembers the highest number it ever gave, so entries cut off at the end show too.
    let given =
      try catalogue.database.rows("select seq from sqlite_sequence where name = 'audit'") {
        (row) throws(StoreError) in row.integer(0)
      }.first ?? 0
    return given == last ? nil : "the audit trail ends with entry \(last), but \(given) were written"
  }

  private func transaction<Result>(_ begin: String, _ body: (Database) throws -> Result) throws -> Result {
    let database = catalogue.database
    try database.run(begin)
    do {
      let result = try body(database)
      try database.run("commit")
      return result
    } catch {
      _ = try? database.run("rollback")
      throw error
    }
  }
}

/// Which data a result was computed from.
package struct DataMark: Sendable, Hashable, Codable {
  package var snapshot: Int
  package var batch: Int
  package var forgotten: Int
}

extension Catalogue {
  /// A forgotten node leaves the cases and queues it was in; what was decided stays, of nobody. Evidence that names it
  /// is emptied, its digest kept.
  func forgetInCases(_ key: NodeKey) throws(StoreError) {
    let named = "\(key)"
    try database.run(
      """
      update evidence set body = '' where instr(body, ?) > 0 or case_number in
        (select case_number from case_members where type = ? and key = ?)
      """, .text(named), .text(key.type), .text(key.key))
    try database.run(
      "update flags set key = '', details = '' where type = ? and key = ?", .text(key.type), .text(key.key))
    try database.run("update flags set details = '' where instr(details, ?) > 0", .text(named))
    try database.run(
      "update case_members set key = '' where type = ? and key = ?", .text(key.type), .text(key.key))
    try database.run("delete from golden where type = ? and key = ?", .text(key.type), .text(key.key))
  }
}

extension Store {
  /// The graph as it was at a mark. Not exact where a compact has replaced the snapshot since (rows that were appended
  /// after the mark are then in it, too: a view as of a time leaves out all but those that claim to be older), or where
  /// somebody was forgotten since.
  package func graph(at mark: DataMark) throws(StoreError) -> (graph: MarketGraph, isExact: Bool) {
    var state = try state()
    let isSame = (state.entry?.number ?? 0) == mark.snapshot
    if isSame { state.batches.removeAll { $0.number > mark.batch } }
    let forgotten = try catalogue.newestForgotten()
    let isExact = isSame && forgotten == mark.forgotten
    return (try state.graph(path: catalogue.path), isExact)
  }
}
