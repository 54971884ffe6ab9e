import Arguments
import Store

struct CompactCommand: Command {
  let name = "compact"
  let summary = "Folds appended rows, and what was forgotten, into a new snapshot."
  let discussion = """
    Readers that are at work keep what they opened. A stop at any moment leaves the old snapshot current and whole.
    """
  let examples = [Example("compact shop.rg", "Afterwards nothing waits.")]

  let store = StoreParameters.store
  let wait = StoreParameters.wait

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name, wait: input[wait])
    let changed = try store.compact(progress: session.progress, stop: session.stop)
    var answer = Answer(json: ["compacted": JSON(changed)])
    answer.say(changed ? "Folded into a new snapshot." : "Nothing to fold in: no row waits.")
    return answer
  }
}
