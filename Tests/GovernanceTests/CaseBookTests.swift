import Foundation
import Graph
import Store
import Testing

@testable import Governance

@Suite("The book of cases") struct CaseBookTests {
  @Test("of two reviewers who claim or decide one case, the second is told")
  func oneWins() throws {
    let shop = try Shop()
    try shop.flag()
    let (ana, ben) = (shop.book(), CaseBook(try Store.open(at: shop.path)))
    let number = try ana.claimNext(by: "ana").number
    #expect(throws: GovernanceError.taken(caseNumber: number, by: "ana")) { try ben.claim(number, by: "ben") }
    #expect(throws: GovernanceError.taken(caseNumber: number, by: "ana")) {
      try ben.decide(number, .warn, by: "ben", because: "x")
    }
    try ana.decide(number, .delist, by: "ana", because: "copies")
    let at = Shop.day(40).description
    #expect(throws: GovernanceError.alreadyDecided(caseNumber: number, action: "delist", by: "ana", at: at)) {
      try ben.decide(number, .allow, by: "ben", because: "fine")
    }
    #expect(try ben.case(number).standing.decision?.action == .delist)
    #expect(try ben.claimNext(by: "ben").number != number)
  }

  @Test("a decision against a case clears whom it spares, in the verdicts and in the audited book")
  func spared() throws {
    let shop = try Shop()
    var book = shop.book()
    let keys = ["m0", "m1", "m2"].map { NodeKey(type: "merchant", key: $0) }
    let members = keys.map { FlagCandidate(key: $0, probability: 0.9, harm: 1) }
    let number = try shop.open(PlannedCase(reason: .harm, members: members))
    #expect(throws: GovernanceError.self) {
      try book.decide(number, .allow, sparing: [keys[1]], by: "ana", because: "x")
    }
    #expect(throws: GovernanceError.self) {
      try book.decide(number, .delist, sparing: Set(keys), by: "ana", because: "x")
    }
    #expect(throws: GovernanceError.self) {
      try book.decide(
        number, .delist, sparing: [NodeKey(type: "merchant", key: "m9")], by: "ana", because: "x")
    }
    let entry = try book.decide(
      number, .delist, sparing: [keys[1]], by: "ana", because: "m1 only shares a warehouse")
    #expect(entry.spared == [1])
    #expect(try book.case(number).standing.decision?.spared == [1])
    book.now = { Shop.day(41) }
    let verdicts = try book.verdicts()
    #expect(verdicts.map(\.key) == keys && verdicts.map(\.isRisky) == [true, false, true])
    #expect(try book.verified().flaws.isEmpty)
    try book.undo(number, by: "ana", because: "too early")
    #expect(try book.verdicts().isEmpty)
  }

  @Test("many reviewers who take the next case at once all get different ones")
  func manyAtOnce() async throws {
    let shop = try Shop(merchants: 40)
    try shop.flag(budget: 30)
    let path = shop.path
    let open = try shop.book().cases(in: [.open]).count
    let taken = await withTaskGroup(of: [Int].self) { group in
      for reviewer in 0..<4 {
        group.addTask {
          guard let store = try? Store.open(at: path) else { return [] }
          var mine: [Int] = []
          while let next = try? CaseBook(store).claimNext(by: "reviewer \(reviewer)") {
            mine.append(next.number)
          }
          return mine
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(taken.count == open)
    #expect(Set(taken).count == open)
    #expect(try shop.book().verified().flaws == [])
  }

  @Test("a suspension waits for a second person, who is not the first")
  func secondPair() throws {
    let shop = try Shop()
    try shop.flag()
    let book = shop.book()
    let number = try book.claimNext(by: "ana").number
    try book.decide(number, .suspend, by: "ana", because: "ring")
    #expect(try book.case(number).standing.state == .waiting)
    #expect(try book.verdicts().isEmpty)
    #expect(throws: GovernanceError.ownSecond(caseNumber: number, who: "ana")) {
      try book.confirm(number, by: "ana")
    }
    try book.object(number, by: "ben", because: "one shared office")
    #expect(try book.case(number).standing.state == .open)
    try book.decide(number, .suspend, by: "cleo", because: "it is a ring")
    var later = book
    later.now = { Shop.day(41) }
    try later.confirm(number, by: "ben")
    let verdict = try #require(book.verdicts().first)
    #expect(verdict.isRisky)
    #expect(verdict.since == Shop.day(41), "known from when the second person agreed")
    #expect(verdict.isDisputed)
  }

  @Test("an appeal is answered by another person; what is overturned was cleared from then on")
  func appeals() throws {
    let shop = try Shop()
    try shop.flag()
    let book = shop.book()
    let number = try book.claimNext(by: "ana").number
    try book.decide(number, .limit, by: "ana", because: "x")
    var later = book
    later.now = { Shop.day(50) }
    try later.appeal(number, by: "merchant", because: "it was the courier")
    #expect(try book.verdicts().first?.isRisky == true)
    #expect(throws: GovernanceError.ownSecond(caseNumber: number, who: "ana")) {
      try later.answerAppeal(number, overturn: true, by: "ana", because: "x")
    }
    try later.answerAppeal(number, overturn: true, by: "ben", because: "it was")
    #expect(try book.verdicts().first?.isRisky == false)
    // As it was known before.
    #expect(try book.verdicts(before: Shop.day(45)).first?.isRisky == true)
    #expect(
      try book.verdicts(before: Shop.day(40)).isEmpty, "what was decided in that very second is the future")
  }

  @Test("undo is an entry, can itself be undone, and takes the label back")
  func undo() throws {
    let shop = try Shop()
    try shop.flag()
    let book = shop.book()
    let number = try book.claimNext(by: "ana").number
    try book.decide(number, .delist, by: "ana", because: "x")
    let before = try book.case(number)
    try book.undo(number, by: "ana", because: "wrong shop")
    let after = try book.case(number)
    #expect(after.entries.count == before.entries.count + 1)
    #expect(after.standing.state == .claimed)
    #expect(try book.verdicts().isEmpty)
    #expect(try book.verified().flaws == [])
    try book.undo(number, by: "ana", because: "not claimed either")
    #expect(try book.case(number).standing.state == .open)
    #expect(throws: GovernanceError.nothingToUndo(caseNumber: number)) {
      try book.undo(number, by: "ana", because: "once more")
    }
    try book.snooze(number, until: Shop.day(60), by: "ana")
    #expect(throws: GovernanceError.noReason(what: "a decision")) {
      try book.decide(number, .warn, by: "ana", because: "  ")
    }
    #expect(throws: GovernanceError.noSuchCase(99_999)) { try book.claim(99_999, by: "ana") }
  }

  @Test("a snoozed case comes back when its time has come")
  func snooze() throws {
    let shop = try Shop()
    try shop.flag(budget: 1)
    var book = shop.book()
    let number = try book.cases(in: [.open])[0].number
    try book.snooze(number, until: Shop.day(60), by: "ana")
    #expect(throws: GovernanceError.nothingOpen) { try book.claimNext(by: "ana") }
    book.now = { Shop.day(60) }
    #expect(try book.claimNext(by: "ana").number == number)
  }

  @Test("decisions become labels with the time when they became known; a label that agrees keeps its own")
  func labels() throws {
    let shop = try Shop()
    try shop.flag()
    let book = shop.book(day: 35)
    let one = try book.claimNext(by: "ana")
    try book.decide(one.number, .delist, by: "ana", because: "x")
    let key = one.members[0]
    let graph = try shop.store.graph().with(book.verdicts())
    func label(_ day: Int) throws -> Float {
      let view = graph.view(asOf: Shop.day(day))
      guard case .number(let values) = try view.labels("risky", of: "merchant") else { return -1 }
      return values[try view.node(key).index]
    }
    #expect(try label(35).isNaN)
    #expect(try label(36) == 1)
    let again = graph.with([
      Verdict(key: key, isRisky: true, since: Shop.day(50), caseNumber: 1, isDisputed: false)
    ])
    guard case .time(let known)? = again.nodes["merchant"]!.columns["known_at"] else {
      return #expect(Bool(false))
    }
    #expect(known[try again.view().node(key).index] == Shop.day(35).seconds)
  }

  @Test("golden cases teach nothing, and tell how sure a reviewer is")
  func golden() throws {
    let shop = try Shop()
    let book = shop.book()
    try book.addGolden(NodeKey(type: "merchant", key: "m1"), isRisky: false)
    let (_, outcome) = try shop.flag()
    #expect(outcome.plan.cases.count { $0.golden != nil } == 1)
    let one = try #require(try book.cases().first { $0.golden != nil })
    try book.decide(one.number, .warn, by: "ana", because: "x")
    #expect(try book.verdicts().isEmpty)
    let record = try #require(book.reviewers().first)
    #expect(record.answered == 1 && record.right == 0)
  }
}

@Suite("The audit of the books") struct AuditTests {
  private func prepared() throws -> (Shop, CaseBook) {
    let shop = try Shop()
    try shop.flag()
    let book = shop.book()
    for _ in 0..<2 {
      let number = try book.claimNext(by: "ana").number
      try book.decide(number, .warn, by: "ana", because: "x")
    }
    return (shop, book)
  }

  @Test(
    "finds every change, removal and reordering",
    arguments: [
      "update case_entries set action = 'allow' where number = (select max(number) from case_entries)",
      "update case_entries set who = 'eve' where number = 5",
      "update case_entries set at = at + 1 where number = 7",
      "update cases set state = 'open' where state = 'decided' and number = (select min(number) from cases where state = 'decided')",
      "delete from case_entries where number = (select max(number) from case_entries)",
      "update evidence set body = replace(body, 'm15', 'm16') where number = 1",
      "update evidence set body = '', digest = 'x' where number = 2",
      "update flags set probability = 0.1 where place = 1",
      "update flags set trace = 'x' where place = 2",
      "update flag_runs set rules = ''",
      "update audit set details = replace(details, 'C1', 'C2') where what = 'case'",
      "update audit set what = 'x' where number = 4",
      "delete from audit where number = 6",
      "delete from audit where number = (select max(number) from audit)",
      "update audit set number = -1 where number = 5; update audit set number = 5 where number = 6; update audit set number = 6 where number = -1",
      "insert into case_entries (case_number, at, what, who, why) values (1, 0, 'decided', 'eve', '')",
    ])
  func tampering(sql: String) throws {
    let (shop, book) = try prepared()
    #expect(try book.verified().flaws == [])
    try shop.store.writingLedger { database in
      // As somebody would who has the file, not the program.
      for statement in sql.split(separator: ";") { try database.run(String(statement)) }
    }
    let flaws = try CaseBook(try Store.open(at: shop.path)).verified().flaws
    #expect(!flaws.isEmpty, "\(sql)")
  }

  @Test("a noted hash proves that the trail still goes through it")
  func head() throws {
    let (shop, book) = try prepared()
    let head = try book.verified().head
    let number = try book.claimNext(by: "ben").number
    try book.decide(number, .allow, by: "ben", because: "fine")
    #expect(try book.verified(earlierHead: head).flaws == [])
    #expect(try book.verified(earlierHead: String(head.reversed())).flaws.count == 1)
    _ = shop
  }

  @Test("forgetting a node takes its key out of every book, and the audit still holds")
  func forgetting() throws {
    let (shop, book) = try prepared()
    let key = try #require(try book.cases().first { $0.standing.state == .decided }?.members.first)
    try shop.store.forget(key)
    #expect(try book.verified().flaws == [])
    #expect(try book.cases(with: key).isEmpty)
    let left = try shop.store.readingLedger { database in
      try database.rows(
        """
        select (select count(*) from evidence where instr(body, ?) > 0) + (select count(*) from flags where key = ?)
          + (select count(*) from audit where instr(details, ?) > 0)
        """, .text("\(key)\""), .text(key.key), .text("\(key)\"")
      ) { (row) throws(StoreError) in row.integer(0) }
    }
    #expect(left == [0])
  }

  @Test("the catalogue's files can be read by their owner alone")
  func permissions() throws {
    let (shop, _) = try prepared()
    for name in try FileManager.default.contentsOfDirectory(atPath: shop.path)
    where name.hasPrefix("catalog.db") {
      let mode =
        try FileManager.default.attributesOfItem(atPath: "\(shop.path)/\(name)")[.posixPermissions] as? Int
      #expect(mode.map { $0 & 0o077 } == 0, "\(name)")
    }
  }
}
