import Compute
import Foundation
import Graph

/// Computes partner features: for each example a walk over its node's last events, and for each partner two look-ups
/// in the order of time (its verdicts by then, and those it shares with the node).
///
/// Examples are independent, so blocks of them go to the cores.
public struct PartnerEngine: Sendable {
  public let features: [PartnerFeature]
  private let table: EventTable
  private let end: EventTable.End
  private let partner: EventTable.End
  private let judged: Judged?
  /// For each place in the partner's rows, how many different nodes it had met before. Empty where nobody asks.
  private let others: Buffer<Int32>

  /// The verdicts on partners, and on what they did together with the node itself.
  private struct Judged {
    let ofPartner: VerdictHistory
    let ofPair: VerdictHistory
    let ofNode: VerdictHistory
    let pairs: [UInt64: UInt32]
    let rate: TableRate
  }

  /// Needs: features of one end and one partner of `table`, and the table's own verdicts where a feature asks for them.
  public init(
    table: EventTable, verdicts: EventTable?, features: [PartnerFeature]
  ) throws(EventFeatureError) {
    precondition(!features.isEmpty, "no features to compute")
    self.table = table
    self.features = features
    end = try table.end(for: .end(features[0].end))
    partner = try table.end(for: .end(features[0].partner))
    let asksForOthers = features.contains { [.meanOthers, .greatestOthers].contains($0.statistic) }
    others = asksForOthers ? distinctPartners(end, along: partner) : []
    guard features.contains(where: \.statistic.needsVerdicts) else {
      judged = nil
      return
    }
    guard let verdicts else {
      throw .unknownTable(table: table.name + " verdicts", known: [table.name])
    }
    let label = verdicts.numbers.first { $0.name == EventTable.labelColumn }!.values
    let pair = try verdicts.end(for: .pair(end.name, partner.name))
    var pairs: [UInt64: UInt32] = [:]
    for row in 0..<table.rowCount where pair.nodes[row] != EventTable.End.nobody {
      pairs[code(end.nodes[row], partner.nodes[row])] = pair.nodes[row]
    }
    judged = Judged(
      ofPartner: VerdictHistory(verdicts, end: try verdicts.end(for: .end(partner.name)), label: label),
      ofPair: VerdictHistory(verdicts, end: pair, label: label),
      ofNode: VerdictHistory(verdicts, end: try verdicts.end(for: .end(end.name)), label: label),
      pairs: pairs,
      rate: TableRate(times: verdicts.times, values: label))
  }

  public func columns(for examples: EventExamples, parallel: Parallel = .machine) -> Matrix {
    var result = Matrix(rows: examples.count, columns: features.count, columnNames: features.map(\.name))
    let width = features.count
    result.withUnsafeMutableBufferPointer { cells in
      parallel.forEach(rows: examples.count, atLeast: 256) { block in
        for example in block {
          let company = company(of: example, examples)
          for (column, feature) in features.enumerated() {
            cells[example * width + column] = company.answer(feature.statistic)
          }
        }
      }
    }
    return result
  }

  private func company(of example: Int, _ examples: EventExamples) -> Company {
    let node = examples.nodes[example]
    let asOf = examples.asOf[example]
    guard node != EventTable.End.nobody, Int(node) < end.nodeCount else {
      return Company(prior: judged?.rate.rate(before: asOf) ?? .nan)
    }
    var company = Company(prior: prior(for: node, before: asOf))
    let past = table.places(of: node, at: end, before: asOf)
    let own = examples.rows.flatMap { rows -> UInt32? in
      rows[example] == EventTable.End.nobody ? nil : partner.nodes[Int(rows[example])]
    }
    var met: [UInt32] = []
    for place in past.suffix(PartnerFeature.events).reversed() {
      let other = partner.nodes[Int(end.rows[place])]
      guard other != EventTable.End.nobody, other != own, !met.contains(other) else { continue }
      met.append(other)
      company.partners += 1
      if let judged {
        var (known, bad) = judged.ofPartner.verdicts(on: other, before: asOf)
        if let pair = judged.pairs[code(node, other)] {
          let together = judged.ofPair.verdicts(on: pair, before: asOf)
          known -= together.known
          bad -= together.bad
        }
        company.add(known: known, bad: bad, isLast: place == past.upperBound - 1)
      }
      let theirs = table.places(of: other, at: partner, before: asOf)
      // The node itself is one of those the partner has met.
      company.add(
        volume: log1p(Double(theirs.count)),
        age: Double(asOf - table.times[Int(partner.rows[theirs.lowerBound])]),
        others: others.isEmpty ? 0 : Double(others[theirs.upperBound - 1] - 1))
    }
    return company
  }

  /// The rate of bad among the verdicts on all others by then: not even in it does a node get its own back.
  private func prior(for node: UInt32, before asOf: Int64) -> Double {
    guard let judged else { return .nan }
    let own = judged.ofNode.verdicts(on: node, before: asOf)
    return judged.rate.rate(before: asOf, withoutBad: own.bad, ofKnown: own.known)
  }

  /// What was found on the partners of one example.
  private struct Company {
    let prior: Double
    var partners = 0.0
    var rates = 0.0
    var greatest = -Double.infinity
    var last = Double.nan
    var badPartners = 0.0
    var known = 0.0
    var bad = 0.0
    var volumes = 0.0
    var greatestVolume = -Double.infinity
    var ages = 0.0
    var leastAge = Double.infinity
    var others = 0.0
    var greatestOthers = -Double.infinity

    init(prior: Double) { self.prior = prior }

    mutating func add(known: Double, bad: Double, isLast: Bool) {
      let rate = (bad + 10 * prior) / (known + 10)
      rates += rate
      greatest = max(greatest, rate)
      if isLast { last = rate }
      if bad > 0.5 { badPartners += 1 }
      self.known += known
      self.bad += bad
    }

    mutating func add(volume: Double, age: Double, others: Double) {
      volumes += volume
      greatestVolume = max(greatestVolume, volume)
      ages += age
      leastAge = min(leastAge, age)
      self.others += others
      greatestOthers = max(greatestOthers, others)
    }

    func answer(_ statistic: PartnerFeature.Statistic) -> Float {
      switch statistic {
      case .meanRate: partners > 0 ? Float(rates / partners) : .nan
      case .greatestRate: partners > 0 ? Float(greatest) : .nan
      case .lastRate: Float(last)
      case .badPartners: Float(badPartners)
      case .shareOfBadPartners: partners > 0 ? Float(badPartners / partners) : .nan
      case .pooledRate: Float((bad + 10 * prior) / (known + 10))
      case .partners: Float(partners)
      case .meanVolume: partners > 0 ? Float(volumes / partners) : .nan
      case .greatestVolume: partners > 0 ? Float(greatestVolume) : .nan
      case .meanAge: partners > 0 ? Float(ages / partners) : .nan
      case .leastAge: partners > 0 ? Float(leastAge) : .nan
      case .meanOthers: partners > 0 ? Float(others / partners) : .nan
      case .greatestOthers: partners > 0 ? Float(greatestOthers) : .nan
      }
    }
  }
}

/// Along each partner's rows, how many different nodes of `end` there were up to and with each.
private func distinctPartners(_ end: EventTable.End, along partner: EventTable.End) -> Buffer<Int32> {
  Buffer<Int32>(count: partner.rows.count) { counts in
    var lastSeenBy = [UInt32](repeating: .max, count: end.nodeCount)
    for node in 0..<partner.nodeCount {
      var distinct: Int32 = 0
      for place in Int(partner.offsets[node])..<Int(partner.offsets[node + 1]) {
        let other = end.nodes[Int(partner.rows[place])]
        if other != EventTable.End.nobody, lastSeenBy[Int(other)] != UInt32(node) {
          lastSeenBy[Int(other)] = UInt32(node)
          distinct += 1
        }
        counts[place] = distinct
      }
    }
  }
}

private func code(_ a: UInt32, _ b: UInt32) -> UInt64 { UInt64(a) << 32 | UInt64(b) }

/// How many verdicts were known on each node of an end before an instant, and how many of them bad.
private struct VerdictHistory: Sendable {
  let verdicts: EventTable
  let end: EventTable.End
  /// Running sums of labels along `end.rows`.
  let sums: Buffer<Double>

  init(_ verdicts: EventTable, end: EventTable.End, label: Buffer<Float>) {
    self.verdicts = verdicts
    self.end = end
    sums = Buffer<Double>(count: end.rows.count + 1) { sums in
      sums[0] = 0
      for place in 0..<end.rows.count {
        let value = label[Int(end.rows[place])]
        sums[place + 1] = sums[place] + (value == value ? Double(value) : 0)
      }
    }
  }

  func verdicts(on node: UInt32, before instant: Int64) -> (known: Double, bad: Double) {
    let past = verdicts.places(of: node, at: end, before: instant)
    return (Double(past.count), sums[past.upperBound] - sums[past.lowerBound])
  }
}
