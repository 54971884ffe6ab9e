import Arguments
import Foundation
import Governance
import Graph
import Store

/// A case as people name it: `case:C17`, or `C17`.
struct CaseReference: ArgumentValue, Hashable {
  var number: Int

  init(number: Int) { self.number = number }

  init(argument text: String) throws(ValueMistake) {
    let bare = text.hasPrefix("case:") ? text.dropFirst(5) : Substring(text)
    guard bare.first == "C", let number = Int(bare.dropFirst()), number > 0 else {
      throw ValueMistake("names no case; write it like case:C17")
    }
    self.number = number
  }
  var argument: String { "case:C\(number)" }
  static var placeholder: String { "case:C…" }
}

/// A decision as people name it: `decision:D981`, or `D981`.
struct DecisionReference: ArgumentValue, Hashable {
  var number: Int

  init(argument text: String) throws(ValueMistake) {
    let bare = text.hasPrefix("decision:") ? text.dropFirst(9) : Substring(text)
    guard bare.first == "D", let number = Int(bare.dropFirst()), number > 0 else {
      throw ValueMistake("names no decision; write it like decision:D981")
    }
    self.number = number
  }
  var argument: String { "decision:D\(number)" }
  static var placeholder: String { "decision:D…" }
}

extension CaseAction: ArgumentValue {}

/// What the commands of reviewing take, said once.
enum GovernanceParameters {
  static let rules = Option<String?>("rules", "A file of rules.", as: "FILE", completion: .file)
  static let reviewer = Option<String?>(
    "as", "Who is reviewing; else what RISKGRAPH_REVIEWER says, else the user's name.", as: "NAME")
  static let why = Option<String?>("why", "The reason, in your words.", as: "TEXT")
  static let at = Option<Timestamp?>("at", "When it was decided, if not now.")

  static func reviewer(_ input: Input) -> String {
    let environment = ProcessInfo.processInfo.environment
    return input[reviewer] ?? environment["RISKGRAPH_REVIEWER"] ?? environment["USER"] ?? NSUserName()
  }

  static func book(_ store: Store, _ input: Input, at: Timestamp?) -> CaseBook {
    var book = CaseBook(store)
    if let at { book.now = { at } }
    return book
  }

  static func rules(_ path: String?, in schema: Schema) throws -> RuleBook {
    guard let path else { return .none }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw GovernanceFileError.cannotRead(path)
    }
    return try RuleBook(String(decoding: data, as: UTF8.self), file: path, in: schema)
  }
}

enum GovernanceFileError: Error, CustomStringConvertible {
  case cannotRead(String)

  var description: String {
    switch self {
    case .cannotRead(let path): "\(path) cannot be read: is the name right?"
    }
  }
}
