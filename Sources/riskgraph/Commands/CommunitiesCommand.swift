import Arguments
import Communities
import Compute
import Foundation
import Graph
import Store

/// The communities of an edge list, or of the members of a store tied by what they share.
struct CommunitiesCommand: Command {
  let name = "communities"
  let summary = "Finds the groups in a graph: communities with a certificate, and how suspicious each is."
  let discussion = """
    The graph is an edge list (.npy, .csv, .txt, .mtx) or a store's folder. Of a store, --on says who is tied by what: \
    'merchant-device|payment_account-merchant' ties merchants that share a device or an account. The same seed gives the \
    same communities on any number of threads.
    """
  let examples = [
    Example("communities edges.csv --method louvain --out membership.npy", "No store needed."),
    Example(
      "communities shop.rg --on 'merchant-device|address-merchant' --top 20", "Groups that share things."),
    Example("communities edges.npy --show C17 --picture c17.svg", "One of them: its members, and a drawing."),
    Example("communities today.npy --against yesterday.npy", "What became of earlier communities."),
  ]
  let source = Positional<FilePath>("graph", "An edge list, or a store's folder.")
  let on = Option<String?>("on", "Who is tied by what in a store: TYPE-THING|THING-TYPE.")
  let asOf = Option<String?>(
    "as-of", "The instant before which things must have been known, like 2026-03-01.")
  let method = Option("method", "How to divide.", default: CommunityMethod.leiden)
  let resolution = Option("resolution", "Higher: smaller communities.", default: 1.0)
  let potts = Flag(
    "potts", "The constant Potts model in place of modularity; --resolution is then a density.")
  let smallest = Option("smallest", "Fewest members.", default: 1, accepts: within(1...))
  let largest = Option<Int?>("largest", "Most members.", accepts: within(1...))
  let largestShared = Option(
    "largest-shared", "Leave out things that more members share.", default: 1000, accepts: within(2...))
  let seed = Option("seed", "Fixes the order of turns.", default: 1)
  let seeds = Option(
    "seeds", "Run so many seeds and say how much they agree.", default: 0, accepts: within(0...100))
  let top = Option("top", "Show so many.", default: 20, accepts: within(0...))
  let show = Option<String?>("show", "Show the members of one community, as C17.")
  let against = Option<FilePath?>(
    "against", "An earlier edge list or membership .npy: says what became of it.")
  let out = Option<FilePath?>("out", "Write the membership: .npy, or .csv with names.")
  let picture = Option<FilePath?>("picture", "With --show: draw it as .svg, or export .gexf or .graphml.")

  func run(_ input: Input, in session: Session) throws -> Answer {
    let source = try CommunitySource(
      path: input[source].path, on: input[on], asOf: input[asOf], largestShared: input[largestShared],
      parallel: session.parallel)
    let quality: Quality =
      input[potts]
      ? .constantPotts(resolution: input[resolution]) : .modularity(resolution: input[resolution])
    let most = input[largest] ?? Int.max
    guard input[smallest] <= most else {
      throw CommunityError.badSizes(smallest: input[smallest], largest: most)
    }
    let settings = SearchSettings(
      quality: quality, seed: Seed(UInt64(bitPattern: Int64(input[seed]))), sizes: input[smallest]...most,
      parallel: session.parallel, progress: session.progress, stop: session.stop)
    let partition = try input[method].partition(of: source.graph, settings: settings)
    let certificate = try Certificate(
      of: partition, in: source.graph, method: input[method], settings: settings, seeds: input[seeds])
    if let file = input[out] { try source.write(partition, to: file.path) }
    let named = NamedPartition(partition)
    let report = CommunityReport(source: source, named: named, certificate: certificate)
    if let file = input[against] {
      let earlier = try source.earlier(file.path, method: input[method], settings: settings)
      return report.changes(since: NamedPartition(earlier), top: input[top])
    }
    if let wanted = input[show] {
      return try report.one(named: wanted, picture: input[picture]?.path)
    }
    return report.overview(top: input[top])
  }
}
