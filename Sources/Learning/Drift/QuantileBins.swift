import Compute

/// A distribution in a few numbers: cuts at its quantiles, and how many values lie between them.
///
///     let bins = QuantileBins(ages, count: 20)
///     bins.counts(of: agesNow)        // how many lie where, by the same cuts
///
/// Bin k holds the values above cut k - 1 and up to cut k; the last has no upper cut. Values that are missing are counted apart.
public struct QuantileBins: Sendable, Equatable, Codable {
  /// Rising.
  public let cuts: [Float]
  /// One more than there are cuts.
  public let counts: [Int]
  public let missing: Int

  public var count: Int { counts.reduce(missing, +) }

  /// About `count` bins of equal content; fewer where many values are the same. Costs a sort.
  public init(_ values: some Sequence<Float>, count: Int = 20) {
    var missing = 0
    let sorted = values.filter { value in
      if value.isNaN { missing += 1 }
      return !value.isNaN
    }.sorted()
    var cuts: [Float] = []
    if let least = sorted.first, let most = sorted.last {
      let count = max(2, count)
      for step in 1..<count {
        let rank = (step * sorted.count + count - 1) / count
        let cut = sorted[max(0, rank - 1)]
        if cut < most, cuts.last.map({ $0 < cut }) ?? true { cuts.append(cut) }
      }
      // A column that never changed: any other value lies beside it.
      if least == most { cuts = [least.nextDown, least] }
      // What had one value nearly always and others above it: those are a bin of their own.
      if cuts.isEmpty { cuts = [sorted[sorted.indices.partitionPoint { sorted[$0] < most } - 1]] }
    }
    self.cuts = cuts
    self.missing = missing
    counts = QuantileBins.counts(sorted, cuts)
  }

  /// How many of the values lie in each bin, and how many are missing. A binary search a value.
  public func counts(of values: some Sequence<Float>) -> (counts: [Int], missing: Int) {
    var missing = 0
    let present = values.filter { value in
      if value.isNaN { missing += 1 }
      return !value.isNaN
    }
    return (QuantileBins.counts(present, cuts), missing)
  }

  private static func counts(_ values: [Float], _ cuts: [Float]) -> [Int] {
    var counts = [Int](repeating: 0, count: cuts.count + 1)
    for value in values { counts[cuts.indices.partitionPoint { cuts[$0] < value }] += 1 }
    return counts
  }
}
