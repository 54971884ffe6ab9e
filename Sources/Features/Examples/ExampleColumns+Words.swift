extension ExampleColumns {
  /// A column as people read it: its name, what it says, and its SQL where it is one of events.
  public struct Told: Sendable {
    public let name: String
    public let says: String
    public let sql: String?
  }

  /// All columns in their order.
  public var told: [Told] {
    var result = own.map { Told(name: $0.words, says: "The \(target)'s own \($0.words).", sql: nil) }
    result += moments.map {
      Told(
        name: "\($0.rawValue) of the as-of time", says: "The \($0.rawValue) of the as-of time, in UTC.",
        sql: nil)
    }
    result += (events.events + events.verdicts).joined().map {
      Told(name: $0.name, says: $0.sentence, sql: $0.sql)
    }
    result += events.partners.joined().map {
      Told(name: $0.name, says: $0.sentence, sql: $0.sql(verdicts: $0.table + " verdicts"))
    }
    result += events.siblings.joined().map { Told(name: $0.name, says: $0.sentence, sql: $0.sql) }
    result += (events.changes ?? []).joined().map { Told(name: $0.name, says: $0.sentence, sql: nil) }
    result += (graph?.names ?? []).map {
      Told(name: $0, says: "In the neighbourhood as it was known before the as-of time: \($0).", sql: nil)
    }
    return result
  }
}
