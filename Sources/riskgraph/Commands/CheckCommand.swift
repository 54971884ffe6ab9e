import Arguments
import Compute
import Store

struct CheckCommand: Command {
  let name = "check"
  let summary = "Reads everything in a store and compares it with what it should be."
  let discussion = """
    Every checksum, every size, every invariant of the arrays, the catalogue, and the chain of the audit trail. Exit \
    status 1 where something is damaged; each damage is named.
    """
  let examples = [Example("check shop.rg", "Says that all is well, or what is not.")]

  let store = StoreParameters.store

  func run(_ input: Input, in session: Session) throws -> Answer {
    let report = try Store.open(input[store], for: name).check(progress: session.progress, stop: session.stop)
    var answer = Answer(json: [
      "sound": JSON(report.isSound), "problems": JSON(report.problems), "files": JSON(report.files),
      "bytes": JSON(report.bytes),
    ])
    answer.isFailure = !report.isSound
    if report.isSound {
      answer.say("All is well: \(counted(report.files, "file")), \(humanBytes(report.bytes)).")
    } else {
      answer.say("\(counted(report.problems.count, "problem")):")
      for problem in report.problems { answer.say("  \(problem)") }
      answer.say("Restore the store from a copy.")
    }
    return answer
  }
}
