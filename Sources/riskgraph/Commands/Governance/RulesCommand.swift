import Arguments
import Compute
import Governance
import Graph
import Store

struct RulesCommand: CommandGroup {
  let name = "rules"
  let summary = "Checks a file of rules, and tries it on what is known."
  let discussion = """
    A rule is a named condition with a severity (low, medium, high, or review, which forces a review), the policy clause \
    it stands for, and a mode (shadow: counted only; live: counts):

      rule many-refunds of merchant
        when      refund_rate > 20% and count(refunds, 30d) >= 5
        severity  high
        policy    4.2 Refunds
        mode      live
    """
  let examples = [
    Example("rules check shop.rg rules.txt", "Every mistake, with line and column."),
    Example(
      "rules backtest shop.rg rules.txt --as-of 2026-06-01",
      "How many each would have flagged, and how rightly."),
  ]
  let subcommands: [any CommandSyntax] = [RulesCheckCommand(), RulesBacktestCommand()]
}

struct RulesCheckCommand: Command {
  let name = "check"
  let summary = "Reads a file of rules and says what each means, or every mistake with its line and column."
  let examples = [Example("rules check shop.rg rules.txt", "Before they count.")]
  let store = StoreParameters.store
  let file = Positional<String>("file", "The file of rules.", completion: .file)

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: "rules check")
    let book = try GovernanceParameters.rules(input[file], in: store.schema)
    let graph = try store.graph()
    var answer = Answer(
      json: JSON(
        book.rules.map {
          [
            "name": JSON($0.name), "target": JSON($0.nodeType), "condition": JSON("\($0.condition)"),
            "words": JSON($0.condition.words), "severity": JSON($0.severity.rawValue),
            "mode": JSON($0.mode.rawValue),
            "policy": JSON($0.policy), "doubts": JSON($0.condition.unknownLevels(in: graph)),
          ]
        }))
    answer.facts(
      book.rules.map {
        ("\($0.name) (\($0.mode.rawValue), \($0.severity.rawValue))", "\($0.nodeType): \($0.condition.words)")
      })
    for rule in book.rules {
      for doubt in rule.condition.unknownLevels(in: graph) { answer.say("\(rule.name): \(doubt)") }
    }
    answer.say(book.rules.isEmpty ? "The file has no rules." : "\(book.rules.count) rules, no mistakes.")
    return answer
  }
}

struct RulesBacktestCommand: Command {
  let name = "backtest"
  let summary =
    "Shows how many each rule would have flagged as of a time, and how right it was by what is known now."
  let examples = [
    Example("rules backtest shop.rg rules.txt --as-of 2026-06-01", "As if it were the first of June.")
  ]
  let store = StoreParameters.store
  let file = Positional<String>("file", "The file of rules.", completion: .file)
  let asOf = StoreParameters.asOf

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: "rules backtest")
    let book = try GovernanceParameters.rules(input[file], in: store.schema)
    let graph = try store.graph().with(CaseBook(store).verdicts())
    let results = try book.backtest(on: graph, asOf: input[asOf])
    var answer = Answer(
      json: JSON(
        results.map {
          [
            "name": JSON($0.rule.name), "mode": JSON($0.rule.mode.rawValue), "flagged": JSON($0.flagged),
            "risky": JSON($0.risky),
            "cleared": JSON($0.cleared), "newlyFound": JSON($0.newlyFound), "precision": JSON($0.precision),
            "low": JSON($0.interval.lowerBound), "high": JSON($0.interval.upperBound),
            "recall": JSON($0.recall),
            "seen": JSON($0.seen),
          ]
        }))
    var table = TextTable([
      "rule", "mode", "flagged", "known risky", "cleared", "precision", "95 % interval", "of all risky",
      "not known then",
    ])
    for one in results {
      table.add([
        one.rule.name, one.rule.mode.rawValue, grouped(one.flagged), grouped(one.risky), grouped(one.cleared),
        one.precision.map(percent) ?? "–",
        one.precision == nil
          ? "" : "\(percent(one.interval.lowerBound)) to \(percent(one.interval.upperBound))",
        one.recall.map(percent) ?? "–", grouped(one.newlyFound),
      ])
    }
    answer.table(table)
    for one in results { for doubt in one.doubts { answer.say("\(one.rule.name): \(doubt)") } }
    return answer
  }
}
