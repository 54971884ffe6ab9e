// Large blocks of memory that were given back, kept for whoever asks next.
//
// The system clears every page that it hands out: a matrix of 100 MB costs as much as a pass over it before anything is
// written to it. Feature columns and layers ask for matrices of the same few sizes over and over.

import Foundation
import Synchronization

enum LargeBlocks {
  /// What counts as large, and how much is kept at most.
  static let least = 4 << 20
  private static let most = 256 << 20
  private static let huge = 2 << 20

  private struct Free: @unchecked Sendable {
    var blocks: [(start: UnsafeMutableRawPointer, size: Int)] = []
    var kept = 0
  }

  private static let free = Mutex(Free())

  /// A block of at least that size, uninitialized, at a multiple of 2 MiB; nil where there is no memory left.
  static func take(_ byteCount: Int) -> (start: UnsafeMutableRawPointer, size: Int)? {
    let wanted = (byteCount + huge - 1) / huge * huge
    // Somewhat larger will do; much larger would be wasted.
    let again = free.withLock { free -> (start: UnsafeMutableRawPointer, size: Int)? in
      let fitting = free.blocks.indices.filter {
        free.blocks[$0].size >= wanted && free.blocks[$0].size <= wanted + wanted / 4
      }
      guard let best = fitting.min(by: { free.blocks[$0].size < free.blocks[$1].size }) else { return nil }
      let block = free.blocks.remove(at: best)
      free.kept -= block.size
      return block
    }
    if let again { return again }
    var pointer: UnsafeMutableRawPointer?
    guard posix_memalign(&pointer, huge, wanted) == 0, let pointer else { return nil }
    // Pages of 2 MiB: scattered access misses the address cache far less often.
    madvise(pointer, wanted, hugePageAdvice)
    return (pointer, wanted)
  }

  /// Keeps the block, and gives the oldest ones to the system where they are more than should be kept.
  static func giveBack(_ start: UnsafeMutableRawPointer, size: Int) {
    guard size <= most / 2 else {
      Foundation.free(start)
      return
    }
    let surplus = free.withLock { free -> [UnsafeMutableRawPointer] in
      free.blocks.append((start, size))
      free.kept += size
      var surplus: [UnsafeMutableRawPointer] = []
      while free.kept > most {
        let oldest = free.blocks.removeFirst()
        free.kept -= oldest.size
        surplus.append(oldest.start)
      }
      return surplus
    }
    for start in surplus { Foundation.free(start) }
  }
}
