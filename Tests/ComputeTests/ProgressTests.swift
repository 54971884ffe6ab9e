import Compute
import Testing

@Suite("Progress and stopping")
struct ProgressTests {
  @Test("advances from many threads add up")
  func adds() {
    let progress = ProgressSink.silent.step("counting", total: 1000, unit: "rows")
    Parallel(threads: 4).forEach(blocks: 1000) { _ in progress.advance() }
    #expect(progress.count == 1000)
    progress.finish()
  }

  @Test("a stop that was asked for is found at the next look")
  func stops() throws {
    let stop = StopRequest()
    try stop.check()
    stop.stop()
    #expect(throws: CancellationError.self) { try stop.check() }
  }

  @Test(
    "counts are written with their thousands apart",
    arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (Int.min, nil)])
  func groups(number: Int, text: String?) {
    if let text { #expect(grouped(number) == text) } else { #expect(grouped(number).hasPrefix("-9,223,")) }
  }
}
