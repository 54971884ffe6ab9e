import CKernels
import Compute

/// y = Σ over sources x_s · W_s + b: each source's columns have a projection of their own.
///
/// A source is a node's own type, or a type of neighbours through a relation whose mean columns stand beside the own ones. With
/// these means (A_r · x_type never changes, so it is computed once) this is the first layer of a relational convolution over
/// a typed graph, every node type entering through its own matrix. Backwards: ∂W_s = x_sᵀ · ∂y, ∂x_s = ∂y · W_sᵀ.
///
/// Schlichtkrull et al.: Modeling relational data with graph convolutional networks (2018); Hu et al.: Heterogeneous graph
/// transformer (2020), for the projection of each node type.
public final class TypedProjection: Layer {
  /// Columns that stand beside each other and come from one source.
  public struct Source: Sendable, Codable, Equatable {
    public var name: String
    public var columns: Int

    public init(_ name: String, columns: Int) {
      self.name = name
      self.columns = columns
    }
  }

  public let sources: [Source]
  public let weights: [Parameter]
  public let bias: Parameter
  private var input = Panel()
  private let output = Panel()
  private let inputGradient = Panel()

  /// Needs: at least one source, and at least one column of each.
  public init(_ name: String, from sources: [Source], to outputs: Int, seed: Seed) {
    precondition(!sources.isEmpty && sources.allSatisfy { $0.columns > 0 }, "sources of columns")
    self.sources = sources
    weights = sources.map { .weights("\(name).\($0.name)", $0.columns, outputs, seed: seed) }
    bias = .shifts("\(name).bias", outputs)
  }

  public var parameters: [Parameter] { weights + [bias] }
  public var inputs: Int { sources.reduce(0) { $0 + $1.columns } }

  public func forward(_ input: Panel, _ pass: Pass) -> Panel {
    precondition(input.columns == inputs, "the columns of all sources")
    self.input = input
    output.reshape(rows: input.rows, columns: bias.value.columns)
    var place = 0
    for (source, weight) in zip(sources, weights) {
      BLAS.gemm(
        .plain, rows: input.rows, columns: output.columns, inner: source.columns,
        a: input.reading.skipping(columns: place), b: weight.value.reading, keeping: place == 0 ? 0 : 1,
        c: output.writing, parallel: pass.parallel)
      place += source.columns
    }
    output.addToEveryRow(bias.value, pass.parallel)
    return output
  }

  public func backward(_ gradient: Panel, _ pass: Pass, wantsInput: Bool) -> Panel {
    gradient.addColumnSums(to: bias.gradient, pass.parallel)
    if wantsInput { inputGradient.reshape(rows: input.rows, columns: input.columns) }
    var place = 0
    for (source, weight) in zip(sources, weights) {
      BLAS.gemm(
        .firstTransposed, rows: source.columns, columns: gradient.columns, inner: gradient.rows,
        a: input.reading.skipping(columns: place), b: gradient.reading, keeping: 1,
        c: weight.gradient.writing, parallel: pass.parallel)
      if wantsInput {
        BLAS.gemm(
          .secondTransposed, rows: gradient.rows, columns: source.columns, inner: gradient.columns,
          a: gradient.reading, b: weight.value.reading, keeping: 0,
          c: UncheckedMutableRows(inputGradient.start + place, stride: inputGradient.columns),
          parallel: pass.parallel)
      }
      place += source.columns
    }
    return wantsInput ? inputGradient : gradient
  }
}
