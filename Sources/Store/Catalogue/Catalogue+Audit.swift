// The audit trail: what was done to the store and when, each entry chained to the one before by a hash, so that an
// entry cannot be changed, removed or slipped in without every later one showing it.

import Foundation

/// One entry of the audit trail.
public struct AuditEntry: Sendable, Hashable {
  public let number: Int
  /// UTC, as ISO 8601.
  public let at: String
  /// `init`, `import`, `compact`, `forget`, …
  public let what: String
  /// JSON; holds no keys of forgotten nodes.
  public let details: String
  public let chain: String
}

extension Catalogue {
  /// Adds an entry, in the caller's transaction.
  func audit(_ what: String, _ details: [String: String] = [:]) throws(StoreError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Texts only: encoding them cannot fail.
    let text = String(decoding: try! encoder.encode(details), as: UTF8.self)
    let previous =
      try database.rows("select chain from audit order by number desc limit 1") { (row) throws(StoreError) in
        row.text(0)
      }.first ?? ""
    let at = Catalogue.now()
    try database.run(
      "insert into audit (at, what, details, previous, chain) values (?, ?, ?, ?, ?)", .text(at), .text(what),
      .text(text), .text(previous), .text(Catalogue.chain(previous, at, what, text)))
  }

  func auditTrail() throws(StoreError) -> [AuditEntry] {
    try database.rows("select number, at, what, details, chain from audit order by number") {
      (row) throws(StoreError) in
      AuditEntry(
        number: row.integer(0), at: row.text(1), what: row.text(2), details: row.text(3), chain: row.text(4))
    }
  }

  /// The first entry that does not fit the one before it, if any.
  func auditViolation() throws(StoreError) -> String? {
    var previous = ""
    for (index, entry) in try auditTrail().enumerated() {
      guard entry.number == index + 1 else { return "the audit trail has no entry \(index + 1)" }
      guard entry.chain == Catalogue.chain(previous, entry.at, entry.what, entry.details) else {
        return "entry \(entry.number) of the audit trail was changed after it was written"
      }
      previous = entry.chain
    }
    return nil
  }

  /// Lengths stand before the parts, so that moving a letter from one to the next changes the hash.
  private static func chain(_ parts: String...) -> String {
    SHA256.text(parts.map { "\($0.utf8.count):\($0)" }.joined())
  }
}
