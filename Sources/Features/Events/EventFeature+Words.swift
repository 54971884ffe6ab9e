extension EventFeature {
  /// Unique among different features, short enough for the head of a column.
  public var name: String { "\(table) by \(participant.words): \(measure.words)" }

  /// What the column says, in a sentence.
  public var sentence: String {
    "Of what happened in \(table) to this \(participant.words) before the as-of time: \(measure.words)."
  }
}

extension EventFeature.Participant {
  var words: String {
    switch self {
    case .end(let end): end
    case .pair(let a, let b): "\(a) and \(b) together"
    case .binned(let end, let number, _): "\(end) in the same range of \(number)"
    case .level(let end, let category): "\(end) with the same \(category)"
    }
  }
}

extension EventFeature.Window {
  var words: String {
    switch self {
    case .ever: ""
    case .last(let seconds): ", last \(spanWords(seconds))"
    case .lastEvents(let count): ", last \(count) events"
    }
  }
}

extension EventFeature.Measure {
  var words: String {
    switch self {
    case .count(let window): "events\(window.words)"
    case .decayedCount(let halfLife): "events, fading by half every \(spanWords(halfLife))"
    case .logCount: "logarithm of the number of events"
    case .isNew: "whether there was none"
    case .logSinceLast(let unit): "logarithm of the time since the last, in units of \(spanWords(unit))"
    case .soonAfter(let seconds): "whether the last was at most \(spanWords(seconds)) ago"
    case .sinceLast: "seconds since the last"
    case .sinceFirst: "seconds since the first"
    case .sinceNth(let back): "seconds since the \(back)th last"
    case .gapMean: "mean gap in seconds"
    case .gapVariation: "spread of the gaps over their mean"
    case .overdue: "seconds since the last over the mean gap"
    case .burst(let seconds): "share of gaps of at most \(spanWords(seconds))"
    case .trend(let short, let long):
      "logarithm of the last \(spanWords(short))'s events against the rate of the last \(spanWords(long))"
    case .trendOfLife(let short):
      "logarithm of the last \(spanWords(short))'s events against the rate of the whole life"
    case .hourConcentration: "how much all come at one hour of the day"
    case .weekdayConcentration: "how much all come on one day of the week"
    case .number(let column, let statistic, let window): "\(statistic.words) \(column)\(window.words)"
    case .recentShift(let column): "mean of \(column) in the last 5 events less the mean of all"
    case .share(let column, let level): "share with \(column) \"\(level)\""
    case .distinct(let partner): "different \(partner)"
    case .newcomers(let partner, let window): "\(partner) met for the first time\(window.words)"
    case .repeats(let partner): "share with a \(partner) met before"
    case .concentration(let partner): "concentration on few \(partner)"
    case .smoothedRate(let column, let strength, let window):
      "rate of \(column)\(window.words), drawn to the table's by \(plain(strength)) events"
    case .decayedRate(let column, let halfLife):
      "rate of \(column), fading by half every \(spanWords(halfLife))"
    case .sinceLastHigh(let column): "seconds since the last with \(column)"
    case .deviation(let column, let deviation, _): deviation.words(column)
    }
  }
}

extension EventFeature.Statistic {
  var words: String {
    switch self {
    case .mean: "mean of"
    case .spread: "spread of"
    case .sum: "sum of"
    case .least: "least"
    case .greatest: "greatest"
    case .last: "last"
    case .missingShare: "share without"
    }
  }
}

extension EventFeature.Deviation {
  func words(_ column: String) -> String {
    switch self {
    case .standardized: "this event's \(column) in standard deviations from the mean"
    case .fromMean: "this event's \(column) less the mean"
    case .fromLast: "this event's \(column) less the last"
    case .fromGreatest: "this event's \(column) less the greatest"
    case .rank: "share of the last 50 with less \(column) than this event"
    case .same: "share of the last 50 with the same \(column) as this event"
    }
  }
}

private func spanWords(_ seconds: some BinaryInteger) -> String { spanWords(Double(seconds)) }

/// Days and hours where they come out even, else seconds: tables whose clock counts ranks have no days.
private func spanWords(_ seconds: Double) -> String {
  for (unit, name) in [(86_400.0, "d"), (3600, "h"), (60, "min")]
  where seconds >= unit && (seconds / unit) == (seconds / unit).rounded() {
    return "\(plain(seconds / unit)) \(name)"
  }
  return "\(plain(seconds)) s"
}

private func plain(_ number: Double) -> String {
  number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
}
