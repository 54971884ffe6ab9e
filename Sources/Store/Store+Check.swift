// Looking for damage: the catalogue by SQLite's own check, the audit trail by its chain, appended batches and every
// file of the snapshot by their checksums, and then, where all of that holds, the graph by its invariants. Checksums
// come first, so that the rest may trust what the arrays say of each other.

import CKernels
import Compute
import Graph
import Synchronization

/// What `check` found.
public struct CheckReport: Sendable {
  public var problems: [String] = []
  public var files = 0
  public var bytes = 0
  public var isSound: Bool { problems.isEmpty }
}

extension Store {
  /// Reads everything and compares it with what it should be. Throws only where it cannot look.
  public func check(
    progress: ProgressSink = .silent, stop: StopRequest? = nil
  ) throws(StoreError) -> CheckReport {
    var report = CheckReport()
    report.problems += try catalogue.violations().map { "catalog.db: \($0)" }
    if let violation = try catalogue.auditViolation() { report.problems.append("catalog.db: \(violation)") }
    let seen: StoreState
    do throws(StoreError) { seen = try state() } catch {
      report.problems.append("\(error)")
      // What cannot be opened can still be named file by file.
      if let entry = try catalogue.currentSnapshot() { try checkFiles(of: entry, &report, progress, stop) }
      return report
    }
    for batch in seen.batches {
      do throws(StoreError) { _ = try batch.decoded(schema: schema, path: catalogue.path) } catch {
        report.problems.append("\(error)")
      }
    }
    guard let entry = seen.entry else { return report }
    let before = report.problems.count
    try checkFiles(of: entry, &report, progress, stop)
    guard report.problems.count == before else { return report }
    report.problems += seen.snapshotGraph.violations().map { "\(entry.folder): \($0)" }
    for removal in seen.removals where Int(removal.node) >= seen.snapshotGraph.nodes[removal.type]?.count ?? 0
    {
      report.problems.append("catalog.db: a removal names a \(removal.type) that is not in the snapshot")
    }
    return report
  }

  private func checkFiles(
    of entry: SnapshotEntry, _ report: inout CheckReport, _ progress: ProgressSink, _ stop: StopRequest?
  ) throws(StoreError) {
    let folder = path + "/" + entry.folder
    let manifestPath = folder + "/" + Manifest.fileName
    let bytes: [UInt8]
    let manifest: Manifest
    do throws(StoreError) {
      bytes = try Disk.read(manifestPath)
      guard Checksum.text(Checksum.of(bytes)) == entry.manifest else {
        throw .damaged(path: manifestPath, what: "its checksum is not the one in the catalogue")
      }
      manifest = try Manifest(bytes: bytes, path: manifestPath)
    } catch {
      if !report.problems.contains("\(error)") { report.problems.append("\(error)") }
      return
    }
    report.files += manifest.files.count + 1
    report.bytes += manifest.byteCount + bytes.count
    let step = progress.step("Checking", total: manifest.byteCount, unit: "bytes")
    let problems = Mutex<[Int: String]>([:])
    Parallel.machine.forEach(blocks: manifest.files.count) { index in
      guard stop?.isWanted != true else { return }
      let file = manifest.files[index]
      let path = folder + "/" + file.name
      let problem = Store.problem(of: file, at: path)
      if let problem { problems.withLock { $0[index] = problem } }
      step.advance(by: file.bytes)
    }
    step.finish("done")
    if stop?.isWanted == true { throw .cancelled }
    let found = problems.withLock { $0 }.sorted { $0.key < $1.key }.map(\.value)
    report.problems += found.filter { !report.problems.contains($0) }
  }

  private static func problem(of file: Manifest.File, at path: String) -> String? {
    guard let size = Disk.size(of: path) else {
      return StoreError.damaged(path: path, what: "it is missing").description
    }
    guard size == file.bytes else {
      let what =
        "it has \(grouped(size)) bytes instead of \(grouped(file.bytes))"
        + (size < file.bytes ? ": it was cut short" : "")
      return StoreError.damaged(path: path, what: what).description
    }
    do {
      guard try Checksum.of(file: path) == file.checksum else {
        return StoreError.damaged(path: path, what: "its content is not what was written").description
      }
      return nil
    } catch { return "\(error)" }
  }
}

extension MarketGraph {
  /// What does not fit together, in words.
  func violations() -> [String] {
    var found: [String] = []
    for (name, table) in nodes.sorted(by: { $0.key < $1.key }) {
      if let violation = table.violation() { found.append("node type \(name): \(violation)") }
    }
    for (name, relation) in relations.sorted(by: { $0.key < $1.key }) {
      if let violation = relation.violation() { found.append("relation \(name): \(violation)") }
    }
    return found
  }
}

extension NodeTable {
  func violation() -> String? {
    let offsets = keys.texts.offsets
    guard offsets.first == 0 else { return "the first key does not begin at 0" }
    for node in 0..<count where offsets[node] > offsets[node + 1] {
      return "the keys' offsets fall after node \(node)"
    }
    for node in 0..<count where offsets[node] == offsets[node + 1] { return "node \(node) has an empty key" }
    let filled = keys.slots.lazy.filter { $0 != KeyTable.none }.count
    guard filled == count, keys.slots.allSatisfy({ $0 == KeyTable.none || Int($0) < count }) else {
      return "the table of keys does not hold each node once"
    }
    // Every key leads to its own node: so all are in the table, and none stands twice.
    for node in 0..<count where keys.node(keys.key(NodeID(UInt32(node)))) != NodeID(UInt32(node)) {
      return "the key of node \(node) leads elsewhere"
    }
    let shape = TableShape(type)
    if let expected = shape.visibleFrom(columns, count: count) {
      guard let times, times == expected else { return "the times do not follow from the clocks" }
    }
    return columns.violation(count: count)
  }
}

extension Relation {
  func violation() -> String? {
    if let violation = out.snapshot.violation(isSymmetric: !type.isDirected) {
      return "outgoing: \(violation)"
    }
    if let violation = into.snapshot.violation(isSymmetric: !type.isDirected) {
      return "incoming: \(violation)"
    }
    if let violation = columns.violation(count: rowCount) { return violation }
    let entries = out.snapshot.entryCount
    for csr in [out.snapshot, into.snapshot] {
      guard csr.edgeRows?.allSatisfy({ Int($0) < rowCount }) ?? true else { return "an entry without a row" }
    }
    if type.isDirected {
      guard into.snapshot.entryCount == entries else {
        return "the two directions have different numbers of edges"
      }
      let sources = out.snapshot.rowOfEntries()
      for row in 0..<into.snapshot.rowCount {
        for entry in into.snapshot.row(row) {
          let edge = into.snapshot.edgeRow(entry)
          guard edge < entries, Int(out.snapshot.targets[edge]) == row,
            sources[edge] == into.snapshot.targets[entry]
          else { return "an incoming edge of node \(row) is not among the outgoing ones" }
          if let a = out.snapshot.times, let b = into.snapshot.times, a[edge] != b[entry] {
            return "an edge of node \(row) has two times"
          }
        }
      }
    }
    let shape = TableShape(type)
    if let expected = shape.visibleFrom(columns, count: rowCount) {
      guard let times = out.snapshot.times else { return "the times are missing" }
      for entry in 0..<entries where times[entry] != expected[out.snapshot.edgeRow(entry)] {
        return "the times do not follow from the clocks"
      }
    }
    return nil
  }
}

extension [String: Column] {
  func violation(count: Int) -> String? {
    for (name, column) in sorted(by: { $0.key < $1.key }) {
      guard column.count == count else {
        return "the column \(name) has \(column.count) values for \(count) rows"
      }
      switch column {
      case .category(let codes, let levels):
        guard codes.allSatisfy({ $0 == Column.missingCode || Int($0) < levels.count }) else {
          return "the column \(name) names a level that is not there"
        }
      case .text(let texts):
        for index in 0..<count where texts.offsets[index] > texts.offsets[index + 1] {
          return "the column \(name) has offsets that fall"
        }
      case .number, .time: break
      }
    }
    return nil
  }
}
