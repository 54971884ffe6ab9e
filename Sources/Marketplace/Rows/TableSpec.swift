import Graph

/// What a table holds, column by column, as the generator fills it and the files are written.
struct TableSpec: Sendable {
  struct ColumnSpec: Sendable {
    enum Kind: Sendable {
      /// The key of a node; the letter says of which type.
      case key(letter: UInt8)
      case time
      case number(decimals: Int)
      case flag
      case category([String])
      case text
    }
    var name: String
    var kind: Kind
    /// Whether cells may be empty.
    var optional: Bool
    /// What it says, for the schema and the data dictionary.
    var says: String

    init(_ name: String, _ kind: Kind, optional: Bool = false, _ says: String) {
      self.name = name
      self.kind = kind
      self.optional = optional
      self.says = says
    }
  }

  var name: String
  var columns: [ColumnSpec]
  /// What a row is, for the data dictionary.
  var says: String
  /// Whether its rows are edges.
  var isRelation: Bool

  init(_ name: String, isRelation: Bool = false, says: String, _ columns: [ColumnSpec]) {
    self.name = name
    self.isRelation = isRelation
    self.says = says
    self.columns = columns
  }
}
