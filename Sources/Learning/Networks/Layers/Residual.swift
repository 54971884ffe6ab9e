import Compute

/// y = x + f(x), with f some layers. He et al., 2016. Where f wants fewer rows than it is given (a sampled block), the
/// first rows are kept.
///
/// Backwards: ∂x = ∂y + f′(∂y).
public final class Residual: Layer {
  public let inner: Sequential
  private var inputRows = 0
  private let output = Panel()
  private let innerGradient = Panel()
  private let inputGradient = Panel()

  public init(_ layers: [any Layer]) { inner = Sequential(layers) }

  public var parameters: [Parameter] { inner.parameters }

  public func forward(_ input: Panel, _ pass: Pass) -> Panel {
    let change = inner.forward(input, pass)
    inputRows = input.rows
    output.copy(from: change)
    output.add(input, rows: change.rows, parallel: pass.parallel)
    return output
  }

  public func backward(_ gradient: Panel, _ pass: Pass, wantsInput: Bool) -> Panel {
    innerGradient.copy(from: gradient)
    let back = inner.backward(innerGradient, pass, wantsInput: wantsInput)
    guard wantsInput else { return back }
    inputGradient.copy(from: back)
    inputGradient.add(gradient, rows: gradient.rows, parallel: pass.parallel)
    return inputGradient
  }
}
