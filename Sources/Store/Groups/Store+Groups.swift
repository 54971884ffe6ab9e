import Graph

extension Store {
  /// All kept searches for groups, oldest first; with a path only those of that path.
  public func groupRuns(path: String? = nil, kind: GroupQuestion.Kind? = nil) throws(StoreError) -> [GroupRun]
  {
    try catalogue.groupRuns(path: path, kind: kind)
  }

  /// The groups of a run, the most suspicious first, at most `limit` of them, with members and parts.
  public func groups(of run: GroupRun, limit: Int? = nil) throws(StoreError) -> [StoredGroup] {
    try catalogue.database.reading { () throws(StoreError) in try catalogue.groups(of: run, limit: limit) }
  }

  /// A group by its lasting name, as the newest run that has it found it; nil where no run has.
  ///
  ///     let (run, group) = try store.group(named: "C17")!
  ///     group.members        // [merchant:M4, merchant:M9, …]
  public func group(
    named name: String, in run: GroupRun? = nil
  ) throws(StoreError) -> (run: GroupRun, group: StoredGroup)? {
    try catalogue.database.reading { () throws(StoreError) in
      let places = try catalogue.database.rows(
        "select run, place from found_groups where name = ? order by run desc", .text(name)
      ) { (row) throws(StoreError) in (run: row.integer(0), place: row.integer(1)) }
      guard let found = places.first(where: { run == nil || $0.run == run!.number }),
        let run = try catalogue.groupRuns().first(where: { $0.number == found.run }),
        let group = try catalogue.groups(of: run, place: found.place).first
      else { return nil }
      return (run, group)
    }
  }

  /// The groups that a node is in, by the newest run of each path: at most one for each division.
  public func groups(
    with node: NodeKey
  ) throws(StoreError) -> [(run: GroupRun, group: StoredGroup)] {
    try catalogue.database.reading { () throws(StoreError) in
      var newest: [String: GroupRun] = [:]
      for run in try catalogue.groupRuns() { newest["\(run.question.kind) \(run.question.path)"] = run }
      var found: [(GroupRun, StoredGroup)] = []
      for run in newest.values.sorted(by: { $0.number > $1.number }) {
        let places = try catalogue.database.rows(
          "select place from group_members where type = ? and key = ? and run = ? order by place",
          .text(node.type), .text(node.key), .integer(run.number)
        ) { (row) throws(StoreError) in row.integer(0) }
        for place in places {
          for group in try catalogue.groups(of: run, place: place) { found.append((run, group)) }
        }
      }
      return found
    }
  }
}
