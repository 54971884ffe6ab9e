import Dispatch
import Foundation
import Synchronization

/// The one place that splits work over the machine's cores.
///
///     Parallel.machine.forEach(rows: n, atLeast: 1024) { rows in … }
///
/// Blocks are numbered and never depend on how many threads there are: what each block writes, and sums taken
/// over blocks in their order, are then the same on one thread and on many. A body owns what its block writes;
/// there are no locks. Do not nest: a body that calls a parallel function, or threaded BLAS, is slower.
public struct Parallel: Sendable {
  public let threads: Int

  public init(threads: Int) { self.threads = max(1, threads) }

  /// As many threads as cores, or as `RISKGRAPH_THREADS` says.
  public static let machine = Parallel(
    threads: ProcessInfo.processInfo.environment["RISKGRAPH_THREADS"].flatMap { Int($0) }
      ?? ProcessInfo.processInfo.activeProcessorCount)

  /// Calls `body` once for each block. Blocks are handed out in order; they end in any order.
  public func forEach(blocks: Int, _ body: (Int) -> Void) {
    guard blocks > 0 else { return }
    if threads == 1 || blocks == 1 {
      for block in 0..<blocks { body(block) }
      return
    }
    withoutActuallyEscaping(body) { body in
      nonisolated(unsafe) let body = body
      let next = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: min(threads, blocks)) { _ in
        while true {
          let block = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if block >= blocks { return }
          body(block)
        }
      }
    }
  }

  /// Calls `body` with ranges that cover `0..<rows`, each of `atLeast` rows (the last may be shorter) and
  /// at most 256 of them. The ranges depend on `rows` and `atLeast` alone.
  public func forEach(rows: Int, atLeast: Int = 1024, _ body: (Range<Int>) -> Void) {
    let size = Parallel.blockSize(rows: rows, atLeast: atLeast)
    forEach(blocks: (rows + size - 1) / size) { block in
      body(block * size..<min(rows, (block + 1) * size))
    }
  }

  /// One result for each range, in the ranges' order, as `forEach(rows:)` makes them.
  public func map<Result>(rows: Int, atLeast: Int = 1024, _ body: (Range<Int>) -> Result) -> [Result] {
    let size = Parallel.blockSize(rows: rows, atLeast: atLeast)
    let blocks = (rows + size - 1) / size
    return [Result](unsafeUninitializedCapacity: blocks) { results, initialized in
      let start = results.baseAddress
      forEach(blocks: blocks) { block in
        let result = body(block * size..<min(rows, (block + 1) * size))
        (start! + block).initialize(to: result)
      }
      initialized = blocks
    }
  }

  package static func blockSize(rows: Int, atLeast: Int) -> Int {
    max(max(1, atLeast), (rows + 255) / 256)
  }
}
