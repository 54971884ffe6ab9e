import CKernels
import Compute

/// h = dropout(f(z)), with f one of a few functions, in one pass over the rows.
///
/// Dropout zeroes a share of the elements and scales the others up (Srivastava et al., 2014). Which ones is a hash of
/// the step, the row and the column, so nothing is stored, and the way back asks again: ∂z = ∂h · kept · scale · f′(z).
public final class Activation: Layer {
  public enum Function: String, Sendable, CaseIterable, Codable {
    case identity
    case relu
    /// z above 0, a fifth of z below.
    case leakyReLU
    /// z · σ(1.5958 (z + 0.0447 z³)): Hendrycks & Gimpel, 2016, in the form with a sigmoid.
    case gelu

    var kernel: Int32 {
      switch self {
      case .identity: Int32(RG_IDENTITY)
      case .relu: Int32(RG_RELU)
      case .leakyReLU: Int32(RG_LEAKY_RELU)
      case .gelu: Int32(RG_GELU)
      }
    }
  }

  public let function: Function
  /// The share that dropout zeroes in training.
  public let dropped: Float
  private let name: String
  private var input = Panel()
  private let output = Panel()

  /// `name` names the random numbers: two layers of a network need two names.
  public init(_ name: String, _ function: Function, dropout dropped: Float = 0) {
    precondition(dropped >= 0 && dropped < 1, "dropout keeps something")
    self.name = name
    self.function = function
    self.dropped = dropped
  }

  public var parameters: [Parameter] { [] }

  public func forward(_ input: Panel, _ pass: Pass) -> Panel {
    self.input = input
    output.reshape(rows: input.rows, columns: input.columns)
    nonisolated(unsafe) let (from, to) = (input.start, output.start)
    let width = input.columns
    let dropout = dropout(pass)
    pass.parallel.forEach(rows: input.rows, atLeast: 128) { range in
      var own = dropout
      own.first_row = UInt64(range.lowerBound)
      let skip = range.lowerBound * width
      rg_activate(function.kernel, range.count, width, from + skip, width, nil, to + skip, width, own)
    }
    return output
  }

  public func backward(_ gradient: Panel, _ pass: Pass, wantsInput: Bool) -> Panel {
    nonisolated(unsafe) let (from, to) = (input.start, gradient.start)
    let width = input.columns
    let dropout = dropout(pass)
    pass.parallel.forEach(rows: gradient.rows, atLeast: 128) { range in
      var own = dropout
      own.first_row = UInt64(range.lowerBound)
      let skip = range.lowerBound * width
      rg_deactivate(function.kernel, range.count, width, to + skip, width, from + skip, width, nil, own)
    }
    return gradient
  }

  func dropout(_ pass: Pass) -> rg_dropout {
    pass.isTraining ? Activation.dropout(dropped, name: name, seed: pass.seed, step: pass.step) : rg_dropout()
  }

  static func dropout(_ dropped: Float, name: String, seed: Seed, step: Int) -> rg_dropout {
    guard dropped > 0 else { return rg_dropout() }
    var numbers = seed.generator(for: "dropout of \(name)", item: step)
    return rg_dropout(
      key: numbers.next(), first_row: 0, threshold: UInt32(dropped * 4_294_967_296), scale: 1 / (1 - dropped))
  }
}

/// Dropout alone.
public func dropout(_ name: String, _ dropped: Float) -> Activation {
  Activation(name, .identity, dropout: dropped)
}
