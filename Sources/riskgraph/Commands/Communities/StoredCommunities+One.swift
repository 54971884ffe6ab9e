import Arguments
import Communities
import Compute
import Foundation
import Graph
import Store

/// One group as it was kept, and what binds it as its store has it now.
extension StoredCommunities {
  func one(named wanted: String) throws -> Answer {
    guard let (run, group) = try store.group(named: wanted) else {
      let runs = try store.groupRuns()
      throw runs.isEmpty
        ? CommunityCommandError.noneStored(path: path)
        : CommunityCommandError.unknownStoredCommunity(wanted, runs: runs.count)
    }
    let view = try store.graph().view(asOf: run.question.asOf)
    let relationPath = try RelationPath(run.question.path, in: view.graph.schema)
    let bonds = try view.bonds(of: group.members, along: relationPath)
    if let picture = input[options.picture] {
      try CommunityPicture(of: group, bonds: bonds).write(to: picture.path)
    }
    var answer = Answer(
      json: JSON(
        [
          ("run", JSON(run.number)), ("at", JSON(run.at)), ("snapshot", JSON(run.snapshot)),
          ("on", JSON(run.question.path)), ("method", JSON(run.question.method)),
          ("asOf", JSON(run.question.asOf?.description)),
          ("community", group.json(members: true)), ("bonds", JSON(bonds.map { $0.json(of: group) })),
        ]))
    answer.heading("\(group.name): \(counted(group.members.count, "member")) on \(run.question.path)")
    let instant = run.question.asOf.map { ", as of \($0)" } ?? ""
    answer.facts(
      [("found", "\(run.at) in snapshot \(run.snapshot)\(instant), by \(run.question.method)")]
        + (group.suspicion.map { [("suspicion", threeDigits($0))] } ?? [])
        + group.parts.map { ($0.kind, $0.sentence) })
    if !bonds.isEmpty { answer.table(table(of: bonds, group)) }
    if bonds.count > 30 { answer.say("And \(grouped(bonds.count - 30)) more things; --json lists them all.") }
    answer.table(try table(of: group, bonds, view))
    if group.members.count > 200 {
      answer.say("And \(grouped(group.members.count - 200)) more members; --json lists them all.")
    }
    return answer
  }

  private func table(of bonds: [GroupBond], _ group: StoredGroup) -> TextTable {
    var table = TextTable(
      ["what binds them", "members", "all users", "first", "last"],
      alignments: [.leading, .trailing, .trailing, .leading, .leading])
    for bond in bonds.prefix(30) {
      table.add([
        "\(bond.thing)", "\(bond.members.count) of \(group.members.count)", grouped(bond.users),
        bond.first.description, bond.last.description,
      ])
    }
    return table
  }

  private func table(of group: StoredGroup, _ bonds: [GroupBond], _ view: GraphView) throws -> TextTable {
    var shared = [Int](repeating: 0, count: group.members.count)
    for bond in bonds { for member in bond.members { shared[member] += 1 } }
    var table = TextTable(
      ["member", "shared things", "since", "verdict"],
      alignments: [.leading, .trailing, .leading, .leading])
    for (place, member) in group.members.enumerated().prefix(200) {
      table.add([
        "\(member)", "\(shared[place])", since(member, view), try verdict(member, view),
      ])
    }
    return table
  }

  private func since(_ member: NodeKey, _ view: GraphView) -> String {
    guard let table = view.graph.nodes[member.type], let times = table.times,
      let node = table.keys.node(member.key)
    else { return "" }
    return Timestamp(seconds: times[node.index]).description
  }

  private func verdict(_ member: NodeKey, _ view: GraphView) throws -> String {
    guard let table = view.graph.nodes[member.type], let label = table.type.labels.first,
      let node = table.keys.node(member.key)
    else { return "" }
    switch try view.labels(label.column, of: member.type) {
    case .number(let values):
      let value = values[node.index]
      return value.isNaN ? "" : "\(label.column) \(threeDigits(Double(value)))"
    case .category(let codes, let levels):
      return codes[node.index] == Column.missingCode ? "" : levels[Int(codes[node.index])]
    case .time, .text: return ""
    }
  }
}

extension CommunityPicture {
  /// Members, and the things that at least two of them share.
  init(of group: StoredGroup, bonds: [GroupBond]) throws {
    let members = group.members.prefix(300)
    let things = bonds.prefix(200)
    var edges: [(UInt32, UInt32)] = []
    for (place, bond) in things.enumerated() {
      for member in bond.members where member < members.count {
        edges.append((UInt32(member), UInt32(members.count + place)))
      }
    }
    let count = members.count + things.count
    let list = EdgeList(
      sourceCount: count, targetCount: count, sources: Buffer(edges.map(\.0)),
      targets: Buffer(edges.map(\.1)))
    let risk = group.suspicion
    self.init(
      title: "\(group.name): \(counted(group.members.count, "member"))",
      nodes: members.map { Node(name: $0.key, type: $0.type, risk: risk) }
        + things.map {
          Node(
            name: $0.thing.key, type: $0.thing.type, remark: "\($0.members.count) members, \($0.users) users")
        },
      graph: Projection(space: .plain(count), csr: try CSRBuilder(list).symmetric()))
  }
}

extension StoredGroup {
  func json(members isFull: Bool) -> JSON {
    var facts: [(String, JSON)] = [
      ("name", JSON(name)), ("size", JSON(members.count)), ("suspicion", JSON(suspicion)),
      ("figures", JSON(document: figures)),
      (
        "parts",
        JSON(
          parts.map { part in
            [
              "kind": JSON(part.kind), "value": JSON(part.value), "comparison": JSON(part.comparison),
              "pValue": JSON(part.pValue), "strength": JSON(part.strength), "says": JSON(part.sentence),
            ]
          })
      ),
    ]
    if isFull { facts.append(("members", JSON(members.map(\.description)))) }
    return JSON(facts)
  }
}

extension GroupBond {
  func json(of group: StoredGroup) -> JSON {
    [
      "thing": JSON(thing.description), "members": JSON(members.map { group.members[$0].description }),
      "users": JSON(users), "first": JSON(first == .missing ? nil : first.description),
      "last": JSON(last == .missing ? nil : last.description),
    ]
  }
}
