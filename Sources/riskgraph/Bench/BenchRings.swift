import Arguments
import Communities
import Compute
import Foundation
import Graph
import Marketplace
import Store
import Tables

/// Rings of a synthetic marketplace: found without the truth, judged by it.
struct BenchRings: Command {
  let name = "rings"
  let summary =
    "Finds the rings of a synthetic marketplace and compares the most suspicious groups with the truth."
  let discussion = """
    A group is a ring where more than half of its members are of one true ring. Members are merchants, creators and \
    buyers; victims count as members of the ring that harms them, products as nobody.
    """
  let examples = [Example("bench rings --seed 7 --repeat 1", "A market of 170,000 nodes.")]
  let scale = Option("scale", "How large.", default: ScaleName.medium)
  let seed = Option("seed", "Which market.", default: 7)
  let top = Option("top", "How many groups are judged.", default: 50, accepts: within(1...))
  let folder = Option<FolderPath?>("folder", "Where to work; the system's temporary folder without it.")
  let repeats = BenchOptions.repeats
  let compare = BenchOptions.compare

  func run(_ input: Input, in session: Session) throws -> Answer {
    var bench = try Bench("rings", input, in: session)
    let parent = input[folder].map { URL(fileURLWithPath: $0.path) } ?? FileManager.default.temporaryDirectory
    let place = parent.appendingPathComponent("riskgraph-rings-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: place) }
    session.note("Making a market …")
    let seed = Seed(UInt64(bitPattern: Int64(input[seed])))
    _ = try Generator(GeneratorOptions(scale: input[scale].scale, seed: seed, format: .parquet)).write(
      to: place + "/tables", parallel: session.parallel, stop: session.stop)
    let store = try Store.create(at: place + "/market.rg", schema: MarketSchema.schema)
    try store.importTables(from: place + "/tables", progress: .silent, stop: session.stop)
    let graph = try store.graph()
    let path = try RelationPath(graph.schema.sharingPath!, in: graph.schema)
    let judged = try bench.measure("find and judge") {
      let search = try RingSearch(graph.view(), along: path, parallel: session.parallel)
      let found = try search.found(SearchSettings(parallel: session.parallel))
      return try search.judge(found).groups(found.partition)
    }
    let space = try graph.view().space(of: path)
    let truth = try Truth(folder: place + "/tables/truth", in: graph, space)
    let verdict = truth.verdict(on: judged.prefix(input[top]).map(\.members))
    bench.result("groups", Double(judged.count))
    bench.result("rings of the top \(input[top])", verdict.rings)
    bench.result("ring members held", verdict.held)
    bench.result("innocent agencies", verdict.agencies)
    return bench.answer()
  }

  /// Who is really in which ring.
  private struct Truth {
    var rings: [UInt32: String] = [:]
    var lookAlikes: Set<UInt32> = []
    /// Members of rings of four and more.
    var members: Set<UInt32> = []

    init(folder: String, in graph: MarketGraph, _ space: NodeSpace) throws {
      let file = try TableFile.find("nodes", in: folder).first!.path
      let rows = try Tables.Database().columns(
        "SELECT type::VARCHAR AS type, key::VARCHAR AS key, coalesce(ring::VARCHAR, '') AS ring FROM \(SQL.file(file))"
      )
      let (types, keys, names) = (rows.text("type"), rows.text("key"), rows.text("ring"))
      for row in 0..<types.count {
        guard let node = graph.nodes[types[row]]?.keys.node(keys[row]),
          let place = space.place(of: node, type: types[row])
        else { continue }
        if names[row].isEmpty {
          lookAlikes.insert(UInt32(place))
        } else {
          rings[UInt32(place)] = names[row]
        }
      }
      let sizes = rings.values.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
      members = Set(rings.filter { sizes[$0.value]! >= 4 }.keys)
    }

    /// As shares: groups that are rings, ring members held, groups that are mostly innocent look-alikes.
    func verdict(on groups: [[UInt32]]) -> (rings: Double, held: Double, agencies: Double) {
      var (found, held, agencies) = (0, 0, 0)
      for group in groups {
        let counts = group.compactMap { rings[$0] }.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        if (counts.values.max() ?? 0) * 2 > group.count { found += 1 }
        held += group.count { members.contains($0) }
        if group.count(where: { lookAlikes.contains($0) }) * 2 > group.count { agencies += 1 }
      }
      let count = Double(max(1, groups.count))
      return (
        Double(found) / count, Double(held) / Double(max(1, members.count)), Double(agencies) / count
      )
    }
  }
}
