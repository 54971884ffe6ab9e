import Compute
import Graph

/// The rows of a weighted graph with whole-number weights, without self-loops and without edges of no weight.
///
/// Weights that are whole numbers (or become so by a power of two) and fit 32 bits together stay exact. Others are
/// scaled by a power of two so that all together fit 50 bits: then doubles hold every sum exactly, and an edge loses
/// at most its last bits.
struct WholeRows: Sendable {
  let width: Width
  let scale: Double
  let offsets: Room<UInt64>
  let targets: Room<UInt32>
  let weights: Sums
  /// Each node's weights together, self-loops twice.
  let degrees: Sums

  init(_ csr: CSR, parallel: Parallel) throws(CommunityError) {
    let count = csr.rowCount
    let survey = try WholeRows.survey(csr, parallel)
    var scale = 1.0
    while scale < 1024, !survey.isWhole(scale) { scale *= 2 }
    let isNarrow = survey.isWhole(scale) && survey.total * scale * 2 < 0x1p32
    if !isNarrow {
      scale = 1
      while survey.total * scale < 0x1p49, scale < 0x1p60 { scale *= 2 }
      while survey.total * scale > 0x1p50 { scale /= 2 }
    }
    let width = isNarrow ? Width.narrow : .wide
    let offsets = Room<UInt64>(count + 1)
    let targets = Room<UInt32>(csr.entryCount)
    let weights = Sums(csr.entryCount, width)
    let degrees = Sums(count, width)
    self.width = width
    self.scale = scale
    self.offsets = offsets
    self.targets = targets
    self.weights = weights
    self.degrees = degrees

    func keeps(_ entry: Int, _ row: Int) -> Bool {
      csr.targets.pointer[entry] != UInt32(truncatingIfNeeded: row) && csr.weights?.pointer[entry] != 0
    }
    parallel.forEach(rows: count) { rows in
      for row in rows {
        var kept: UInt64 = 0
        for entry in csr.row(row) where keeps(entry, row) { kept &+= 1 }
        offsets.start[row + 1] = kept
      }
    }
    for row in 0..<count { offsets.start[row + 1] += offsets.start[row] }
    let factor = scale
    parallel.forEach(rows: count) { rows in
      for row in rows {
        var place = Int(offsets.start[row])
        var degree: UInt64 = 0
        for entry in csr.row(row) {
          let weight = csr.weights.map { UInt64(max(1, (Double($0.pointer[entry]) * factor).rounded())) } ?? 1
          if csr.targets.pointer[entry] == UInt32(truncatingIfNeeded: row) {
            if csr.weights?.pointer[entry] != 0 { degree &+= 2 &* weight }
          } else if csr.weights?.pointer[entry] != 0 {
            targets.start[place] = csr.targets.pointer[entry]
            weights[place] = weight
            degree &+= weight
            place += 1
          }
        }
        degrees[row] = degree
      }
    }
  }

  /// All weights together, the largest of them, and for each power of two whether it makes them whole.
  private struct Survey {
    var total = 0.0
    var wholeFrom = 0

    func isWhole(_ scale: Double) -> Bool { scale >= Double(1 << wholeFrom) && wholeFrom <= 10 }
  }

  private static func survey(_ csr: CSR, _ parallel: Parallel) throws(CommunityError) -> Survey {
    guard let weights = csr.weights else { return Survey(total: 2 * Double(csr.entryCount), wholeFrom: 0) }
    let parts = parallel.map(rows: csr.rowCount) { rows -> (Survey, CommunityError?) in
      var survey = Survey()
      for row in rows {
        for entry in csr.row(row) {
          let weight = weights.pointer[entry]
          guard weight >= 0, weight.isFinite else {
            let neighbour = Int(csr.targets.pointer[entry])
            return (survey, .badWeight(row: row, neighbour: neighbour, weight: weight))
          }
          survey.total += 2 * Double(weight)
          while survey.wholeFrom <= 10,
            (weight * Float(1 << survey.wholeFrom)).rounded() != weight * Float(1 << survey.wholeFrom)
          {
            survey.wholeFrom += 1
          }
        }
      }
      return (survey, nil)
    }
    var whole = Survey()
    for (part, error) in parts {
      if let error { throw error }
      whole.total += part.total
      whole.wholeFrom = max(whole.wholeFrom, part.wholeFrom)
    }
    return whole
  }
}
