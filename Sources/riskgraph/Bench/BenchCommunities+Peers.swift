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
    let folder = FileManager.default.temporaryDirectory.path + "/riskgraph-peers-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let data = try BenchData(folder)
    if subject.prefix == nil { try data.write(EdgeList(of: subject.graph), "graph") }
    session.note("Measuring peers …")
    let (output, isWhole) = try PeerScript(python: python, file: script).output(
      [subject.prefix ?? "\(folder)/graph", "networkit"] + (withIgraph ? ["igraph"] : []),
      environment: [
        "THREADS": String(session.parallel.threads), "REPEATS": String(bench.repeats), "MEMBERSHIPS": folder,
      ])
    if !isWhole { session.note("\(python) did not run \(script) to its end: some peers are left out.") }
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
