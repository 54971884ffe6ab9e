import Compute
import Foundation
import Graph
import Tables

/// The format of exported tables.
public enum ExportFormat: String, Sendable, CaseIterable { case parquet, csv }

/// What was written, table by table.
public struct ExportReport: Sendable {
  public var nodes: [String: Int] = [:]
  public var edges: [String: Int] = [:]
}

extension Store {
  /// Writes the graph as it is now as tables that `import` reads back: a file for each type of nodes (keys and columns),
  /// one for each relation (the keys of both ends and columns), and `schema.json`, in which each table has the name of
  /// its type.
  ///
  /// The folder must be new or empty. Each file appears when it is whole; memory is a batch of rows.
  @discardableResult
  public func export(
    to folder: String, format: ExportFormat = .parquet, progress: ProgressSink = .silent,
    stop: StopRequest? = nil
  ) throws(StoreError) -> ExportReport {
    guard !Disk.exists(folder) || (Disk.isFolder(folder) && Disk.names(in: folder).isEmpty) else {
      throw .exists(path: folder)
    }
    try Disk.makeFolder(folder)
    let graph = try graph()
    var report = ExportReport()
    for type in schema.nodeTypes {
      let table = graph.nodes[type.name]!
      try write(
        NodeRows(table), of: type.name, to: "\(folder)/\(type.name).\(format.rawValue)", progress, stop)
      report.nodes[type.name] = table.count
    }
    for type in schema.relations {
      let rows = EdgeRows(
        graph.relations[type.name]!.folded(), from: graph.nodes[type.from]!.keys.texts,
        to: graph.nodes[type.to]!.keys.texts)
      try write(rows, of: type.name, to: "\(folder)/\(type.name).\(format.rawValue)", progress, stop)
      report.edges[type.name] = rows.count
    }
    var exported = schema
    for place in exported.nodeTypes.indices {
      exported.nodeTypes[place].table = exported.nodeTypes[place].name
    }
    for place in exported.relations.indices {
      exported.relations[place].table = exported.relations[place].name
    }
    try Disk.write(Array(exported.json.utf8), to: folder + "/schema.json")
    try Disk.syncFolder(folder)
    return report
  }

  private func write(
    _ rows: some ExportedRows, of name: String, to path: String, _ progress: ProgressSink,
    _ stop: StopRequest?
  ) throws(StoreError) {
    let step = progress.step("Writing \(name)", total: rows.count, unit: "rows")
    do {
      let writer = try TableWriter(path: path, columns: rows.columns)
      var start = 0
      while start < rows.count {
        if let stop, stop.isWanted { throw StoreError.cancelled }
        let end = min(rows.count, start + 65_536)
        try writer.append(rows.values(start..<end))
        step.advance(by: end - start)
        start = end
      }
      try writer.finish()
    } catch let error as StoreError {
      throw error
    } catch { throw .tables("\(error)") }
    step.finish()
  }
}
