import CKernels
import Compute
import Foundation

/// An array of plain numbers for the inside of a search: on huge pages, all zero, and only what is touched is taken
/// from the machine, so that it may be made as large as the worst case.
struct Room<Element: BitwiseCopyable> {
  let memory: Memory
  let start: UnsafeMutablePointer<Element>
  let count: Int

  init(_ count: Int) {
    let needed = max(1, count) * MemoryLayout<Element>.stride
    // From a mebibyte on, whole huge pages: the last one of an array of four million bytes counts as much as the first.
    let isLarge = needed >= 1 << 20
    let page = isLarge ? 2 << 20 : 4096
    let size = (needed + page - 1) & ~(page - 1)
    let taken = isLarge ? size + page : size
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let pages = mmap(nil, taken, PROT_READ | PROT_WRITE, flags, -1, 0), pages != MAP_FAILED else {
      fatalError("out of memory: \(size) bytes were asked for")
    }
    let skipped = -Int(bitPattern: pages) & (page - 1)
    if isLarge { madvise(pages + skipped, size, hugePageAdvice) }
    self.memory = Memory(adopting: pages, byteCount: taken) { munmap($0, $1) }
    self.start = (pages + skipped).bindMemory(to: Element.self, capacity: count)
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
