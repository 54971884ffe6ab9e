import Communities
import Compute
import Foundation
import Graph

extension BenchCommunities {
  /// One line of JSON for each peer that the script measured.
  func measurePeers(
    _ bench: inout Bench, python: String, script: String, _ subject: Subject, withIgraph: Bool,
    _ session: Session
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("riskgraph-peers-\(getpid())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var prefix = folder.appendingPathComponent("graph").path
    if let own = subject.prefix { prefix = own } else { try write(subject.graph, to: prefix) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [python, script, prefix, "networkit"] + (withIgraph ? ["igraph"] : [])
    process.environment = ProcessInfo.processInfo.environment.merging(
      [
        "THREADS": String(session.parallel.threads), "REPEATS": String(bench.repeats),
        "MEMBERSHIPS": folder.path,
      ]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    session.note("Measuring peers …")
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    for line in output.split(separator: 10) {
      guard let peer = try? JSONDecoder().decode(Peer.self, from: Data(line)) else { continue }
      bench.record(
        Bench.Measurement(
          what: "\(peer.name) \(peer.algorithm ?? peer.what)", seconds: peer.all, work: nil, peakBytes: nil,
          addedBytes: nil))
      if let modularity = peer.modularity { bench.result("modularity", modularity, decimals: 5) }
      if let communities = peer.communities { bench.result("communities", Double(communities)) }
      guard let file = peer.membership, let truth = subject.truth else { continue }
      let labels = try NumpyFile(path: file).buffer(of: UInt32.self)
      if labels.count == truth.nodeCount {
        bench.result("NMI", normalizedMutualInformation(Partition(labels), truth), decimals: 4)
      }
    }
  }

  /// Each edge once, as the peers' script reads it.
  private func write(_ graph: Projection, to prefix: String) throws {
    var sources: [UInt32] = []
    var targets: [UInt32] = []
    for row in 0..<graph.nodeCount {
      for entry in graph.csr.row(row) where Int(graph.csr.targets[entry]) > row {
        sources.append(UInt32(row))
        targets.append(graph.csr.targets[entry])
      }
    }
    try NumpyFile.write(Buffer(sources), to: prefix + ".u.npy")
    try NumpyFile.write(Buffer(targets), to: prefix + ".v.npy")
  }

  private struct Peer: Decodable {
    var name, what: String
    var algorithm: String?
    /// Seconds of each run.
    var all: [Double]
    var modularity: Double?
    var communities: Int?
    /// A file with a number for each node.
    var membership: String?
  }
}
