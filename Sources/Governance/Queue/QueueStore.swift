import Foundation
import Graph
import Store

/// A queue as it is kept.
public struct StoredQueue: Sendable {
  public let number: Int
  public let at: String
  public let asOf: Timestamp
  public let settings: FlagSettings
  public let rules: String
  public let groupRun: Int?
  public let summary: String
  let data: QueueData
}

public struct StoredFlag: Sendable, Equatable {
  public let place: Int
  /// The key of a forgotten node is empty.
  public let key: NodeKey
  public let score: Double?
  public let probability: Double
  public let harm: Double
  public let reason: FlagReason
  public let caseNumber: Int
  public let details: FlagDetails?
}

/// Queues in the catalogue.
public struct QueueStore {
  let store: Store

  public init(_ store: Store) { self.store = store }

  public func queues() throws -> [StoredQueue] {
    try store.readingLedger { database in
      try database.rows(
        "select number, at, as_of, settings, rules, group_run, summary, data from flag_runs order by number"
      ) { (row) throws(StoreError) in
        let decoder = JSONDecoder()
        let settings = try? decoder.decode(FlagSettings.self, from: Data(row.text(3).utf8))
        let data = try? decoder.decode(QueueData.self, from: Data(row.text(7).utf8))
        guard let settings, let data else { return nil }
        return StoredQueue(
          number: row.integer(0), at: row.text(1), asOf: Timestamp(seconds: Int64(row.integer(2))),
          settings: settings,
          rules: row.text(4), groupRun: row.isNull(5) ? nil : row.integer(5), summary: row.text(6), data: data
        )
      }.compactMap { (queue: StoredQueue?) in queue }
    }
  }

  /// The queue of that number, or the newest.
  public func queue(_ number: Int? = nil) throws -> StoredQueue {
    let all = try queues()
    guard let found = number.map({ number in all.first { $0.number == number } }) ?? all.last else {
      throw GovernanceError.noSuchFlagRun(number)
    }
    return found
  }

  public func flags(of queue: Int) throws -> [StoredFlag] {
    try store.readingLedger { database in
      try database.rows(
        """
        select place, type, key, score, probability, harm, reason, case_number, details from flags where run = ?
        order by place
        """, .integer(queue)
      ) { (row) throws(StoreError) in
        StoredFlag(
          place: row.integer(0), key: NodeKey(type: row.text(1), key: row.text(2)),
          score: row.optionalNumber(3),
          probability: row.optionalNumber(4) ?? 0, harm: row.optionalNumber(5) ?? 0,
          reason: FlagReason(rawValue: row.text(6)) ?? .harm, caseNumber: row.integer(7),
          details: try? JSONDecoder().decode(FlagDetails.self, from: Data(row.text(8).utf8)))
      }
    }
  }

  /// What the audit trail keeps of a queue: everything but keys, which may have to be forgotten.
  static func hash(of number: Int, _ database: Database) throws -> String {
    var parts =
      try database.rows(
        "select at, as_of, data, settings, models, rules, group_run, summary from flag_runs where number = ?",
        .integer(number)
      ) { (row) throws(StoreError) in (0..<8).map { row.text($0) } }.first ?? []
    for row in try database.rows(
      "select place, type, trace, score, probability, harm, reason, case_number from flags where run = ? order by place",
      .integer(number),
      read: { (row) throws(StoreError) in
        [
          row.text(0), row.text(1), row.text(2), "\(row.optionalNumber(3) ?? .nan)",
          "\(row.optionalNumber(4) ?? .nan)",
          "\(row.optionalNumber(5) ?? .nan)", row.text(6), row.text(7),
        ]
      })
    {
      parts += row
    }
    return ledgerHash(parts)
  }
}

extension Flagging {
  /// Writes the queue with its cases and their evidence, wholly or not at all. Returns the queue's number.
  @discardableResult
  public func write(_ outcome: FlagOutcome) throws -> Int {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func json(_ value: some Encodable) throws -> String {
      String(decoding: try encoder.encode(value), as: UTF8.self)
    }
    let now = book.now()
    return try store.writingLedger { database in
      try database.run(
        """
        insert into flag_runs (at, as_of, data, settings, models, rules, group_run, summary)
        values (?, ?, ?, ?, ?, ?, ?, ?)
        """, .text(now.description), .integer(outcome.asOf.seconds), .text(try json(outcome.data)),
        .text(try json(outcome.settings)), .text(try json(outcome.settings.models)),
        .text(outcome.rules.text),
        .optional(outcome.groupRun.map(Int64.init)), .text(outcome.summary))
      let run = Int(database.lastInsertedRow)
      var place = 0
      for (order, one) in outcome.plan.cases.enumerated() {
        let number = try open(one, run: run, place: order + 1, database)
        for member in one.members {
          place += 1
          let trace = try store.ledgerTrace(of: member.key)
          try database.run(
            """
            insert into flags (run, place, type, key, trace, score, probability, harm, reason, case_number, details)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, .integer(run), .integer(place), .text(member.key.type), .text(member.key.key), .text(trace),
            .optional(member.details.score), .real(member.probability), .real(member.harm),
            .text(one.reason.rawValue),
            .integer(number), .text(try json(member.details)))
        }
        let evidence = CaseEvidence(
          queue: run, place: order + 1, asOf: outcome.asOf.description,
          members: one.members.map {
            .init(
              node: "\($0.key)", probability: $0.probability, harm: $0.harm, details: $0.details,
              model: outcome.evidence[$0.key])
          })
        _ = try CaseBook.addEvidence(try json(evidence), for: number, at: now, store, database)
        _ = try book.append(number, .opened, by: "queue \(run)", database) { _, _ in }
      }
      try store.record("flag", ["queue": "\(run)", "hash": try QueueStore.hash(of: run, database)])
      return run
    }
  }

  private func open(_ one: PlannedCase, run: Int, place: Int, _ database: Database) throws -> Int {
    try database.run(
      "insert into cases (run, place, state, region, harm, golden) values (?, ?, 'open', ?, ?, ?)",
      .integer(run),
      .integer(place), .optional(one.members[0].region.sorted { $0.key < $1.key }.first?.value),
      .real(one.harm),
      .optional(one.golden.map { $0 ? "risky" : "clear" }))
    let number = Int(database.lastInsertedRow)
    for (index, member) in one.members.enumerated() {
      try database.run(
        "insert into case_members (case_number, place, type, key, trace) values (?, ?, ?, ?, ?)",
        .integer(number),
        .integer(index + 1), .text(member.key.type), .text(member.key.key),
        .text(try store.ledgerTrace(of: member.key)))
    }
    return number
  }
}

/// What was put together for a case when it was opened, as its first evidence keeps it.
public struct CaseEvidence: Sendable, Codable, Equatable {
  public struct Member: Sendable, Codable, Equatable {
    public var node: String
    public var probability: Double
    public var harm: Double
    public var details: FlagDetails
    public var model: ModelEvidence?
  }

  public var queue: Int
  public var place: Int
  public var asOf: String
  public var members: [Member]
}

extension FlagOutcome {
  /// The remarks as they are kept with the queue, a line each.
  public var summary: String { remarks.joined(separator: "\n") }

  /// What the queue says of itself, in a sentence each.
  public var remarks: [String] {
    let flags = plan.cases.filter { $0.reason == .harm || $0.reason == .rule }.flatMap(\.members)
    var lines: [String] = []
    if !flags.isEmpty {
      let share = expectedTrue / Double(flags.count)
      lines.append(
        "\(flags.count) flagged in \(plan.cases.count) cases; by their probabilities \(Int((100 * share).rounded())) % of them are risky."
      )
    }
    if plan.leftOut > 0 { lines.append("\(plan.leftOut) more were over the line and found no place.") }
    for (target, promise) in plan.promises.sorted(by: { $0.key < $1.key }) {
      let percent = "\(Int((promise.share * 100).rounded())) %"
      if promise.isPromised {
        lines.append(
          "Of the \(promise.places.count) \(target) nodes flagged at most \(percent) are expected to be false, if the cleared "
            + "ones that were held out are like the innocent ones among the candidates.")
      } else {
        lines.append("At most \(percent) false among \(target) CANNOT BE PROMISED:")
        lines += promise.warnings.map { "  \($0)" }
      }
    }
    return lines + notes
  }
}
