import Foundation

/// What a snapshot holds: `manifest.json` in its folder.
///
/// Every file with its size and checksum; sizes are compared whenever a snapshot is opened, checksums by `check`. The
/// catalogue keeps the manifest's own checksum.
struct Manifest: Codable, Equatable {
  struct File: Codable, Equatable, Sendable {
    var name: String
    var bytes: Int
    /// XXH64 of the whole file, in hexadecimal.
    var checksum: String
  }

  static let fileName = "manifest.json"
  static let currentFormat = 1

  var format = currentFormat
  var snapshot: Int
  /// The name of the checksum, so that others can compute it.
  var checksums = "xxh64"
  /// The schema as it was then, as JSON text.
  var schema: String
  /// Nodes of each type.
  var nodes: [String: Int]
  /// Edges of each relation: rows of its columns.
  var edges: [String: Int]
  var files: [File]

  func encoded() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // A manifest is plain texts and numbers: encoding one cannot fail.
    return [UInt8](try! encoder.encode(self)) + [UInt8(ascii: "\n")]
  }

  init(snapshot: Int, schema: String, nodes: [String: Int], edges: [String: Int], files: [File]) {
    self.snapshot = snapshot
    self.schema = schema
    self.nodes = nodes
    self.edges = edges
    self.files = files
  }

  init(bytes: [UInt8], path: String) throws(StoreError) {
    do { self = try JSONDecoder().decode(Manifest.self, from: Data(bytes)) } catch {
      throw .damaged(path: path, what: "it is no manifest")
    }
    guard format <= Manifest.currentFormat else {
      throw .newerFormat(path: path, found: format, known: Manifest.currentFormat)
    }
  }

  func file(_ name: String) -> File? { files.first { $0.name == name } }

  var byteCount: Int { files.reduce(0) { $0 + $1.bytes } }
}
