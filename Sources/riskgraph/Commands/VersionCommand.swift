import Arguments

struct VersionCommand: Command {
  let name = "version"
  let summary = "Prints the program's version."
  let examples = [Example("version", "Prints one line.")]

  func run(_ input: Input, in session: Session) throws -> Answer {
    var answer = Answer(json: ["version": JSON(RiskGraph.version)])
    answer.say("riskgraph \(RiskGraph.version)")
    return answer
  }
}
