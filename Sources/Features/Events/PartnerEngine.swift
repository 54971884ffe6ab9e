import Compute
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
  private let ofPartner: VerdictHistory
  private let ofPair: VerdictHistory
  private let pairs: [UInt64: UInt32]
  private let rate: TableRate

  /// Needs: features of one end and one partner of `table`, and the table's own verdicts.
  public init(
    table: EventTable, verdicts: EventTable, features: [PartnerFeature]
  ) throws(EventFeatureError) {
    precondition(!features.isEmpty, "no features to compute")
    self.table = table
    self.features = features
    end = try table.end(for: .end(features[0].end))
    partner = try table.end(for: .end(features[0].partner))
    let label = verdicts.numbers.first { $0.name == EventTable.labelColumn }!.values
    ofPartner = VerdictHistory(verdicts, end: try verdicts.end(for: .end(partner.name)), label: label)
    let pair = try verdicts.end(for: .pair(end.name, partner.name))
    ofPair = VerdictHistory(verdicts, end: pair, label: label)
    var pairs: [UInt64: UInt32] = [:]
    for row in 0..<table.rowCount where pair.nodes[row] != EventTable.End.nobody {
      pairs[code(end.nodes[row], partner.nodes[row])] = pair.nodes[row]
    }
    self.pairs = pairs
    rate = TableRate(times: verdicts.times, values: label)
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
    var company = Company(prior: rate.rate(before: asOf))
    guard node != EventTable.End.nobody, Int(node) < end.nodeCount else { return company }
    let past = table.places(of: node, at: end, before: asOf)
    let own = examples.rows.flatMap { rows -> UInt32? in
      rows[example] == EventTable.End.nobody ? nil : partner.nodes[Int(rows[example])]
    }
    var met: [UInt32] = []
    for place in past.suffix(PartnerFeature.events).reversed() {
      let other = partner.nodes[Int(end.rows[place])]
      guard other != EventTable.End.nobody, other != own, !met.contains(other) else { continue }
      met.append(other)
      var (known, bad) = ofPartner.verdicts(on: other, before: asOf)
      if let pair = pairs[code(node, other)] {
        let together = ofPair.verdicts(on: pair, before: asOf)
        known -= together.known
        bad -= together.bad
      }
      company.add(known: known, bad: bad, isLast: place == past.upperBound - 1)
    }
    return company
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

    init(prior: Double) { self.prior = prior }

    mutating func add(known: Double, bad: Double, isLast: Bool) {
      let rate = (bad + 10 * prior) / (known + 10)
      partners += 1
      rates += rate
      greatest = max(greatest, rate)
      if isLast { last = rate }
      if bad > 0.5 { badPartners += 1 }
      self.known += known
      self.bad += bad
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
