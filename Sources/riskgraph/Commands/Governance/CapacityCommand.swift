import Arguments
import Compute
import Governance
import Graph
import Store

struct CapacityCommand: Command {
  let name = "capacity"
  let summary =
    "Says where to draw the line for a team of reviewers and the costs of both mistakes, and what to expect there."
  let examples = [
    Example(
      "capacity shop.rg --reviewers 12 --cases-per-day 60 --cost-of-missing 400 --cost-of-false 35",
      "Twelve people, sixty cases each a day.")
  ]
  let store = StoreParameters.store
  let target = Option("target", "The node type.", as: "TYPE", default: "merchant")
  let reviewers = Option("reviewers", "How many people review.", default: 1, accepts: within(1...100_000))
  let perDay = Option(
    "cases-per-day", "How many cases one of them does a day.", default: 60, accepts: within(1...100_000))
  let missing = Option(
    "cost-of-missing", "What a risky node costs that is not found.", default: 400.0, accepts: within(0.01...))
  let needless = Option(
    "cost-of-false", "What a needless review costs.", default: 35.0, accepts: within(0...))
  let rulesFile = GovernanceParameters.rules
  let asOf = StoreParameters.asOf

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name)
    guard store.schema.nodeType(input[target]) != nil else {
      throw NameError.nodeType(input[target], known: store.schema.nodeTypes.map(\.name))
    }
    var settings = FlagSettings(targets: [input[target]], budget: input[reviewers] * input[perDay])
    settings.exploration = 0
    let rules = try GovernanceParameters.rules(input[rulesFile], in: store.schema)
    var flagging = Flagging(store)
    flagging.progress = session.progress
    let (probabilities, asOf) = try flagging.probabilities(settings, rules: rules, asOf: input[asOf])
    let plan = try CapacityPlan(
      probabilities: probabilities, reviewsPerDay: settings.budget, costOfMissing: input[missing],
      costOfFalse: input[needless])
    var answer = Answer(json: [
      "asOf": JSON("\(asOf)"), "candidates": JSON(probabilities.count),
      "worthwhileLine": JSON(plan.worthwhileLine),
      "isFull": JSON(plan.isFull), "chosen": CapacityCommand.json(plan.chosen),
      "alternatives": JSON(plan.alternatives.map(CapacityCommand.json)),
    ])
    let one = plan.chosen
    answer.say(
      "A review is worth its cost from a probability of \(percent(plan.worthwhileLine)) on. "
        + (plan.isFull
          ? "There are more such cases than the \(grouped(plan.reviewsPerDay)) reviews of a day: draw the line at \(percent(one.line))."
          : "\(grouped(one.reviews)) are above it, fewer than the \(grouped(plan.reviewsPerDay)) reviews of a day: a quiet day.")
    )
    answer.say(
      "To expect there: precision \(percent(one.precision)) (\(percent(one.precisionInterval.low)) to \(percent(one.precisionInterval.high))), "
        + "\(percent(one.caught)) of all risky ones caught, worth \(grouped(Int(one.value.rounded()))) "
        + "(\(grouped(Int(one.valueInterval.low.rounded()))) to \(grouped(Int(one.valueInterval.high.rounded()))))."
    )
    var table = TextTable(["reviews", "line", "precision", "caught", "worth"])
    for one in plan.alternatives {
      table.add([
        grouped(one.reviews), percent(one.line), percent(one.precision), percent(one.caught),
        grouped(Int(one.value.rounded())),
      ])
    }
    answer.table(table)
    answer.say("All of it as far as probabilities are calibrated: watch says whether they are.")
    return answer
  }

  private static func json(_ one: LineOutlook) -> JSON {
    [
      "line": JSON(one.line), "reviews": JSON(one.reviews), "precision": JSON(one.precision),
      "precisionLow": JSON(one.precisionInterval.low), "precisionHigh": JSON(one.precisionInterval.high),
      "caught": JSON(one.caught), "value": JSON(one.value),
    ]
  }
}

struct ImpactCommand: Command {
  let name = "impact"
  let summary =
    "Shows before acting what an action on a case touches: who and what is joined with it, money, and innocents to expect."
  let examples = [
    Example("impact shop.rg case:C17 --action suspend", "Before suspending the members of a case.")
  ]
  let store = StoreParameters.store
  let subject = Positional<CaseReference>("case", "The case, like case:C17.")
  let action = Option<CaseAction>("action", "The action that is considered.")
  let asOf = StoreParameters.asOf

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name)
    let impact = try CaseBook(store).impact(
      of: input[subject].number, action: input[action], asOf: input[asOf])
    var answer = Answer(json: [
      "case": JSON(impact.caseName), "action": JSON(impact.action.rawValue), "asOf": JSON("\(impact.asOf)"),
      "members": JSON(impact.members.map { JSON("\($0)") }),
      "expectedInnocents": JSON(impact.expectedInnocents),
      "innocentsLow": JSON(impact.members95.low), "innocentsHigh": JSON(impact.members95.high),
      "touched": JSON(
        impact.touched.map {
          [
            "relation": JSON($0.relation), "type": JSON($0.type), "nodes": JSON($0.nodes),
            "edges": JSON($0.edges),
            "last7Days": JSON($0.latestEdges), "money30Days": JSON($0.money),
          ]
        }),
    ])
    answer.say(
      "To \(impact.action.rawValue) \(counted(impact.members.count, "member")) of \(impact.caseName), as of \(impact.asOf), touches:"
    )
    var table = TextTable([
      "relation", "who or what", "different ones", "in all", "last 7 days", "money, 30 days",
    ])
    for one in impact.touched {
      table.add([
        one.relation, one.type, grouped(one.nodes), grouped(one.edges), grouped(one.latestEdges),
        one.money.map { grouped(Int($0.rounded())) } ?? "",
      ])
    }
    answer.table(table)
    answer.say(
      "By their probabilities \(threeDigits(impact.expectedInnocents)) of the \(impact.members.count) are innocent (95 %: \(threeDigits(impact.members95.low)) to \(threeDigits(impact.members95.high)))."
    )
    return answer
  }
}
