// Graph convolutions one after another, computed in passes over blocks of rows.
//
// Layer by layer, every step writes a whole matrix that the next one reads again. Here a block of rows goes through all
// that can be done with it while it is in the cache:
//
//   there    gather Â · H, times W, bias, ReLU, dropout, store H; and where the next layer is narrower, times its W too,
//            so that the next gather is as narrow
//   back     gather Â · G, add Hᵀ · (ÂG) to ∂W, times Wᵀ, zero where H is zero, add the columns to ∂b, write it over H
//
// Three ideas more. The first layer's Â · X never changes: it is computed once, and its weights' gradient needs no sparse
// product. H > 0 says both what ReLU let through and what dropout kept, so nothing else is stored. And as Â is symmetric,
// (ÂH)ᵀG = Hᵀ(ÂG): the gathered gradient serves the weights and the input alike, and ÂH is not kept.
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
  /// For each stage that projects before it gathers the projected rows.
  private let projected: [Panel]
  private let scores = Panel()
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
    projected = stages.map { _ in Panel() }
    let widest = stages.map { max($0.inputs, $0.outputs) }.max()!
    scratch = Scratch(floats: 2 * GraphConvolutionPlan.blockRows * widest)
  }

  private func projectsFirst(_ stage: Int) -> Bool {
    stage > 0 && stages[stage].outputs < stages[stage].inputs
  }

  /// The scores of all nodes.
  public func forward(_ input: Panel, _ pass: Pass) -> Panel {
    if mixedInputOf !== input {
      mixedInput.reshape(rows: graph.rows, columns: input.columns)
      graph.multiply(input.reading, width: input.columns, into: mixedInput.writing, parallel: parallel)
      mixedInputOf = input
    }
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

  private func forwardBlock(
    _ index: Int, _ rows: Range<Int>, _ matrix: SparseKernelForm, _ space: UnsafeMutablePointer<Float>,
    target: Panel, stores: Bool, _ pass: Pass
  ) {
    let stage = stages[index]
    let (inputs, outputs) = (stage.inputs, stage.outputs)
    let gathered = UncheckedMutableRows(space, stride: inputs)
    // H goes straight to its place, or to the scratch where it is not kept.
    let result =
      stores
      ? target.writing.skipping(rows: rows.lowerBound)
      : UncheckedMutableRows(space + GraphConvolutionPlan.blockRows * max(inputs, outputs), stride: outputs)
    if projectsFirst(index) {
      matrix.multiply(rows: rows, projected[index].reading, width: outputs, into: result)
    } else {
      var source = mixedInput.reading.skipping(rows: rows.lowerBound)
      if index > 0 {
        matrix.multiply(rows: rows, hidden[index - 1].reading, width: inputs, into: gathered)
        source = gathered.reading
      }
      BLAS.gemmOnOneThread(
        .plain, rows: rows.count, columns: outputs, inner: inputs, a: source,
        b: stage.layer.weight.value.reading, c: result)
    }
    var dropout = rg_dropout()
    if pass.isTraining, let activation = stage.activation { dropout = activation.dropout(pass) }
    dropout.first_row = UInt64(rows.lowerBound)
    rg_activate(
      Int32(stage.activation == nil ? RG_IDENTITY : RG_RELU), rows.count, outputs, result.start,
      result.stride,
      stage.layer.bias.value.start, result.start, result.stride, dropout)
    if index + 1 < stages.count, projectsFirst(index + 1) {
      let next = stages[index + 1]
      BLAS.gemmOnOneThread(
        .plain, rows: rows.count, columns: next.outputs, inner: outputs, a: result.reading,
        b: next.layer.weight.value.reading,
        c: projected[index + 1].writing.skipping(rows: rows.lowerBound))
    }
  }

  /// Adds to the gradients of all parameters. Follows a `forward` in training; uses up what that stored.
  public func backward(_ gradient: Panel, _ pass: Pass) {
    gradient.addColumnSums(to: stages.last!.layer.bias.gradient, parallel)
    for index in stages.indices.dropFirst().reversed() {
      let (stage, before) = (stages[index], stages[index - 1])
      let source = index == stages.count - 1 ? gradient : hidden[index]
      let weightCount = stage.inputs * stage.outputs
      let isSecond = index == 1
      // For each chunk: this layer's ∂W, the ∂b of the one before, and behind the first layer its ∂W as well.
      let size = weightCount + before.outputs + (isSecond ? before.inputs * before.outputs : 0)
      clearPartial(size)
      partial.withUnsafeMutableBufferPointer { partial in
        nonisolated(unsafe) let partial = partial
        graph.withKernelForm { matrix in
          forEachBlock { rows, space, chunk in
            partial[chunk].withUnsafeMutableBufferPointer {
              backwardBlock(index, rows, matrix, space, source: source, sums: $0.baseAddress!, pass)
            }
          }
        }
      }
      addPartial(from: 0, to: stage.layer.weight.gradient)
      addPartial(from: weightCount, to: before.layer.bias.gradient)
      if isSecond { addPartial(from: weightCount + before.outputs, to: before.layer.weight.gradient) }
    }
  }

  private func backwardBlock(
    _ index: Int, _ rows: Range<Int>, _ matrix: SparseKernelForm, _ space: UnsafeMutablePointer<Float>,
    source: Panel, sums: UnsafeMutablePointer<Float>, _ pass: Pass
  ) {
    let (stage, before) = (stages[index], stages[index - 1])
    let (inputs, outputs) = (stage.inputs, stage.outputs)
    let gathered = UncheckedMutableRows(space, stride: outputs)
    let back = UncheckedMutableRows(
      space + GraphConvolutionPlan.blockRows * max(inputs, outputs), stride: inputs)
    let kept = hidden[index - 1].writing.skipping(rows: rows.lowerBound)
    matrix.multiply(rows: rows, source.reading, width: outputs, into: gathered)
    BLAS.gemmOnOneThread(
      .firstTransposed, rows: inputs, columns: outputs, inner: rows.count, a: kept.reading,
      b: gathered.reading, keeping: 1, c: UncheckedMutableRows(sums, stride: outputs))
    BLAS.gemmOnOneThread(
      .secondTransposed, rows: rows.count, columns: inputs, inner: outputs, a: gathered.reading,
      b: stage.layer.weight.value.reading, c: back)
    let scale = before.activation!.dropped > 0 && pass.isTraining ? 1 / (1 - before.activation!.dropped) : 1
    rg_mask_rows(
      rows.count, inputs, back.start, back.stride, kept.start, kept.stride, scale,
      sums + inputs * outputs)
    if index == 1 {
      BLAS.gemmOnOneThread(
        .firstTransposed, rows: before.inputs, columns: inputs, inner: rows.count,
        a: mixedInput.reading.skipping(rows: rows.lowerBound), b: back.reading, keeping: 1,
        c: UncheckedMutableRows(sums + inputs * outputs + inputs, stride: inputs))
    } else {
      kept.start.update(from: back.start, count: rows.count * inputs)
    }
  }

  /// Blocks of rows that stay in the cache, with scratch memory and the number of their chunk. A chunk's blocks come one
  /// after another.
  private func forEachBlock(_ body: (Range<Int>, UnsafeMutablePointer<Float>, Int) -> Void) {
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

  private func addPartial(from start: Int, to gradient: Panel) {
    nonisolated(unsafe) let to = gradient.start
    parallel.forEach(rows: gradient.count, atLeast: 4096) { range in
      for part in partial {
        part.withUnsafeBufferPointer { part in
          for index in range { to[index] += part[start + index] }
        }
      }
    }
  }
}

/// Pieces of memory for whoever works: as many as there are threads, made once.
private final class Scratch: Sendable {
  private let floats: Int
  private let free = Mutex<[Memory]>([])

  init(floats: Int) { self.floats = floats }

  func lend(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    let memory = free.withLock { $0.popLast() } ?? Memory(byteCount: floats * 4)
    body(memory.start.assumingMemoryBound(to: Float.self))
    free.withLock { $0.append(memory) }
  }
}
