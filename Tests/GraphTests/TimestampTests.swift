import Foundation
import Graph
import Testing

@Suite("Timestamps")
struct TimestampTests {
  @Test(
    "texts are read as the instants that they name",
    arguments: [
      ("1970-01-01", 0), ("2026-03-01", 1_772_323_200), ("2000-02-29", 951_782_400),
      ("1969-12-31T23:59:59Z", -1), ("2026-03-01 08:30:00", 1_772_353_800),
      ("2026-03-01T08:30", 1_772_353_800), ("2026-03-01T08:30:00.250Z", 1_772_353_800),
      ("2026-03-01T08:30:00+02:00", 1_772_346_600), ("2026-03-01T08:30:00-0130", 1_772_359_200),
    ])
  func reads(text: String, seconds: Int64) {
    #expect(Timestamp(text)?.seconds == seconds)
  }

  @Test(
    "what is no time, or a day that does not exist, is refused",
    arguments: [
      "", "2026", "2026-13-01", "2026-02-29", "1900-02-29", "2026-04-31", "2026-00-10", "2026-01-00",
      "2026-01-01T24:00:00", "2026-01-01T10:60", "2026-01-01x", "20260101", "2026-1-1", "2026-01-01T",
      "２０２６-01-01", "2026-01-01T10:00:00+",
    ])
  func refuses(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test("every day from year 1 on agrees with Foundation's calendar, written and read back")
  func agreesWithFoundation() {
    let formatter = ISO8601DateFormatter()
    for day in stride(from: Int64(-141_000), to: 200_000, by: 97) {
      let time = Timestamp(seconds: day * 86_400 + 3723)
      let text = formatter.string(from: Date(timeIntervalSince1970: Double(time.seconds)))
      #expect(time.description == text)
      #expect(Timestamp(text) == time)
    }
  }
}
