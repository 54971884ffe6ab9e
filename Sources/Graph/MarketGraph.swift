import Compute

/// A typed graph: the nodes of each type with their keys and columns, the relations with both directions.
///
/// What a store opens, or what is built in memory; it never changes. What was appended since the last snapshot is
/// kept apart as a small second layer of each relation, so that opening a large store costs nothing.
public struct MarketGraph: Sendable {
  public let schema: Schema
  public let nodes: [String: NodeTable]
  public let relations: [String: Relation]

  public init(schema: Schema, nodes: [String: NodeTable], relations: [String: Relation]) {
    self.schema = schema
    self.nodes = nodes
    self.relations = relations
  }
}

/// All nodes of one type: keys, columns, and from when each is visible.
public struct NodeTable: Sendable {
  public let type: NodeType
  public let keys: KeyIndex
  public let columns: [String: Column]
  /// For each node the second from which it is visible; nil where the type has no clocks.
  public let times: Buffer<Int64>?

  public init(type: NodeType, keys: KeyIndex, columns: [String: Column], times: Buffer<Int64>? = nil) {
    self.type = type
    self.keys = keys
    self.columns = columns
    self.times = times
  }

  public var count: Int { keys.count }
}

/// One relation in both directions. Where it is undirected, `out` holds each edge both ways and `into` is the same.
public struct Relation: Sendable {
  public let type: RelationType
  public let out: Adjacency
  public let into: Adjacency
  /// The columns of its rows, found by `CSR.edgeRow`: first the snapshot's rows, then the appended ones.
  public let columns: [String: Column]

  public init(type: RelationType, out: Adjacency, into: Adjacency, columns: [String: Column]) {
    self.type = type
    self.out = out
    self.into = into
    self.columns = columns
  }
}

/// One direction of a relation: the snapshot's rows, and what was appended since.
///
/// Walk single nodes with both layers; for work over the whole graph take `merged()` once.
public struct Adjacency: Sendable {
  public let snapshot: CSR
  /// As many rows as nodes; nil where nothing was appended. Its `edgeRows` continue the snapshot's.
  public let appended: CSR?

  public init(snapshot: CSR, appended: CSR? = nil) {
    self.snapshot = snapshot
    self.appended = appended
  }
}

public enum Direction: String, Sendable, CaseIterable { case out, into }
