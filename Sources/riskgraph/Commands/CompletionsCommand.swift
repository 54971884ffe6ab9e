import Arguments

struct CompletionsCommand: Command {
  let name = "completions"
  let summary = "Prints completions for a shell."
  let discussion = """
    Where shells look for them:
      bash  ~/.local/share/bash-completion/completions/riskgraph
      zsh   a file _riskgraph in a folder of $fpath
      fish  ~/.config/fish/completions/riskgraph.fish
    """
  let examples = [
    Example(
      "completions bash > ~/.local/share/bash-completion/completions/riskgraph",
      "Completes commands, options and files in every new bash.")
  ]

  let shell = Positional<Shell>("shell", "For which shell.")

  func run(_ input: Input, in session: Session) throws -> Answer {
    let script = session.parser.completions(for: input[shell])
    var answer = Answer(json: ["shell": JSON(input[shell].rawValue), "script": JSON(script)])
    answer.verbatim(script)
    return answer
  }
}
