import Compute
import Graph

public enum GovernanceError: Error, CustomStringConvertible, Equatable {
  case noSuchCase(Int)
  case noSuchDecision(Int)
  case noSuchFlagRun(Int?)
  /// Somebody else has the case.
  case taken(caseNumber: Int, by: String)
  case alreadyDecided(caseNumber: Int, action: String, by: String, at: String)
  case notPossible(caseNumber: Int, what: String, state: String)
  case ownSecond(caseNumber: Int, who: String)
  case nothingToUndo(caseNumber: Int)
  case nothingOpen
  case noReason(what: String)
  case noName
  case noTarget(String)
  case noModel(target: String)
  case goldenUnknown(NodeKey)
  case badReference(text: String, wanted: String)
  case badSetting(name: String, reason: String)
  case notFlagged(NodeKey)
  case notVisible(NodeKey, asOf: String)

  public var description: String {
    switch self {
    case .noSuchCase(let number): "There is no case:C\(number). \"review list\" shows those there are."
    case .noSuchDecision(let number):
      "There is no decision:D\(number). \"review show case:C…\" names a case's decisions."
    case .noSuchFlagRun(let number):
      number.map { "There is no queue \($0)." } ?? "Nothing was flagged yet: run \"flag\" first."
    case .taken(let number, let who): "case:C\(number) is with \(who). Take another: review next."
    case .alreadyDecided(let number, let action, let who, let at):
      "case:C\(number) was decided already: \(action), by \(who) at \(at). Nothing was changed; "
        + "to keep your answer beside it, use --opinion."
    case .notPossible(let number, let what, let state):
      "case:C\(number) is \(state): it cannot be \(what) now."
    case .ownSecond(let number, let who):
      "\(who) decided case:C\(number), so a second person has to look at it."
    case .nothingToUndo(let number): "In case:C\(number) there is nothing to undo."
    case .nothingOpen: "No case is open: the queue is done. \"flag\" makes the next one."
    case .noReason(let what): "Say why: \(what) needs --why \"…\"."
    case .noName: "Say who decides: --as NAME (or set RISKGRAPH_REVIEWER)."
    case .noTarget(let name):
      "There is nothing to flag for \(name): no node of that type can be seen as of that time."
    case .noModel(let target):
      "There is no model that scores \(target). Train one: train STORE --target \(target), or name one with --model."
    case .goldenUnknown(let key): "\(key) is no golden case."
    case .badReference(let text, let wanted): "\"\(text)\" is not \(wanted)."
    case .badSetting(let name, let reason): "\(name): \(reason)"
    case .notFlagged(let key): "\(key) was never flagged."
    case .notVisible(let key, let asOf): "\(key) was not known yet as of \(asOf)."
    }
  }
}
