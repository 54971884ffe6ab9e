import Arguments
import Compute
import Governance
import Graph
import Store

struct FlagCommand: Command {
  let name = "flag"
  let summary =
    "Makes the day's queue: whom to review, ranked by the harm that a review prevents, as cases that reviewers claim."
  let discussion = """
    Puts together the model's calibrated score, how suspicious a node's group is, and the rules of a file, into one \
    probability of risk; expected harm is that times the money and people exposed. Whoever is over the line is ranked by what \
    a review is worth: the expected harm less the harm of a false flag, whose price the line says. Members of one suspicious group make one \
    case. A small share of the queue is drawn at random, so that answers stay representative. Whoever is in an open case \
    already, or has a known answer, is not flagged again.

    With --max-false, as many are flagged as keep the promised share of false flags (conformal p-values and \
    Benjamini-Hochberg), or it is said why nothing can be promised.
    """
  let examples = [
    Example("flag shop.rg --target merchant --budget 200", "The day's queue."),
    Example(
      "flag shop.rg --target product,creator --max-false 0.1", "As many as keep false flags under 10 %."),
    Example(
      "flag shop.rg --target merchant --quota country=CN:50 --dry-run",
      "At most 50 from one country; nothing is written."),
  ]
  let store = StoreParameters.store
  let target = Option<[String]>("target", "The node types to judge; merchant where there is one.", as: "TYPE")
  let budget = Option("budget", "How many reviews there are.", default: 200, accepts: within(1...1_000_000))
  let asOf = StoreParameters.asOf
  let model = Option<[String]>("model", "Models by target and name, as merchant/trees.", as: "MODEL")
  let rulesFile = GovernanceParameters.rules
  let line = Option("line", "The least probability that is flagged.", default: 0.5, accepts: within(0...1))
  let maxFalse = Option<Double?>(
    "max-false", "The promised share of false flags.", as: "SHARE", accepts: within(0.001...0.999))
  let quota = Option<[String]>(
    "quota", "At most so many cases: merchant:120, or country=CN:50.", as: "WHAT:N")
  let exploration = Option(
    "exploration", "The share drawn at random.", default: 0.05, accepts: within(0...0.9))
  let goldenShare = Option(
    "golden", "The share that golden cases take.", default: 0.02, accepts: within(0...0.5))
  let money = Option<String?>(
    "money", "What money a node moves, such as 'sum(orders.amount, 30d)'.", as: "MEASURE")
  let people = Option<String?>(
    "people", "How many people meet it, such as 'distinct(orders, 30d)'.", as: "MEASURE")
  let personWorth = Option(
    "person-worth", "What a person exposed counts for, in money.", default: 10.0, accepts: within(0...))
  let seed = Option("seed", "What fixes the draws.", default: 1)
  let isTrial = Flag("dry-run", "Show the queue, and write nothing.")
  let limit = StoreParameters.limit

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name)
    var targets = input[target]
    if targets.isEmpty { targets = store.schema.nodeType("merchant") == nil ? [] : ["merchant"] }
    for one in targets where store.schema.nodeType(one) == nil {
      throw NameError.nodeType(one, known: store.schema.nodeTypes.map(\.name))
    }
    guard !targets.isEmpty else {
      throw GovernanceError.badSetting(name: "--target", reason: "say which types to judge")
    }
    var settings = FlagSettings(targets: targets, budget: input[budget])
    settings.line = input[line]
    settings.exploration = input[exploration]
    settings.golden = input[goldenShare]
    settings.maxFalse = input[maxFalse]
    settings.personWorth = input[personWorth]
    settings.seed = UInt64(bitPattern: Int64(input[seed]))
    settings.quotas = try input[quota].map { try FlagCommand.quota($0) }
    for text in input[model] { try FlagCommand.name(text, in: &settings) }
    if input[money] != nil || input[people] != nil {
      for one in targets {
        var exposure = Exposure.found(for: one, in: store.schema)
        exposure.money = input[money] ?? exposure.money
        exposure.people = input[people] ?? exposure.people
        settings.exposure[one] = exposure
      }
    }
    let rules = try GovernanceParameters.rules(input[rulesFile], in: store.schema)
    var flagging = Flagging(store)
    flagging.progress = session.progress
    let outcome = try flagging.plan(settings, rules: rules, asOf: input[asOf])
    let queue = input[isTrial] ? nil : try flagging.write(outcome)
    return answer(outcome, queue: queue, limit: input[limit])
  }

  private static func quota(_ text: String) throws -> FlagSettings.Quota {
    let wanted = "a quota like merchant:120 or country=CN:50"
    guard let colon = text.lastIndex(of: ":"), let most = Int(text[text.index(after: colon)...]), most >= 0
    else {
      throw GovernanceError.badReference(text: text, wanted: wanted)
    }
    let what = text[..<colon]
    guard let equals = what.firstIndex(of: "=") else { return .init(value: String(what), most: most) }
    return .init(
      column: String(what[..<equals]), value: String(what[what.index(after: equals)...]), most: most)
  }

  private static func name(_ text: String, in settings: inout FlagSettings) throws {
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw GovernanceError.badReference(text: text, wanted: "a model like merchant/trees")
    }
    settings.models[parts[0]] = .init(parts[1])
  }

  private func answer(_ outcome: FlagOutcome, queue: Int?, limit: Int) -> Answer {
    let cases = outcome.plan.cases
    var answer = Answer(json: [
      "queue": JSON(queue), "asOf": JSON(outcome.asOf.description),
      "candidates": JSON(outcome.candidateCount),
      "overTheLine": JSON(outcome.plan.wanted), "leftOut": JSON(outcome.plan.leftOut),
      "expectedTrue": JSON(outcome.expectedTrue),
      "promises": JSON(
        outcome.plan.promises.sorted { $0.key < $1.key }.map {
          [
            "target": JSON($0.key), "share": JSON($0.value.share), "flagged": JSON($0.value.places.count),
            "isPromised": JSON($0.value.isPromised), "warnings": JSON($0.value.warnings.map(\.description)),
          ]
        }),
      "notes": JSON(outcome.notes),
      "cases": JSON(
        cases.enumerated().map { place, one in
          [
            "place": JSON(place + 1), "harm": JSON(one.harm),
            "worth": JSON(one.worth(over: outcome.settings.line)),
            "members": JSON(
              one.members.map {
                [
                  "node": JSON("\($0.key)"), "probability": JSON($0.probability), "harm": JSON($0.harm),
                  "score": JSON($0.details.score), "group": JSON($0.details.group?.name),
                  "rules": JSON($0.details.rules.map(\.name)),
                ]
              }),
          ]
        }),
    ])
    guard !cases.isEmpty else {
      answer.say("Nothing to review: of \(grouped(outcome.candidateCount)) candidates none is over the line.")
      for remark in outcome.remarks { answer.say(remark) }
      return answer
    }
    var table = TextTable(["place", "case", "risk", "expected harm", "worth", "why"])
    for (place, one) in cases.prefix(limit).enumerated() {
      let names =
        one.members.count == 1
        ? "\(one.members[0].key)" : "\(one.members[0].key) and \(one.members.count - 1) more"
      table.add([
        "\(place + 1)", names, percent(one.members[0].probability), grouped(Int(one.harm.rounded())),
        grouped(Int(one.worth(over: outcome.settings.line).rounded())),
        FlagCommand.why(one),
      ])
    }
    answer.table(table)
    if cases.count > limit {
      answer.say("The first \(limit) of \(grouped(cases.count)) cases shown (--limit).")
    }
    for remark in outcome.remarks { answer.say(remark) }
    answer.say(
      queue.map { "Written as queue \($0), as of \(outcome.asOf). Next: riskgraph review STORE next" }
        ?? "Nothing was written.")
    return answer
  }

  /// Golden and drawn cases look like any other.
  private static func why(_ one: PlannedCase) -> String {
    let details = one.members[0].details
    var parts: [String] = []
    if let score = details.score { parts.append("score \(percent(score))") }
    if let group = details.group, one.members.count > 1 || group.suspicion > 0.2 {
      parts.append("group \(group.name) of \(group.size), suspicion \(percent(group.suspicion))")
      if group.judged > 0 { parts.append("\(group.risky) of \(group.judged) judged there risky") }
    }
    parts += details.rules.map { "\($0.mode == .shadow ? "shadow " : "")rule \($0.name)" }
    return parts.joined(separator: "; ")
  }
}
