import CKernels
import Compute

/// y = Â · x · W + b, with Â the adjacency with self-loops, divided by the roots of both ends' degrees.
///
/// The product is taken in the cheaper order, through the narrower of the two widths; and where the input never
/// changes, Â · x is computed once. Backwards with u = Âᵀ · ∂y: ∂W = xᵀ · u = (Âx)ᵀ · ∂y, ∂x = u · Wᵀ.
///
/// Kipf & Welling: Semi-supervised classification with graph convolutional networks (2017).
public final class GraphConvolution: Layer {
  public let weight: Parameter
  public let bias: Parameter
  public let depth: Int
  private var input = Panel()
  private let mixed = Panel()
  private let projected = Panel()
  private let output = Panel()
  private let back = Panel()
  private let inputGradient = Panel()
  private var mixedOf: Panel?

  public init(_ name: String, from inputs: Int, to outputs: Int, depth: Int, seed: Seed) {
    weight = .weights("\(name).weight", inputs, outputs, seed: seed)
    bias = .shifts("\(name).bias", outputs)
    self.depth = depth
  }

  public var parameters: [Parameter] { [weight, bias] }

  private func mixesFirst(_ pass: Pass) -> Bool {
    pass.isInputConstant || weight.value.rows <= weight.value.columns
  }

  public func forward(_ input: Panel, _ pass: Pass) -> Panel {
    let graph = pass.graph(at: depth).forward[0]
    self.input = input
    output.reshape(rows: graph.rows, columns: weight.value.columns)
    if mixesFirst(pass) {
      if !pass.isInputConstant || mixedOf !== input {
        mixed.reshape(rows: graph.rows, columns: input.columns)
        graph.multiply(input.reading, width: input.columns, into: mixed.writing, parallel: pass.parallel)
        mixedOf = pass.isInputConstant ? input : nil
      }
      multiply(mixed, weight.value, into: output, pass.parallel)
    } else {
      projected.reshape(rows: input.rows, columns: weight.value.columns)
      multiply(input, weight.value, into: projected, pass.parallel)
      graph.multiply(
        projected.reading, width: projected.columns, into: output.writing, parallel: pass.parallel)
    }
    output.addToEveryRow(bias.value, pass.parallel)
    return output
  }

  public func backward(_ gradient: Panel, _ pass: Pass, wantsInput: Bool) -> Panel {
    let transposed = pass.graph(at: depth).backward[0]
    gradient.addColumnSums(to: bias.gradient, pass.parallel)
    if mixesFirst(pass) {
      multiply(mixed, gradient, form: .firstTransposed, adding: true, into: weight.gradient, pass.parallel)
      guard wantsInput else { return gradient }
      back.reshape(rows: gradient.rows, columns: weight.value.rows)
      multiply(gradient, weight.value, form: .secondTransposed, into: back, pass.parallel)
      inputGradient.reshape(rows: input.rows, columns: input.columns)
      transposed.multiply(
        back.reading, width: back.columns, into: inputGradient.writing, parallel: pass.parallel)
    } else {
      back.reshape(rows: input.rows, columns: gradient.columns)
      transposed.multiply(
        gradient.reading, width: gradient.columns, into: back.writing, parallel: pass.parallel)
      multiply(input, back, form: .firstTransposed, adding: true, into: weight.gradient, pass.parallel)
      guard wantsInput else { return gradient }
      inputGradient.reshape(rows: input.rows, columns: input.columns)
      multiply(back, weight.value, form: .secondTransposed, into: inputGradient, pass.parallel)
    }
    return inputGradient
  }
}
