import Arguments

/// A command: what it is called and takes (`CommandSyntax`), and what it does.
///
/// One file each in `Commands/`, and a line in `Registry`. It asks `input` for its parameters, calls one function
/// of the modules below, and returns what is to be shown:
///
///     struct Degrees: Command {
///       let name = "degrees"
///       let summary = "Counts the neighbours of every node."
///       let examples = [Example("degrees shop.rg", "…")]
///       let store = StoreParameters.store
///
///       func run(_ input: Input, in session: Session) throws -> Answer {
///         var answer = Answer(json: ["store": JSON(input[store].path)])
///         answer.say("…")
///         return answer
///       }
///     }
protocol Command: CommandSyntax {
  func run(_ input: Input, in session: Session) throws -> Answer
}

/// A command that only leads to others.
protocol CommandGroup: CommandSyntax {}
