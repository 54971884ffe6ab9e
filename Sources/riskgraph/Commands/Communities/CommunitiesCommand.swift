import Arguments
import Communities
import Compute
import Foundation
import Graph
import Store

/// The communities of an edge list, or of a store's nodes tied by what they share.
struct CommunitiesCommand: Command {
  let name = "communities"
  let summary = "Finds the groups in a graph: communities with a certificate, and how suspicious each is."
  let discussion = """
    The graph is an edge list (.npy, .csv, .txt, .mtx) or a store's folder. Of a store, --on says who is tied by what: \
    'merchant-device|address-merchant' ties merchants that share a device or an address. Without --on, the groups are of \
    all who share things and act together within days, as rings do (--method together). What is found in a store is \
    kept there, under names that last from run to run; --show reads it. The same seed gives the same communities on any \
    number of threads.
    """
  let examples = [
    Example("communities edges.csv --method louvain --out membership.npy", "No store needed."),
    Example("communities shop.rg", "The rings of a store."),
    Example(
      "communities shop.rg --on 'merchant-device|address-merchant' --top 20", "Groups that share things."),
    Example("communities shop.rg --show C17 --picture c17.svg", "One of them, as it was found."),
    Example("communities shop.rg --against 3", "What became of the communities of snapshot 3."),
    Example("communities today.npy --against yesterday.npy", "The same of edge lists."),
  ]
  let source = Positional<FilePath>("graph", "An edge list, or a store's folder.")
  let options = CommunityOptions()

  var parameters: [any Parameter] { [source] + options.all }

  func run(_ input: Input, in session: Session) throws -> Answer {
    let path = input[source].path
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      return try edgeList(path, input, session)
    }
    return try StoredCommunities(path: path, options, input, session).answer()
  }

  private func edgeList(_ path: String, _ input: Input, _ session: Session) throws -> Answer {
    if let on = input[options.on] { throw CommunityCommandError.pathOfAList(on) }
    let source = try CommunitySource(path: path, parallel: session.parallel)
    let settings = try options.settings(input, session)
    let chosen = input[options.method] ?? .leiden
    guard let method = chosen.division else { throw CommunityCommandError.methodOfAStore(chosen.rawValue) }
    let partition = try method.partition(of: source.graph, settings: settings)
    let certificate = try Certificate(
      of: partition, in: source.graph, method: method, settings: settings, seeds: input[options.seeds])
    if let file = input[options.out] { try source.write(partition, to: file.path) }
    let report = CommunityReport(
      source: source, named: NamedPartition(partition), certificate: certificate)
    if let earlier = input[options.against] {
      let earlier = try source.earlier(earlier, method: method, settings: settings)
      return report.changes(since: NamedPartition(earlier), top: input[options.top])
    }
    if let wanted = input[options.show] {
      return try report.one(named: wanted, picture: input[options.picture]?.path)
    }
    return report.overview(top: input[options.top])
  }
}
