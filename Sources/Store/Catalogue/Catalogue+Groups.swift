import Graph

/// Groups that were found, as rows.
extension Catalogue {
  /// The setting that holds the number that no group has had yet.
  static let nextGroupSetting = "next-group"

  // MARK: Writing, in the caller's transaction

  func addGroupRun(
    _ question: GroupQuestion, snapshot: Int, certificate: String
  ) throws(StoreError) -> Int {
    try database.run(
      """
      insert into group_runs (at, snapshot, path, kind, method, resolution, seed, as_of, settings, certificate)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, .text(Catalogue.now()), .integer(snapshot), .text(question.path), .text(question.kind.rawValue),
      .text(question.method), .optional(question.resolution), .integer(Int64(bitPattern: question.seed)),
      .optional(question.asOf?.seconds), .text(question.settings), .text(certificate))
    return Int(database.lastInsertedRow)
  }

  /// Removes the runs that answered this question of this snapshot.
  func removeGroupRuns(_ question: GroupQuestion, snapshot: Int) throws(StoreError) {
    try database.run(
      """
      delete from group_runs where snapshot = ? and path = ? and kind = ? and method = ? and resolution is ?
        and seed = ? and as_of is ? and settings = ?
      """, .integer(snapshot), .text(question.path), .text(question.kind.rawValue), .text(question.method),
      .optional(question.resolution), .integer(Int64(bitPattern: question.seed)),
      .optional(question.asOf?.seconds), .text(question.settings))
  }

  func addGroup(_ group: StoredGroup, run: Int, place: Int) throws(StoreError) {
    try database.run(
      "insert into found_groups (run, place, name, size, suspicion, figures) values (?, ?, ?, ?, ?, ?)",
      .integer(run), .integer(place), .text(group.name), .integer(group.members.count),
      .optional(group.suspicion), .text(group.figures))
    for member in group.members {
      try database.run(
        "insert or ignore into group_members (run, place, type, key) values (?, ?, ?, ?)", .integer(run),
        .integer(place), .text(member.type), .text(member.key))
    }
    for (index, part) in group.parts.enumerated() {
      try database.run(
        """
        insert into group_parts (run, place, part, kind, value, comparison, p, strength, sentence, thing_type,
          thing_key) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, .integer(run), .integer(place), .integer(index), .text(part.kind), .real(part.value),
        .real(part.comparison), .optional(part.pValue), .real(part.strength), .text(part.template),
        .optional(part.thing?.type), .optional(part.thing?.key))
    }
  }

  /// A forgotten node leaves its groups, and what was said of it is said of nobody. Groups without members go.
  func forgetInGroups(_ key: NodeKey) throws(StoreError) {
    try database.run(
      """
      update found_groups set size = size - 1 where (run, place) in
        (select run, place from group_members where type = ? and key = ?)
      """, .text(key.type), .text(key.key))
    try database.run("delete from group_members where type = ? and key = ?", .text(key.type), .text(key.key))
    try database.run("delete from found_groups where size = 0")
    try database.run(
      "update group_parts set thing_key = null, thing_type = null where thing_type = ? and thing_key = ?",
      .text(key.type), .text(key.key))
  }

  // MARK: Reading

  func groupRuns(path: String? = nil, kind: GroupQuestion.Kind? = nil) throws(StoreError) -> [GroupRun] {
    try database.rows(
      """
      select number, at, snapshot, path, kind, method, resolution, seed, as_of, settings, certificate,
        (select count(*) from found_groups where run = number)
      from group_runs where path = coalesce(?, path) and kind = coalesce(?, kind) order by number
      """, .optional(path), .optional(kind?.rawValue)
    ) { (row) throws(StoreError) in
      GroupRun(
        number: row.integer(0), at: row.text(1), snapshot: row.integer(2),
        question: GroupQuestion(
          path: row.text(3), kind: GroupQuestion.Kind(rawValue: row.text(4)) ?? .division,
          method: row.text(5), resolution: row.optionalNumber(6),
          seed: UInt64(bitPattern: Int64(row.integer(7))),
          asOf: row.isNull(8) ? nil : Timestamp(seconds: Int64(row.integer(8))), settings: row.text(9)),
        certificate: row.text(10), groupCount: row.integer(11))
    }
  }

  /// The groups of a run: all, the first `limit`, or the one at `place`. In the caller's transaction.
  func groups(of run: GroupRun, limit: Int? = nil, place: Int? = nil) throws(StoreError) -> [StoredGroup] {
    let (first, last) = (place ?? 0, place ?? Int.max)
    var groups: [(place: Int, group: StoredGroup)] = try database.rows(
      """
      select place, name, suspicion, figures from found_groups where run = ? and place between ? and ?
      order by place limit ?
      """, .integer(run.number), .integer(first), .integer(last), .integer(limit ?? -1)
    ) { (row) throws(StoreError) in
      (
        row.integer(0),
        StoredGroup(
          name: row.text(1), members: [], suspicion: row.optionalNumber(2), figures: row.text(3))
      )
    }
    guard let end = groups.last?.place else { return [] }
    var index: [Int: Int] = [:]
    for (at, group) in groups.enumerated() { index[group.place] = at }
    for (place, member) in try database.rows(
      """
      select place, type, key from group_members where run = ? and place between ? and ? order by place, type, key
      """, .integer(run.number), .integer(first), .integer(end),
      read: { (row) throws(StoreError) in (row.integer(0), NodeKey(type: row.text(1), key: row.text(2))) })
    {
      if let at = index[place] { groups[at].group.members.append(member) }
    }
    for (place, part) in try database.rows(
      """
      select place, kind, value, comparison, p, strength, sentence, thing_type, thing_key from group_parts
      where run = ? and place between ? and ? order by place, part
      """, .integer(run.number), .integer(first), .integer(end),
      read: { (row) throws(StoreError) in
        let thing = row.optionalText(8).map { NodeKey(type: row.text(7), key: $0) }
        return (
          row.integer(0),
          StoredGroup.Part(
            kind: row.text(1), value: row.optionalNumber(2) ?? .nan,
            comparison: row.optionalNumber(3) ?? .nan, pValue: row.optionalNumber(4),
            strength: row.optionalNumber(5) ?? 0, template: row.text(6), thing: thing)
        )
      })
    {
      if let at = index[place] { groups[at].group.parts.append(part) }
    }
    return groups.map(\.group)
  }

  // MARK: Who was forgotten meanwhile

  func newestForgotten() throws(StoreError) -> Int {
    try database.rows("select coalesce(max(number), 0) from forgotten") { (row) throws(StoreError) in
      row.integer(0)
    }.first ?? 0
  }

  func forgottenTraces(after number: Int) throws(StoreError) -> [String] {
    try database.rows("select trace from forgotten where number > ?", .integer(number)) {
      (row) throws(StoreError) in row.text(0)
    }
  }
}
