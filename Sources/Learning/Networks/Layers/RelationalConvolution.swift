import CKernels
import Compute

/// y = x · W₀ + Σ over relations (Aᵣ · x) · Wᵣ + b, with Aᵣ the mean over a node's neighbours through relation r.
///
/// With one relation this is GraphSAGE with means: a node's own features and its neighbours' are kept apart, which
/// graphs whose neighbours differ want. Backwards: ∂Wᵣ = (Aᵣx)ᵀ · ∂y, ∂x = ∂y · W₀ᵀ + Σ Aᵣᵀ · (∂y · Wᵣᵀ). Where y is narrower
/// than x, neighbours are gathered after the product with Wᵣ, and ∂Wᵣ = xᵀ · (Aᵣᵀ∂y), ∂x = … + (Aᵣᵀ∂y) · Wᵣᵀ.
///
/// Hamilton, Ying, Leskovec: Inductive representation learning on large graphs (2017); Schlichtkrull et al.: Modeling
/// relational data with graph convolutional networks (2018).
public final class RelationalConvolution: Layer {
  public let own: Parameter
  public let weights: [Parameter]
  public let bias: Parameter
  public let depth: Int
  private var input = Panel()
  private let mixed: [Panel]
  private let output = Panel()
  private let back = Panel()
  private let inputGradient = Panel()
  private var mixedOf: Panel?

  public init(
    _ name: String, from inputs: Int, to outputs: Int, relations: [String] = ["neighbours"], depth: Int,
    seed: Seed
  ) {
    own = .weights("\(name).own", inputs, outputs, seed: seed)
    weights = relations.map { .weights("\(name).\($0)", inputs, outputs, seed: seed) }
    bias = .shifts("\(name).bias", outputs)
    mixed = relations.map { _ in Panel() }
    self.depth = depth
  }

  public var parameters: [Parameter] { [own] + weights + [bias] }

  /// Whether neighbours are gathered as they will be added, narrower than they come.
  private func projectsFirst(_ input: Panel, _ graph: GraphOperators, _ pass: Pass) -> Bool {
    !pass.isInputConstant && own.value.columns < own.value.rows && graph.rows == input.rows
  }

  public func forward(_ input: Panel, _ pass: Pass) -> Panel {
    let graph = pass.graph(at: depth)
    precondition(graph.forward.count == weights.count, "one weight for each relation")
    self.input = input
    output.reshape(rows: graph.rows, columns: own.value.columns)
    multiply(input, own.value, into: output, rows: graph.rows, pass.parallel)
    if projectsFirst(input, graph, pass) {
      back.reshape(rows: input.rows, columns: output.columns)
      for (relation, weight) in weights.enumerated() {
        multiply(input, weight.value, into: back, pass.parallel)
        graph.forward[relation].multiply(
          back.reading, width: back.columns, into: output.writing, adding: true, parallel: pass.parallel)
      }
      output.addToEveryRow(bias.value, pass.parallel)
      return output
    }
    for (relation, weight) in weights.enumerated() {
      if !pass.isInputConstant || mixedOf !== input {
        mixed[relation].reshape(rows: graph.rows, columns: input.columns)
        graph.forward[relation].multiply(
          input.reading, width: input.columns, into: mixed[relation].writing, parallel: pass.parallel)
      }
      multiply(mixed[relation], weight.value, adding: true, into: output, pass.parallel)
    }
    mixedOf = pass.isInputConstant ? input : nil
    output.addToEveryRow(bias.value, pass.parallel)
    return output
  }

  public func backward(_ gradient: Panel, _ pass: Pass, wantsInput: Bool) -> Panel {
    let graph = pass.graph(at: depth)
    gradient.addColumnSums(to: bias.gradient, pass.parallel)
    multiply(
      input, gradient, form: .firstTransposed, adding: true, into: own.gradient, rows: gradient.rows,
      pass.parallel)
    if projectsFirst(input, graph, pass) {
      inputGradient.reshape(rows: input.rows, columns: input.columns)
      multiply(gradient, own.value, form: .secondTransposed, into: inputGradient, pass.parallel)
      back.reshape(rows: input.rows, columns: gradient.columns)
      for (relation, weight) in weights.enumerated() {
        graph.backward[relation].multiply(
          gradient.reading, width: gradient.columns, into: back.writing, parallel: pass.parallel)
        multiply(input, back, form: .firstTransposed, adding: true, into: weight.gradient, pass.parallel)
        multiply(
          back, weight.value, form: .secondTransposed, adding: true, into: inputGradient, pass.parallel)
      }
      return inputGradient
    }
    for (relation, weight) in weights.enumerated() {
      multiply(
        mixed[relation], gradient, form: .firstTransposed, adding: true, into: weight.gradient, pass.parallel)
    }
    guard wantsInput else { return gradient }
    inputGradient.reshape(rows: input.rows, columns: input.columns)
    if gradient.rows < input.rows { inputGradient.clear() }
    multiply(
      gradient, own.value, form: .secondTransposed, into: inputGradient, rows: gradient.rows, pass.parallel)
    back.reshape(rows: gradient.rows, columns: input.columns)
    for (relation, weight) in weights.enumerated() {
      multiply(gradient, weight.value, form: .secondTransposed, into: back, pass.parallel)
      graph.backward[relation].multiply(
        back.reading, width: back.columns, into: inputGradient.writing, adding: true, parallel: pass.parallel)
    }
    return inputGradient
  }
}
