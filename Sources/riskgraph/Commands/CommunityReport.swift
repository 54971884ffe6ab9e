import Arguments
import Communities
import Foundation
import Graph

/// What `riskgraph communities` says: all of them, one of them, or what became of earlier ones.
struct CommunityReport {
  let source: CommunitySource
  let named: NamedPartition
  let certificate: Certificate
  private let judged: [Int: GroupSuspicion]

  init(source: CommunitySource, named: NamedPartition, certificate: Certificate) {
    self.source = source
    self.named = named
    self.certificate = certificate
    guard let shared = source.shared else {
      judged = [:]
      return
    }
    var facts = MemberFacts()
    facts.instrumentName = source.instrumentName
    let groups = SuspicionJudge(shared, facts).groups(named.partition)
    judged = Dictionary(uniqueKeysWithValues: groups.map { ($0.community, $0) })
  }

  private var proof: JSON {
    [
      "communities": JSON(certificate.communityCount), "disconnected": JSON(certificate.disconnectedCount),
      "fingerprint": JSON(certificate.fingerprint), "quality": JSON(certificate.qualityName),
      "value": JSON(certificate.quality), "insideShare": JSON(certificate.insideShare),
      "insideShareByChance": JSON(certificate.insideShareByChance),
      "seedAgreement": JSON(certificate.seedAgreement),
    ]
  }

  /// The most suspicious first where that is known, else the largest.
  func overview(top: Int) -> Answer {
    let measures = communityMeasures(of: named.partition, in: source.graph)
    let order = measures.indices.sorted {
      (judged[$0]?.score ?? 0, measures[$0].size, $1) > (judged[$1]?.score ?? 0, measures[$1].size, $0)
    }.prefix(top)
    var table = TextTable(
      ["community", "members", "suspicion", "density", "conductance", "why"],
      alignments: [.leading, .trailing, .trailing, .trailing, .trailing, .leading])
    var rows: [JSON] = []
    for community in order {
      let (one, group) = (measures[community], judged[community])
      table.add([
        named.names[community], "\(one.size)", group.map { threeDigits($0.score) } ?? "–",
        threeDigits(one.internalDensity), threeDigits(one.conductance), group?.part(.sharing)?.says ?? "",
      ])
      rows.append([
        "name": JSON(named.names[community]), "members": JSON(one.size), "suspicion": JSON(group?.score),
        "density": JSON(one.internalDensity), "conductance": JSON(one.conductance),
        "parts": JSON((group?.parts ?? []).map { json(of: $0) }),
      ])
    }
    var answer = Answer(json: ["certificate": proof, "communities": JSON(rows)])
    answer.say(certificate.description + ".")
    if !order.isEmpty { answer.table(table) }
    return answer
  }

  func one(named wanted: String, picture: String?) throws -> Answer {
    guard let community = named.community(named: wanted) else {
      throw CommunityCommandError.unknownCommunity(wanted, count: named.partition.communityCount)
    }
    let members = Array(named.partition.members()[community])
    if let picture { try draw(wanted, members, judged[community], to: picture) }
    var answer = Answer(json: [
      "name": JSON(wanted), "members": JSON(members.map { source.name(Int($0)) }),
      "suspicion": JSON(judged[community]?.score),
      "parts": JSON((judged[community]?.parts ?? []).map { json(of: $0) }),
    ])
    answer.heading("\(wanted): \(members.count) members")
    if let group = judged[community] {
      answer.facts(
        [("suspicion", threeDigits(group.score))] + group.parts.map { ($0.kind.rawValue, $0.says) })
    }
    var table = TextTable(
      ["member", "ties inside", "ties in all"], alignments: [.leading, .trailing, .trailing])
    let inside = Set(members)
    for member in members.prefix(200) {
      let row = source.graph.csr.row(Int(member))
      let own = row.count { inside.contains(source.graph.csr.targets[$0]) }
      table.add([source.name(Int(member)), "\(own)", "\(row.count)"])
    }
    answer.table(table)
    if members.count > 200 { answer.say("And \(members.count - 200) more; --out writes them all.") }
    return answer
  }

  private func draw(_ name: String, _ members: [UInt32], _ group: GroupSuspicion?, to path: String) throws {
    let drawing = CommunityPicture(title: "\(name): \(members.count) members", of: members, in: source.graph)
    {
      CommunityPicture.Node(name: source.name($0), type: source.type)
    }
    let text: String
    switch (path as NSString).pathExtension.lowercased() {
    case "svg": text = drawing.svg()
    case "gexf": text = drawing.gexf()
    case "graphml": text = drawing.graphML()
    default: throw CommunityCommandError.badPicture(path)
    }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  func changes(since earlier: NamedPartition, top: Int) -> Answer {
    let (next, changes) = earlier.followed(by: named.partition)
    let counts = CommunityChange.Kind.allCases.map { kind in (kind, changes.count { $0.kind == kind }) }
    var table = TextTable(["community", "what happened", "before", "after", "stayed"])
    // What was and stays a single node is no news.
    let told = changes.filter { max($0.sizeBefore, $0.sizeAfter) > 1 }
    for change in told.prefix(top) {
      table.add([
        change.name, change.description, "\(change.sizeBefore)", "\(change.sizeAfter)", "\(change.shared)",
      ])
    }
    var answer = Answer(json: [
      "certificate": proof, "nextNumber": JSON(next.nextNumber),
      "counts": JSON(counts.map { ($0.0.rawValue, JSON($0.1)) }),
      "changes": JSON(
        told.map { change in
          [
            "kind": JSON(change.kind.rawValue), "name": JSON(change.name), "before": JSON(change.sizeBefore),
            "after": JSON(change.sizeAfter), "shared": JSON(change.shared), "other": JSON(change.other),
          ]
        }),
    ])
    answer.say(counts.map { "\($0.1) \($0.0.rawValue)" }.joined(separator: ", ") + ".")
    answer.table(table)
    return answer
  }

  private func json(of part: SuspicionPart) -> JSON {
    [
      "kind": JSON(part.kind.rawValue), "value": JSON(part.value), "comparison": JSON(part.comparison),
      "pValue": JSON(part.pValue), "strength": JSON(part.strength), "says": JSON(part.says),
    ]
  }
}
