import Compute
import Graph
import Tables

/// Rows of a table to be, in batches.
protocol ExportedRows {
  var count: Int { get }
  var columns: [(name: String, type: Tables.ColumnType)] { get }
  func values(_ rows: Range<Int>) -> [TableColumn]
}

/// The nodes of a type: key and columns.
struct NodeRows: ExportedRows {
  private let table: NodeTable

  init(_ table: NodeTable) { self.table = table }

  var count: Int { table.count }

  var columns: [(name: String, type: Tables.ColumnType)] {
    [(table.type.key, .text)] + TableShape(table.type).columns.map { ($0.name, $0.kind.exportedType) }
  }

  func values(_ rows: Range<Int>) -> [TableColumn] {
    [.text(table.keys.texts.picked(rows))]
      + TableShape(table.type).columns.map { table.columns[$0.name]!.exported(rows, as: $0.kind) }
  }
}

/// The edges of a relation in one layer, each once: the keys of both ends, and columns.
struct EdgeRows: ExportedRows {
  private let relation: Relation
  private let from: TextArray
  private let to: TextArray
  /// For each row of the columns its two ends.
  private let sources: [UInt32]
  private let targets: [UInt32]

  init(_ relation: Relation, from: TextArray, to: TextArray) {
    self.relation = relation
    self.from = from
    self.to = to
    let out = relation.out.snapshot
    // Undirected edges stand in both rows; either tells the ends.
    let rows = relation.type.isDirected ? out.entryCount : (out.edgeRows.map { Int($0.max() ?? 0) + 1 } ?? 0)
    var sources = [UInt32](repeating: 0, count: out.entryCount == 0 ? 0 : rows)
    var targets = sources
    for row in 0..<out.rowCount {
      for entry in out.row(row) {
        sources[out.edgeRow(entry)] = UInt32(row)
        targets[out.edgeRow(entry)] = out.targets[entry]
      }
    }
    self.sources = sources
    self.targets = targets
  }

  var count: Int { sources.count }

  var columns: [(name: String, type: Tables.ColumnType)] {
    let type = relation.type
    return [(type.fromColumn, .text), (type.toColumn, .text)]
      + TableShape(type).columns.map { ($0.name, $0.kind.exportedType) }
  }

  func values(_ rows: Range<Int>) -> [TableColumn] {
    [.text(from.picked(sources[rows].map { Int($0) })), .text(to.picked(targets[rows].map { Int($0) }))]
      + TableShape(relation.type).columns.map { relation.columns[$0.name]!.exported(rows, as: $0.kind) }
  }
}

extension Graph.ColumnType.Kind {
  fileprivate var exportedType: Tables.ColumnType {
    switch self {
    case .number: .float
    case .flag: .integer
    case .time: .time
    case .category, .text: .text
    }
  }
}

extension Column {
  fileprivate func exported(_ rows: Range<Int>, as kind: Graph.ColumnType.Kind) -> TableColumn {
    switch self {
    case .number(let values):
      kind == .flag
        ? .integer(Buffer(values[rows].map { $0.isNaN ? .min : Int64($0) })) : .float(values.view(rows))
    case .time(let values): .time(values.view(rows))
    case .category(let codes, let levels):
      .text(levels.picked(codes[rows].map { $0 == Column.missingCode ? nil : Int($0) }))
    case .text(let texts): .text(texts.picked(rows))
    }
  }
}

extension TextArray {
  /// The texts at these places; the empty one for none.
  fileprivate func picked(_ places: some Collection<Int?>) -> TextArray {
    withUnsafeTexts { offsets, bytes in
      var ends: [UInt64] = [0]
      var picked: [UInt8] = []
      ends.reserveCapacity(places.count + 1)
      for place in places {
        if let place { picked.append(contentsOf: bytes[Int(offsets[place])..<Int(offsets[place + 1])]) }
        ends.append(UInt64(picked.count))
      }
      return TextArray(offsets: Buffer(ends), bytes: Buffer(picked))
    }
  }

  fileprivate func picked(_ places: some Collection<Int>) -> TextArray {
    picked(places.map { Optional($0) })
  }
}
