// One writer at a time, across processes: an advisory lock on `writer.lock`, which the system gives back however the
// writer ends. The file says who holds it, for whoever waits.

import Foundation

/// Held from `init` until it is released or goes away.
final class WriterLock {
  private var descriptor: Int32

  /// Waits at most `patience` for another writer.
  init(store: String, command: String, patience: Duration) throws(StoreError) {
    let path = store + "/writer.lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Disk.failure(path, "opened") }
    let start = ContinuousClock.now
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let waited = ContinuousClock.now - start
      guard errno == EWOULDBLOCK || errno == EINTR else {
        defer { close(descriptor) }
        throw Disk.failure(path, "locked")
      }
      guard waited < patience else {
        close(descriptor)
        throw .heldByAnother(
          path: store, holder: WriterLock.holder(path), seconds: waited / .seconds(1))
      }
      usleep(20_000)
    }
    self.descriptor = descriptor
    let note = "process \(getpid()) (\(command), since \(WriterLock.now()))\n"
    ftruncate(descriptor, 0)
    _ = Array(note.utf8).withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  func release() {
    guard descriptor >= 0 else { return }
    ftruncate(descriptor, 0)
    close(descriptor)
    descriptor = -1
  }

  deinit { release() }

  private static func holder(_ path: String) -> String {
    let bytes = (try? Disk.read(path)) ?? []
    let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return text.isEmpty ? "another process" : text
  }

  private static func now() -> String {
    ISO8601DateFormatter().string(from: Date())
  }
}
