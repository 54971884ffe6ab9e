import Compute
import Foundation

/// What the ties of actors add up to in each community.
struct TieSums {
  /// Pairs tied inside, their surprise in nats, and what of it actions gave.
  private(set) var pairs: [Int]
  private(set) var inside: [Double]
  private(set) var insideOfActions: [Double]
  /// The surprise of all ties of members, those inside counted twice.
  private(set) var total: [Double]
  /// Whether any tie of the graph is of things, and any of actions.
  private(set) var knowsThings = false
  private(set) var knowsActions = false

  init(_ ties: [ActorTie], _ partition: Partition) {
    pairs = [Int](repeating: 0, count: partition.communityCount)
    inside = [Double](repeating: 0, count: partition.communityCount)
    insideOfActions = inside
    total = inside
    for tie in ties {
      let (a, b) = (partition[Int(tie.a)], partition[Int(tie.b)])
      total[a] += tie.surprise
      total[b] += tie.surprise
      knowsThings = knowsThings || tie.surprise > tie.ofActions
      knowsActions = knowsActions || tie.ofActions > 0
      guard a == b else { continue }
      pairs[a] += 1
      inside[a] += tie.surprise
      insideOfActions[a] += tie.ofActions
    }
  }
}

extension SuspicionJudge {
  /// How much members both share and do together, and keep to themselves.
  ///
  /// An agency's clients share things, and buyers of one taste meet in one shop; only rings do much of both. So the
  /// lesser of the two counts, in nats, by orders of magnitude. It counts little where members have as much with others:
  /// the share that stays inside enters with its eighth power. Where a graph knows things alone, or actions alone, that counts.
  func together(
    _ community: Int, _ members: [UInt32], _ groupCount: Int, _ sums: TieSums
  ) -> SuspicionPart? {
    guard let ties, sums.total[community] > 0 else { return nil }
    let (inside, ofActions) = (sums.inside[community], sums.insideOfActions[community])
    let staying = 2 * inside / sums.total[community]
    let ofThings = inside - ofActions
    let lesser = sums.knowsThings && sums.knowsActions ? min(ofActions, ofThings) : inside
    let evidence = lesser * pow(staying, 8)
    let tied = sums.pairs[community]
    let expected = Double(members.count) * Double(members.count - 1) / 2 * exp(-ties.threshold)
    let (p, _) = SuspicionJudge.strength(
      logP: logPoissonTail(atLeast: tied, mean: max(expected, 1e-12)), groupCount: groupCount)
    return SuspicionPart(
      kind: .together, value: Double(tied), comparison: expected, pValue: p,
      strength: min(1, log10(1 + evidence) / 4),
      says:
        "\(grouped(tied)) pairs of members meet beyond chance, over things (\(digits(ofThings, 0)) nats) and "
        + "in what they do within days (\(digits(ofActions, 0)) nats); \(digits(100 * staying, 0)) % of it stays among "
        + "them. Pairs by chance: \(digits(expected, 2))")
  }
}
