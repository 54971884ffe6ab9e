/// One column about the company a node keeps: what was known by then of those it dealt with lately.
///
/// Partners are the different nodes at another end of the node's last twenty events, without the one in the event that
/// is asked about. Verdicts on what a partner did together with the node itself are left out, or a node would get its
/// own labels back.
public struct PartnerFeature: Sendable, Hashable, Codable {
  public enum Statistic: String, Sendable, Hashable, Codable, CaseIterable {
    /// Over the partners, of each one's smoothed rate of bad verdicts.
    case meanRate, greatestRate
    /// The rate of the partner in the last event.
    case lastRate
    case badPartners, shareOfBadPartners
    /// All partners' verdicts in one rate.
    case pooledRate
    case partners
    /// Over the partners, of the logarithm of each one's events by then.
    case meanVolume, greatestVolume
    /// Over the partners, of the seconds since each one's first event.
    case meanAge, leastAge
    /// Over the partners, of how many others each has dealt with.
    case meanOthers, greatestOthers

    /// Whether it asks for verdicts on the partners.
    public var needsVerdicts: Bool {
      switch self {
      case .meanRate, .greatestRate, .lastRate, .badPartners, .shareOfBadPartners, .pooledRate: true
      case .partners, .meanVolume, .greatestVolume, .meanAge, .leastAge, .meanOthers, .greatestOthers: false
      }
    }
  }

  public var table: String
  public var end: String
  public var partner: String
  public var statistic: Statistic

  public init(table: String, end: String, partner: String, statistic: Statistic) {
    self.table = table
    self.end = end
    self.partner = partner
    self.statistic = statistic
  }

  /// How many of the last events count.
  public static let events = 20

  public var name: String { "\(table) by \(end): \(words)" }

  public var sentence: String {
    "Of the \(partner) in the last \(Self.events) of \(table) of this \(end): \(words)"
      + (statistic.needsVerdicts ? ", by verdicts known then on what they did with others." : ".")
  }

  private var words: String {
    switch statistic {
    case .meanRate: "mean rate of bad verdicts on \(partner)"
    case .greatestRate: "greatest rate of bad verdicts on a \(partner)"
    case .lastRate: "rate of bad verdicts on the last \(partner)"
    case .badPartners: "number of \(partner) with a bad verdict"
    case .shareOfBadPartners: "share of \(partner) with a bad verdict"
    case .pooledRate: "rate of bad verdicts on all \(partner) together"
    case .partners: "different \(partner) lately"
    case .meanVolume: "mean logarithm of a \(partner)'s events"
    case .greatestVolume: "greatest logarithm of a \(partner)'s events"
    case .meanAge: "mean seconds since a \(partner)'s first event"
    case .leastAge: "seconds since the newest \(partner)'s first event"
    case .meanOthers: "mean number of other \(end) of a \(partner)"
    case .greatestOthers: "greatest number of other \(end) of a \(partner)"
    }
  }
}

extension PartnerFeature {
  /// A scalar expression in DuckDB's SQL over one example `x`, as in `EventFeature+SQL.swift`. `verdicts` is the
  /// table of verdicts, with the columns of the events' and `label`; it needs none where the statistic does not.
  public func sql(verdicts: String) -> String {
    let own = "(SELECT o.\(quoted(partner)) FROM \(quoted(table)) o WHERE o.row = x.row)"
    let lately =
      "(SELECT e.\(quoted(partner)) AS p, e.seen, e.row FROM \(quoted(table)) e "
      + "WHERE e.\(quoted(end)) = x.node AND e.seen < x.as_of ORDER BY e.seen DESC, e.row DESC LIMIT \(Self.events))"
    let partners =
      "(SELECT DISTINCT l.p FROM \(lately) l WHERE l.p IS NOT NULL AND l.p IS DISTINCT FROM \(own))"
    if statistic == .partners { return "(SELECT count(*) FROM \(partners) q)" }
    if !statistic.needsVerdicts { return company(of: partners) }
    let prior =
      "(SELECT (coalesce(sum(a.label), 0) + 1) / (count(*) + 20) FROM \(quoted(verdicts)) a WHERE a.seen < x.as_of "
      + "AND (x.node IS NULL OR a.\(quoted(end)) IS DISTINCT FROM x.node))"
    let judged =
      "(SELECT q.p, coalesce(sum(v.label), 0) AS bad, count(v.label) AS known FROM \(partners) q "
      + "LEFT JOIN \(quoted(verdicts)) v ON v.\(quoted(partner)) = q.p AND v.seen < x.as_of "
      + "AND v.\(quoted(end)) IS DISTINCT FROM x.node GROUP BY q.p)"
    let rate = "((j.bad + 10 * \(prior)) / (j.known + 10))"
    switch statistic {
    case .meanRate: return "(SELECT avg(\(rate)) FROM \(judged) j)"
    case .greatestRate: return "(SELECT max(\(rate)) FROM \(judged) j)"
    case .lastRate:
      let last = "(SELECT l.p FROM \(lately) l ORDER BY l.seen DESC, l.row DESC LIMIT 1)"
      return "(SELECT \(rate) FROM \(judged) j WHERE j.p = \(last))"
    case .badPartners: return "(SELECT count(*) FROM \(judged) j WHERE j.bad > 0.5)"
    case .shareOfBadPartners:
      return "(SELECT avg(CASE WHEN j.bad > 0.5 THEN 1.0 ELSE 0.0 END) FROM \(judged) j)"
    case .pooledRate:
      return
        "(SELECT (coalesce(sum(j.bad), 0) + 10 * \(prior)) / (coalesce(sum(j.known), 0) + 10) FROM \(judged) j)"
    default: return ""
    }
  }

  /// What the partners' own events say, whoever took part in them.
  private func company(of partners: String) -> String {
    let each =
      "(SELECT q.p, ln(1 + count(*)) AS volume, x.as_of - min(e.seen) AS age, "
      + "count(DISTINCT e.\(quoted(end))) FILTER (e.\(quoted(end)) IS DISTINCT FROM x.node) AS others "
      + "FROM \(partners) q JOIN \(quoted(table)) e ON e.\(quoted(partner)) = q.p AND e.seen < x.as_of GROUP BY q.p)"
    let answer =
      switch statistic {
      case .meanVolume: "avg(c.volume)"
      case .greatestVolume: "max(c.volume)"
      case .meanAge: "avg(c.age)"
      case .leastAge: "min(c.age)"
      case .meanOthers: "avg(c.others)"
      default: "max(c.others)"
      }
    return "(SELECT \(answer) FROM \(each) c)"
  }
}
