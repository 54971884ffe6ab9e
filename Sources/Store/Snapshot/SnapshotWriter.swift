import Compute
import Foundation
import Graph

/// Writes a graph as a snapshot: into a folder beside, synced, renamed when whole.
struct SnapshotWriter {
  let store: String
  let number: Int
  let schemaText: String
  let progress: ProgressSink
  let stop: StopRequest?

  private var draft: String { "\(store)/snapshots/.making-\(number)" }
  private var folder: String { "\(store)/\(SnapshotEntry.folder(number))" }

  /// Returns what the catalogue has to know of it. The folder stands under its final name then, but nobody knows of it
  /// until the catalogue does.
  func write(_ graph: MarketGraph) throws(StoreError) -> SnapshotEntry {
    try Disk.remove(draft)
    try Disk.remove(folder)
    do throws(StoreError) {
      return try writeDraft(graph)
    } catch {
      _ = try? Disk.remove(draft)
      throw error
    }
  }

  private func writeDraft(_ graph: MarketGraph) throws(StoreError) -> SnapshotEntry {
    try Disk.makeFolder(store + "/snapshots")
    try Disk.makeFolder(draft)
    let writer = ArrayWriter(folder: draft)
    var folders = [draft]
    func make(_ name: String) throws(StoreError) {
      try Disk.makeFolder("\(draft)/\(name)")
      folders.append("\(draft)/\(name)")
    }
    try make("nodes")
    try make("relations")
    var nodes: [String: Int] = [:]
    var edges: [String: Int] = [:]
    let step = progress.step("Writing", total: graph.nodes.count + graph.relations.count, unit: "tables")
    for type in graph.schema.nodeTypes {
      let table = graph.nodes[type.name]!
      try make(SnapshotNames.nodes(type.name))
      try make(SnapshotNames.nodes(type.name) + "/columns")
      write(table, with: writer)
      nodes[type.name] = table.count
      try check(writer)
      step.advance()
    }
    for type in graph.schema.relations {
      let relation = graph.relations[type.name]!.folded()
      try make(SnapshotNames.relation(type.name))
      try make(SnapshotNames.relation(type.name) + "/columns")
      edges[type.name] = relation.rowCount
      write(relation, with: writer)
      try check(writer)
      step.advance()
    }
    let files = try writer.finish()
    step.finish("done")
    let manifest = Manifest(snapshot: number, schema: schemaText, nodes: nodes, edges: edges, files: files)
    let bytes = manifest.encoded()
    try Disk.write(bytes, to: draft + "/" + Manifest.fileName)
    for folder in folders.reversed() { try Disk.syncFolder(folder) }
    try Disk.rename(draft, to: folder)
    try Disk.syncFolder(store + "/snapshots")
    return SnapshotEntry(
      number: number, manifest: Checksum.text(Checksum.of(bytes)), created: Catalogue.now(),
      bytes: manifest.byteCount + bytes.count)
  }

  private func check(_ writer: ArrayWriter) throws(StoreError) {
    if let stop, stop.isWanted {
      _ = try writer.finish()
      throw .cancelled
    }
    if writer.hasFailed { _ = try writer.finish() }
  }

  private func write(_ table: NodeTable, with writer: ArrayWriter) {
    let folder = SnapshotNames.nodes(table.type.name)
    let shape = TableShape(table.type)
    write(table.keys.texts, as: folder + "/keys", with: writer)
    writer.write(table.keys.slots, to: folder + "/keys.slots.npy")
    write(table.columns, folder, with: writer)
    if shape.hasClocks, shape.singleClock == nil, let times = table.times {
      writer.write(times, to: folder + "/times.npy")
    }
  }

  private func write(_ relation: Relation, with writer: ArrayWriter) {
    let folder = SnapshotNames.relation(relation.type.name)
    let shape = TableShape(relation.type)
    write(relation.columns, folder, with: writer)
    // The times of outgoing entries in the order of the columns are the clock's column.
    let isClockShared = relation.type.isDirected && shape.singleClock != nil
    write(relation.out.snapshot, as: folder + "/out", times: !isClockShared, with: writer)
    if relation.type.isDirected {
      write(relation.into.snapshot, as: folder + "/into", times: true, with: writer)
    }
  }

  private func write(_ csr: CSR, as name: String, times isWritingTimes: Bool, with writer: ArrayWriter) {
    writer.write(csr.offsets, to: name + ".offsets.npy")
    writer.write(csr.targets, to: name + ".targets.npy")
    if let times = csr.times, isWritingTimes { writer.write(times, to: name + ".times.npy") }
    guard let edgeRows = csr.edgeRows else { return }
    writer.write(edgeRows, to: name + ".edge-rows.npy")
    if let weights = csr.weights { writer.write(weights, to: name + ".weights.npy") }
  }

  private func write(_ columns: [String: Column], _ folder: String, with writer: ArrayWriter) {
    for (column, values) in columns.sorted(by: { $0.key < $1.key }) {
      let name = SnapshotNames.column(folder, column)
      switch values {
      case .number(let numbers): writer.write(numbers, to: name + ".npy")
      case .time(let times): writer.write(times, to: name + ".npy")
      case .category(let codes, let levels):
        writer.write(codes, to: name + ".codes.npy")
        write(levels, as: name + ".levels", with: writer)
      case .text(let texts): write(texts, as: name, with: writer)
      }
    }
  }

  private func write(_ texts: TextArray, as name: String, with writer: ArrayWriter) {
    writer.write(texts.offsets, to: name + ".offsets.npy")
    writer.write(texts.bytes, to: name + ".bytes.npy")
  }
}
