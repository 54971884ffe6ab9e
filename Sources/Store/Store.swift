import Compute
import Foundation
import Graph

/// A graph on disk: immutable snapshots of arrays, and a catalogue of what changes.
///
///     let store = try Store.create(at: "shop.rg", schema: schema)
///     try store.importTables(from: "tables/")
///     let graph = try Store.open(at: "shop.rg").graph()
///
/// Any number of readers beside one writer, across processes. A reader sees one state, whatever is written
/// meanwhile; a second writer waits for `patience`. One value is for one thread at a time; open another for another.
public final class Store {
  public let path: String
  public let schema: Schema
  /// How long to wait for another writer.
  public var patience: Duration = .seconds(10)
  /// What a waiting writer is told that this one does.
  public var command = "riskgraph"
  let catalogue: Catalogue
  let schemaText: String

  /// Makes an empty store. What exists already is not touched.
  public static func create(at path: String, schema: Schema) throws(StoreError) -> Store {
    guard !Disk.exists(path) else { throw .exists(path: path) }
    // Made beside and renamed, so that there is never half a store.
    let draft = path + ".making-\(getpid())"
    try Disk.remove(draft)
    do throws(StoreError) {
      try Disk.makeFolder(draft)
      try Disk.makeFolder(draft + "/snapshots")
      try Disk.makeFolder(draft + "/models")
      try prepare(draft, schemaText: schema.json)
      try Disk.syncFolder(draft)
      try Disk.rename(draft, to: path)
      try Disk.syncFolder((path as NSString).deletingLastPathComponent.isEmpty ? "." : parent(of: path))
    } catch {
      _ = try? Disk.remove(draft)
      throw error
    }
    return try open(at: path)
  }

  private static func parent(of path: String) -> String { (path as NSString).deletingLastPathComponent }

  private static func prepare(_ folder: String, schemaText: String) throws(StoreError) {
    let catalogue = try Catalogue(path: folder + "/" + Catalogue.fileName, creating: true)
    try catalogue.migrate()
    try catalogue.database.writing { () throws(StoreError) in
      try catalogue.set("schema", to: schemaText)
      var numbers = SystemRandomNumberGenerator()
      let salt = (0..<4).map { _ in Checksum.text(numbers.next()) }.joined()
      try catalogue.set("salt", to: salt)
      try catalogue.audit("init", ["schema": Checksum.text(Checksum.of(Array(schemaText.utf8)))])
    }
    try catalogue.emptyLog()
    for name in Disk.names(in: folder) where name.hasPrefix(Catalogue.fileName) {
      chmod(folder + "/" + name, 0o600)
    }
  }

  /// Opens a store. Reads its catalogue, and nothing of its snapshot yet.
  public static func open(at path: String) throws(StoreError) -> Store {
    let file = path + "/" + Catalogue.fileName
    guard Disk.isFolder(path), Disk.exists(file) else { throw .notAStore(path: path) }
    let catalogue = try Catalogue(path: file)
    let version = try catalogue.version()
    guard version <= Catalogue.migrations.count else {
      throw .newerFormat(path: path, found: version, known: Catalogue.migrations.count)
    }
    guard version > 0 else { throw .notAStore(path: path) }
    if version < Catalogue.migrations.count {
      let lock = try WriterLock(store: path, command: "migration", patience: .seconds(30))
      defer { lock.release() }
      try catalogue.migrate()
    }
    guard let text = try catalogue.setting("schema") else {
      throw .damaged(path: file, what: "it holds no schema")
    }
    return Store(
      path: path, schema: try Schema(storedText: text, path: file), schemaText: text, catalogue: catalogue)
  }

  private init(path: String, schema: Schema, schemaText: String, catalogue: Catalogue) {
    self.path = path
    self.schema = schema
    self.schemaText = schemaText
    self.catalogue = catalogue
  }

  /// Does `body` as the one writer. What an interrupted writer left half-made is cleared away first.
  func writing<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    let lock = try WriterLock(store: path, command: command, patience: patience)
    defer { lock.release() }
    try clearRemains()
    return try body()
  }

  /// Removes folders of snapshots that are not the current one. Readers that mapped them keep what they mapped.
  func clearRemains() throws(StoreError) {
    let current = try catalogue.currentSnapshot().map { ($0.folder as NSString).lastPathComponent }
    for name in Disk.names(in: path + "/snapshots") where name != current {
      try Disk.remove(path + "/snapshots/" + name)
    }
    for name in Disk.names(in: path) where name.hasPrefix("scratch-") { try Disk.remove(path + "/" + name) }
  }

  /// What was done to the store, oldest first.
  public func auditTrail() throws(StoreError) -> [AuditEntry] { try catalogue.auditTrail() }
}
