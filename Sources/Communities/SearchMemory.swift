import CKernels
import Compute
import Foundation
import Synchronization

/// Linux's MADV_HUGEPAGE, which the module map of the C library leaves out.
private let hugePages: Int32 = 14

/// An array of plain numbers for the inside of a search: on huge pages, all zero, and only what is touched is taken
/// from the machine, so that it may be made as large as the worst case.
struct Room<Element: BitwiseCopyable> {
  let memory: Memory
  let start: UnsafeMutablePointer<Element>
  let count: Int

  init(_ count: Int) {
    let size = (max(1, count) * MemoryLayout<Element>.stride + 4095) & ~4095
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let pages = mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0), pages != MAP_FAILED else {
      fatalError("out of memory: \(size) bytes were asked for")
    }
    if size >= 4 << 20 { madvise(pages, size, hugePages) }
    self.memory = Memory(adopting: pages, byteCount: size) { munmap($0, $1) }
    self.start = pages.bindMemory(to: Element.self, capacity: count)
    self.count = count
  }
}

/// One thread's scratch for the kernels.
struct Scratch {
  private let slots = Room<UInt64>(2 * Int(RG_SLOTS))
  private let dense: Room<UInt64>
  private let list: Room<UInt32>
  let raw: rg_scratch

  init(nodeCount: Int, width: Width) {
    dense = Room<UInt64>(width == .wide ? nodeCount : (nodeCount + 1) / 2)
    list = Room<UInt32>(nodeCount + 1)
    raw = rg_scratch(slots: slots.start, dense: dense.start, list: list.start)
  }
}

/// How a level's numbers are kept.
enum Width: Int32 {
  /// Each edge weighs one; sums in 32 bits.
  case unit = 0
  /// Weights and sums in 32 bits.
  case narrow = 1
  /// Weights and sums in 64 bits.
  case wide = 2

  var aggregated: Width { self == .wide ? .wide : .narrow }
  var byteCount: Int { self == .wide ? 8 : 4 }
}

/// Masses, totals and the like: whole numbers of the level's width.
struct Sums {
  private let room: Room<UInt64>
  let width: Width

  init(_ count: Int, _ width: Width) {
    self.room = Room(width == .wide ? count : (count + 1) / 2)
    self.width = width
  }

  var raw: UnsafeMutableRawPointer { UnsafeMutableRawPointer(room.start) }
  var narrow: UnsafeMutablePointer<UInt32> { raw.assumingMemoryBound(to: UInt32.self) }
  var wide: UnsafeMutablePointer<UInt64> { room.start }

  subscript(index: Int) -> UInt64 {
    get { width == .wide ? wide[index] : UInt64(narrow[index]) }
    nonmutating set {
      if width == .wide {
        wide[index] = newValue
      } else {
        narrow[index] = UInt32(truncatingIfNeeded: newValue)
      }
    }
  }

  func clear(_ range: Range<Int>) {
    memset(raw + range.lowerBound * width.byteCount, 0, range.count * width.byteCount)
  }

  func copy(_ range: Range<Int>, from other: UnsafeRawPointer) {
    let start = range.lowerBound * width.byteCount
    memcpy(raw + start, other + start, range.count * width.byteCount)
  }
}

extension Parallel {
  /// Calls `body` once for each chunk, telling which worker runs it; a worker does one chunk at a time.
  ///
  /// For work whose result does not depend on the worker, which only lends its scratch.
  func forEach(chunks: Int, _ body: (_ worker: Int, _ chunk: Int) -> Void) {
    let workers = min(threads, chunks)
    if workers <= 1 {
      for chunk in 0..<max(0, chunks) { body(0, chunk) }
      return
    }
    withoutActuallyEscaping(body) { body in
      nonisolated(unsafe) let body = body
      let next = Atomic<Int>(0)
      forEach(blocks: workers) { worker in
        while true {
          let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if chunk >= chunks { return }
          body(worker, chunk)
        }
      }
    }
  }
}
