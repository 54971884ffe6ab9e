import Arguments
import Communities
import Compute
import Foundation
import Graph

/// What `riskgraph communities` says of an edge list: all of them, one of them, or what became of earlier ones.
struct CommunityReport {
  let source: CommunitySource
  let named: NamedPartition
  let certificate: Certificate

  /// The largest first.
  func overview(top: Int) -> Answer {
    let measures = communityMeasures(of: named.partition, in: source.graph)
    let order = measures.indices.sorted { (-measures[$0].size, $0) < (-measures[$1].size, $1) }.prefix(top)
    var table = TextTable(
      ["community", "members", "density", "conductance"],
      alignments: [.leading, .trailing, .trailing, .trailing])
    var rows: [JSON] = []
    for community in order {
      let one = measures[community]
      table.add([
        named.names[community], grouped(one.size), threeDigits(one.internalDensity),
        threeDigits(one.conductance),
      ])
      rows.append([
        "name": JSON(named.names[community]), "members": JSON(one.size),
        "density": JSON(one.internalDensity), "conductance": JSON(one.conductance),
      ])
    }
    var answer = Answer(json: ["certificate": certificate.json, "communities": JSON(rows)])
    answer.say(certificate.description + ".")
    if !order.isEmpty { answer.table(table) }
    return answer
  }

  func one(named wanted: String, picture: String?) throws -> Answer {
    guard let community = named.community(named: wanted) else {
      throw CommunityCommandError.unknownCommunity(wanted, count: named.partition.communityCount)
    }
    let members = Array(named.partition.members()[community])
    if let picture {
      let drawing = CommunityPicture(
        title: "\(wanted): \(counted(members.count, "member"))", of: members, in: source.graph
      ) { CommunityPicture.Node(name: source.name($0)) }
      try drawing.write(to: picture)
    }
    var answer = Answer(json: ["name": JSON(wanted), "members": JSON(members.map { source.name(Int($0)) })])
    answer.heading("\(wanted): \(counted(members.count, "member"))")
    var table = TextTable(
      ["member", "ties inside", "ties in all"], alignments: [.leading, .trailing, .trailing])
    let inside = Set(members)
    for member in members.prefix(200) {
      let row = source.graph.csr.row(Int(member))
      let own = row.count { inside.contains(source.graph.csr.targets[$0]) }
      table.add([source.name(Int(member)), "\(own)", "\(row.count)"])
    }
    answer.table(table)
    if members.count > 200 { answer.say("And \(grouped(members.count - 200)) more; --out writes them all.") }
    return answer
  }

  func changes(since earlier: NamedPartition, top: Int) -> Answer {
    let (next, changes) = earlier.followed(by: named.partition)
    return .changes(
      changes, top: top, facts: [("certificate", certificate.json), ("nextNumber", JSON(next.nextNumber))])
  }
}

extension Answer {
  /// What became of communities; `facts` lead the document.
  static func changes(_ changes: [CommunityChange], top: Int, facts: [(String, JSON)]) -> Answer {
    // What was and stays a single node is no news.
    let told = changes.filter { max($0.sizeBefore, $0.sizeAfter) > 1 }
    let counts = CommunityChange.Kind.allCases.map { kind in (kind, told.count { $0.kind == kind }) }
    var table = TextTable(["what happened"])
    for change in told.prefix(top) { table.add([change.description]) }
    let rows: [JSON] = told.map { change in
      [
        "kind": JSON(change.kind.rawValue), "name": JSON(change.name), "before": JSON(change.sizeBefore),
        "after": JSON(change.sizeAfter), "shared": JSON(change.shared), "other": JSON(change.other),
      ]
    }
    var answer = Answer(
      json: JSON(
        facts + [
          ("counts", JSON(counts.map { ($0.0.rawValue, JSON($0.1)) })), ("changes", JSON(rows)),
        ]))
    answer.say(counts.map { "\(grouped($0.1)) \($0.0.rawValue)" }.joined(separator: ", ") + ".")
    if !told.isEmpty, top > 0 { answer.table(table) }
    if told.count > top { answer.say("And \(grouped(told.count - top)) more (--top).") }
    return answer
  }
}

extension CommunityPicture {
  /// In the form that the file's ending names.
  func write(to path: String) throws {
    let text: String
    switch (path as NSString).pathExtension.lowercased() {
    case "svg": text = svg()
    case "gexf": text = gexf()
    case "graphml": text = graphML()
    default: throw CommunityCommandError.badPicture(path)
    }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }
}
