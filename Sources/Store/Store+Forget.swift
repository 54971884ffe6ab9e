import Graph

extension Store {
  /// Erases a node: it, its edges and its rows are gone for every reader at once, from appended rows for good, and from
  /// the snapshot's files at the next compact. The audit trail keeps that it happened, and a salted hash that proves it
  /// for a key that somebody names; not the key.
  public func forget(_ key: NodeKey) throws(StoreError) {
    guard schema.nodeType(key.type) != nil else {
      throw .noSuchNodeType(name: key.type, known: schema.nodeTypes.map(\.name))
    }
    try writing { () throws(StoreError) in
      let state = try state()
      let stored = state.snapshotGraph.nodes[key.type]?.keys.node(key.key)
      let removal = stored.map { Removal(type: key.type, node: $0.rawValue) }
      let isInSnapshot = removal.map { !state.removals.contains($0) } ?? false
      var changed: [StoredBatch] = []
      for batch in state.batches {
        let rows = try batch.decoded(schema: schema, path: catalogue.path)
        let kept = rows.without(key, in: batch, schema: schema)
        guard kept.count < rows.count else { continue }
        var batch = batch
        batch.rows = kept.count
        batch.body = kept.encoded()
        changed.append(batch)
      }
      guard isInSnapshot || !changed.isEmpty else { throw .noSuchNode(key) }
      let trace = try trace(of: key)
      try catalogue.database.writing { () throws(StoreError) in
        for batch in changed { try catalogue.replaceBatch(batch) }
        if isInSnapshot, let removal, let entry = state.entry {
          try catalogue.addRemoval(removal, snapshot: entry.number)
        }
        try catalogue.forgetInGroups(key)
        try catalogue.forgetInCases(key)
        try catalogue.database.run(
          "insert into forgotten (type, trace, forgotten) values (?, ?, ?)", .text(key.type), .text(trace),
          .text(Catalogue.now()))
        try catalogue.audit("forget", ["type": key.type, "trace": trace])
      }
      // What was deleted also stands in the log until it is emptied.
      try catalogue.emptyLog()
    }
  }

  /// Whether a node of that name was ever forgotten here.
  public func wasForgotten(_ key: NodeKey) throws(StoreError) -> Bool {
    let trace = try trace(of: key)
    let found = try catalogue.database.rows(
      "select count(*) from forgotten where type = ? and trace = ?", .text(key.type), .text(trace)
    ) { (row) throws(StoreError) in row.integer(0) }
    return found.first ?? 0 > 0
  }

  /// The store's own salt keeps traces of two stores, and lists of likely keys, from being compared.
  private func trace(of key: NodeKey) throws(StoreError) -> String {
    Store.trace(of: key, salt: try catalogue.setting("salt") ?? "")
  }

  static func trace(of key: NodeKey, salt: String) -> String { SHA256.text("\(salt)\n\(key)") }
}

extension RowBatch {
  /// The rows that do not name the node.
  func without(_ key: NodeKey, in batch: StoredBatch, schema: Schema) -> RowBatch {
    let types: [String] =
      switch batch.kind {
      case .nodes: [batch.name]
      case .edges: schema.relation(batch.name).map { [$0.from, $0.to] } ?? []
      }
    let bytes = Array(key.key.utf8)
    return filtered { row in
      !zip(types, keys).contains { type, list in
        type == key.type && !list.isMissing(row) && list.bytes(row).elementsEqual(bytes)
      }
    }
  }
}
