import Compute

/// [x, Âx, Â²x, …] side by side: what a simple linear model on graphs needs of the graph, without parameters. Where
/// the input never changes it is computed once, and what follows learns from rows alone.
///
/// Wu et al.: Simplifying graph convolutional networks (2019); Frasca et al.: SIGN (2020).
public final class Hops: Layer {
  public let count: Int
  private let output = Panel()
  private let current = [Panel(), Panel()]
  private let sums = [Panel(), Panel()]
  private var outputOf: Panel?

  public init(_ count: Int) {
    precondition(count >= 0, "hops are counted from 0")
    self.count = count
  }

  public var parameters: [Parameter] { [] }

  public func forward(_ input: Panel, _ pass: Pass) -> Panel {
    if pass.isInputConstant, outputOf === input { return output }
    let graph = pass.graph(at: 0).forward[0]
    precondition(graph.rows == graph.columns, "hops need the whole graph")
    let width = input.columns
    output.reshape(rows: input.rows, columns: width * (count + 1))
    place(input, at: 0, pass.parallel)
    var last = input
    for hop in 0..<count {
      let next = current[hop % 2]
      next.reshape(rows: input.rows, columns: width)
      graph.multiply(last.reading, width: width, into: next.writing, parallel: pass.parallel)
      place(next, at: hop + 1, pass.parallel)
      last = next
    }
    outputOf = pass.isInputConstant ? input : nil
    return output
  }

  public func backward(_ gradient: Panel, _ pass: Pass, wantsInput: Bool) -> Panel {
    guard wantsInput else { return gradient }
    let transposed = pass.graph(at: 0).backward[0]
    let width = gradient.columns / (count + 1)
    for sum in sums { sum.reshape(rows: gradient.rows, columns: width) }
    var now = 0
    sums[0].clear()
    for hop in (0...count).reversed() {
      if hop < count {
        transposed.multiply(
          sums[now].reading, width: width, into: sums[1 - now].writing, parallel: pass.parallel)
        now = 1 - now
      }
      nonisolated(unsafe) let (from, to) = (gradient.start, sums[now].start)
      let stride = gradient.columns
      pass.parallel.forEach(rows: gradient.rows, atLeast: 256) { range in
        for row in range {
          for column in 0..<width { to[row * width + column] += from[row * stride + hop * width + column] }
        }
      }
    }
    return sums[now]
  }

  private func place(_ panel: Panel, at hop: Int, _ parallel: Parallel) {
    nonisolated(unsafe) let (from, to) = (panel.start, output.start)
    let (width, stride) = (panel.columns, output.columns)
    parallel.forEach(rows: panel.rows, atLeast: 256) { range in
      for row in range {
        (to + row * stride + hop * width).update(from: from + row * width, count: width)
      }
    }
  }
}
