/// What the tables hold: the types of nodes, the relations between them, their columns and their clocks.
///
/// Read from `schema.json` (`Schema+JSON.swift`), which is checked when read: a schema that exists is valid.
public struct Schema: Sendable, Hashable {
  public var name: String
  public var nodeTypes: [NodeType]
  public var relations: [RelationType]

  public init(name: String, nodeTypes: [NodeType], relations: [RelationType]) {
    self.name = name
    self.nodeTypes = nodeTypes
    self.relations = relations
  }

  public func nodeType(_ name: String) -> NodeType? { nodeTypes.first { $0.name == name } }
  public func relation(_ name: String) -> RelationType? { relations.first { $0.name == name } }
}

/// When a row happened, and when the platform came to know it: the names of two time columns. Either may be absent;
/// a row without a known-at time was known when it happened.
public struct Clocks: Sendable, Hashable {
  public var happened: String?
  public var known: String?

  public init(happened: String? = nil, known: String? = nil) {
    self.happened = happened
    self.known = known
  }

  public var isTimeless: Bool { happened == nil && known == nil }
}

public struct NodeType: Sendable, Hashable {
  public var name: String
  /// The table's file name without its ending; more files `table.*.csv` or a folder `table/` are read as one.
  public var table: String
  /// The column with the node's key.
  public var key: String
  public var columns: [ColumnType]
  public var clocks: Clocks
  public var labels: [LabelType]

  public init(
    name: String, table: String? = nil, key: String = "id", columns: [ColumnType] = [],
    clocks: Clocks = Clocks(),
    labels: [LabelType] = []
  ) {
    self.name = name
    self.table = table ?? name
    self.key = key
    self.columns = columns
    self.clocks = clocks
    self.labels = labels
  }

  public func column(_ name: String) -> ColumnType? { columns.first { $0.name == name } }
}

/// A label of a node type: which column bears it (a number or a category; empty where nobody knows), and the time
/// column that says since when it was known.
public struct LabelType: Sendable, Hashable {
  public var column: String
  public var known: String?

  public init(column: String, known: String? = nil) {
    self.column = column
    self.known = known
  }
}

public struct RelationType: Sendable, Hashable {
  public enum Duplicates: String, Sendable, CaseIterable { case keep, sum, refuse }
  public enum SelfLoops: String, Sendable, CaseIterable { case keep, drop, refuse }

  public var name: String
  public var table: String
  public var from: String
  public var to: String
  /// The columns with the keys of the two ends.
  public var fromColumn: String
  public var toColumn: String
  public var isDirected: Bool
  public var columns: [ColumnType]
  public var clocks: Clocks
  /// The number column that is the edge's weight; 1 each without.
  public var weight: String?
  /// What becomes of several rows with the same two ends. `sum` adds their weights; it needs a relation without clocks.
  public var duplicates: Duplicates
  public var selfLoops: SelfLoops

  public init(
    name: String, table: String? = nil, from: String, to: String, fromColumn: String? = nil,
    toColumn: String? = nil,
    isDirected: Bool = true, columns: [ColumnType] = [], clocks: Clocks = Clocks(), weight: String? = nil,
    duplicates: Duplicates = .keep, selfLoops: SelfLoops = .keep
  ) {
    self.name = name
    self.table = table ?? name
    self.from = from
    self.to = to
    self.fromColumn = fromColumn ?? from
    self.toColumn = toColumn ?? to
    self.isDirected = isDirected
    self.columns = columns
    self.clocks = clocks
    self.weight = weight
    self.duplicates = duplicates
    self.selfLoops = selfLoops
  }

  public func column(_ name: String) -> ColumnType? { columns.first { $0.name == name } }
}

public struct ColumnType: Sendable, Hashable {
  /// `number` is kept as 32-bit float, `flag` too (0, 1); `time` as seconds; `category` as one of few texts;
  /// `text` as it is.
  public enum Kind: String, Sendable, CaseIterable { case number, flag, time, category, text }

  public var name: String
  public var kind: Kind
  /// What it says, in words, for people.
  public var says: String?

  public init(_ name: String, _ kind: Kind, says: String? = nil) {
    self.name = name
    self.kind = kind
    self.says = says
  }
}
