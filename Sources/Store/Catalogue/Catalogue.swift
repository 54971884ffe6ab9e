import Foundation

/// Everything of a store that changes, in one SQLite file, `catalog.db`: which snapshot is current, the rows appended
/// since, what was forgotten, the models, and the audit trail.
///
/// Write-ahead log, synced at every commit: what a command has acknowledged survives `kill -9` and power loss. Deleted
/// content is overwritten (`secure_delete`), so that what is forgotten does not linger in free pages.
final class Catalogue {
  let database: Database
  static let fileName = "catalog.db"

  init(path: String, creating: Bool = false) throws(StoreError) {
    self.database = try Database(path: path, creating: creating)
    try database.script(
      """
      pragma journal_mode = wal;
      pragma synchronous = full;
      pragma foreign_keys = on;
      pragma secure_delete = on;
      pragma wal_autocheckpoint = 4000;
      """)
  }

  var path: String { database.path }

  // MARK: Settings

  func setting(_ name: String) throws(StoreError) -> String? {
    try database.rows("select value from settings where name = ?", .text(name)) { (row) throws(StoreError) in
      row.text(0)
    }.first
  }

  func set(_ name: String, to value: String) throws(StoreError) {
    try database.run(
      "insert into settings (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
      .text(name), .text(value))
  }

  // MARK: Snapshots

  /// The snapshot that readers open; nil before the first import.
  func currentSnapshot() throws(StoreError) -> SnapshotEntry? {
    try database.rows(
      """
      select s.number, s.manifest, s.created, s.bytes from current c join snapshots s on s.number = c.snapshot
      """
    ) { (row) throws(StoreError) in
      SnapshotEntry(
        number: row.integer(0), manifest: row.text(1), created: row.text(2), bytes: row.integer(3))
    }.first
  }

  func highestSnapshot() throws(StoreError) -> Int {
    try database.rows("select coalesce(max(number), 0) from snapshots") { (row) throws(StoreError) in
      row.integer(0)
    }.first ?? 0
  }

  /// Makes a snapshot the current one, in the caller's transaction: its batches and removals are folded in.
  func makeCurrent(_ entry: SnapshotEntry, foldingBatchesUpTo batch: Int) throws(StoreError) {
    try database.run(
      "insert into snapshots (number, manifest, created, bytes) values (?, ?, ?, ?)", .integer(entry.number),
      .text(entry.manifest), .text(entry.created), .integer(entry.bytes))
    try database.run(
      """
      insert into current (one, snapshot) values (1, ?) on conflict (one) do update set snapshot = excluded.snapshot
      """, .integer(entry.number))
    try database.run("delete from batches where number <= ?", .integer(batch))
    try database.run("delete from removals where snapshot <> ?", .integer(entry.number))
  }

  // MARK: Appended rows

  func addBatch(_ batch: StoredBatch) throws(StoreError) -> Int {
    try database.run(
      "insert into batches (kind, name, rows, added, checksum, body) values (?, ?, ?, ?, ?, ?)",
      .text(batch.kind.rawValue), .text(batch.name), .integer(batch.rows), .text(Catalogue.now()),
      .integer(Int64(bitPattern: Checksum.of(batch.body))), .blob(batch.body))
    return Int(database.lastInsertedRow)
  }

  func batches(after number: Int = 0) throws(StoreError) -> [StoredBatch] {
    try database.rows(
      "select number, kind, name, rows, checksum, body from batches where number > ? order by number",
      .integer(number)
    ) { (row) throws(StoreError) in
      let batch = StoredBatch(
        number: row.integer(0), kind: StoredBatch.Kind(rawValue: row.text(1)) ?? .edges, name: row.text(2),
        rows: row.integer(3), body: row.blob(5))
      guard Int64(bitPattern: Checksum.of(batch.body)) == Int64(row.integer(4)) else {
        throw .damaged(path: path, what: "the appended batch \(batch.number) does not fit its checksum")
      }
      return batch
    }
  }

  func replaceBatch(_ batch: StoredBatch) throws(StoreError) {
    guard batch.rows > 0 else {
      try database.run("delete from batches where number = ?", .integer(batch.number))
      return
    }
    try database.run(
      "update batches set rows = ?, checksum = ?, body = ? where number = ?", .integer(batch.rows),
      .integer(Int64(bitPattern: Checksum.of(batch.body))), .blob(batch.body), .integer(batch.number))
  }

  /// How many batches and rows wait to be folded in, and the newest batch's number.
  func pending() throws(StoreError) -> (batches: Int, rows: Int, newest: Int, bytes: Int) {
    try database.rows(
      """
      select count(*), coalesce(sum(rows), 0), coalesce(max(number), 0), coalesce(sum(length(body)), 0) from batches
      """
    ) { (row) throws(StoreError) in
      (row.integer(0), row.integer(1), row.integer(2), row.integer(3))
    }[0]
  }

  // MARK: Forgotten nodes

  /// Places in the current snapshot whose nodes were forgotten since it was made.
  func removals() throws(StoreError) -> [Removal] {
    try database.rows("select type, node from removals order by type, node") { (row) throws(StoreError) in
      Removal(type: row.text(0), node: UInt32(truncatingIfNeeded: row.integer(1)))
    }
  }

  func addRemoval(_ removal: Removal, snapshot: Int) throws(StoreError) {
    try database.run(
      "insert or ignore into removals (snapshot, type, node) values (?, ?, ?)", .integer(snapshot),
      .text(removal.type), .integer(Int(removal.node)))
  }

  // MARK: Care

  /// Moves the log into the file and empties it, so that what was deleted is nowhere.
  func emptyLog() throws(StoreError) {
    _ = try database.rows("pragma wal_checkpoint(truncate)") { (row) throws(StoreError) in row.integer(0) }
  }

  /// What SQLite itself finds wrong.
  func violations() throws(StoreError) -> [String] {
    let integrity = try database.rows("pragma integrity_check(20)") { (row) throws(StoreError) in row.text(0)
    }
    let keys = try database.rows("pragma foreign_key_check") { (row) throws(StoreError) in
      "a row of \(row.text(0)) refers to nothing"
    }
    return integrity.filter { $0 != "ok" } + keys
  }

  static func now() -> String { ISO8601DateFormatter().string(from: Date()) }
}

struct SnapshotEntry: Equatable {
  var number: Int
  /// The checksum of the manifest.
  var manifest: String
  var created: String
  var bytes: Int

  static func folder(_ number: Int) -> String {
    let digits = String(number)
    return "snapshots/" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  var folder: String { SnapshotEntry.folder(number) }
}

/// Rows appended in one transaction, as they are stored.
struct StoredBatch {
  enum Kind: String { case nodes, edges }
  var number = 0
  var kind: Kind
  /// The node type or the relation.
  var name: String
  var rows: Int
  var body: [UInt8]
}

struct Removal: Hashable {
  var type: String
  var node: UInt32
}
