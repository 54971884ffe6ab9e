import Foundation

/// The few calls on files that the store needs, each of them durable when it returns where it says so.
enum Disk {
  static func failure(_ path: String, _ operation: String, code: Int32 = errno) -> StoreError {
    switch code {
    case ENOSPC, EDQUOT, EFBIG: .diskFull(path: path)
    default: .file(path: path, operation: operation, reason: String(cString: strerror(code)))
    }
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func size(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// A folder that only its owner may enter.
  static func makeFolder(_ path: String) throws(StoreError) {
    guard mkdir(path, 0o700) == 0 || (errno == EEXIST && isFolder(path)) else {
      throw failure(path, "made")
    }
  }

  /// Makes durable which names a folder holds.
  static func syncFolder(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, "opened") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path, "synced") }
  }

  static func rename(_ from: String, to: String) throws(StoreError) {
    guard Foundation.rename(from, to) == 0 else { throw failure(from, "renamed to \(to)") }
  }

  /// Names in a folder, sorted; empty where there is no such folder.
  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  static func remove(_ path: String) throws(StoreError) {
    guard exists(path) else { return }
    do { try FileManager.default.removeItem(atPath: path) } catch {
      throw StoreError.file(path: path, operation: "removed", reason: "\(error.localizedDescription)")
    }
  }

  static func read(_ path: String) throws(StoreError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, "opened") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(descriptor, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure(path, "read") }
      if count == 0 { return bytes }
      bytes.append(contentsOf: piece[..<count])
    }
  }

  /// Writes a small file and syncs it. Its name is durable only after `syncFolder`.
  static func write(_ bytes: [UInt8], to path: String) throws(StoreError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path, "written") }
    defer { close(descriptor) }
    try bytes.withUnsafeBufferPointer { (bytes) throws(StoreError) in
      try writeAll(UnsafeRawBufferPointer(bytes), to: descriptor, path: path)
    }
    guard fsync(descriptor) == 0 else { throw failure(path, "synced") }
  }

  static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String
  )
    throws(StoreError)
  {
    var done = 0
    while done < bytes.count {
      let count = Foundation.write(descriptor, bytes.baseAddress! + done, min(bytes.count - done, 1 << 30))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure(path, "written") }
      done += count
    }
  }
}
