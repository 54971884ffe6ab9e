import CKernels
import Foundation

/// What the machine can do at most, measured: the figures that a benchmark is held against.
///
///     let limits = MachineLimits.measured()      // two thirds of a second
///     limits.readGBs                             // 41.7
public struct MachineLimits: Sendable, Codable {
  /// Reading memory in order, GB/s.
  public let readGBs: Double
  /// a = b + s · c over arrays that no cache holds, GB/s as STREAM counts them (two read, one written).
  public let triadGBs: Double
  /// A large dense product in 32 bits.
  public let sgemmGFLOPs: Double
  public let threads: Int

  /// Measures, with all cores. Takes under a second; other work on the machine makes the figures smaller.
  public static func measured(parallel: Parallel = .machine) -> MachineLimits {
    let cache = Processor.current.lastLevelCacheBytes
    let floats = min(max(4 * cache, 128 << 20), 1 << 30) / 3 / 4 / 4096 * 4096
    var a = Matrix(uninitializedRows: floats / 1024, columns: 1024)
    var b = Matrix(uninitializedRows: floats / 1024, columns: 1024)
    var c = Matrix(uninitializedRows: floats / 1024, columns: 1024)
    // The first writing brings the pages, and both cores do it.
    fill(&a, with: 0, parallel)
    fill(&b, with: 1, parallel)
    fill(&c, with: 2, parallel)
    let bytes = Double(floats * 4)
    let block = floats / 64
    let triad = best(of: 4) {
      a.withUnsafeMutableBufferPointer { a in
        nonisolated(unsafe) let a = a.baseAddress!
        b.withUnsafeBufferPointer { b in
          nonisolated(unsafe) let b = b.baseAddress!
          c.withUnsafeBufferPointer { c in
            nonisolated(unsafe) let c = c.baseAddress!
            parallel.forEach(blocks: 64) { part in
              let from = part * block
              rg_triad(a + from, b + from, 0.5, c + from, block)
            }
          }
        }
      }
    }
    var sink: Float = 0
    let read = best(of: 4) {
      sink += readSum(b, blocks: 64, parallel)
      sink += readSum(c, blocks: 64, parallel)
    }
    precondition(sink > 0)
    return MachineLimits(
      readGBs: 2 * bytes / read / 1e9, triadGBs: 3 * bytes / triad / 1e9,
      sgemmGFLOPs: sgemmGFLOPs(size: 1024, parallel: parallel), threads: parallel.threads)
  }

  /// A square product of this size, the best of three.
  static func sgemmGFLOPs(size: Int, parallel: Parallel) -> Double {
    var a = Matrix(uninitializedRows: size, columns: size)
    var c = a
    fill(&a, with: 0.5, parallel)
    fill(&c, with: 0, parallel)
    let seconds = best(of: 3) { BLAS.multiply(a, a, into: &c, parallel: parallel) }
    return 2 * Double(size) * Double(size) * Double(size) / seconds / 1e9
  }

  private static func fill(_ matrix: inout Matrix, with value: Float, _ parallel: Parallel) {
    matrix.withUnsafeMutableBufferPointer { values in
      nonisolated(unsafe) let start = values.baseAddress!
      parallel.forEach(rows: values.count, atLeast: 1 << 16) { range in
        (start + range.lowerBound).initialize(repeating: value, count: range.count)
      }
    }
  }

  private static func readSum(_ matrix: Matrix, blocks: Int, _ parallel: Parallel) -> Float {
    matrix.withUnsafeBufferPointer { values in
      nonisolated(unsafe) let start = values.baseAddress!
      let block = values.count / blocks
      let sums = parallel.map(rows: blocks, atLeast: 1) { range in
        rg_sum(start + range.lowerBound * block, block)
      }
      return sums.reduce(0, +)
    }
  }

  private static func best(of rounds: Int, _ work: () -> Void) -> Double {
    (0..<rounds).map { _ in
      let start = ContinuousClock.now
      work()
      return (ContinuousClock.now - start) / .seconds(1)
    }.min()!
  }
}
