import CKernels
import Compute

/// y = x · W + b
///
/// Backwards: ∂W = xᵀ · ∂y, ∂b = the sum of ∂y's rows, ∂x = ∂y · Wᵀ.
public final class Linear: Layer {
  public let weight: Parameter
  public let bias: Parameter?
  private var input = Panel()
  private let output = Panel()
  private let inputGradient = Panel()

  public init(_ name: String, from inputs: Int, to outputs: Int, bias: Bool = true, seed: Seed) {
    weight = .weights("\(name).weight", inputs, outputs, seed: seed)
    self.bias = bias ? .shifts("\(name).bias", outputs) : nil
  }

  public var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }

  public func forward(_ input: Panel, _ pass: Pass) -> Panel {
    self.input = input
    output.reshape(rows: input.rows, columns: weight.value.columns)
    multiply(input, weight.value, into: output, pass.parallel)
    if let bias { output.addToEveryRow(bias.value, pass.parallel) }
    return output
  }

  public func backward(_ gradient: Panel, _ pass: Pass, wantsInput: Bool) -> Panel {
    multiply(input, gradient, form: .firstTransposed, adding: true, into: weight.gradient, pass.parallel)
    if let bias { gradient.addColumnSums(to: bias.gradient, pass.parallel) }
    guard wantsInput else { return gradient }
    inputGradient.reshape(rows: input.rows, columns: input.columns)
    multiply(gradient, weight.value, form: .secondTransposed, into: inputGradient, pass.parallel)
    return inputGradient
  }
}

/// A product of panels; only as many rows of `a` (or for its transpose, of both) as `rows` says.
func multiply(
  _ a: Panel, _ b: Panel, form: BLAS.Form = .plain, adding: Bool = false, into c: Panel, rows: Int? = nil,
  _ parallel: Parallel
) {
  let inner =
    form == .firstTransposed ? (rows ?? a.rows) : form == .secondTransposed ? b.columns : b.rows
  BLAS.gemm(
    form, rows: form == .firstTransposed ? c.rows : (rows ?? a.rows), columns: c.columns, inner: inner,
    a: a.reading, b: b.reading, keeping: adding ? 1 : 0, c: c.writing, parallel: parallel)
}

extension Panel {
  func addToEveryRow(_ shift: Panel, _ parallel: Parallel) {
    nonisolated(unsafe) let (start, bias) = (start, shift.start)
    let width = columns
    parallel.forEach(rows: rows, atLeast: 256) { range in
      let own = start + range.lowerBound * width
      rg_activate(
        Int32(RG_IDENTITY), range.count, width, own, width, bias, own, width, rg_dropout())
    }
  }

  /// Adds each column's sum to `sums`, blocks of rows first and then in their order.
  func addColumnSums(to sums: Panel, _ parallel: Parallel) {
    nonisolated(unsafe) let start = start
    let width = columns
    let parts = parallel.map(rows: rows, atLeast: 1024) { range in
      [Float](unsafeUninitializedCapacity: width) { part, count in
        part.initialize(repeating: 0)
        rg_column_sums(range.count, width, start + range.lowerBound * width, width, part.baseAddress!)
        count = width
      }
    }
    for part in parts { for column in 0..<width { sums.start[column] += part[column] } }
  }
}
