import Learning

/// Everything that a manager opens in the morning, as values. `page()` makes the document of it.
///
///     var report = RiskReport(store: "shop", madeAt: "2026-06-01 07:00 UTC")
///     report.queue = queue
///     let html = report.page(since: earlier).html()
///
/// What is not there yet is said, with the command that would bring it.
public struct RiskReport: Sendable {
  /// A case that waits for somebody, or a node that stands high where there are no cases yet.
  public struct Row: Sendable {
    /// `case:C17`; the node itself without cases.
    public var name: String
    /// `merchant:M42`; several in a case of a group.
    public var members: [String]
    public var probability: Double
    /// Money and people at stake, times the probability; nil where it is not known.
    public var harm: Double?
    /// Why, in sentences.
    public var reasons: [String]
    public var state: String

    public init(
      name: String, members: [String], probability: Double, harm: Double? = nil, reasons: [String] = [],
      state: String = ""
    ) {
      self.name = name
      self.members = members
      self.probability = probability
      self.harm = harm
      self.reasons = reasons
      self.state = state
    }
  }

  /// The day's queue, or a plain ranking.
  public struct Queue: Sendable {
    /// `queue 12, as of 2026-06-01`
    public var title: String
    public var rows: [Row]
    /// What it says of itself.
    public var remarks: [String]
    /// How many there are in all; `rows` may be its top.
    public var count: Int
    /// How many cases are in which state, in the order in which they pass through it.
    public var states: [(name: String, count: Int)] = []
    /// What was decided lately.
    public var decisions: [(name: String, count: Int)] = []

    public init(title: String, rows: [Row], remarks: [String] = [], count: Int? = nil) {
      self.title = title
      self.rows = rows
      self.remarks = remarks
      self.count = count ?? rows.count
    }
  }

  public struct Group: Sendable {
    public var name: String
    public var members: [String]
    /// From 0 to 1.
    public var suspicion: Double?
    public var reasons: [String]
    /// An `<svg>` element of this program's own making.
    public var picture: String?

    public init(
      name: String, members: [String], suspicion: Double? = nil, reasons: [String] = [],
      picture: String? = nil
    ) {
      self.name = name
      self.members = members
      self.suspicion = suspicion
      self.reasons = reasons
      self.picture = picture
    }
  }

  public var store: String
  /// How to call the store on the command line, for the commands that are proposed.
  public var path: String
  public var madeAt: String
  public var asOf: String?
  public var snapshot: Int?
  public var nodes: [(type: String, count: Int)] = []
  public var edges: [(relation: String, count: Int)] = []
  public var queue: Queue?
  /// The highest scores of a model; shown where there is no queue.
  public var ranking: Queue?
  /// The most suspicious first.
  public var groups: [Group] = []
  public var groupRemark = ""
  public var models: [ModelWatch] = []
  /// The program's version.
  public var program = ""

  public init(store: String, path: String, madeAt: String) {
    self.store = store
    self.path = path
    self.madeAt = madeAt
  }

  /// The document. `earlier` is what the report before said of itself.
  public func page(since earlier: ReportSummary? = nil) throws -> Page {
    let when = asOf.map { "as of \($0)" } ?? "with all that is known"
    var page = Page(title: "Risk report: \(store)", subtitle: "Made \(madeAt), \(when).")
    page.tiles = tiles
    page.add(queueSection)
    page.add(groupSection)
    page.add(changeSection(since: earlier))
    page.add(modelSection)
    page.add(storeSection)
    page.footer =
      "Made by riskgraph \(program) from \(store)\(snapshot.map { ", snapshot \($0)" } ?? ""). Scores are estimates: "
      + "what is written here is a reason to look, not a verdict."
    page.hiddenJSON = try summary.json()
    return page
  }

  private var tiles: [Page.Tile] {
    var tiles: [Page.Tile] = []
    if let queue {
      tiles.append(
        .init(
          "Cases in the queue", count(queue.count), remark: queue.title, mood: queue.count > 0 ? .warn : .good
        ))
      let expected = queue.rows.map(\.probability).filter(\.isFinite).reduce(0, +)
      tiles.append(
        .init(
          "Expected to be risky", "about \(count(Int(expected.rounded())))",
          remark: "of the \(queue.rows.count) shown"))
      let harm = queue.rows.compactMap(\.harm).filter(\.isFinite).reduce(0, +)
      if harm > 0 { tiles.append(.init("Expected harm", number(harm), remark: "of those shown")) }
    } else if let ranking {
      tiles.append(.init("Scored", count(ranking.count), remark: ranking.title))
      let high = ranking.rows.count { $0.probability >= 0.5 }
      tiles.append(
        .init("At least 50 % likely risky", count(high), remark: "of the \(ranking.rows.count) shown"))
    }
    if !groups.isEmpty {
      let high = groups.count { ($0.suspicion ?? 0) >= 0.5 }
      tiles.append(
        .init(
          "Suspicious groups", count(high), remark: "of \(count(groups.count)) kept, suspicion 0.5 and more",
          mood: high > 0 ? .warn : .good))
    }
    if let worst = models.map(\.health.advice).max() {
      let words = ["keep": "fit", "look": "look", "retrain": "train again"]
      let due = models.filter { $0.health.advice == worst }.map(\.title)
      tiles.append(
        .init(
          models.count == 1 ? "The model" : "Models", words[worst.rawValue] ?? "",
          remark: due.prefix(3).joined(separator: ", "), mood: mood(of: worst)))
    }
    return tiles
  }

  func count(_ value: Int) -> String { Axis("").words(Double(value)) }
  func number(_ value: Double) -> String { Axis("").words(value) }

  func mood(of advice: ModelHealth.Advice) -> Page.Tile.Mood {
    switch advice {
    case .keep: .good
    case .look: .warn
    case .retrain: .bad
    }
  }
}
