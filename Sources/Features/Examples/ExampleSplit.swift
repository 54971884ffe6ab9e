import Graph

extension ExampleTable {
  /// Where a table is cut in time, and how long outcomes reach.
  public struct Cut: Sendable {
    /// The shares of the labelled examples that are for validation and for test, the latest for test.
    public var validation: Double
    public var test: Double
    /// How long before a part's first example the part before must end: an outcome's horizon.
    public var gapSeconds: Int64

    public init(validation: Double = 0.15, test: Double = 0.25, gapSeconds: Int64 = 0) {
      self.validation = validation
      self.test = test
      self.gapSeconds = gapSeconds
    }
  }

  /// The same examples split by time: no part has an as-of time in common with another, and those whose outcomes would
  /// reach into the next part are for nothing.
  public func split(_ cut: Cut) -> ExampleTable {
    var result = self
    let known = nodes.indices.filter { !labels[$0].isNaN }
    guard !known.isEmpty else { return self }
    var counts: [Int64: Int] = [:]
    for place in known { counts[asOf[place], default: 0] += 1 }
    let times = counts.keys.sorted()
    /// The latest of some times that hold about a share of the examples: the first of them.
    func start(ofLast share: Double, among times: ArraySlice<Int64>) -> Int64? {
      guard share > 0, !times.isEmpty else { return nil }
      let wanted = share * Double(known.count)
      var sum = 0.0
      var first: Int64?
      for time in times.reversed() {
        let count = Double(counts[time]!)
        // The time that crosses the share is taken where that comes nearer to it.
        if first != nil, sum + count - wanted > wanted - sum { break }
        sum += count
        first = time
      }
      return first
    }
    // One time at least is for training.
    let testStart = start(ofLast: cut.test, among: times.dropFirst()) ?? .max
    let before = times.dropFirst().prefix { $0 < testStart }
    let settled = before.prefix { testStart == .max || $0 + cut.gapSeconds <= testStart }
    let validationStart =
      start(ofLast: cut.validation, among: settled.isEmpty ? before : settled) ?? testStart
    let isSettled = !settled.isEmpty
    result.splits = asOf.map { time in
      if time >= testStart { return .test }
      func reaches(_ start: Int64) -> Bool { start != .max && time + cut.gapSeconds > start }
      if time >= validationStart { return isSettled && reaches(testStart) ? .gap : .validation }
      if !reaches(validationStart) { return .train }
      return reaches(testStart) ? .gap : .refit
    }
    if !isSettled, cut.gapSeconds > 0, validationStart < testStart {
      result.notes.append(
        "There are too few as-of times before the test for outcomes to end before it: validation outcomes reach over its start."
      )
    }
    let lost = result.splits!.filter { $0 == .gap }.count
    let held = result.splits!.filter { $0 == .refit }.count
    result.notes.append(
      "Split by time: validation from \(words(validationStart)), test from \(words(testStart))"
        + (lost > 0
          ? "; \(lost) examples between the parts are left out, as their outcomes reach over" : "")
        + (held > 0
          ? "; \(held) are for the last fit only, as their outcomes reach over validation's start." : "."))
    return result
  }

  /// The table as it is, with validation examples: where it has none, the latest quarter of the training ones.
  public func withValidation(gapSeconds: Int64 = 0) -> ExampleTable {
    guard let splits else { return self }
    if splits.contains(.validation) { return reserving(gapSeconds) }
    let training = places(.train)
    let cut = rows(training).split(Cut(validation: 0.25, test: 0, gapSeconds: gapSeconds))
    var result = self
    for (place, split) in zip(training, cut.splits ?? []) where split != .train {
      result.splits![place] = split
    }
    let start = training.filter { result.splits![$0] == .validation }.map { asOf[$0] }.min()
    if let start {
      result.notes.append(
        "The table has no validation examples: those for training from \(words(start)) on are taken for it.")
    }
    return result
  }

  /// Training examples whose outcomes reach over the start of validation are for the last fit only.
  private func reserving(_ gapSeconds: Int64) -> ExampleTable {
    guard gapSeconds > 0, let start = places(.validation).map({ asOf[$0] }).min() else { return self }
    var result = self
    let over = places(.train).filter { asOf[$0] < start && asOf[$0] + gapSeconds > start }
    guard !over.isEmpty, over.count < places(.train).count else { return self }
    for place in over { result.splits![place] = .refit }
    result.notes.append(
      "\(over.count) training examples are for the last fit only, as their outcomes reach over validation's start."
    )
    return result
  }

  private func words(_ time: Int64) -> String {
    time == .max ? "never" : abs(time) < 10_000_000 ? String(time) : Timestamp(seconds: time).description
  }
}

/// A length of time as people write it.
///
///     TimeSpan("60d")!.seconds      // 5184000
public struct TimeSpan: Sendable, Hashable, CustomStringConvertible {
  public let seconds: Int64

  public init(seconds: Int64) { self.seconds = seconds }

  /// A whole number and a unit: `s`, `min`, `h`, `d`, `w`. Nil where the text is none.
  public init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits), number > 0, number < 1 << 32 else { return nil }
    let units: [String: Int64] = ["s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400]
    guard let unit = units[String(text.dropFirst(digits.count))] else { return nil }
    seconds = number * unit
  }

  public var description: String {
    for (unit, name) in [(86_400, "d"), (3600, "h"), (60, "min")] where seconds % Int64(unit) == 0 {
      return "\(seconds / Int64(unit))\(name)"
    }
    return "\(seconds)s"
  }
}
