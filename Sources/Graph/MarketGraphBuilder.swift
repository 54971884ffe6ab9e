import Compute

/// Puts a typed graph together in memory, from keys and columns: for tests, and for graphs that are no store's.
///
///     var builder = MarketGraphBuilder(schema)
///     try builder.addNodes("merchant", keys: ["M1", "M2"], columns: ["age": .numbers([3, nil])])
///     try builder.addNodes("device", keys: ["D1"])
///     try builder.addEdges("uses", from: ["M1", "M2"], to: ["D1", "D1"])
///     let graph = try builder.finished()
public struct MarketGraphBuilder {
  private let schema: Schema
  private var nodes: [String: NodeTable] = [:]
  private var edges: [String: Rows] = [:]

  private struct Rows {
    var from: [String]
    var to: [String]
    var columns: [String: Column]
    /// Rows from here on came later: they become the second layer.
    var firstAppended: Int
  }

  public init(_ schema: Schema) { self.schema = schema }

  /// All nodes of a type. Columns are those of the schema, with the clocks' and the labels' known-at columns among
  /// them; those not given are missing.
  public mutating func addNodes(
    _ name: String, keys: [String], columns: [String: Column] = [:]
  ) throws(GraphError) {
    guard let type = schema.nodeType(name) else {
      throw .unknownNodeType(name: name, known: schema.nodeTypes.map(\.name))
    }
    try fit(columns, to: type.tableColumns, count: keys.count, of: name)
    nodes[name] = NodeTable(
      type: type, keys: try KeyIndex(texts: TextArray(keys)), columns: columns,
      times: MarketGraphBuilder.times(type.clocks, columns, count: keys.count))
  }

  /// All edges of a relation, by their ends' keys. The last `appended` of them become the second layer, as rows do
  /// that a store was given after its snapshot.
  public mutating func addEdges(
    _ name: String, from: [String], to: [String], columns: [String: Column] = [:], appended: Int = 0
  ) throws(GraphError) {
    guard let type = schema.relation(name) else {
      throw .unknownRelation(name: name, known: schema.relations.map(\.name))
    }
    guard from.count == to.count, (0...from.count).contains(appended) else {
      throw .unfitColumn(
        name: type.toColumn, of: name, reason: "\(from.count) sources, but \(to.count) targets")
    }
    try fit(columns, to: type.tableColumns, count: from.count, of: name)
    edges[name] = Rows(from: from, to: to, columns: columns, firstAppended: from.count - appended)
  }

  public consuming func finished() throws(GraphError) -> MarketGraph {
    for type in schema.nodeTypes where nodes[type.name] == nil { try addNodes(type.name, keys: []) }
    var relations: [String: Relation] = [:]
    for type in schema.relations {
      relations[type.name] = try relation(
        type, edges[type.name] ?? Rows(from: [], to: [], columns: [:], firstAppended: 0))
    }
    return MarketGraph(schema: schema, nodes: nodes, relations: relations)
  }

  private func relation(_ type: RelationType, _ rows: Rows) throws(GraphError) -> Relation {
    guard let from = nodes[type.from], let to = nodes[type.to] else {
      throw .unknownNodeType(name: type.from, known: schema.nodeTypes.map(\.name))
    }
    let sources = try places(of: rows.from, in: from)
    let targets = try places(of: rows.to, in: to)
    var weights: Buffer<Float>?
    if let name = type.weight, case .number(let values)? = rows.columns[name] {
      weights = Buffer(values.map { $0.isNaN ? 1 : $0 })
    }
    let times = MarketGraphBuilder.times(type.clocks, rows.columns, count: rows.from.count)
    func layer(_ range: Range<Int>) throws(GraphError) -> (out: CSR, into: CSR) {
      var builder = CSRBuilder(
        EdgeList(
          sourceCount: from.count, targetCount: to.count, sources: sources.view(range),
          targets: targets.view(range),
          weights: weights?.view(range), times: times?.view(range)), of: type)
      builder.keepsEdgeRows = true
      let (out, into) = try builder.adjacency(isDirected: type.isDirected)
      return (out.numbered(from: range.lowerBound), into.numbered(from: range.lowerBound))
    }
    let first = try layer(0..<rows.firstAppended)
    let second = rows.firstAppended < rows.from.count ? try layer(rows.firstAppended..<rows.from.count) : nil
    return Relation(
      type: type, out: Adjacency(snapshot: first.out, appended: second?.out),
      into: Adjacency(snapshot: first.into, appended: second?.into), columns: rows.columns)
  }

  private func places(of keys: [String], in table: NodeTable) throws(GraphError) -> Buffer<UInt32> {
    var places: [UInt32] = []
    places.reserveCapacity(keys.count)
    for key in keys {
      guard let node = table.keys.node(key) else { throw .unknownKey(key: key, type: table.type.name) }
      places.append(node.rawValue)
    }
    return Buffer(places)
  }

  private func fit(
    _ columns: [String: Column], to types: [ColumnType], count: Int, of owner: String
  ) throws(GraphError) {
    for (name, column) in columns.sorted(by: { $0.key < $1.key }) {
      guard let type = types.first(where: { $0.name == name }) else {
        throw .unknownColumn(name: name, of: owner, known: types.map(\.name))
      }
      guard column.count == count else {
        throw .unfitColumn(name: name, of: owner, reason: "it has \(column.count) rows, not \(count)")
      }
      let fits =
        switch (column, type.kind) {
        case (.number, .number), (.number, .flag), (.time, .time), (.category, .category), (.text, .text):
          true
        default: false
        }
      guard fits else {
        throw .unfitColumn(name: name, of: owner, reason: "the schema says that it is a \(type.kind)")
      }
    }
  }

  /// From when each row is visible: the later of both clocks; a missing time is earlier than every other.
  static func times(_ clocks: Clocks, _ columns: [String: Column], count: Int) -> Buffer<Int64>? {
    let clocks = [clocks.happened, clocks.known].compactMap { name -> Buffer<Int64>? in
      guard let name, case .time(let times)? = columns[name] else { return nil }
      return times
    }
    guard let first = clocks.first else { return nil }
    guard clocks.count == 2 else { return first }
    return Buffer((0..<count).map { max(first[$0], clocks[1][$0]) })
  }
}

extension CSR {
  /// The same with edge rows counted from `start`.
  fileprivate func numbered(from start: Int) -> CSR {
    guard start > 0, let edgeRows else { return self }
    return CSR(
      targetCount: targetCount, offsets: offsets, targets: targets, weights: weights, times: times,
      edgeRows: Buffer(edgeRows.map { $0 + UInt32(start) }))
  }
}

// Columns from what a program has at hand.
extension Column {
  public static func numbers(_ values: [Float?]) -> Column { .number(Buffer(values.map { $0 ?? .nan })) }
  public static func flags(_ values: [Bool?]) -> Column {
    .number(Buffer(values.map { $0.map { $0 ? 1 : 0 } ?? .nan }))
  }
  public static func times(_ values: [Timestamp?]) -> Column {
    .time(Buffer(values.map { ($0 ?? .missing).seconds }))
  }
  public static func texts(_ values: [String]) -> Column { .text(TextArray(values)) }
  /// Levels in the order of their first appearance.
  public static func categories(_ values: [String?]) -> Column {
    var levels: [String] = []
    var codes: [String: UInt32] = [:]
    let coded = values.map { value -> UInt32 in
      guard let value else { return missingCode }
      if let code = codes[value] { return code }
      codes[value] = UInt32(levels.count)
      levels.append(value)
      return UInt32(levels.count - 1)
    }
    return .category(codes: Buffer(coded), levels: TextArray(levels))
  }
}
