/// One column about what happened to a node before an instant: which events, through which end, over which time,
/// and what of them.
///
/// A small value that is stored with a model. It has a name, a sentence (`EventFeature+Words.swift`) and SQL
/// (`EventFeature+SQL.swift`); the engine and DuckDB compute the same from it.
public struct EventFeature: Sendable, Hashable, Codable {
  public var table: String
  public var participant: Participant
  public var measure: Measure

  public init(table: String, participant: Participant, measure: Measure) {
    self.table = table
    self.participant = participant
    self.measure = measure
  }

  public init(table: String, end: String, measure: Measure) {
    self.init(table: table, participant: .end(end), measure: measure)
  }

  /// Whose events count. All but the first ask about an event, and take its own cells.
  public enum Participant: Sendable, Hashable, Codable {
    /// The node at an end.
    case end(String)
    /// The same nodes at both ends.
    case pair(String, String)
    /// The same node, with a number that lies between the same two of these edges as the event's own.
    case binned(String, number: String, edges: [Float])
    /// The same node, with the same value of a category.
    case level(String, category: String)

    /// The ends that are named, the first of which is the one that features of partners leave out.
    public var ends: [String] {
      switch self {
      case .end(let end), .binned(let end, _, _), .level(let end, _): [end]
      case .pair(let a, let b): [a, b]
      }
    }
  }

  /// The stretch before the as-of time that counts. It begins exactly `seconds` before and holds that second;
  /// the as-of second itself is the future.
  public enum Window: Sendable, Hashable, Codable {
    case ever
    case last(seconds: Int64)
    case lastEvents(Int)
  }

  public enum Statistic: String, Sendable, Hashable, Codable, CaseIterable {
    case mean, spread, sum, least, greatest, last, missingShare
  }

  /// How the event that is asked about differs from the histories of those who take part.
  public enum Deviation: String, Sendable, Hashable, Codable, CaseIterable {
    /// Standard deviations from the mean, the deviation widened by the measure's `widening`.
    case standardized
    case fromMean, fromLast, fromGreatest
    /// Share of the last 50 values below it, equal ones half.
    case rank
    /// Share of the last 50 values equal to it.
    case same
  }

  public enum Measure: Sendable, Hashable, Codable {
    case count(Window)
    /// Each event counts 2^(-its age / half-life).
    case decayedCount(halfLife: Double)
    /// ln(1 + count): a mean over events of very different nodes is not the largest one's then.
    case logCount
    /// 1 where nothing happened before, else 0.
    case isNew
    case sinceLast
    /// ln(1 + time since the last event / `unit`).
    case logSinceLast(unit: Double)
    /// 1 where the last event is at most so many seconds ago, else 0.
    case soonAfter(seconds: Int64)
    case sinceFirst
    /// Seconds since the n-th last event, counted from 1.
    case sinceNth(Int)
    case gapMean
    /// Standard deviation of the gaps over their mean and some seconds more.
    case gapVariation(smoothing: Double)
    /// Time since the last event over the mean gap.
    case overdue(smoothing: Double)
    /// Share of gaps of at most so many seconds.
    case burst(seconds: Int64)
    /// ln((events in `short` + 1) / (events in the rest of `long`, scaled to the length of `short`, + 1)).
    case trend(short: Int64, long: Int64)
    /// ln((events in `short` + 1) / (events a `short` over the whole life + 1)).
    case trendOfLife(short: Int64)
    /// The length of the mean of the events' directions on the clock: 1 where all come at one hour of the day.
    case hourConcentration
    case weekdayConcentration
    case number(String, Statistic, Window)
    /// Mean of the last five less the mean of all.
    case recentShift(String)
    case share(String, level: String)
    /// Different partners at another end.
    case distinct(String)
    /// Partners first met within the window.
    case newcomers(String, Window)
    /// Share of events with a partner met before.
    case repeats(String)
    /// Σ c² / n² over the partners' shares c: 1 where all events are with one.
    case concentration(String)
    /// (sum + strength × prior) / (count + strength) of a 0/1 column, the prior being (sum + 1) / (count + 20) over
    /// all rows visible by then.
    case smoothedRate(String, strength: Double, Window)
    case decayedRate(String, halfLife: Double)
    /// Seconds since the last event whose number was above 0.5.
    case sinceLastHigh(String)
    case deviation(String, Deviation, widening: Double)
  }
}
