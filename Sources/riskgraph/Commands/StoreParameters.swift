import Arguments
import Graph
import Store

/// What many commands take, said once.
enum StoreParameters {
  static let store = Positional<FolderPath>("store", "The store's folder.")
  static let node = Positional<NodeKey>("node", "A node, written type:key.")
  static let unknownKeys = Option(
    "unknown-keys", "What becomes of an edge whose end no table has.", default: UnknownKeys.error)
  static let skipBadRows = Flag(
    "skip-bad-rows", "Leave out rows that cannot be taken in, and count them, instead of refusing all.")
  static let wait = Option(
    "wait", "How many seconds to wait while somebody else writes to the store.", as: "SECONDS", default: 10.0,
    accepts: within(0...86_400))
  static let asOf = Option<Timestamp?>(
    "as-of", "Show what had happened and was known before this instant (UTC).")
  static let limit = Option("limit", "How many to show.", default: 20, accepts: within(0...))
}

extension Store {
  /// Opens the store that the command line names, for this command.
  static func open(_ path: FolderPath, for command: String, wait seconds: Double? = nil) throws -> Store {
    let store = try open(at: path.path)
    store.command = "riskgraph \(command)"
    if let seconds { store.patience = .seconds(seconds) }
    return store
  }
}

extension UnknownKeys: ArgumentValue {}

extension Timestamp: ArgumentValue {
  public init(argument text: String) throws(ValueMistake) {
    guard let time = Timestamp(text) else {
      throw ValueMistake("is no date; write it like 2026-03-01 or 2026-03-01T08:30:00Z")
    }
    self = time
  }
  public var argument: String { description }
  public static var placeholder: String { "TIME" }
}

extension NodeKey: ArgumentValue {
  public init(argument text: String) throws(ValueMistake) {
    guard let key = NodeKey(text) else {
      throw ValueMistake("names no node; write its type and its key, like merchant:M42")
    }
    self = key
  }
  public var argument: String { description }
  public static var placeholder: String { "TYPE:KEY" }
}
