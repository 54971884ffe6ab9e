// Writing the arrays of a snapshot: each once, in order, checksummed on its way, synced before it counts.
//
// Arrays of more than a few megabytes go past the page cache (O_DIRECT, in aligned pieces): they are far larger than
// what is soon read again, and the copy into the cache costs more than the disk does. A file system that cannot do so
// is written the ordinary way. One queue writes while the caller computes the next array.

import Compute
import Dispatch
import Foundation
import Synchronization

/// Writes `.npy` files into one folder and remembers what it wrote, for the manifest.
final class ArrayWriter: Sendable {
  let folder: String
  private let queue = DispatchQueue(label: "riskgraph.arrays")
  private let state = Mutex<State>(State())

  private struct State {
    var files: [Manifest.File] = []
    var failure: StoreError?
  }

  init(folder: String) { self.folder = folder }

  /// Queues an array; `name` may have folders in it, which exist.
  func write<Element: NumpyScalar>(_ buffer: Buffer<Element>, to name: String) {
    write(count: buffer.count, to: name) { (range, target: UnsafeMutableBufferPointer<Element>) in
      buffer.withUnsafeBufferPointer { source in
        _ = target.update(fromContentsOf: UnsafeBufferPointer(rebasing: source[range]))
      }
    }
  }

  /// Queues an array whose elements `fill` writes, range by range in rising order, on the writer's thread.
  func write<Element: NumpyScalar>(
    count: Int, to name: String,
    filledBy fill: @escaping @Sendable (Range<Int>, UnsafeMutableBufferPointer<Element>) -> Void
  ) {
    queue.async { [self] in
      guard state.withLock({ $0.failure == nil }) else { return }
      do throws(StoreError) {
        let file = try ArrayWriter.writeFile(
          NumpyFile.header(for: Element.self, shape: [count]), count: count, folder: folder, name: name,
          fill: fill)
        state.withLock { $0.files.append(file) }
      } catch { state.withLock { $0.failure = $0.failure ?? error } }
    }
  }

  /// True where writing failed already, so that going on is in vain.
  var hasFailed: Bool { state.withLock { $0.failure != nil } }

  /// Waits until all is written and synced. Throws what failed first.
  func finish() throws(StoreError) -> [Manifest.File] {
    queue.sync {}
    return try state.withLock { (state) throws(StoreError) in
      if let failure = state.failure { throw failure }
      return state.files.sorted { $0.name < $1.name }
    }
  }

  /// O_DIRECT, which Swift does not import.
  #if arch(x86_64) || arch(i386)
    private static let direct: Int32 = 0o40000
  #elseif arch(arm64)
    private static let direct: Int32 = 0o200000
  #else
    private static let direct: Int32 = 0
  #endif

  private static let pieceBytes = 4 << 20
  private static let blockBytes = 4096

  private static func writeFile<Element: NumpyScalar>(
    _ header: [UInt8], count: Int, folder: String, name: String,
    fill: (Range<Int>, UnsafeMutableBufferPointer<Element>) -> Void
  ) throws(StoreError) -> Manifest.File {
    let path = folder + "/" + name
    let stride = MemoryLayout<Element>.stride
    let byteCount = header.count + count * stride
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    var isDirect = byteCount >= pieceBytes
    var descriptor = open(path, flags | (isDirect ? ArrayWriter.direct : 0), 0o600)
    if descriptor < 0, isDirect, errno == EINVAL {
      isDirect = false
      unlink(path)
      descriptor = open(path, flags, 0o600)
    }
    guard descriptor >= 0 else { throw Disk.failure(path, "written") }
    defer { close(descriptor) }

    var space: UnsafeMutableRawPointer?
    guard posix_memalign(&space, blockBytes, pieceBytes) == 0, let piece = space else {
      throw .file(path: path, operation: "written", reason: "out of memory")
    }
    defer { free(piece) }

    // The header is a multiple of 64, so that elements never straddle two pieces.
    var checksum = Checksum()
    piece.copyMemory(from: header, byteCount: header.count)
    var filled = header.count
    var next = 0
    repeat {
      let room = min(count - next, (pieceBytes - filled) / stride)
      let target = (piece + filled).bindMemory(to: Element.self, capacity: room)
      fill(next..<next + room, UnsafeMutableBufferPointer(start: target, count: room))
      next += room
      filled += room * stride
      let isLast = next == count
      checksum.add(UnsafeRawBufferPointer(start: piece, count: filled))
      if isLast, isDirect {
        // What is left is no whole number of blocks: the ordinary way.
        let whole = filled / blockBytes * blockBytes
        try Disk.writeAll(UnsafeRawBufferPointer(start: piece, count: whole), to: descriptor, path: path)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~ArrayWriter.direct)
        try Disk.writeAll(
          UnsafeRawBufferPointer(start: piece + whole, count: filled - whole), to: descriptor, path: path)
      } else {
        do throws(StoreError) {
          try Disk.writeAll(UnsafeRawBufferPointer(start: piece, count: filled), to: descriptor, path: path)
        } catch {
          // Some file systems take the flag and then refuse to write by it.
          guard isDirect, errno == EINVAL else { throw error }
          isDirect = false
          _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~ArrayWriter.direct)
          try Disk.writeAll(UnsafeRawBufferPointer(start: piece, count: filled), to: descriptor, path: path)
        }
      }
      filled = 0
    } while next < count
    guard fsync(descriptor) == 0 else { throw Disk.failure(path, "synced") }
    return Manifest.File(name: name, bytes: byteCount, checksum: checksum.text)
  }
}
