import Arguments
import Compute
import Foundation

/// A set of measurements of one thing, and how they are shown.
///
///     var bench = Bench("csr", repeats: 5, session: session)
///     try bench.measure("both directions", work: .items(31_404_556, "entries")) { CSRBuilder… }
///     return bench.answer()
///
/// Each is run once to warm up and then `repeats` times; the median counts. Memory is the highest that the process
/// held during the runs, and how much that was above what it held before.
struct Bench {
  /// What one run does, for the rate; and which of the machine's limits it is held against.
  enum Work: Sendable {
    /// So many of something; and the fewest bytes that must cross from or to memory for them, where that can be said.
    case items(Int, String, leastBytes: Int? = nil)
    /// Bytes that must cross from or to memory, held against reading it in order.
    case bytes(Int)
    /// Arithmetic, held against a large dense product.
    case flops(Int)
  }

  struct Measurement: Sendable {
    let what: String
    let seconds: [Double]
    let work: Work?
    let peakBytes: Int?
    let addedBytes: Int?
    /// Further results of it: name and value, as text for people and as JSON.
    var results: [(name: String, text: String, json: JSON)] = []

    var median: Double { medianOf(seconds) }
    var fastest: Double { seconds.min() ?? .nan }
    var slowest: Double { seconds.max() ?? .nan }
  }

  let name: String
  let repeats: Int
  let limits: MachineLimits
  let compared: BenchComparison?
  private let session: Session
  private(set) var measurements: [Measurement] = []

  /// Measures the machine's limits first; takes about a second.
  init(_ name: String, _ input: Input, in session: Session) throws {
    try self.init(
      name, repeats: input[BenchOptions.repeats], compare: input[BenchOptions.compare]?.path, in: session)
  }

  init(_ name: String, repeats: Int, compare: String?, in session: Session) throws {
    self.name = name
    self.repeats = repeats
    self.session = session
    compared = try compare.map { try BenchComparison(file: $0) }
    session.note("Measuring what the machine reaches at most …")
    limits = MachineLimits.measured(parallel: session.parallel)
  }

  /// Runs `body` once for warming up and then as often as asked, or as `repeats` says. `setUp` is run before each, and not measured.
  /// Results that the last run returns can be shown with `result`.
  @discardableResult
  mutating func measure<Result>(
    _ what: String, work: Work? = nil, warmUp: Bool = true, repeats own: Int? = nil,
    setUp: () throws -> Void = {},
    _ body: () throws -> Result
  ) throws -> Result {
    session.note("Measuring \(what) …")
    if warmUp {
      try setUp()
      _ = try body()
    }
    let before = ProcessMemory.held
    ProcessMemory.resetPeak()
    var seconds: [Double] = []
    var last: Result?
    for _ in 0..<max(1, own ?? repeats) {
      try session.stop.check()
      try setUp()
      last = nil
      let start = ContinuousClock.now
      let result = try body()
      seconds.append((ContinuousClock.now - start) / .seconds(1))
      last = result
    }
    let peak = ProcessMemory.peak
    record(
      Measurement(
        what: what, seconds: seconds, work: work, peakBytes: peak,
        addedBytes: peak.flatMap { peak in before.map { max(0, peak - $0) } }))
    return last!
  }

  /// A measurement taken elsewhere, of another process say.
  mutating func record(_ measurement: Measurement) { measurements.append(measurement) }

  /// A further result of what was measured last: its modularity, its size on disk.
  /// With `decimals` where three digits are too few to compare by.
  mutating func result(_ name: String, _ value: Double, unit: String = "", decimals: Int? = nil) {
    guard !measurements.isEmpty else { return }
    let number = decimals.map { String(format: "%.\($0)f", value) } ?? threeDigits(value)
    let text = number + (unit.isEmpty ? "" : " \(unit)")
    measurements[measurements.count - 1].results.append((name, text, JSON(value)))
  }
}

/// The options that every bench takes; each declares them among its own.
enum BenchOptions {
  static let repeats = Option("repeat", "Runs that count.", default: 5, accepts: within(1...1000))
  static let compare = Option<FilePath?>(
    "compare", "The JSON of an earlier run: shows what became slower or faster by more than the noise.")
  /// For benches whose data other software can be measured on.
  static let data = Option<FolderPath?>(
    "data", "Also write what is measured on into this folder, as .npy files or tables, for others to read.",
    as: "FOLDER")
}

func medianOf(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
