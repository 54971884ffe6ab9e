import Foundation

/// A file that is being written from its start to its end.
final class OutputFile {
  let path: String
  private(set) var position = 0
  private var descriptor: Int32

  init(path: String) throws(MarketplaceError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: lastReason()) }
  }

  deinit { if descriptor >= 0 { Foundation.close(descriptor) } }

  func write(_ bytes: [UInt8]) throws(MarketplaceError) {
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress! + done, bytes.count - done)
      }
      if written < 0 {
        if errno == EINTR { continue }
        throw .cannotWrite(path: path, reason: lastReason())
      }
      done += written
    }
    position += bytes.count
  }

  func close() throws(MarketplaceError) {
    let result = Foundation.close(descriptor)
    descriptor = -1
    guard result == 0 else { throw .cannotWrite(path: path, reason: lastReason()) }
  }
}

private func lastReason() -> String {
  let reason = String(cString: strerror(errno))
  return reason.prefix(1).lowercased() + reason.dropFirst()
}

/// The folder that a market is written to: made if it is not there, and left as it was found if something fails.
struct OutputFolder {
  let path: String
  private let existed: Bool

  /// Refuses a file, and a folder with anything in it.
  init(path: String) throws(MarketplaceError) {
    self.path = path
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    existed = manager.fileExists(atPath: path, isDirectory: &isFolder)
    if existed {
      guard isFolder.boolValue else { throw .notAFolder(path: path) }
      guard let contents = try? manager.contentsOfDirectory(atPath: path) else {
        throw .cannotWrite(path: path, reason: "it cannot be listed")
      }
      guard contents.isEmpty else { throw .folderNotEmpty(path: path) }
    }
    try makeFolder(path)
  }

  /// Makes a folder inside this one.
  func makeFolder(named name: String) throws(MarketplaceError) { try makeFolder(path + "/" + name) }

  private func makeFolder(_ path: String) throws(MarketplaceError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .cannotWrite(path: path, reason: "the folder cannot be made (\(error.localizedDescription))")
    }
  }

  func write(_ text: String, to name: String) throws(MarketplaceError) {
    let file = try OutputFile(path: path + "/" + name)
    try file.write(Array(text.utf8))
    try file.close()
  }

  /// Takes away all that was written.
  func remove() {
    let manager = FileManager.default
    for name in (try? manager.contentsOfDirectory(atPath: path)) ?? [] {
      try? manager.removeItem(atPath: path + "/" + name)
    }
    if !existed { try? manager.removeItem(atPath: path) }
  }
}
