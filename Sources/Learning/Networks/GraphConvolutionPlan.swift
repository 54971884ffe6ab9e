// Graph convolutions one after another, computed in passes over blocks of rows.
//
// Layer by layer, every step writes a whole matrix that the next one reads again. Here a block of rows goes through all
// that can be done with it while it is in the cache:
//
//   there    gather Â · H, times W, bias, ReLU, dropout, store H; and where the next layer is no wider, times its W too,
//            so that the next gather is no wider, and H's zeros are skipped
//   back     gather Â · G, add Hᵀ · (ÂG) to ∂W, times Wᵀ where H is not zero, add the columns to ∂b, write it over H
//
// Four ideas more. The first layer's Â · X never changes: it is computed once, and its weights' gradient needs no sparse
// product. H > 0 says both what ReLU let through and what dropout kept, so nothing else is stored. And as Â is symmetric,
// (ÂH)ᵀG = Hᵀ(ÂG): the gathered gradient serves the weights and the input alike, and ÂH is not kept. And where H's zeros are
// many, they are left out of products with H, of the gradient that goes back through it, and of what is gathered from that:
// `BlockProducts`.
//
// Partial sums belong to chunks of rows that are the same for any number of threads, and are added in their order.

import CKernels
import Compute
import Synchronization

/// The passes that some `Sequential`s of graph convolutions are compiled into. It uses the layers' own parameters, so
/// optimizer, checkpoints and models do not know of it.
public final class GraphConvolutionPlan {
  private struct Stage {
    let layer: GraphConvolution
    /// What comes behind it; nil behind the last.
    let activation: Activation?
    var inputs: Int { layer.weight.value.rows }
    var outputs: Int { layer.weight.value.columns }
  }

  private let stages: [Stage]
  private let graph: SparseMatrix
  private let parallel: Parallel
  /// Starts of the chunks of rows, and the end.
  private let chunks: [Int]
  private var mixedInput = Panel()
  private var mixedInputOf: Panel?
  /// For each stage but the last what its activation gave; going back, what its gradient is.
  private let hidden: [Panel]
  /// For each of these rows how many of its cells are not zero, while it is a gradient: `CellRows`.
  private let counts: [Memory]
  /// For each stage that projects before it gathers the projected rows.
  private let projected: [Panel]
  private let scores = Panel()
  /// Each stage's weights as blocks are multiplied by them: there, and transposed on the way back.
  private let weights: [PackedMatrix]
  private var partial: [[Float]] = []
  private let scratch: Scratch
  private static let blockRows = 384

  /// nil where the layers are not graph convolutions with ReLU between them, or the graph is not one symmetric matrix.
  public init?(compiling network: Sequential, on operators: GraphOperators, parallel: Parallel = .machine) {
    var stages: [Stage] = []
    var rest = network.layers[...]
    while let layer = rest.popFirst() {
      guard let convolution = layer as? GraphConvolution else { return nil }
      if let activation = rest.first as? Activation {
        guard activation.function == .relu else { return nil }
        rest.removeFirst()
        stages.append(Stage(layer: convolution, activation: activation))
      } else {
        guard rest.isEmpty else { return nil }
        stages.append(Stage(layer: convolution, activation: nil))
      }
    }
    guard stages.count >= 2, stages.last?.activation == nil, operators.forward.count == 1,
      operators.forward[0].sharesEntries(with: operators.backward[0]),
      operators.forward[0].rowScale == nil, operators.forward[0].columnScale == nil
    else { return nil }
    self.stages = stages
    self.graph = operators.forward[0]
    self.parallel = parallel
    let blocks = graph.blockStarts
    let count = min(32, blocks.count - 1)
    chunks = (0...count).map { blocks[$0 * (blocks.count - 1) / max(1, count)] }
    hidden = stages.dropLast().map { _ in Panel() }
    let rows = operators.forward[0].rows
    counts = hidden.map { _ in Memory(byteCount: rows * MemoryLayout<UInt16>.stride) }
    projected = stages.map { _ in Panel() }
    weights = stages.map { _ in PackedMatrix() }
    let widest = stages.map { max($0.inputs, $0.outputs) }.max()!
    scratch = Scratch(rows: GraphConvolutionPlan.blockRows, widest: widest)
  }

  private func projectsFirst(_ stage: Int) -> Bool {
    stage > 0 && stages[stage].outputs <= stages[stage].inputs
  }

  /// The scores of all nodes.
  public func forward(_ input: Panel, _ pass: Pass) -> Panel {
    if mixedInputOf !== input {
      mixedInput.reshape(rows: graph.rows, columns: input.columns)
      graph.multiply(input.reading, width: input.columns, into: mixedInput.writing, parallel: parallel)
      mixedInputOf = input
    }
    packWeights(transposed: false)
    for index in stages.indices {
      let stage = stages[index]
      let isLast = index == stages.count - 1
      let target = isLast ? scores : hidden[index]
      target.reshape(rows: graph.rows, columns: stage.outputs)
      if !isLast, projectsFirst(index + 1) {
        projected[index + 1].reshape(rows: graph.rows, columns: stages[index + 1].outputs)
      }
      // Without training nobody comes back for H: where only its projection is read on, it need not be stored.
      let stores = isLast || pass.isTraining || !projectsFirst(index + 1)
      graph.withKernelForm { matrix in
        forEachBlock { rows, space, _ in
          forwardBlock(index, rows, matrix, space, target: target, stores: stores, pass)
        }
      }
    }
    return scores
  }

  private func packWeights(transposed: Bool) {
    for (stage, packed) in zip(stages, weights) {
      packed.pack(
        rows: transposed ? stage.outputs : stage.inputs, columns: transposed ? stage.inputs : stage.outputs,
        of: stage.layer.weight.value.reading, transposed: transposed)
    }
  }

  private func forwardBlock(
    _ index: Int, _ rows: Range<Int>, _ matrix: SparseKernelForm, _ space: Workspace,
    target: Panel, stores: Bool, _ pass: Pass
  ) {
    let stage = stages[index]
    let (inputs, outputs) = (stage.inputs, stage.outputs)
    let gathered = UncheckedMutableRows(space.first, stride: inputs)
    // H goes straight to its place, or to the scratch where it is not kept.
    let result =
      stores
      ? target.writing.skipping(rows: rows.lowerBound)
      : UncheckedMutableRows(space.second, stride: outputs)
    if projectsFirst(index) {
      matrix.multiply(rows: rows, projected[index].reading, width: outputs, into: result)
    } else {
      var source = mixedInput.reading.skipping(rows: rows.lowerBound)
      if index > 0 {
        matrix.multiply(rows: rows, hidden[index - 1].reading, width: inputs, into: gathered)
        source = gathered.reading
      }
      BlockProducts.multiply(source, rows: rows.count, by: weights[index], into: result)
    }
    var dropout = rg_dropout()
    if pass.isTraining, let activation = stage.activation { dropout = activation.dropout(pass) }
    dropout.first_row = UInt64(rows.lowerBound)
    rg_activate(
      Int32(stage.activation == nil ? RG_IDENTITY : RG_RELU), rows.count, outputs, result.start,
      result.stride,
      stage.layer.bias.value.start, result.start, result.stride, dropout)
    if index + 1 < stages.count, projectsFirst(index + 1) {
      let next = projected[index + 1].writing.skipping(rows: rows.lowerBound)
      if pass.isTraining {
        space.products.read(result.reading, rows: rows.count, columns: outputs)
        space.products.multiply(weights[index + 1], into: next)
      } else {
        // Without dropout half the cells are left: too many to look for zeros.
        BlockProducts.multiply(result.reading, rows: rows.count, by: weights[index + 1], into: next)
      }
    }
  }

  /// Adds to the gradients of all parameters. Follows a `forward` in training; uses up what that stored.
  public func backward(_ gradient: Panel, _ pass: Pass) {
    gradient.addColumnSums(to: stages.last!.layer.bias.gradient, parallel)
    packWeights(transposed: true)
    for index in stages.indices.dropFirst().reversed() {
      let (stage, before) = (stages[index], stages[index - 1])
      let weightCount = stage.inputs * stage.outputs
      let isSecond = index == 1
      // For each chunk: this layer's ∂W, the ∂b of the one before, and behind the first layer its ∂Wᵀ as well.
      let size = weightCount + before.outputs + (isSecond ? before.inputs * before.outputs : 0)
      clearPartial(size)
      partial.withUnsafeMutableBufferPointer { partial in
        nonisolated(unsafe) let partial = partial
        graph.withKernelForm { matrix in
          forEachBlock { rows, space, chunk in
            partial[chunk].withUnsafeMutableBufferPointer {
              backwardBlock(index, rows, matrix, space, gradient, sums: $0.baseAddress!, pass)
            }
          }
        }
      }
      addPartial(from: 0, to: stage.layer.weight.gradient)
      addPartial(from: weightCount, to: before.layer.bias.gradient)
      if isSecond {
        addPartial(
          from: weightCount + before.outputs, to: before.layer.weight.gradient, transposed: true)
      }
    }
  }

  private func backwardBlock(
    _ index: Int, _ rows: Range<Int>, _ matrix: SparseKernelForm, _ space: Workspace,
    _ gradient: Panel, sums: UnsafeMutablePointer<Float>, _ pass: Pass
  ) {
    let (stage, before) = (stages[index], stages[index - 1])
    let (inputs, outputs) = (stage.inputs, stage.outputs)
    let gathered = UncheckedMutableRows(space.first, stride: outputs)
    if index == stages.count - 1 {
      matrix.multiply(rows: rows, gradient.reading, width: outputs, into: gathered)
    } else {
      matrix.multiply(rows: rows, cells(index), into: gathered)
    }
    let kept = hidden[index - 1].writing.skipping(rows: rows.lowerBound)
    let products = space.products
    products.read(kept.reading, rows: rows.count, columns: inputs)
    products.addTransposed(
      times: gathered.reading, columns: outputs, to: UncheckedMutableRows(sums, stride: outputs))
    let scale = before.activation!.dropped > 0 && pass.isTraining ? 1 / (1 - before.activation!.dropped) : 1
    let shifts = sums + inputs * outputs
    if products.isSparse {
      products.becomeProduct(
        gathered.reading, columns: outputs, times: stage.layer.weight.value.reading, scale: scale)
      products.addRows(to: shifts)
    } else {
      let back = UncheckedMutableRows(space.second, stride: inputs)
      BlockProducts.multiply(gathered.reading, rows: rows.count, by: weights[index], into: back)
      rg_mask_rows(
        rows.count, inputs, back.start, back.stride, kept.start, kept.stride, scale, shifts)
      products.read(back.reading, rows: rows.count, columns: inputs)
    }
    if index == 1 {
      products.addTransposed(
        times: mixedInput.reading.skipping(rows: rows.lowerBound), columns: before.inputs,
        to: UncheckedMutableRows(shifts + inputs, stride: before.inputs))
    } else {
      products.store(to: cells(index - 1).skipping(rows: rows.lowerBound))
    }
  }

  /// The gradient that was written over a stage's result.
  private func cells(_ index: Int) -> CellRows {
    CellRows(
      hidden[index].writing, width: stages[index].outputs,
      counts: counts[index].start.assumingMemoryBound(to: UInt16.self))
  }

  /// Blocks of rows that stay in the cache, with scratch memory and the number of their chunk. A chunk's blocks come one
  /// after another.
  private func forEachBlock(_ body: (Range<Int>, Workspace, Int) -> Void) {
    _ = OpenBLAS.ready
    parallel.forEach(blocks: chunks.count - 1) { chunk in
      scratch.lend { space in
        var first = chunks[chunk]
        while first < chunks[chunk + 1] {
          let end = min(first + GraphConvolutionPlan.blockRows, chunks[chunk + 1])
          body(first..<end, space, chunk)
          first = end
        }
      }
    }
  }

  private func clearPartial(_ size: Int) {
    if partial.count != chunks.count - 1 { partial = (1..<chunks.count).map { _ in [] } }
    partial.withUnsafeMutableBufferPointer { partial in
      nonisolated(unsafe) let partial = partial
      parallel.forEach(blocks: partial.count) { chunk in
        if partial[chunk].count < size {
          partial[chunk] = [Float](repeating: 0, count: size)
        } else {
          partial[chunk].withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        }
      }
    }
  }

  private func addPartial(from start: Int, to gradient: Panel, transposed: Bool = false) {
    nonisolated(unsafe) let to = gradient.start
    let (rows, columns) = (gradient.rows, gradient.columns)
    parallel.forEach(rows: rows, atLeast: max(1, 4096 / max(1, columns))) { range in
      for part in partial {
        part.withUnsafeBufferPointer { part in
          for row in range {
            for column in 0..<columns {
              to[row * columns + column] +=
                part[start + (transposed ? column * rows + row : row * columns + column)]
            }
          }
        }
      }
    }
  }
}

/// What one worker writes on its way through a block.
private final class Workspace: @unchecked Sendable {
  private let memory: Memory
  let first: UnsafeMutablePointer<Float>
  let second: UnsafeMutablePointer<Float>
  let products: BlockProducts

  init(rows: Int, widest: Int) {
    memory = Memory(byteCount: 2 * rows * widest * MemoryLayout<Float>.stride)
    first = memory.start.assumingMemoryBound(to: Float.self)
    second = first + rows * widest
    products = BlockProducts(rows: rows, columns: widest)
  }
}

/// Workspaces for whoever works: as many as there are threads, made once.
private final class Scratch: Sendable {
  private let rows: Int
  private let widest: Int
  private let free = Mutex<[Workspace]>([])

  init(rows: Int, widest: Int) {
    self.rows = rows
    self.widest = widest
  }

  func lend(_ body: (Workspace) -> Void) {
    let space = free.withLock { $0.popLast() } ?? Workspace(rows: rows, widest: widest)
    body(space)
    free.withLock { $0.append(space) }
  }
}
