import Graph

extension Store {
  /// The graph as it is now, to search it for groups that are then kept.
  public func reading() throws(StoreError) -> GraphReading {
    // Counted first: who is forgotten while the graph is being opened counts as forgotten since.
    let forgotten = try catalogue.newestForgotten()
    let state = try state()
    return GraphReading(
      graph: try state.graph(path: catalogue.path), snapshot: state.entry?.number ?? 0, forgotten: forgotten)
  }

  /// Keeps groups, the most suspicious first, under names that last. Returns the run, and the names in the same order.
  ///
  ///     let reading = try store.reading()
  ///     let (run, names) = try store.keep(groups, found: question, in: reading, certificate: proof) { earlier, next in
  ///       …    // a name for each group: those of the earlier groups that live on, else C<next>, C<next + 1>, …
  ///     }
  ///
  /// `naming` is given the groups of the newest run on the same path, and the number that no group has had yet; it
  /// returns a name for each group and the next such number. A run that answers the same question of the same snapshot
  /// takes the place of the earlier one. Nodes forgotten since the reading are left out. All or nothing.
  @discardableResult
  public func keep(
    _ groups: [StoredGroup], found question: GroupQuestion, in reading: GraphReading, certificate: String,
    naming: (_ earlier: [StoredGroup], _ nextNumber: Int) -> (names: [String], nextNumber: Int)
  ) throws(StoreError) -> (run: GroupRun, names: [String]) {
    try writing { () throws(StoreError) in
      try catalogue.database.writing { () throws(StoreError) in
        let isForgotten = try forgottenSince(reading)
        let earlier = try catalogue.groupRuns(path: question.path, kind: question.kind).last
        let next = try catalogue.setting(Catalogue.nextGroupSetting).flatMap { Int($0) } ?? 1
        var before: [StoredGroup] = []
        if let earlier { before = try catalogue.groups(of: earlier) }
        let (names, nextNumber) = naming(before, next)
        precondition(names.count == groups.count, "a name for each group")
        try catalogue.removeGroupRuns(question, snapshot: reading.snapshot)
        let number = try catalogue.addGroupRun(
          question, snapshot: reading.snapshot, certificate: certificate)
        for (place, group) in groups.enumerated() {
          var group = group
          group.name = names[place]
          if let isForgotten {
            group.members.removeAll(where: isForgotten)
            for part in group.parts.indices {
              if let thing = group.parts[part].thing, isForgotten(thing) { group.parts[part].thing = nil }
            }
          }
          try catalogue.addGroup(group, run: number, place: place)
        }
        try catalogue.set(Catalogue.nextGroupSetting, to: String(max(next, nextNumber)))
        try catalogue.audit(
          "communities",
          [
            "run": String(number), "path": question.path, "method": question.method,
            "snapshot": String(reading.snapshot), "groups": String(groups.count),
          ])
        return (try catalogue.groupRuns().last { $0.number == number }!, names)
      }
    }
  }

  /// Tells whether a node was forgotten since the reading; nil where none was, which is nearly always.
  private func forgottenSince(_ reading: GraphReading) throws(StoreError) -> ((NodeKey) -> Bool)? {
    guard try catalogue.newestForgotten() > reading.forgotten else { return nil }
    let traces = Set(try catalogue.forgottenTraces(after: reading.forgotten))
    let salt = try catalogue.setting("salt") ?? ""
    return { traces.contains(Store.trace(of: $0, salt: salt)) }
  }
}
