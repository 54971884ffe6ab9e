// Do two samples come from one distribution? The test of Kolmogorov and Smirnov.
//
// D is the largest distance between the two empirical distributions. If nothing had changed, every order of the joined
// samples would be as likely as another. An order is a path through a grid from one corner to the other, and D stays small
// where the path stays near the diagonal: counting such paths gives the p-value exactly. For large samples Kolmogorov's
// limit serves, with Stephens' correction of the size. Ties make both cautious: the p-value is then too large, never too small.
//
// Hodges: The significance probability of the Smirnov two-sample test (1958);
// Stephens: Use of the Kolmogorov-Smirnov, Cramér-von Mises and related statistics without extensive tables (1970).

/// The largest distance between two distributions, and how probable a distance at least so large is by chance.
///
///     let test = KolmogorovSmirnov(then, now)
///     test.distance, test.pValue        // 0.18, 0.0003
public struct KolmogorovSmirnov: Sendable, Equatable {
  public let distance: Double
  public let pValue: Double

  /// Missing values (NaN) are left out. An empty sample differs from nothing: distance 0, p 1. Costs two sorts.
  public init(_ a: some Sequence<Double>, _ b: some Sequence<Double>) {
    let a = a.filter { !$0.isNaN }.sorted()
    let b = b.filter { !$0.isNaN }.sorted()
    var (i, j, most) = (0, 0, 0.0)
    while i < a.count, j < b.count {
      let value = min(a[i], b[j])
      while i < a.count, a[i] == value { i += 1 }
      while j < b.count, b[j] == value { j += 1 }
      most = max(most, abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)))
    }
    self.init(distance: most, a.count, b.count)
  }

  /// Of a distance between samples of known sizes.
  init(distance: Double, _ n: Int, _ m: Int) {
    self.distance = distance
    if n == 0 || m == 0 || distance <= 0 {
      pValue = 1
    } else if n * m <= 250_000 {
      pValue = KolmogorovSmirnov.exactTail(distance, min(n, m), max(n, m))
    } else {
      let size = (Double(n) / Double(n + m) * Double(m)).squareRoot()
      pValue = kolmogorovTail((size + 0.12 + 0.11 / size) * distance)
    }
  }

  /// Walks the grid row by row; each cell holds the chance that a random path reaches it without having left the strip.
  private static func exactTail(_ distance: Double, _ n: Int, _ m: Int) -> Double {
    let (width, height) = (Double(m), Double(n))
    // A path is outside where it is as far from the diagonal as what was observed, rounding aside.
    let limit = distance - 0.5 / (width * height)
    var inside = (0...m).map { Double($0) / width < limit ? 1.0 : 0.0 }
    if let first = inside.firstIndex(of: 0) { for place in first...m { inside[place] = 0 } }
    for row in 1...n {
      let share = Double(row) / Double(row + m)
      inside[0] = Double(row) / height < limit ? share * inside[0] : 0
      for column in 1...m {
        let isInside = abs(Double(row) / height - Double(column) / width) < limit
        inside[column] = isInside ? share * inside[column] + inside[column - 1] : 0
      }
    }
    return min(1, max(0, 1 - inside[m]))
  }
}
