import Arguments
import Communities
import Compute
import Foundation
import Graph
import Learning
import Store

/// `riskgraph communities` of a store: a search that is kept, or a look at what was kept.
struct StoredCommunities {
  let store: Store
  let path: String
  let options: CommunityOptions
  let input: Input
  let session: Session

  init(path: String, _ options: CommunityOptions, _ input: Input, _ session: Session) throws {
    store = try Store.open(at: path)
    store.command = "riskgraph communities"
    self.path = path
    self.options = options
    self.input = input
    self.session = session
  }

  func answer() throws -> Answer {
    if let wanted = input[options.show] { return try one(named: wanted) }
    let reading = try store.reading()
    guard let on = input[options.on] ?? reading.graph.schema.sharingPath else {
      throw CommunityCommandError.noPath
    }
    let search = try GroupSearch(
      reading, along: RelationPath(on, in: reading.graph.schema),
      models: ModelFolder(path: TaskInput.models(path)), options, input, session)
    // Before the work: an earlier run that is not there is no reason to wait.
    let earlier = try input[options.against].map { try self.run(ofSnapshot: $0, search, reading) }
    let found = try search.found()
    let (kept, names) = try store.keep(
      found.groups, found: search.question, in: reading, certificate: found.certificate.text
    ) { earlier, next in
      let naming = lineage(
        from: earlier.map { search.lineageGroup($0) }, to: found.groups.map { search.lineageGroup($0) },
        nextNumber: next)
      return (naming.names, naming.nextNumber)
    }
    if let file = input[options.out] { try search.write(found, named: names, to: file.path) }
    if let earlier {
      let changes = try changes(since: earlier, to: found.groups, names, search)
      return .changes(changes, top: input[options.top], facts: facts(of: kept))
    }
    return overview(of: kept, try store.groups(of: kept, limit: input[options.top]), found.says)
  }

  /// The newest run of a snapshot on the same path.
  private func run(
    ofSnapshot text: String, _ search: GroupSearch, _ reading: GraphReading
  ) throws -> (run: GroupRun, groups: [StoredGroup]) {
    guard let number = Int(text) else { throw CommunityCommandError.badSnapshot(text) }
    let question = search.question
    let runs = try store.groupRuns(path: question.path, kind: question.kind)
    guard let run = runs.last(where: { $0.snapshot == number }) else {
      throw CommunityCommandError.noRun(
        snapshot: number, path: question.path, stored: Set(runs.map(\.snapshot)).sorted(),
        current: reading.snapshot)
    }
    return (run, try store.groups(of: run))
  }

  private func changes(
    since earlier: (run: GroupRun, groups: [StoredGroup]), to groups: [StoredGroup], _ names: [String],
    _ search: GroupSearch
  ) throws -> [CommunityChange] {
    let named = zip(groups, names).map { group, name in
      var named = search.lineageGroup(group)
      named.name = name
      return named
    }
    return lineage(from: earlier.groups.map { search.lineageGroup($0) }, to: named, nextNumber: 1).changes
  }

  // MARK: Answers

  private func facts(of run: GroupRun) -> [(String, JSON)] {
    [
      ("run", JSON(run.number)), ("at", JSON(run.at)), ("snapshot", JSON(run.snapshot)),
      ("on", JSON(run.question.path)), ("method", JSON(run.question.method)),
      ("resolution", JSON(run.question.resolution)), ("seed", JSON(Int(bitPattern: UInt(run.question.seed)))),
      ("asOf", JSON(run.question.asOf?.description)), ("settings", JSON(document: run.question.settings)),
      ("certificate", JSON(document: run.certificate)), ("groups", JSON(run.groupCount)),
    ]
  }

  /// The looks that say why, and how readily; the others only colour the picture.
  private static let reasons: [String: Double] = [
    SuspicionPart.Kind.together.rawValue: 1, SuspicionPart.Kind.density.rawValue: 1,
    SuspicionPart.Kind.labels.rawValue: 0.9, SuspicionPart.Kind.scores.rawValue: 0.9,
    SuspicionPart.Kind.sharing.rawValue: 0.5, SuspicionPart.Kind.synchrony.rawValue: 0.4,
  ]

  private func overview(of run: GroupRun, _ groups: [StoredGroup], _ summary: [String]) -> Answer {
    var table = TextTable(
      ["group", "members", "suspicion", "why"], alignments: [.leading, .trailing, .trailing, .leading])
    for group in groups {
      let why = group.parts.compactMap { part in
        StoredCommunities.reasons[part.kind].map { (part, $0 * part.strength) }
      }.filter { $0.1 > 0 }.max { $0.1 < $1.1 }?.0
      table.add([
        group.name, grouped(group.members.count), group.suspicion.map { threeDigits($0) } ?? "–",
        why.map { $0.sentence.components(separatedBy: ". ")[0] } ?? "",
      ])
    }
    var answer = Answer(
      json: JSON(facts(of: run) + [("communities", JSON(groups.map { $0.json(members: false) }))]))
    for sentence in summary { answer.say(sentence) }
    if !groups.isEmpty { answer.table(table) }
    answer.say(
      "Kept as run \(run.number), with \(counted(run.groupCount, "group")). "
        + (groups.first.map { "More of one: riskgraph communities \(path) --show \($0.name)" } ?? ""))
    return answer
  }
}
