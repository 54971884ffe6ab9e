// What a network is made of.
//
// A layer turns rows of numbers into rows of numbers, and turns the gradient of its output into the gradient of its
// input, adding to its parameters' gradients on the way. There is no automatic differentiation: each layer's file has
// its formula and both directions, checked against finite differences.

import Compute

/// One step of a network. `backward` follows the `forward` that it belongs to.
public protocol Layer: AnyObject {
  var parameters: [Parameter] { get }

  /// The output for these rows. The panel is the layer's own and is overwritten by the next call.
  func forward(_ input: Panel, _ pass: Pass) -> Panel

  /// Adds to the gradients of the parameters, and returns the gradient of the input where it is wanted (else anything).
  /// The layer may use the memory of `gradient`.
  func backward(_ gradient: Panel, _ pass: Pass, wantsInput: Bool) -> Panel
}

/// What all layers of one pass are told.
public struct Pass {
  /// Whether dropout drops.
  public var isTraining: Bool
  /// What the random numbers of this step are named by.
  public var step: Int
  public var seed: Seed
  /// The graph that each depth of graph layers sees: the same for all in full-batch work, one each for sampled blocks.
  public var graphs: [GraphOperators]
  /// The input is the same panel with the same content in every pass: what is computed from it alone can be kept.
  public var isInputConstant: Bool
  public var parallel: Parallel

  public init(
    isTraining: Bool = false, step: Int = 0, seed: Seed = Seed(0), graphs: [GraphOperators] = [],
    isInputConstant: Bool = false, parallel: Parallel = .machine
  ) {
    self.isTraining = isTraining
    self.step = step
    self.seed = seed
    self.graphs = graphs
    self.isInputConstant = isInputConstant
    self.parallel = parallel
  }

  func graph(at depth: Int) -> GraphOperators {
    precondition(!graphs.isEmpty, "a graph layer needs a graph")
    return graphs[min(depth, graphs.count - 1)]
  }
}

/// The sparse matrices that one depth of a network multiplies by: one, or one for each relation.
///
/// Rows are the nodes whose output is wanted, and columns those that it is computed from; the first columns are the
/// rows' own nodes, so a layer finds a node's own features in the row of its output.
public final class GraphOperators {
  public let forward: [SparseMatrix]
  /// The transposes.
  public let backward: [SparseMatrix]

  public init(_ forward: [SparseMatrix], transposed: [SparseMatrix]? = nil) {
    precondition(!forward.isEmpty, "a graph has at least one relation")
    self.forward = forward
    backward = transposed ?? forward.map { $0.transposed() }
  }

  public var rows: Int { forward[0].rows }
  public var columns: Int { forward[0].columns }
}

/// Layers one after another.
public final class Sequential: Layer {
  public let layers: [any Layer]
  public let parameters: [Parameter]

  public init(_ layers: [any Layer]) {
    precondition(!layers.isEmpty, "a network has at least one layer")
    self.layers = layers
    parameters = layers.flatMap(\.parameters)
  }

  public func forward(_ input: Panel, _ pass: Pass) -> Panel {
    var pass = pass
    var current = input
    for layer in layers {
      current = layer.forward(current, pass)
      pass.isInputConstant = false
    }
    return current
  }

  public func backward(_ gradient: Panel, _ pass: Pass, wantsInput: Bool) -> Panel {
    var current = gradient
    for (index, layer) in layers.enumerated().reversed() {
      var own = pass
      own.isInputConstant = pass.isInputConstant && index == 0
      current = layer.backward(current, own, wantsInput: wantsInput || index > 0)
    }
    return current
  }
}
