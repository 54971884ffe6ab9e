/// The range of shares that a count leaves open at 95 %; right also near 0 and 1 and for few cases.
///
/// Wilson: Probable inference, the law of succession, and statistical inference (1927).
public func wilsonInterval(share: Double, of count: Int) -> ClosedRange<Double> {
  guard count > 0, share.isFinite else { return 0...1 }
  let (n, z) = (Double(count), 1.959_963_985)
  let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
  let half = z / (1 + z * z / n) * (max(0, share * (1 - share)) / n + z * z / (4 * n * n)).squareRoot()
  return max(0, centre - half)...min(1, max(0, centre + half))
}
