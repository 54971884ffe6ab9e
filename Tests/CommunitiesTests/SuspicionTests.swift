import Communities
import Compute
import Graph
import Testing

/// Members 0…9 share one account, 10…12 a device that a hundred use, the rest nothing.
private func sharing() throws -> SharedInstruments {
  let accounts = (0..<300).map { ($0, $0 < 10 ? 0 : $0) }
  let devices = (0..<300).map { ($0, $0 >= 10 && $0 < 110 ? 10 : $0) }
  return SharedInstruments(
    memberCount: 300,
    kinds: [
      .init(name: "account", uses: try BipartiteGraph(EdgeList(nodes: 300, accounts))),
      .init(name: "device", uses: try BipartiteGraph(EdgeList(nodes: 300, devices))),
    ])
}

/// These members together, all others alone.
private func groups(of ranges: [Range<Int>]) -> Partition {
  var labels = (0..<300).map { UInt32($0) }
  for range in ranges { for member in range { labels[member] = UInt32(range.lowerBound) } }
  return Partition(labels)
}

@Suite("Suspicion of a group") struct SuspicionTests {
  @Test("is higher for a ring than for who shares what everyone shares, and says why")
  func ring() throws {
    let judged = SuspicionJudge(try sharing()).groups(
      groups(of: [0..<10, 10..<13, 13..<20]))
    #expect(judged.first?.members == Array(0..<10))
    let part = try #require(judged.first?.part(.sharing))
    #expect(part.says.hasPrefix("10 of 10 share account 0; in degree-matched random groups: 0.3"))
    #expect((part.pValue ?? 1) < 1e-6)
    let others = judged.dropFirst()
    #expect(others.allSatisfy { $0.score < judged[0].score / 2 })
  }

  @Test("does not let three members with one label lead")
  func shrunk() throws {
    var facts = MemberFacts()
    facts.labels = (0..<300).map { (member: Int) -> Bool? in
      if member == 0 { return true }
      if (20..<30).contains(member) { return member < 29 }
      return member > 100 ? false : nil
    }
    let judged = SuspicionJudge(try sharing(), facts).groups(
      groups(of: [0..<3, 20..<30]))
    let small = try #require(judged.first { $0.members.count == 3 }?.part(.labels))
    let large = try #require(judged.first { $0.members.count == 10 }?.part(.labels))
    #expect(small.value < 0.3 && large.value > 0.6)
    #expect(large.says.hasPrefix("9 of 10 members with a verdict"))
  }

  @Test("sees who came together, and is not fooled by a day on which all came")
  func synchrony() throws {
    var facts = MemberFacts()
    let day: Int64 = 86_400
    facts.since = (0..<300).map {
      $0 < 10 ? 5000 * day + Int64($0) : $0 < 200 ? Int64($0) * 20 * day : 1000 * day
    }
    let judged = SuspicionJudge(try sharing(), facts).groups(
      groups(of: [0..<10, 250..<260]))
    let together = try #require(judged.first { $0.members[0] == 0 }?.part(.synchrony))
    let crowd = try #require(judged.first { $0.members[0] == 250 }?.part(.synchrony))
    #expect(together.value == 10 && together.strength > 0.5)
    #expect(crowd.value == 10 && crowd.strength < together.strength / 2)
  }
}
