import Arguments
import Compute
import Foundation
import Governance
import Graph
import Learning
import Store

struct ReviewCommand: Command {
  enum Verb: String, CaseIterable, ArgumentValue {
    case next, list, show, claim, release, decide, confirm, object, opinion, undo, snooze, appeal, uphold,
      overturn
    case golden, reviewers, export
  }

  let name = "review"
  let summary = "Works through the queue: claim cases, decide them, appeal, take back; nothing is ever lost."
  let discussion = """
    next claims the most harmful open case. decide takes an action: allow, warn, limit, delist, suspend, or \
    not-enough-evidence; --spare clears members that do not belong to the rest. A suspension waits until a second person confirms it or objects. opinion keeps another reviewer's \
    own answer beside a decision. undo takes back the last entry of a case, as a new entry. appeal, then uphold or overturn \
    by another person. Of two reviewers who decide one case at once, one wins and the other is told.

    golden adds a case whose answer is known (merchant:M1=risky), to see how sure reviewers are; reviewers shows it.
    """
  let examples = [
    Example("review shop.rg next --as ana", "Claims the next case and shows it."),
    Example(
      "review shop.rg decide case:C17 --action delist --why counterfeit --as ana", "Decides it."),
    Example(
      "review shop.rg decide case:C17 --action delist --spare merchant:M3 --why 'one ring, but M3 only shares the warehouse'",
      "Decides it for all but one."),
    Example("review shop.rg list --state waiting", "What waits for a second pair of eyes."),
    Example("review shop.rg export --out decisions.csv", "Every entry of every case, as a table."),
  ]
  let store = StoreParameters.store
  let verb = Positional<Verb>("what", "What to do.")
  let subject = Positional<String?>("case", "The case, like case:C17.")
  let action = Option<CaseAction?>("action", "What is decided.")
  let spare = Option<[NodeKey]>(
    "spare", "Members that a decision against a case leaves out and clears.", as: "TYPE:KEY")
  let why = GovernanceParameters.why
  let reviewer = GovernanceParameters.reviewer
  let at = GovernanceParameters.at
  let until = Option<Timestamp?>("until", "Until when a case is put away.")
  let state = Option<[String]>(
    "state", "Only cases that stand so: open, claimed, waiting, decided, appealed, overturned.",
    accepts: { CaseState(rawValue: $0) == nil ? "is no state of a case" : nil })
  let types = Option<[String]>("target", "Only cases of these node types.", as: "TYPE")
  let out = Option<String?>("out", "The CSV file to write.", as: "FILE", completion: .file)
  let limit = StoreParameters.limit

  func run(_ input: Input, in session: Session) throws -> Answer {
    let store = try Store.open(input[store], for: name)
    let book = GovernanceParameters.book(store, input, at: input[at])
    let who = GovernanceParameters.reviewer(input)
    func number() throws -> Int {
      guard let text = input[subject] else {
        throw GovernanceError.badReference(text: "", wanted: "a case; name one, like case:C17")
      }
      do { return try CaseReference(argument: text).number } catch {
        throw GovernanceError.badReference(text: text, wanted: "a case; write it like case:C17")
      }
    }
    func wanted() throws -> CaseAction {
      guard let action = input[action] else {
        throw GovernanceError.badSetting(
          name: "--action", reason: "say what is decided: \(CaseAction.choices.joined(separator: ", "))")
      }
      return action
    }
    let why = input[why] ?? ""
    let entry: CaseEntry
    switch input[verb] {
    case .next: return try shown(book.claimNext(by: who, types: Set(input[types])), book)
    case .list: return try list(book, states: input[state], types: Set(input[types]), limit: input[limit])
    case .show: return try shown(book.case(number()), book)
    case .golden: return try addGolden(input[subject], store, book)
    case .reviewers: return try reviewers(book)
    case .export: return try export(book, to: input[out])
    case .claim: entry = try book.claim(number(), by: who)
    case .release: entry = try book.release(number(), by: who)
    case .decide:
      entry =
        try book.decide(number(), wanted(), sparing: Set(input[spare]), by: who, because: why)
    case .confirm: entry = try book.confirm(number(), by: who, because: why)
    case .object: entry = try book.object(number(), by: who, because: why)
    case .opinion: entry = try book.opinion(number(), wanted(), by: who, because: why)
    case .undo: entry = try book.undo(number(), by: who, because: why)
    case .appeal: entry = try book.appeal(number(), by: who, because: why)
    case .uphold: entry = try book.answerAppeal(number(), overturn: false, by: who, because: why)
    case .overturn: entry = try book.answerAppeal(number(), overturn: true, by: who, because: why)
    case .snooze:
      guard let until = input[until] else {
        throw GovernanceError.badSetting(name: "--until", reason: "say until when")
      }
      entry = try book.snooze(number(), until: until, by: who, because: why)
    }
    return try acknowledged(entry, book)
  }

  private func acknowledged(_ entry: CaseEntry, _ book: CaseBook) throws -> Answer {
    let standing = try book.case(entry.caseNumber).standing
    var answer = Answer(json: [
      "case": JSON("case:C\(entry.caseNumber)"), "entry": JSON(entry.number),
      "what": JSON(entry.what.rawValue),
      "decision": JSON(entry.what == .decided ? "decision:D\(entry.number)" : nil),
      "state": JSON(standing.state.rawValue), "holder": JSON(standing.holder),
    ])
    var text = "case:C\(entry.caseNumber): \(entry.what.rawValue)"
    if let action = entry.action { text += " (\(action.rawValue))" }
    if !entry.spared.isEmpty { text += ", \(entry.spared.count) spared," }
    text += " by \(entry.who)."
    if entry.what == .decided { text += " This is decision:D\(entry.number)." }
    if standing.state == .waiting { text += " It waits for a second person: review STORE confirm or object." }
    answer.say(text)
    return answer
  }

  private func shown(_ one: StoredCase, _ book: CaseBook) throws -> Answer {
    let standing = one.standing
    let evidence = try one.entries.compactMap(\.evidence).last.flatMap { try book.evidence($0) }
    let kept = evidence.flatMap { try? JSONDecoder().decode(CaseEvidence.self, from: Data($0.utf8)) }
    var answer = Answer(json: [
      "case": JSON(one.name), "state": JSON(standing.state.rawValue), "holder": JSON(standing.holder),
      "members": JSON(one.members.map { JSON($0.key.isEmpty ? "(forgotten)" : "\($0)") }),
      "harm": JSON(one.harm),
      "queue": JSON(one.run), "place": JSON(one.place), "evidence": JSON(evidence),
      "entries": JSON(one.entries.map(ReviewCommand.json)),
    ])
    answer.facts([
      ("case", one.name), ("state", standing.state.rawValue + (standing.holder.map { ", with \($0)" } ?? "")),
      ("expected harm", grouped(Int(one.harm.rounded()))),
      (
        "queue",
        one.run.map { "\($0), place \(one.place)" + (kept.map { ", as of \($0.asOf)" } ?? "") } ?? "–"
      ),
    ])
    var table = TextTable(["member", "risk", "score", "group", "rules", "money", "people"])
    for (place, member) in one.members.enumerated() {
      let details = kept.flatMap { place < $0.members.count ? $0.members[place] : nil }
      table.add([
        member.key.isEmpty ? "(forgotten)" : "\(member)", details.map { percent($0.probability) } ?? "",
        details?.details.score.map(percent) ?? "",
        details?.details.group.map { "\($0.name) of \($0.size)" } ?? "",
        details?.details.rules.map(\.name).joined(separator: ", ") ?? "",
        details?.details.money.map { grouped(Int($0.rounded())) } ?? "",
        details?.details.people.map { grouped(Int($0.rounded())) } ?? "",
      ])
    }
    answer.table(table)
    var entries = TextTable(["entry", "at", "what", "by", "why"])
    for entry in one.entries {
      let spared = entry.spared.map { one.members[$0].key.isEmpty ? "(forgotten)" : "\(one.members[$0])" }
      let what =
        entry.what.rawValue + (entry.action.map { " (\($0.rawValue))" } ?? "")
        + (spared.isEmpty ? "" : ", sparing " + spared.joined(separator: ", "))
      entries.add([
        entry.what == .decided ? "D\(entry.number)" : "\(entry.number)", entry.at.description,
        what + (entry.undoes.map { " of entry \($0)" } ?? ""), entry.who, entry.why,
      ])
    }
    answer.table(entries)
    if let first = one.members.first(where: { !$0.key.isEmpty }) {
      answer.say("Why: riskgraph explain STORE \(first)" + (kept.map { " --as-of \($0.asOf)" } ?? ""))
    }
    return answer
  }

  private static func json(_ entry: CaseEntry) -> JSON {
    [
      "entry": JSON(entry.number), "at": JSON(entry.at.description), "what": JSON(entry.what.rawValue),
      "by": JSON(entry.who), "action": JSON(entry.action?.rawValue), "why": JSON(entry.why),
      "evidence": JSON(entry.evidence), "until": JSON(entry.until?.description), "undoes": JSON(entry.undoes),
      "spared": JSON(entry.spared.map { JSON($0) }),
    ]
  }

  private func list(_ book: CaseBook, states: [String], types: Set<String>, limit: Int) throws -> Answer {
    let wanted = Set(states.compactMap(CaseState.init))
    let all = try book.cases(in: wanted.isEmpty ? [.open, .claimed, .waiting, .appealed] : wanted).filter {
      types.isEmpty || $0.members.first.map { types.contains($0.type) } == true
    }
    var answer = Answer(json: [
      "count": JSON(all.count),
      "cases": JSON(
        all.prefix(limit).map {
          [
            "case": JSON($0.name), "state": JSON($0.standing.state.rawValue),
            "holder": JSON($0.standing.holder),
            "members": JSON($0.members.map { JSON("\($0)") }), "harm": JSON($0.harm), "queue": JSON($0.run),
            "place": JSON($0.place), "action": JSON($0.standing.decision?.action?.rawValue),
          ]
        }),
    ])
    guard !all.isEmpty else {
      answer.say("There is no such case.")
      return answer
    }
    var table = TextTable(["case", "state", "with", "who", "expected harm", "decided"])
    for one in all.prefix(limit) {
      let first = one.members.first.map { $0.key.isEmpty ? "(forgotten)" : "\($0)" } ?? ""
      table.add([
        one.name, one.standing.state.rawValue, one.standing.holder ?? "",
        one.members.count > 1 ? "\(first) and \(one.members.count - 1) more" : first,
        grouped(Int(one.harm.rounded())),
        one.standing.decision?.action?.rawValue ?? "",
      ])
    }
    answer.table(table)
    if all.count > limit { answer.say("The first \(limit) of \(grouped(all.count)) shown (--limit).") }
    return answer
  }

  private func addGolden(_ text: String?, _ store: Store, _ book: CaseBook) throws -> Answer {
    guard let text, let equals = text.lastIndex(of: "="), let key = NodeKey(String(text[..<equals])),
      ["risky", "clear"].contains(String(text[text.index(after: equals)...]))
    else {
      throw GovernanceError.badReference(
        text: text ?? "", wanted: "a golden case; write it like merchant:M1=risky or merchant:M2=clear")
    }
    _ = try store.graph().find(key)
    let isRisky = text.hasSuffix("=risky")
    try book.addGolden(key, isRisky: isRisky)
    var answer = Answer(json: ["golden": JSON("\(key)"), "answer": JSON(isRisky ? "risky" : "clear")])
    answer.say("\(key) is a golden case now; the next queues mix it in.")
    return answer
  }

  private func reviewers(_ book: CaseBook) throws -> Answer {
    let records = try book.reviewers()
    var answer = Answer(
      json: JSON(
        records.map {
          [
            "reviewer": JSON($0.reviewer), "decided": JSON($0.decided), "disputed": JSON($0.disputed),
            "goldenAnswered": JSON($0.answered), "goldenRight": JSON($0.right),
          ]
        }))
    var table = TextTable([
      "reviewer", "decided", "others answered otherwise", "golden cases", "right", "95 % interval",
    ])
    for one in records {
      let range = wilsonInterval(share: Double(one.right) / Double(one.answered), of: one.answered)
      table.add([
        one.reviewer, "\(one.decided)", "\(one.disputed)", "\(one.answered)", "\(one.right)",
        one.answered == 0 ? "" : "\(percent(range.lowerBound)) to \(percent(range.upperBound))",
      ])
    }
    if records.isEmpty { answer.say("Nobody decided anything yet.") } else { answer.table(table) }
    return answer
  }

  private func export(_ book: CaseBook, to path: String?) throws -> Answer {
    func cell(_ text: String) -> String {
      // A leading = + - or @ would be a formula to a spreadsheet.
      let safe = text.first.map { "=+-@\t\r".contains($0) } == true ? "'" + text : text
      return csvCell(safe)
    }
    let all = try book.cases().sorted { $0.number < $1.number }
    var text = "case,members,entry,at,what,action,by,why,evidence,undoes,spared\n"
    var count = 0
    for one in all {
      let members = one.members.map { $0.key.isEmpty ? "(forgotten)" : "\($0)" }.joined(separator: " ")
      for entry in one.entries {
        count += 1
        let cells = [
          one.name, members, "\(entry.number)", entry.at.description, entry.what.rawValue,
          entry.action?.rawValue ?? "",
          entry.who, entry.why, entry.evidence.map { "\($0)" } ?? "", entry.undoes.map { "\($0)" } ?? "",
          entry.spared.map { one.members[$0].key.isEmpty ? "(forgotten)" : "\(one.members[$0])" }
            .joined(separator: " "),
        ]
        text += cells.map(cell).joined(separator: ",") + "\n"
      }
    }
    var answer = Answer(json: ["cases": JSON(all.count), "entries": JSON(count), "out": JSON(path)])
    guard let path else {
      answer.verbatim(
        text.split(separator: "\n", omittingEmptySubsequences: false).map { visible(String($0)) }.joined(
          separator: "\n"))
      return answer
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    answer.say("\(grouped(count)) entries of \(grouped(all.count)) cases written to \(path).")
    return answer
  }
}
