import Compute
import Foundation
import Tables

/// A library that the program calls: its version, and the file that it was loaded from.
struct LibraryFacts: Sendable {
  let name: String
  let version: String?
  /// Nil where the library is missing.
  let place: String?
  let remedy: String

  static func all() -> [LibraryFacts] {
    [
      LibraryFacts(
        "OpenBLAS", package: "libopenblas-dev", symbol: "openblas_get_config", version: openBLASVersion),
      LibraryFacts("LAPACKE", package: "liblapacke-dev", symbol: "LAPACKE_sgesdd", version: { _ in nil }),
      LibraryFacts("SQLite", package: "libsqlite3-dev", symbol: "sqlite3_libversion", version: textVersion),
      LibraryFacts("XGBoost", package: "libxgboost-dev", symbol: "XGBoostVersion", version: xgboostVersion),
      duckDB(),
    ]
  }

  /// DuckDB is opened at run time, by rules of its own.
  private static func duckDB() -> LibraryFacts {
    do {
      let library = try Database.libraryInUse()
      return LibraryFacts(name: "DuckDB", version: library.version, place: library.path, remedy: "")
    } catch {
      return LibraryFacts(name: "DuckDB", version: nil, place: nil, remedy: "\(error)")
    }
  }

  init(name: String, version: String?, place: String?, remedy: String) {
    self.name = name
    self.version = version
    self.place = place
    self.remedy = remedy
  }

  /// Asks the copy in this process, wherever the loader found it. Where it does not tell its version, its file's
  /// name does: `liblapacke.so.3.11.0`.
  private init(
    _ name: String, package: String, symbol: String, version: (UnsafeMutableRawPointer) -> String?
  ) {
    // A null handle asks everything that is loaded.
    let address = dlsym(nil, symbol)
    let place = address.flatMap(LibraryFacts.file)
    self.init(
      name: name, version: address.flatMap(version) ?? place.flatMap(LibraryFacts.versionInName),
      place: place,
      remedy: "apt-get install \(package), or run Scripts/setup.")
  }

  /// The file that is mapped where the function stands, by the system's list of mappings.
  private static func file(holding address: UnsafeMutableRawPointer) -> String? {
    let address = UInt(bitPattern: address)
    for line in (systemText("/proc/self/maps") ?? "").split(separator: "\n") {
      let bounds = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
      guard bounds.count == 2, bounds[0] <= address, address < bounds[1] else { continue }
      return line.firstIndex(of: "/").map { String(line[$0...]) }
    }
    return nil
  }

  private static func versionInName(_ path: String) -> String? {
    guard let suffix = path.range(of: ".so.") else { return nil }
    return String(path[suffix.upperBound...])
  }

  private static func textVersion(_ address: UnsafeMutableRawPointer) -> String? {
    typealias Function = @convention(c) () -> UnsafePointer<CChar>?
    return unsafeBitCast(address, to: Function.self)().map { String(cString: $0) }
  }

  /// `OpenBLAS 0.3.21 DYNAMIC_ARCH …`
  private static func openBLASVersion(_ address: UnsafeMutableRawPointer) -> String? {
    textVersion(address)?.split(separator: " ").dropFirst().first.map(String.init)
  }

  private static func xgboostVersion(_ address: UnsafeMutableRawPointer) -> String? {
    typealias Function =
      @convention(c) (
        UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<Int32>?
      ) -> Void
    var (major, minor, patch) = (Int32(0), Int32(0), Int32(0))
    unsafeBitCast(address, to: Function.self)(&major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
  }
}
