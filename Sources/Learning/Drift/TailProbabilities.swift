// How improbable a test's figure is where nothing has changed: tails of three distributions.

import Foundation

/// The chance that a chi-squared variable with `degrees` degrees of freedom is at least `value`.
///
///     chiSquaredTail(3.841, degrees: 1)      // 0.0500
///
/// The regularized upper gamma function: a power series below the mean, a continued fraction above it.
/// Abramowitz & Stegun: Handbook of mathematical functions (1964), 6.5.29 and 6.5.31.
func chiSquaredTail(_ value: Double, degrees: Int) -> Double {
  guard degrees > 0, value > 0 else { return 1 }
  guard value.isFinite else { return 0 }
  let (a, x) = (Double(degrees) / 2, value / 2)
  let front = exp(a * log(x) - x - lgamma(a))
  if x < a + 1 {
    var (term, sum, n) = (1 / a, 1 / a, a)
    while term > sum * 1e-16 {
      n += 1
      term *= x / n
      sum += term
    }
    return max(0, 1 - front * sum)
  }
  // Lentz's way to evaluate the fraction from its front.
  let tiny = 1e-300
  var b = x + 1 - a
  var c = 1 / tiny
  var d = 1 / b
  var fraction = d
  for step in 1...10_000 {
    let numerator = -Double(step) * (Double(step) - a)
    b += 2
    d = numerator * d + b
    if abs(d) < tiny { d = tiny }
    c = b + numerator / c
    if abs(c) < tiny { c = tiny }
    d = 1 / d
    fraction *= d * c
    if abs(d * c - 1) < 1e-15 { break }
  }
  return min(1, front * fraction)
}

/// The chance that the largest distance between two empirical distributions, scaled by the root of their size, is at
/// least `value`, for large samples. Kolmogorov's series; for small values its theta-function twin, which converges there.
func kolmogorovTail(_ value: Double) -> Double {
  guard value > 0 else { return 1 }
  var sum = 0.0
  if value < 1 {
    let base = -Double.pi * Double.pi / (8 * value * value)
    for k in 1...20 {
      let odd = Double(2 * k - 1)
      sum += exp(base * odd * odd)
    }
    return max(0, 1 - (2 * Double.pi).squareRoot() / value * sum)
  }
  for k in 1...20 {
    let term = exp(-2 * Double(k * k) * value * value)
    sum += k % 2 == 1 ? term : -term
  }
  return min(1, max(0, 2 * sum))
}

/// The chance that a standard normal variable lies at least so far from 0, on either side.
func normalTwoSidedTail(_ value: Double) -> Double { erfc(abs(value) / 2.0.squareRoot()) }
