// Opening a snapshot: the manifest is read, every file's size is compared with it, and every array is mapped. No
// array is read, so a large store opens as fast as a small one. Mapped files stay readable when a later compact
// removes their folder, so a reader never holds anybody up.

import Compute
import Foundation
import Graph

/// One snapshot, opened.
struct Snapshot {
  let folder: String
  let manifest: Manifest

  /// Needs: the store's folder; the checksum that the catalogue knows for the manifest.
  init(store: String, entry: SnapshotEntry) throws(StoreError) {
    folder = store + "/" + entry.folder
    let path = folder + "/" + Manifest.fileName
    guard Disk.exists(path) else { throw .damaged(path: path, what: "it is missing") }
    let bytes = try Disk.read(path)
    guard Checksum.text(Checksum.of(bytes)) == entry.manifest else {
      throw .damaged(path: path, what: "its checksum is not the one in the catalogue")
    }
    manifest = try Manifest(bytes: bytes, path: path)
    for file in manifest.files {
      let path = folder + "/" + file.name
      guard let size = Disk.size(of: path) else { throw .damaged(path: path, what: "it is missing") }
      guard size == file.bytes else {
        throw .damaged(
          path: path,
          what: "it has \(grouped(size)) bytes instead of \(grouped(file.bytes))"
            + (size < file.bytes ? ": it was cut short" : ""))
      }
    }
  }

  /// The graph that it holds, mapped.
  func graph(schema: Schema) throws(StoreError) -> MarketGraph {
    var nodes: [String: NodeTable] = [:]
    for type in schema.nodeTypes { nodes[type.name] = try nodeTable(type) }
    var relations: [String: Relation] = [:]
    for type in schema.relations {
      relations[type.name] = try relation(
        type, fromCount: nodes[type.from]!.count, toCount: nodes[type.to]!.count)
    }
    return MarketGraph(schema: schema, nodes: nodes, relations: relations)
  }

  private func nodeTable(_ type: NodeType) throws(StoreError) -> NodeTable {
    let folder = SnapshotNames.nodes(type.name)
    let texts = try texts(folder + "/keys")
    let slots: Buffer<UInt32> = try array(folder + "/keys.slots")
    guard slots.count.nonzeroBitCount == 1, slots.count > texts.count else {
      throw damaged(folder + "/keys.slots", "it does not fit the keys")
    }
    let shape = TableShape(type)
    let columns = try columns(folder, shape, count: texts.count)
    return NodeTable(
      type: type, keys: KeyIndex(texts: texts, slots: slots), columns: columns,
      times: try times(folder + "/times", shape, columns, count: texts.count))
  }

  private func relation(_ type: RelationType, fromCount: Int, toCount: Int) throws(StoreError) -> Relation {
    let folder = SnapshotNames.relation(type.name)
    let shape = TableShape(type)
    guard let edges = manifest.edges[type.name] else {
      throw damaged(Manifest.fileName, "it does not name \(type.name)")
    }
    let columns = try columns(folder, shape, count: edges)
    let weights = Relation.weightColumn(type, columns)
    let out = try csr(
      folder + "/out", rows: fromCount, targetCount: toCount, hasTimes: shape.hasClocks, weights: weights,
      times: shape.singleClock.flatMap { clock in
        guard type.isDirected, case .time(let values)? = columns[shape.columns[clock].name] else {
          return nil
        }
        return values
      })
    guard type.isDirected else {
      let both = Adjacency(snapshot: out)
      return Relation(type: type, out: both, into: both, columns: columns)
    }
    let into = try csr(
      folder + "/into", rows: toCount, targetCount: fromCount, hasTimes: shape.hasClocks, weights: weights,
      times: nil)
    return Relation(
      type: type, out: Adjacency(snapshot: out), into: Adjacency(snapshot: into), columns: columns)
  }

  /// `times` are the column's that stand for them where there is no file.
  private func csr(
    _ name: String, rows: Int, targetCount: Int, hasTimes: Bool, weights column: Buffer<Float>?,
    times: Buffer<Int64>?
  ) throws(StoreError) -> CSR {
    let offsets: Buffer<UInt64> = try array(name + ".offsets", count: rows + 1)
    let targets: Buffer<UInt32> = try array(name + ".targets")
    guard offsets.last == UInt64(targets.count) else {
      throw damaged(name + ".offsets", "it does not fit the targets")
    }
    let edgeRows: Buffer<UInt32>? = try arrayIfAny(name + ".edge-rows", count: targets.count)
    var weights: Buffer<Float>? = try arrayIfAny(name + ".weights", count: targets.count)
    if weights == nil, edgeRows == nil { weights = column }
    var entryTimes: Buffer<Int64>?
    if hasTimes {
      entryTimes = try arrayIfAny(name + ".times", count: targets.count) ?? times
      guard entryTimes?.count == targets.count else { throw damaged(name + ".times", "it is missing") }
    }
    guard weights.map({ $0.count == targets.count }) ?? true else {
      throw damaged(name + ".weights", "it does not fit the targets")
    }
    return CSR(
      targetCount: targetCount, offsets: offsets, targets: targets, weights: weights, times: entryTimes,
      edgeRows: edgeRows)
  }

  private func times(
    _ name: String, _ shape: TableShape, _ columns: [String: Column], count: Int
  )
    throws(StoreError) -> Buffer<Int64>?
  {
    guard shape.hasClocks else { return nil }
    if let clock = shape.singleClock, case .time(let values)? = columns[shape.columns[clock].name] {
      return values
    }
    return try array(name, count: count)
  }

  private func columns(
    _ folder: String, _ shape: TableShape, count: Int
  ) throws(StoreError) -> [String: Column] {
    var columns: [String: Column] = [:]
    for type in shape.columns {
      let name = SnapshotNames.column(folder, type.name)
      columns[type.name] =
        switch type.kind {
        case .number, .flag: .number(try array(name, count: count))
        case .time: .time(try array(name, count: count))
        case .category:
          .category(codes: try array(name + ".codes", count: count), levels: try texts(name + ".levels"))
        case .text: .text(try texts(name, count: count))
        }
    }
    return columns
  }

  private func texts(_ name: String, count: Int? = nil) throws(StoreError) -> TextArray {
    let offsets: Buffer<UInt64> = try array(name + ".offsets", count: count.map { $0 + 1 })
    let bytes: Buffer<UInt8> = try array(name + ".bytes")
    guard offsets.count >= 1, offsets.last == UInt64(bytes.count) else {
      throw damaged(name + ".offsets", "it does not fit the bytes")
    }
    return TextArray(offsets: offsets, bytes: bytes)
  }

  private func arrayIfAny<Element: NumpyScalar>(
    _ name: String, count: Int
  ) throws(StoreError) -> Buffer<Element>? {
    guard manifest.file(name + ".npy") != nil else { return nil }
    return try array(name, count: count)
  }

  private func array<Element: NumpyScalar>(
    _ name: String, count: Int? = nil
  ) throws(StoreError) -> Buffer<Element> {
    guard manifest.file(name + ".npy") != nil else {
      throw damaged(Manifest.fileName, "it does not name \(name).npy")
    }
    let buffer: Buffer<Element>
    do {
      buffer = try NumpyFile(path: "\(folder)/\(name).npy").buffer(of: Element.self)
    } catch { throw .damaged(path: "\(folder)/\(name).npy", what: "\(error)") }
    guard count == nil || buffer.count == count else {
      throw damaged(name, "it has \(grouped(buffer.count)) elements instead of \(grouped(count!))")
    }
    return buffer
  }

  private func damaged(_ name: String, _ what: String) -> StoreError {
    .damaged(path: name.hasSuffix(".json") ? "\(folder)/\(name)" : "\(folder)/\(name).npy", what: what)
  }
}

extension MarketGraph {
  /// A graph without a node.
  static func empty(_ schema: Schema) -> MarketGraph {
    var nodes: [String: NodeTable] = [:]
    for type in schema.nodeTypes {
      let shape = TableShape(type)
      var columns: [String: Column] = [:]
      for column in shape.columns { columns[column.name] = .missing(column.kind, count: 0) }
      nodes[type.name] = NodeTable(
        type: type, keys: KeyIndex.indexing(TextArray([])), columns: columns,
        times: shape.hasClocks ? [] : nil)
    }
    var relations: [String: Relation] = [:]
    for type in schema.relations {
      let shape = TableShape(type)
      var columns: [String: Column] = [:]
      for column in shape.columns { columns[column.name] = .missing(column.kind, count: 0) }
      let none = CSR(targetCount: 0, offsets: [0], targets: [], times: shape.hasClocks ? [] : nil)
      relations[type.name] = Relation(
        type: type, out: Adjacency(snapshot: none), into: Adjacency(snapshot: none), columns: columns)
    }
    return MarketGraph(schema: schema, nodes: nodes, relations: relations)
  }
}
