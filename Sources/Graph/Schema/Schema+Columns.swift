extension NodeType {
  /// All columns that its table must have beside the key: those declared, then those that only a label or a clock
  /// names. A label that is not declared is a category; a clock is a time.
  public var tableColumns: [ColumnType] {
    // In the order in which the store keeps them and takes appended rows.
    columns.with(
      labels.flatMap { label in
        [ColumnType(label.column, .category)] + [label.known].compactMap { $0 }.map { ColumnType($0, .time) }
      }
    ).with([clocks.happened, clocks.known].compactMap { $0 }.map { ColumnType($0, .time) })
  }
}

extension RelationType {
  /// All columns that its table must have beside the two keys: those declared, then those that only a clock or the
  /// weight names.
  public var tableColumns: [ColumnType] {
    columns.with([clocks.happened, clocks.known].compactMap { $0 }.map { ColumnType($0, .time) })
      .with([weight].compactMap { $0 }.map { ColumnType($0, .number) })
  }

  /// Whether it was declared as a link of a node type: `review.buyer`, read from the table of the reviews.
  public var isLink: Bool { name.hasPrefix(from + ".") }
}

extension [ColumnType] {
  fileprivate func with(_ more: [ColumnType]) -> [ColumnType] {
    more.reduce(into: self) { columns, column in
      if !columns.contains(where: { $0.name == column.name }) { columns.append(column) }
    }
  }
}
