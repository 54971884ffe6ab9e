import CKernels
import Compute

/// yᵢ = Σⱼ αᵢⱼ · zⱼ + b with z = x · W and αᵢⱼ the softmax, over those whom i hears, of LeakyReLU(a · zᵢ + c · zⱼ): for each
/// of some heads by itself, their outputs side by side.
///
/// Backwards: ∂αᵢⱼ = ∂yᵢ · zⱼ; through the softmax ∂eᵢⱼ = αᵢⱼ (∂αᵢⱼ − Σₖ αᵢₖ ∂αᵢₖ), times the slope of LeakyReLU; that goes to
/// a · zᵢ and to c · zⱼ, and ∂zⱼ gets Σᵢ αᵢⱼ ∂yᵢ besides. What a node gives to others is summed along the mirrored entries,
/// so that every sum has its order.
///
/// Veličković et al.: Graph attention networks (2018).
public final class GraphAttention: Layer {
  public let weight: Parameter
  /// What the hearing node adds to a score, and what the heard one does: a row for each head.
  public let hearing: Parameter
  public let heard: Parameter
  public let bias: Parameter
  public let depth: Int
  public let heads: Int
  private var input = Panel()
  private let projected = Panel()
  private let output = Panel()
  private let hearingScores = Panel()
  private let heardScores = Panel()
  /// For each entry and head: the slope of LeakyReLU at its score (later its score's gradient), and its share.
  private let slopes = Panel()
  private let shares = Panel()
  private let projectedGradient = Panel()
  private let inputGradient = Panel()
  private var mirror: MirroredEntries?

  public init(_ name: String, from inputs: Int, to outputs: Int, heads: Int, depth: Int, seed: Seed) {
    precondition(heads > 0 && outputs % heads == 0, "heads share the outputs evenly")
    weight = .weights("\(name).weight", inputs, outputs, seed: seed)
    hearing = .weights("\(name).hearing", heads, outputs / heads, seed: seed)
    heard = .weights("\(name).heard", heads, outputs / heads, seed: seed)
    bias = .shifts("\(name).bias", outputs)
    self.heads = heads
    self.depth = depth
  }

  public var parameters: [Parameter] { [weight, hearing, heard, bias] }

  public func forward(_ input: Panel, _ pass: Pass) -> Panel {
    let graph = pass.graph(at: depth).forward[0]
    self.input = input
    let (heads, outputs) = (heads, weight.value.columns)
    let width = outputs / heads
    projected.reshape(rows: input.rows, columns: outputs)
    multiply(input, weight.value, into: projected, pass.parallel)
    score(hearing.value, into: hearingScores, pass.parallel)
    score(heard.value, into: heardScores, pass.parallel)
    slopes.reshape(rows: graph.entryCount, columns: heads)
    shares.reshape(rows: graph.entryCount, columns: heads)
    output.reshape(rows: graph.rows, columns: outputs)
    nonisolated(unsafe) let (z, y, shift) = (projected.start, output.start, bias.value.start)
    nonisolated(unsafe) let (own, other) = (hearingScores.start, heardScores.start)
    nonisolated(unsafe) let (slopes, shares) = (slopes.start, shares.start)
    graph.forEachBlock(pass.parallel) { rows, offsets, targets in
      for row in rows {
        for entry in Int(offsets[row])..<Int(offsets[row + 1]) {
          for head in 0..<heads {
            let score = own[row * heads + head] + other[Int(targets[entry]) * heads + head]
            let slope: Float = score > 0 ? 1 : 0.2
            slopes[entry * heads + head] = slope
            shares[entry * heads + head] = slope * score
          }
        }
      }
      rg_segment_softmax(rows.lowerBound, rows.upperBound, offsets, heads, shares)
      for row in rows {
        let result = y + row * outputs
        for k in 0..<outputs { result[k] = shift[k] }
        for entry in Int(offsets[row])..<Int(offsets[row + 1]) {
          let source = z + Int(targets[entry]) * outputs
          for head in 0..<heads {
            let share = shares[entry * heads + head]
            for k in head * width..<(head + 1) * width { result[k] += share * source[k] }
          }
        }
      }
    }
    return output
  }

  public func backward(_ gradient: Panel, _ pass: Pass, wantsInput: Bool) -> Panel {
    let graph = pass.graph(at: depth).forward[0]
    let (heads, outputs) = (heads, weight.value.columns)
    let width = outputs / heads
    gradient.addColumnSums(to: bias.gradient, pass.parallel)
    scoreGradients(gradient, graph, pass.parallel)
    // Each node's part in the scores of those that hear it, and in their outputs.
    let mirror = mirrored(graph)
    projectedGradient.reshape(rows: input.rows, columns: outputs)
    nonisolated(unsafe) let (g, dz) = (gradient.start, projectedGradient.start)
    nonisolated(unsafe) let (own, other) = (hearingScores.start, heardScores.start)
    nonisolated(unsafe) let (dscores, shares) = (slopes.start, shares.start)
    nonisolated(unsafe) let (a, c) = (hearing.value.start, heard.value.start)
    let hearingCount = graph.rows
    mirror.matrix.forEachBlock(pass.parallel) { nodes, offsets, hearers in
      for node in nodes {
        let result = dz + node * outputs
        for k in 0..<outputs { result[k] = 0 }
        for head in 0..<heads { other[node * heads + head] = 0 }
        for place in Int(offsets[node])..<Int(offsets[node + 1]) {
          let entry = mirror.entries[place] * heads
          let source = g + Int(hearers[place]) * outputs
          for head in 0..<heads {
            other[node * heads + head] += dscores[entry + head]
            let share = shares[entry + head]
            for k in head * width..<(head + 1) * width { result[k] += share * source[k] }
          }
        }
        for head in 0..<heads {
          let mine = node < hearingCount ? own[node * heads + head] : 0
          let theirs = other[node * heads + head]
          for k in 0..<width {
            result[head * width + k] += mine * a[head * width + k] + theirs * c[head * width + k]
          }
        }
      }
    }
    addScoreWeights(hearingScores, rows: hearingCount, to: hearing.gradient, pass.parallel)
    addScoreWeights(heardScores, rows: input.rows, to: heard.gradient, pass.parallel)
    multiply(
      input, projectedGradient, form: .firstTransposed, adding: true, into: weight.gradient, pass.parallel)
    guard wantsInput else { return gradient }
    inputGradient.reshape(rows: input.rows, columns: input.columns)
    multiply(projectedGradient, weight.value, form: .secondTransposed, into: inputGradient, pass.parallel)
    return inputGradient
  }

  /// For each node and head the product of its projected row with the head's weights.
  private func score(_ weights: Panel, into scores: Panel, _ parallel: Parallel) {
    scores.reshape(rows: projected.rows, columns: heads)
    let (heads, outputs) = (heads, projected.columns)
    let width = outputs / heads
    nonisolated(unsafe) let (z, w, to) = (projected.start, weights.start, scores.start)
    parallel.forEach(rows: projected.rows, atLeast: 512) { range in
      for node in range {
        for head in 0..<heads {
          var sum: Float = 0
          for k in 0..<width { sum += w[head * width + k] * z[node * outputs + head * width + k] }
          to[node * heads + head] = sum
        }
      }
    }
  }

  /// Turns the slopes into the scores' gradients, and the hearing nodes' scores into the sums of theirs.
  private func scoreGradients(_ gradient: Panel, _ graph: SparseMatrix, _ parallel: Parallel) {
    let (heads, outputs) = (heads, weight.value.columns)
    let width = outputs / heads
    nonisolated(unsafe) let (z, g, own) = (projected.start, gradient.start, hearingScores.start)
    nonisolated(unsafe) let (slopes, shares) = (slopes.start, shares.start)
    graph.forEachBlock(parallel) { rows, offsets, targets in
      var products: [Float] = []
      for row in rows {
        let entries = Int(offsets[row])..<Int(offsets[row + 1])
        if products.count < entries.count { products = [Float](repeating: 0, count: entries.count) }
        for head in 0..<heads {
          var mean: Float = 0
          for entry in entries {
            let source = z + Int(targets[entry]) * outputs + head * width
            let wanted = g + row * outputs + head * width
            var product: Float = 0
            for k in 0..<width { product += wanted[k] * source[k] }
            products[entry - entries.lowerBound] = product
            mean += shares[entry * heads + head] * product
          }
          var sum: Float = 0
          for entry in entries {
            let place = entry * heads + head
            slopes[place] *= shares[place] * (products[entry - entries.lowerBound] - mean)
            sum += slopes[place]
          }
          own[row * heads + head] = sum
        }
      }
    }
  }

  /// Adds Σ over nodes of (score's gradient · projected row) to the gradient of a head's weights.
  private func addScoreWeights(_ scores: Panel, rows: Int, to gradient: Panel, _ parallel: Parallel) {
    let (heads, outputs) = (heads, projected.columns)
    let width = outputs / heads
    nonisolated(unsafe) let (z, s) = (projected.start, scores.start)
    let parts = parallel.map(rows: rows, atLeast: 1024) { range in
      var sums = [Float](repeating: 0, count: outputs)
      sums.withUnsafeMutableBufferPointer { sums in
        for node in range {
          for head in 0..<heads {
            let factor = s[node * heads + head]
            for k in head * width..<(head + 1) * width { sums[k] += factor * z[node * outputs + k] }
          }
        }
      }
      return sums
    }
    for part in parts { for k in 0..<outputs { gradient.start[k] += part[k] } }
  }

  private func mirrored(_ graph: SparseMatrix) -> MirroredEntries {
    if let mirror, mirror.isOf(graph) { return mirror }
    let new = MirroredEntries(graph)
    mirror = new
    return new
  }
}

/// A pattern's transpose, and for each of its entries which entry of the pattern it was.
struct MirroredEntries {
  let matrix: SparseMatrix
  let entries: Buffer<Int>
  private let original: SparseMatrix

  init(_ original: SparseMatrix) {
    self.original = original
    matrix = SparseMatrix(columns: original.columns, offsets: original.offsets, targets: original.targets)
      .transposed()
    var next = Array(matrix.offsets.dropLast().map { Int($0) })
    var places = [Int](repeating: 0, count: original.entryCount)
    for (entry, target) in original.targets.enumerated() {
      places[next[Int(target)]] = entry
      next[Int(target)] += 1
    }
    entries = Buffer(places)
  }

  /// Whether it belongs to this matrix: the same memory, not merely the same content.
  func isOf(_ other: SparseMatrix) -> Bool { original.sharesEntries(with: other) }
}
