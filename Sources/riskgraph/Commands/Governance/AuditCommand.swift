import Arguments
import Compute
import Governance
import Store

struct AuditCommand: Command {
  enum Verb: String, CaseIterable, ArgumentValue { case verify, show }

  let name = "audit"
  let summary =
    "Verifies that nothing in the books was changed, removed or put in another order; or shows the trail."
  let discussion = """
    Every entry carries the hash of the one before, and the trail keeps a hash of every case's entry, piece of evidence and \
    queue. Note the last hash somewhere else: with --head it is proved later that all up to it is as it was.
    """
  let examples = [
    Example("audit shop.rg verify", "Exit status 1 where something was changed."),
    Example("audit shop.rg verify --head 5f0c…", "Whether the trail still goes through that entry."),
  ]
  let store = StoreParameters.store
  let verb = Positional<Verb>("what", "What to do.", default: .verify)
  let head = Option<String?>("head", "The hash of an earlier last entry.", as: "HASH")
  let limit = StoreParameters.limit

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name)
    if input[verb] == .show {
      let trail = try store.auditTrail()
      var table = TextTable(["entry", "at", "what", "details"])
      for entry in trail.suffix(input[limit]) {
        table.add(["\(entry.number)", entry.at, entry.what, entry.details])
      }
      var answer = Answer(
        json: JSON(
          trail.suffix(input[limit]).map {
            [
              "entry": JSON($0.number), "at": JSON($0.at), "what": JSON($0.what), "details": JSON($0.details),
              "hash": JSON($0.chain),
            ]
          }))
      answer.table(table)
      return answer
    }
    let found = try CaseBook(store).verified(earlierHead: input[head])
    var answer = Answer(json: [
      "isSound": JSON(found.flaws.isEmpty), "flaws": JSON(found.flaws), "entries": JSON(found.entries),
      "head": JSON(found.head),
    ])
    if found.flaws.isEmpty {
      answer.say("All \(grouped(found.entries)) entries are as they were written.")
    } else {
      answer.isFailure = true
      for flaw in found.flaws { answer.say("CHANGED: \(flaw).") }
    }
    answer.say("Last hash: \(found.head)")
    return answer
  }
}

struct ReplayCommand: Command {
  let name = "replay"
  let summary =
    "Goes through a decision again: the same score, reasons and place from the pinned data, model and rules."
  let examples = [
    Example("replay shop.rg decision:D981", "Exit status 1 where something comes out otherwise.")
  ]
  let store = StoreParameters.store
  let decision = Positional<DecisionReference>("decision", "The decision, like decision:D981.")

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name)
    var flagging = Flagging(store)
    flagging.progress = session.progress
    let replay = try flagging.replay(decision: input[decision].number)
    var answer = Answer(json: [
      "decision": JSON("decision:D\(input[decision].number)"), "queue": JSON(replay.queue.number),
      "asOf": JSON(replay.queue.asOf.description), "isSame": JSON(replay.isSame),
      "isExactData": JSON(replay.isExact),
      "members": JSON(
        replay.members.map {
          [
            "node": JSON("\($0.key)"), "isSame": JSON($0.isSame), "place": JSON($0.recorded.place),
            "placeNow": JSON($0.now?.place),
            "probability": JSON($0.recorded.probability),
            "probabilityNow": JSON($0.now?.candidate.probability),
            "score": JSON($0.recorded.score), "scoreNow": JSON($0.now?.candidate.details.score),
          ]
        }),
    ])
    var table = TextTable(["node", "place", "again", "risk", "again", "same"])
    for one in replay.members {
      table.add([
        "\(one.key)", "\(one.recorded.place)", one.now.map { "\($0.place)" } ?? "–",
        "\(one.recorded.probability)",
        one.now.map { "\($0.candidate.probability)" } ?? "–", one.isSame ? "yes" : "NO",
      ])
    }
    answer.table(table)
    answer.say(
      replay.isExact
        ? "The same rows were opened that queue \(replay.queue.number) was made from, as of \(replay.queue.asOf)."
        : "The snapshot of queue \(replay.queue.number) was folded into a newer one since, or somebody was forgotten: rows that came later but claim to have been known before \(replay.queue.asOf) may show."
    )
    answer.say(replay.isSame ? "Everything comes out the same." : "NOT EVERYTHING COMES OUT THE SAME.")
    answer.isFailure = !replay.isSame
    return answer
  }
}
