import CKernels
import Compute

/// The input through C + 1 band-pass filters of the graph's spectrum, side by side: made for anomalies, which put
/// energy into high frequencies.
///
/// Filter p is β_p(L) = (L/2)^p · (1 − L/2)^(C−p) / (2 B(p+1, C−p+1)) with L = 1 − Â. With L/2 = (1 − Â)/2 each filter
/// is a polynomial in Â, so the powers Âᵏ · x are computed once and mixed: yₚ = Σₖ cₚₖ Âᵏ x. Backwards by Horner's rule
/// from the highest power: r ← Âᵀ · r + Σₚ cₚₖ ∂yₚ. No parameters.
///
/// Tang, Li, Gao, Li: Rethinking graph neural networks for anomaly detection (2022).
public final class BetaWavelet: Layer {
  public let order: Int
  /// `coefficients[p][k]`: what filter p takes of the k-th power.
  let coefficients: [[Float]]
  private var powers: [Panel]
  private let output = Panel()
  private let sums = [Panel(), Panel()]
  private var powersOf: Panel?

  public init(order: Int = 2) {
    precondition(order >= 1, "a wavelet of order 1 at least")
    self.order = order
    coefficients = BetaWavelet.coefficients(order: order)
    powers = (0..<order).map { _ in Panel() }
  }

  public var parameters: [Parameter] { [] }

  public func forward(_ input: Panel, _ pass: Pass) -> Panel {
    let graph = pass.graph(at: 0).forward[0]
    precondition(graph.rows == graph.columns, "the wavelets need the whole graph")
    let width = input.columns
    if !pass.isInputConstant || powersOf !== input {
      var last = input
      for power in powers {
        power.reshape(rows: input.rows, columns: width)
        graph.multiply(last.reading, width: width, into: power.writing, parallel: pass.parallel)
        last = power
      }
      powersOf = pass.isInputConstant ? input : nil
    }
    output.reshape(rows: input.rows, columns: width * (order + 1))
    nonisolated(unsafe) let sources = [input.start] + powers.map(\.start)
    nonisolated(unsafe) let to = output.start
    pass.parallel.forEach(rows: input.rows, atLeast: 128) { range in
      for row in range {
        for filter in 0...order {
          let result = to + (row * (order + 1) + filter) * width
          for column in 0..<width { result[column] = 0 }
          for power in 0...order {
            let factor = coefficients[filter][power]
            let source = sources[power] + row * width
            for column in 0..<width { result[column] += factor * source[column] }
          }
        }
      }
    }
    return output
  }

  public func backward(_ gradient: Panel, _ pass: Pass, wantsInput: Bool) -> Panel {
    guard wantsInput else { return gradient }
    let transposed = pass.graph(at: 0).backward[0]
    let width = gradient.columns / (order + 1)
    for sum in sums { sum.reshape(rows: gradient.rows, columns: width) }
    var current = 0
    sums[0].clear()
    for power in (0...order).reversed() {
      if power < order {
        transposed.multiply(
          sums[current].reading, width: width, into: sums[1 - current].writing, parallel: pass.parallel)
        current = 1 - current
      }
      nonisolated(unsafe) let (from, to) = (gradient.start, sums[current].start)
      pass.parallel.forEach(rows: gradient.rows, atLeast: 128) { range in
        for row in range {
          for filter in 0...order {
            let factor = coefficients[filter][power]
            let source = from + (row * (order + 1) + filter) * width
            for column in 0..<width { to[row * width + column] += factor * source[column] }
          }
        }
      }
    }
    return sums[current]
  }

  /// (1 − a)^p (1 + a)^(C−p) / 2^C, multiplied out, over 2 B(p+1, C−p+1) = 2 p! (C−p)! / (C+1)!
  static func coefficients(order: Int) -> [[Float]] {
    func factorial(_ n: Int) -> Double { (1...max(1, n)).reduce(1.0) { $0 * Double($1) } }
    return (0...order).map { p in
      var polynomial = [1.0]
      for factor in 0..<order {
        let sign = factor < p ? -1.0 : 1.0
        var next = [Double](repeating: 0, count: polynomial.count + 1)
        for (power, value) in polynomial.enumerated() {
          next[power] += value
          next[power + 1] += sign * value
        }
        polynomial = next
      }
      let beta = factorial(p) * factorial(order - p) / factorial(order + 1)
      let scale = 1 / (2 * beta * Double(1 << order))
      return polynomial.map { Float($0 * scale) }
    }
  }
}
