import Arguments
import Communities
import Compute
import Foundation
import Graph

extension CommunityMethod: ArgumentValue {}

/// Louvain, Leiden and the simpler methods on one graph, beside NetworKit and igraph in the same run.
struct BenchCommunities: Command {
  let name = "communities"
  let summary = "Communities: seconds, modularity, and peers beside them."
  let discussion = """
    Without a file, on a planted partition of 100,000 nodes. With --peers, NetworKit and igraph run on the same graph by \
    that Python, which needs PREFIX.u.npy and PREFIX.v.npy.
    """
  let examples = [
    Example("bench communities rmat20.u.npy --peers python3", "Beside NetworKit, in one run."),
    Example("bench communities --rmat 20", "A skewed graph of a million nodes."),
  ]
  let file = Positional<FilePath?>("file", "An edge list: .npy, .csv or .mtx.")
  let rmat = Option<Int?>("rmat", "Make an R-MAT graph of 2^N nodes instead.", accepts: within(4...28))
  let methods = Option<[CommunityMethod]>("method", "Which ones, separated by commas; all without.")
  let peers = Option<String?>("peers", "A Python that has networkit: measures it too.")
  let script = Option(
    "peer-script", "What that Python runs.", default: FilePath("Scripts/peers/communities.py"))
  let repeats = BenchOptions.repeats
  let compare = BenchOptions.compare

  func run(_ input: Input, in session: Session) throws -> Answer {
    let graph = try graph(input, session)
    let chosen = input[methods].isEmpty ? CommunityMethod.allCases : input[methods]
    var bench = try Bench("communities", input, in: session)
    let settings = SearchSettings(parallel: session.parallel, stop: session.stop)
    let edges = graph.csr.entryCount / 2
    for method in chosen {
      let partition = try bench.measure(method.rawValue, work: .items(edges, "edges")) {
        try method.partition(of: graph, settings: settings)
      }
      bench.result("modularity", modularity(of: partition, in: graph))
      bench.result("communities", Double(partition.communityCount))
      bench.result("disconnected", Double(disconnectedCommunities(partition, in: graph)))
    }
    if let python = input[peers], let file = input[file] {
      try measurePeers(&bench, python: python, script: input[script].path, file: file.path, session)
    }
    return bench.answer()
  }

  private func graph(_ input: Input, _ session: Session) throws -> Projection {
    if let file = input[file] { return try EdgeFile(path: file.path, parallel: session.parallel).graph }
    let edges =
      input[rmat].map { EdgeList.rmat(scale: $0, parallel: session.parallel) }
      ?? EdgeList.planted(nodes: 100_000).edges
    return Projection(
      space: .plain(edges.sourceCount), csr: try CSRBuilder(edges, parallel: session.parallel).symmetric())
  }

  /// One line of JSON for each peer that the script measured.
  private func measurePeers(
    _ bench: inout Bench, python: String, script: String, file: String, _ session: Session
  ) throws {
    let suffix = ".u.npy"
    guard file.hasSuffix(suffix) else {
      session.note("Peers read PREFIX.u.npy and PREFIX.v.npy only; they are left out.")
      return
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, script, String(file.dropLast(suffix.count))]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["THREADS": String(session.parallel.threads)]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    for line in output.split(separator: 10) {
      guard let peer = try? JSONDecoder().decode(Peer.self, from: Data(line)) else { continue }
      bench.record(
        Bench.Measurement(
          what: peer.name, seconds: [peer.seconds], work: nil, peakBytes: nil, addedBytes: nil))
      if let modularity = peer.modularity { bench.result("modularity", modularity) }
      if let communities = peer.communities { bench.result("communities", Double(communities)) }
    }
  }

  private struct Peer: Decodable {
    var name: String
    var seconds: Double
    var modularity: Double?
    var communities: Int?
  }
}
