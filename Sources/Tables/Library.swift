// Finding DuckDB and opening it, once, when the first database is opened.
//
// The order: the library that RISKGRAPH_DUCKDB names; a libduckdb.so the system knows; the one that Scripts/setup
// installed, which lies in a folder `.riskgraph` of the source tree the program was built in, or is linked from
// the user's data folder (for a program that was copied elsewhere). The first that is there must serve: an
// environment variable that names a wrong file is an error, not a reason to look further.

import CDuckDB
import Foundation

/// The functions of DuckDB's library, and where it was found.
struct Library: Sendable {
  let functions: duckdb_interface
  let path: String

  var version: String { functions.library_version().map { String(cString: $0) } ?? "unknown" }

  /// The library of this process. Looking for it again after a failure is cheap, and may succeed.
  static func shared() throws(TablesError) -> Library {
    lock.lock()
    defer { lock.unlock() }
    if let opened { return opened }
    let library = try find(environment: ProcessInfo.processInfo.environment)
    opened = library
    return library
  }

  private static let lock = NSLock()
  nonisolated(unsafe) private static var opened: Library?

  static func find(environment: [String: String]) throws(TablesError) -> Library {
    var tried: [String] = []
    if let named = environment["RISKGRAPH_DUCKDB"], !named.isEmpty {
      do { return try Library(path: named) } catch {
        throw .noLibrary(tried: ["RISKGRAPH_DUCKDB=\(named): \(error.reason)"])
      }
    }
    do { return try Library(path: "libduckdb.so") } catch { tried.append("libduckdb.so: \(error.reason)") }
    for folder in installedFolders(environment: environment) {
      for file in libraries(in: folder) {
        do { return try Library(path: file) } catch { tried.append("\(file): \(error.reason)") }
      }
    }
    throw .noLibrary(tried: tried)
  }

  struct LoadFailure: Error { let reason: String }

  init(path: String) throws(LoadFailure) {
    var functions = duckdb_interface()
    let companion = Library.python(for: path)
    if let failure = duckdb_interface_load(path, companion, &functions) {
      throw LoadFailure(reason: String(cString: failure))
    }
    self.functions = functions
    self.path = path
  }

  /// The Python library that a Python extension (`…cpython-311-…`) needs to have open: `libpython3.11.so.1.0`.
  static func python(for path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    guard let tag = name.range(of: "cpython-3") else { return nil }
    let minor = name[tag.upperBound...].prefix { $0.isNumber }
    return minor.isEmpty ? nil : "libpython3.\(minor).so.1.0"
  }

  /// Folders that may hold what Scripts/setup installed, nearest first.
  static func installedFolders(environment: [String: String]) -> [String] {
    var folders: [String] = []
    if var folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
      while folder.count > 1 {
        folder = (folder as NSString).deletingLastPathComponent
        folders.append((folder as NSString).appendingPathComponent(".riskgraph/duckdb"))
      }
    }
    let home = environment["HOME"] ?? NSHomeDirectory()
    let data = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.local/share"
    folders.append(data + "/riskgraph/duckdb")
    return folders
  }

  /// DuckDB libraries in a folder, if it is ours or the system's: nobody else may slip code into this process.
  static func libraries(in folder: String) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return [] }
    return names.sorted().filter { $0.hasPrefix("_duckdb.") || $0.hasPrefix("libduckdb.") }
      .map { folder + "/" + $0 }
      .filter { path in
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        return (status.st_uid == geteuid() || status.st_uid == 0) && status.st_mode & 0o002 == 0
      }
  }
}
