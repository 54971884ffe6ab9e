import Compute
import Foundation
import Graph
import Tables

/// A homogeneous graph as public benchmarks come: `nodes.csv` with an id, a label and split columns, `edges.csv` with
/// two columns of ids, perhaps `features.csv` with id, feature, value. Each may be gzipped.
enum FolderDataset {
  static func isOne(_ path: String) -> Bool {
    file("nodes", in: path) != nil && file("edges", in: path) != nil
  }

  /// The graph with the node type `node` and the undirected relation `edge`.
  static func read(_ path: String) throws -> MarketGraph {
    let database = try Database()
    let nodes = "read_csv(\(SQL.text(file("nodes", in: path)!)), header = true, sample_size = -1)"
    let edges = "read_csv(\(SQL.text(file("edges", in: path)!)), header = true)"
    let shape = try database.query("SELECT * FROM \(nodes) LIMIT 0")
    guard let key = shape.names.first else { throw FolderError.noColumns(path) }
    let described = try database.columns(
      "SELECT column_name::VARCHAR AS n, column_type::VARCHAR AS t FROM (DESCRIBE SELECT * FROM \(nodes))")
    var columns: [String: Column] = [:]
    var types: [Graph.ColumnType] = []
    let names = described.text("n")
    let kinds = described.text("t")
    let keys = try database.columns("SELECT \(SQL.name(key))::VARCHAR AS k FROM \(nodes)").text("k")
    for place in 0..<names.count where names[place] != key {
      let name = names[place]
      if kinds[place] == "VARCHAR" || kinds[place] == "DATE" {
        let texts = try database.columns("SELECT coalesce(\(SQL.name(name))::VARCHAR, '') AS c FROM \(nodes)")
          .text("c")
        columns[name] = category((0..<texts.count).map { texts[$0] })
        types.append(Graph.ColumnType(name, .category))
      } else {
        columns[name] = .number(
          try database.columns("SELECT coalesce(\(SQL.name(name))::FLOAT, 'nan'::FLOAT) AS c FROM \(nodes)")
            .float("c"))
        types.append(Graph.ColumnType(name, .number))
      }
    }
    let index = try KeyIndex(texts: TextArray((0..<keys.count).map { keys[$0] }))
    try addFeatures(path, database, index, &columns, &types)
    let ends = try database.query("SELECT * FROM \(edges) LIMIT 0").names
    guard ends.count >= 2 else { throw FolderError.noColumns(path) }
    let pairs = try database.columns(
      "SELECT \(SQL.name(ends[0]))::VARCHAR AS a, \(SQL.name(ends[1]))::VARCHAR AS b FROM \(edges)")
    let (a, b) = (pairs.text("a"), pairs.text("b"))
    func place(_ key: String, _ row: Int) throws -> UInt32 {
      guard let node = index.node(key) else {
        throw FolderError.unknownKey(key, row: row + 2)
      }
      return node.rawValue
    }
    let list = EdgeList(
      sourceCount: index.count, targetCount: index.count,
      sources: Buffer(try (0..<a.count).map { try place(a[$0], $0) }),
      targets: Buffer(try (0..<b.count).map { try place(b[$0], $0) }))
    let relation = RelationType(
      name: "edge", from: "node", to: "node", isDirected: false, duplicates: .sum, selfLoops: .drop)
    let csr = try CSRBuilder(list, of: relation).symmetric()
    let type = NodeType(
      name: "node", table: "nodes", key: key, columns: types,
      labels: columns["label"] == nil ? [] : [LabelType(column: "label")])
    return MarketGraph(
      schema: Schema(name: (path as NSString).lastPathComponent, nodeTypes: [type], relations: [relation]),
      nodes: ["node": NodeTable(type: type, keys: index, columns: columns)],
      relations: [
        "edge": Relation(
          type: relation, out: Adjacency(snapshot: csr), into: Adjacency(snapshot: csr), columns: [:])
      ])
  }

  private static func file(_ name: String, in path: String) -> String? {
    ["csv", "csv.gz", "parquet"].map { "\(path)/\(name).\($0)" }.first {
      FileManager.default.fileExists(atPath: $0)
    }
  }

  private static func category(_ texts: [String]) -> Column {
    let levels = Set(texts).subtracting([""]).sorted()
    let codes = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, UInt32($0)) })
    return .category(codes: Buffer(texts.map { codes[$0] ?? Column.missingCode }), levels: TextArray(levels))
  }

  /// Sparse features: what is not named is 0.
  private static func addFeatures(
    _ path: String, _ database: Database, _ index: KeyIndex, _ columns: inout [String: Column],
    _ types: inout [Graph.ColumnType]
  ) throws {
    guard let file = file("features", in: path) else { return }
    let rows = try database.columns(
      "SELECT id::VARCHAR AS i, feature::VARCHAR AS f, value::FLOAT AS v FROM read_csv(\(SQL.text(file)), header = true)"
    )
    let (ids, names, values) = (rows.text("i"), rows.text("f"), rows.float("v"))
    var cells: [String: [Float]] = [:]
    for row in 0..<rows.rows {
      guard let node = index.node(ids[row]) else {
        throw FolderError.unknownKey(ids[row], row: row + 2)
      }
      cells["feature \(names[row])", default: [Float](repeating: 0, count: index.count)][node.index] =
        values[row]
    }
    for (name, values) in cells { columns[name] = .number(Buffer(values)) }
    types += cells.keys.sorted().map { Graph.ColumnType($0, .number) }
  }
}

enum FolderError: Error, CustomStringConvertible {
  case noColumns(String)
  case unknownKey(String, row: Int)

  var description: String {
    switch self {
    case .noColumns(let path): "\(path): nodes.csv needs an id column first, edges.csv two columns of ids."
    case .unknownKey(let key, let row): "Row \(row) names the node \"\(key)\", which nodes.csv does not have."
    }
  }
}
