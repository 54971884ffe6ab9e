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
    let known = nodes.indices.filter { !labels[$0].isNaN }.sorted { asOf[$0] < asOf[$1] }
    guard !known.isEmpty else { return self }
    /// The as-of time nearest to a share of the examples at which a part can begin.
    func start(_ share: Double) -> Int64 {
      var place = min(known.count - 1, Int(Double(known.count) * share))
      let wanted = asOf[known[place]]
      while place > 0, asOf[known[place - 1]] == wanted { place -= 1 }
      let first = place
      var after = first
      while after < known.count, asOf[known[after]] == wanted { after += 1 }
      let target = Double(known.count) * share
      let isNearerAfter = after < known.count && Double(after) - target < target - Double(first)
      return isNearerAfter || first == 0 ? (after < known.count ? asOf[known[after]] : .max) : wanted
    }
    let testStart = cut.test > 0 ? start(1 - cut.test) : .max
    var validationStart = cut.validation > 0 ? start(1 - cut.test - cut.validation) : testStart
    if validationStart >= testStart, cut.validation > 0 {
      validationStart = asOf.lazy.filter { $0 < testStart }.max() ?? testStart
    }
    result.splits = asOf.map { time in
      if time >= testStart { return .test }
      if time >= validationStart { return time + cut.gapSeconds > testStart ? .gap : .validation }
      return time + cut.gapSeconds > validationStart ? .gap : .train
    }
    let lost = result.splits!.lazy.filter { $0 == .gap }.count
    result.notes.append(
      "Split by time: validation from \(words(validationStart)), test from \(words(testStart))"
        + (lost > 0
          ? "; \(lost) examples between the parts are left out, as their outcomes reach over." : "."))
    return result
  }

  /// The table as it is, with validation examples: where it has none, the latest quarter of the training ones.
  public func withValidation(gapSeconds: Int64 = 0) -> ExampleTable {
    guard let splits, !splits.contains(.validation) else { return self }
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
