import Communities
import Testing

@Suite("Communities over time") struct LineageTests {
  @Test("keep their names while they grow, shrink, split, merge, are born and go")
  func story() {
    // Before: C1 = 0…7, C2 = 8…12, C3 = 13…16, C4 = 17…19.
    let before = NamedPartition(Partition([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3]))
    #expect(before.names == ["C1", "C2", "C3", "C4"])
    // C1 loses 5, 6, 7, which stand alone; C4 joins C2; C3 stays; 20…22 are new.
    let next = Partition([0, 0, 0, 0, 0, 9, 9, 9, 1, 1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 4, 4, 4])
    let (after, changes) = before.followed(by: next)
    let told = Set(changes.map(\.description))
    #expect(
      told == [
        "C1 shrank from 8 to 5 members; 5 stayed", "C5, 3 members, split off C1; 3 of them came from there",
        "C2 grew from 5 to 8 members; 5 stayed", "C4, 3 members, merged into C2; 3 of them are there",
        "C3 has 4 members as before; 4 stayed", "C6 was born with 3 members",
      ])
    #expect(after.nextNumber == 7 && Set(after.names) == ["C1", "C2", "C3", "C5", "C6"])
  }

  @Test("a community whose members are all gone is gone")
  func gone() {
    let before = NamedPartition(Partition([0, 0, 0, 1, 1]))
    let (after, changes) = before.followed(by: Partition([0, 0])) { $0 >= 3 ? $0 - 3 : nil }
    #expect(changes.map(\.kind) == [.kept, .gone])
    #expect(after.names == ["C2"])
  }

  @Test("a name is never used twice")
  func names() {
    let first = NamedPartition(Partition([0, 0, 1, 1]))
    let second = first.followed(by: Partition([0, 0]), place: { $0 < 2 ? $0 : nil }).next
    let third = second.followed(by: Partition([0, 0, 1, 1])).next
    #expect(third.names == ["C1", "C3"])
  }
}
