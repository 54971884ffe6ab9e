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
    Without a file, on a planted partition of 100,000 nodes. Where PREFIX.comm.npy lies beside PREFIX.u.npy, or the graph \
    is a planted one, normalized mutual information with those communities is shown. With --peers, NetworKit runs on the \
    same graph by that Python, and with --igraph so does igraph, which takes minutes. --warm takes a day's new edges: so \
    many are held back from the graph, and come in later. --scales measures the cost against the size of R-MAT graphs.
    """
  let examples = [
    Example("bench communities rmat20.u.npy --peers python3", "Beside NetworKit, in one run."),
    Example("bench communities --planted 1000000 --peers python3 --igraph", "Beside both, on a made graph."),
    Example(
      "bench communities --rmat 20 --warm 10000", "Ten thousand new edges on a graph of a million nodes."),
    Example("bench communities --scales 16,18,20 --plot cost.svg", "Cost against size, as a chart."),
  ]
  let file = Positional<FilePath?>("file", "An edge list: .npy, .csv or .mtx.")
  let rmat = Option<Int?>("rmat", "Make an R-MAT graph of 2^N nodes instead.", accepts: within(4...28))
  let planted = Option<Int?>(
    "planted", "Make a planted partition of so many nodes instead.", accepts: within(100...100_000_000))
  let methods = Option<[CommunityMethod]>("method", "Which ones, separated by commas; all without.")
  let peers = Option<String?>("peers", "A Python that has networkit: measures it too.")
  let igraph = Flag("igraph", "With --peers: igraph's Leiden too.")
  let script = Option(
    "peer-script", "What that Python runs.", default: FilePath("Scripts/peers/communities.py"))
  let warm = Option<Int?>(
    "warm", "Hold so many edges back, and let them come in later.", accepts: within(1...))
  let scales = Option<[Int]>(
    "scales", "R-MAT graphs of 2^N nodes, one after another, by Leiden alone.",
    accepts: within(4...28))
  let plot = Option<FilePath?>("plot", "With --scales: draws cost against size, as .svg.")
  let repeats = BenchOptions.repeats
  let compare = BenchOptions.compare
  let data = BenchOptions.data

  func run(_ input: Input, in session: Session) throws -> Answer {
    var bench = try Bench("communities", input, in: session)
    if !input[scales].isEmpty {
      let costs = try measureScales(input[scales], &bench, session)
      if let plot = input[plot] {
        try CommunityCost.chart(costs).svg().write(toFile: plot.path, atomically: true, encoding: .utf8)
      }
      return bench.answer()
    }
    let subject = try subject(input, session)
    if let count = input[warm] {
      try measureWarmStart(of: subject.graph, heldBack: count, &bench, session)
      return bench.answer()
    }
    let graph = subject.graph
    let chosen = input[methods].isEmpty ? CommunityMethod.allCases : input[methods]
    let settings = SearchSettings(parallel: session.parallel, stop: session.stop)
    let edges = graph.csr.entryCount / 2
    for method in chosen {
      let partition = try bench.measure(method.rawValue, work: .items(edges, "edges")) {
        try method.partition(of: graph, settings: settings)
      }
      bench.result("modularity", modularity(of: partition, in: graph), decimals: 5)
      bench.result("communities", Double(partition.communityCount))
      bench.result("disconnected", Double(disconnectedCommunities(partition, in: graph)))
      if let truth = subject.truth {
        bench.result("NMI", normalizedMutualInformation(partition, truth), decimals: 4)
      }
    }
    if let python = input[peers] {
      try measurePeers(
        &bench, python: python, script: input[script].path, subject, withIgraph: input[igraph], session)
    }
    return bench.answer()
  }

  /// A graph to measure on, the communities that were planted in it, and the file that peers read.
  struct Subject {
    var graph: Projection
    var truth: Partition?
    var prefix: String?
  }

  private func subject(_ input: Input, _ session: Session) throws -> Subject {
    if let file = input[file] {
      var subject = Subject(graph: try EdgeFile(path: file.path, parallel: session.parallel).graph)
      let suffix = ".u.npy"
      guard file.path.hasSuffix(suffix) else { return subject }
      let prefix = String(file.path.dropLast(suffix.count))
      subject.prefix = prefix
      if FileManager.default.fileExists(atPath: prefix + ".comm.npy") {
        let labels = try NumpyFile(path: prefix + ".comm.npy").buffer(of: Int64.self)
        if labels.count == subject.graph.nodeCount {
          subject.truth = Partition(labels.lazy.map { UInt32(truncatingIfNeeded: $0) })
        }
      }
      return subject
    }
    let edges: EdgeList
    var truth: Partition?
    if let scale = input[rmat] {
      edges = EdgeList.rmat(scale: scale, parallel: session.parallel)
    } else {
      let made = EdgeList.planted(nodes: input[planted] ?? 100_000)
      (edges, truth) = (made.edges, Partition(made.communities))
    }
    if let folder = input[data]?.path { try BenchData(folder).write(edges, "edges") }
    let csr = try CSRBuilder(edges, parallel: session.parallel).symmetric()
    return Subject(graph: Projection(space: .plain(edges.sourceCount), csr: csr), truth: truth)
  }
}
