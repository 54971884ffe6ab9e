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
    """,
    // Groups that were found, run by run. Members and what a sentence is about stand apart, so that they can be
    // forgotten; no other column holds a key.
    """
    create table group_runs (
      number integer primary key autoincrement,
      at text not null,
      snapshot integer not null,
      path text not null,
      kind text not null check (kind in ('division', 'blocks')),
      method text not null,
      resolution real,
      seed integer not null,
      as_of integer,
      settings text not null,
      certificate text not null
    ) strict;

    create table found_groups (
      run integer not null references group_runs (number) on delete cascade,
      place integer not null,
      name text not null,
      size integer not null,
      suspicion real,
      figures text not null,
      primary key (run, place)
    ) strict, without rowid;
    create index found_group_names on found_groups (name, run);

    create table group_members (
      run integer not null,
      place integer not null,
      type text not null,
      key text not null,
      primary key (run, place, type, key),
      foreign key (run, place) references found_groups (run, place) on delete cascade
    ) strict, without rowid;
    create index group_members_by_key on group_members (type, key, run);

    create table group_parts (
      run integer not null,
      place integer not null,
      part integer not null,
      kind text not null,
      value real,
      comparison real,
      p real,
      strength real,
      sentence text not null,
      thing_type text,
      thing_key text,
      primary key (run, place, part),
      foreign key (run, place) references found_groups (run, place) on delete cascade
    ) strict, without rowid;
    create index group_parts_by_thing on group_parts (thing_type, thing_key) where thing_key is not null;
    """,
    """
    create table flag_runs (
      number integer primary key autoincrement,
      at text not null,
      as_of integer not null,
      data text not null,
      settings text not null,
      models text not null,
      rules text not null,
      group_run integer,
      summary text not null
    ) strict;

    create table cases (
      number integer primary key autoincrement,
      run integer references flag_runs (number),
      place integer not null,
      state text not null check (state in ('open', 'claimed', 'waiting', 'decided', 'appealed', 'overturned')),
      holder text,
      snoozed_until integer,
      region text,
      harm real not null,
      golden text check (golden in ('risky', 'clear'))
    ) strict;
    create index cases_by_state on cases (state);

    create table case_members (
      case_number integer not null references cases (number),
      place integer not null,
      type text not null,
      key text not null,
      trace text not null,
      primary key (case_number, place)
    ) strict, without rowid;
    create index case_members_by_key on case_members (type, key);

    create table flags (
      run integer not null references flag_runs (number),
      place integer not null,
      type text not null,
      key text not null,
      trace text not null,
      score real,
      probability real not null,
      harm real not null,
      reason text not null,
      case_number integer not null references cases (number),
      details text not null,
      primary key (run, place)
    ) strict, without rowid;
    create index flags_by_key on flags (type, key);

    create table evidence (
      number integer primary key autoincrement,
      case_number integer not null references cases (number),
      at text not null,
      body text not null,
      digest text not null
    ) strict;

    create table case_entries (
      number integer primary key autoincrement,
      case_number integer not null references cases (number),
      at integer not null,
      what text not null,
      who text not null,
      action text,
      why text not null,
      evidence integer references evidence (number),
      until integer,
      undoes integer references case_entries (number)
    ) strict;
    create index case_entries_by_case on case_entries (case_number);

    create table golden (
      type text not null,
      key text not null,
      answer text not null check (answer in ('risky', 'clear')),
      added text not null,
      primary key (type, key)
    ) strict, without rowid;
    """,
    // Members, by their places in the case, that a decision spares.
    "alter table case_entries add column spared text not null default ''",
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
