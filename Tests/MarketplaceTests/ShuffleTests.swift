import Compute
import Graph
import Testing

@testable import Marketplace

@Suite("orders and keys")
struct ShuffleTests {
  @Test("a shuffle holds each place once, in another order", arguments: [1, 2, 3, 17, 256, 1000, 4097])
  func permutation(_ count: Int) {
    let order = Shuffle(count: count, stream: Seed(5).stream(for: "rows"))
    let places = (0..<count).map { order[$0] }
    #expect(places.sorted() == Array(0..<count))
    if count > 16 { #expect(places != Array(0..<count)) }
  }

  @Test("keys are unique and of one length")
  func keys() {
    let maker = KeyMaker(stream: Seed(5).stream(for: "keys"))
    let keys = (0..<50_000).map { KeyMaker.text(letter: 109, code: maker[$0]) }
    #expect(Set(keys).count == keys.count)
    #expect(keys.allSatisfy { $0.utf8.count == KeyMaker.length && $0.hasPrefix("m") })
  }

  @Test("the calendar's shares and instants are each other's inverse, within a day")
  func calendar() {
    let calendar = Calendar()
    #expect(calendar.share(before: Calendar.start) == 0)
    #expect(calendar.share(before: Calendar.end) == 1)
    for step in 0..<200 {
      let share = Double(step) / 200
      let instant = calendar.instant(atShare: share, bits: UInt64(step) &* 0x9e37_79b9)
      #expect(abs(calendar.share(before: instant) - share) < 0.03)
      #expect(instant >= Calendar.start && instant < Calendar.end)
    }
    // The festival of the eleventh of November against an ordinary Tuesday.
    let festival = Timestamp("2025-11-11")!.seconds
    let usual = Timestamp("2025-10-14")!.seconds
    func business(_ day: Int64) -> Double {
      calendar.share(before: day + Calendar.day) - calendar.share(before: day)
    }
    #expect(business(festival) > 3 * business(usual))
  }
}
