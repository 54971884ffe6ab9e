import Foundation

/// A block of raw memory that is freed, or unmapped, when the last value that shows it goes.
///
/// `Buffer` and `Matrix` are typed faces of it. Memory of its own starts at a multiple of 64 bytes, so that
/// a row of floats fills whole cache lines (a Swift array starts at 16 modulo 64, which costs a third of the
/// speed of a sparse product).
public final class Memory: @unchecked Sendable {
  package let start: UnsafeMutableRawPointer
  public let byteCount: Int
  private let release: @Sendable (UnsafeMutableRawPointer, Int) -> Void

  public static let alignment = 64

  /// Uninitialized memory on the heap.
  package init(byteCount: Int) {
    precondition(byteCount >= 0, "memory of negative size")
    self.byteCount = byteCount
    if byteCount >= LargeBlocks.least {
      guard let block = LargeBlocks.take(byteCount) else {
        fatalError("out of memory: \(byteCount) bytes were asked for")
      }
      let size = block.size
      start = block.start
      release = { start, _ in LargeBlocks.giveBack(start, size: size) }
      return
    }
    var pointer: UnsafeMutableRawPointer?
    guard posix_memalign(&pointer, Memory.alignment, Swift.max(byteCount, 1)) == 0, let pointer else {
      fatalError("out of memory: \(byteCount) bytes were asked for")
    }
    start = pointer
    release = { pointer, _ in free(pointer) }
  }

  /// Memory that somebody else made, and how to give it back.
  package init(
    adopting start: UnsafeMutableRawPointer, byteCount: Int,
    release: @escaping @Sendable (UnsafeMutableRawPointer, Int) -> Void
  ) {
    self.start = start
    self.byteCount = byteCount
    self.release = release
  }

  /// A whole file, mapped read-only: pages are read when they are first touched.
  public static func mapping(file path: String) throws(MemoryError) -> Memory {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotOpen(path: path, reason: "it is not a regular file")
    }
    let size = Int(status.st_size)
    guard size > 0 else { return Memory(byteCount: 0) }
    guard let start = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED else {
      throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    return Memory(adopting: start, byteCount: size) { munmap($0, $1) }
  }

  /// Calls `body`, which looks at a few bytes here and there: the system reads only the pages of a mapped file that it
  /// touches, not the megabytes behind them.
  func withoutReadingAhead<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard byteCount > 0 else { return try body() }
    madvise(start, byteCount, MADV_RANDOM)
    defer { madvise(start, byteCount, MADV_NORMAL) }
    return try body()
  }

  deinit { release(start, byteCount) }
}

/// `MADV_HUGEPAGE`, which Swift does not see: advice only, so that it does not matter where it is not followed.
package let hugePageAdvice: Int32 = 14

public enum MemoryError: Error, CustomStringConvertible, Equatable {
  case cannotOpen(path: String, reason: String)

  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(reason)."
    }
  }
}
