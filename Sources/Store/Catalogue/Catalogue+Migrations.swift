/// The catalogue's tables, step by step: `user_version` counts the steps taken. Steps are only ever added.
extension Catalogue {
  static let migrations = [
    """
    create table settings (
      name text primary key,
      value text not null
    ) strict, without rowid;

    create table snapshots (
      number integer primary key,
      manifest text not null,
      created text not null,
      bytes integer not null
    ) strict;

    create table current (
      one integer primary key check (one = 1),
      snapshot integer not null references snapshots (number)
    ) strict;

    create table batches (
      number integer primary key autoincrement,
      kind text not null check (kind in ('nodes', 'edges')),
      name text not null,
      rows integer not null,
      added text not null,
      checksum integer not null,
      body blob not null
    ) strict;

    create table removals (
      type text not null,
      node integer not null,
      snapshot integer not null references snapshots (number),
      primary key (type, node)
    ) strict, without rowid;

    create table forgotten (
      number integer primary key autoincrement,
      type text not null,
      trace text not null,
      forgotten text not null
    ) strict;

    create table audit (
      number integer primary key autoincrement,
      at text not null,
      what text not null,
      details text not null,
      previous text not null,
      chain text not null
    ) strict;

    create table models (
      name text not null,
      version integer not null,
      path text not null,
      card text not null,
      created text not null,
      promoted text,
      primary key (name, version)
    ) strict, without rowid;
    """
  ]

  /// Brings the tables to the newest form. Needs the writer's lock, or a catalogue that nobody else knows yet.
  func migrate() throws(StoreError) {
    let version = try self.version()
    guard version < Catalogue.migrations.count else { return }
    try database.writing { () throws(StoreError) in
      for step in Catalogue.migrations[version...] { try database.script(step) }
      try database.script("pragma user_version = \(Catalogue.migrations.count)")
    }
  }

  func version() throws(StoreError) -> Int {
    try database.rows("pragma user_version") { (row) throws(StoreError) in row.integer(0) }.first ?? 0
  }
}
