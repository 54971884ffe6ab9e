import CKernels
import Compute

/// y = (x − mean) / √(variance + ε) · gain + shift, each row by itself. Ba, Kiros, Hinton, 2016.
///
/// Backwards, with u the normalized row and g = ∂y · gain: ∂x = (g − mean(g) − u · mean(g · u)) / deviation.
public final class LayerNorm: Layer {
  public let gain: Parameter
  public let shift: Parameter
  private var input = Panel()
  private let output = Panel()
  private let inputGradient = Panel()
  private let means = Panel()
  private let inverses = Panel()

  public init(_ name: String, width: Int) {
    gain = .shifts("\(name).gain", width, at: 1)
    shift = .shifts("\(name).shift", width)
  }

  public var parameters: [Parameter] { [gain, shift] }

  public func forward(_ input: Panel, _ pass: Pass) -> Panel {
    self.input = input
    let width = input.columns
    output.reshape(rows: input.rows, columns: width)
    means.reshape(rows: input.rows, columns: 1)
    inverses.reshape(rows: input.rows, columns: 1)
    nonisolated(unsafe) let (from, to) = (input.start, output.start)
    nonisolated(unsafe) let (means, inverses) = (means.start, inverses.start)
    nonisolated(unsafe) let (gain, shift) = (gain.value.start, shift.value.start)
    pass.parallel.forEach(rows: input.rows, atLeast: 256) { range in
      let first = range.lowerBound
      rg_normalize_rows(
        range.count, width, from + first * width, width, gain, shift, 1e-5, to + first * width, width,
        means + first, inverses + first)
    }
    return output
  }

  public func backward(_ gradient: Panel, _ pass: Pass, wantsInput: Bool) -> Panel {
    let width = input.columns
    inputGradient.reshape(rows: input.rows, columns: width)
    nonisolated(unsafe) let (from, back, to) = (input.start, gradient.start, inputGradient.start)
    nonisolated(unsafe) let (means, inverses, gain) = (means.start, inverses.start, gain.value.start)
    let parts = pass.parallel.map(rows: input.rows, atLeast: 1024) { range in
      let first = range.lowerBound
      var sums = [Float](repeating: 0, count: 2 * width)
      sums.withUnsafeMutableBufferPointer { sums in
        rg_normalize_rows_back(
          range.count, width, back + first * width, width, from + first * width, width, gain, means + first,
          inverses + first, to + first * width, width, sums.baseAddress!, sums.baseAddress! + width)
      }
      return sums
    }
    for part in parts {
      for column in 0..<width {
        self.gain.gradient.start[column] += part[column]
        shift.gradient.start[column] += part[width + column]
      }
    }
    return inputGradient
  }
}
