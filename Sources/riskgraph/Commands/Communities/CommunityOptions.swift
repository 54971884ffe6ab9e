import Arguments
import Communities
import Compute
import Graph

/// What `riskgraph communities` takes, whatever it is given.
struct CommunityOptions {
  let on = Option<String?>(
    "on",
    "Who is tied by what in a store: merchant-device|address-merchant, or the relation buyer-orders-product.",
    as: "PATH")
  let asOf = Option<Timestamp?>(
    "as-of", "Use what had happened and was known before this instant (UTC).")
  let method = Option<GroupMethod?>(
    "method", "How to look; leiden without it, and together in a store without --on.", as: "METHOD")
  let windowDays = Option(
    "window-days", "For together and lockstep: acting within this time is acting together.", default: 3.0,
    accepts: within(0.001...3650))
  let resolution = Option("resolution", "Higher: smaller communities.", default: 1.0)
  let potts = Flag(
    "potts", "The constant Potts model in place of modularity; --resolution is then a density.")
  let withoutScores = Flag(
    "without-scores", "Judge groups without what promoted models say of their members.")
  let smallest = Option("smallest", "Fewest members.", default: 1, accepts: within(1...))
  let largest = Option<Int?>("largest", "Most members.", accepts: within(1...))
  let maxDegree = ProjectionParameters.maxDegree
  let seed = Option("seed", "Fixes the order of turns.", default: 1)
  let seeds = Option(
    "seeds", "Run so many seeds and say how much they agree.", default: 0, accepts: within(0...100))
  let top = Option("top", "Show so many.", default: 20, accepts: within(0...))
  let show = Option<String?>(
    "show", "Show one community, as C17: members, what binds them, since when.", as: "NAME")
  let against = Option<String?>(
    "against",
    "Say what became of earlier communities: a store's snapshot, by number; else an edge list or .npy.",
    as: "EARLIER", completion: .file)
  let out = Option<FilePath?>(
    "out",
    "Write the membership: .npy, or .csv with names; of a store, its groups by name, with their suspicion.")
  let picture = Option<FilePath?>("picture", "With --show: draw it as .svg, or export .gexf or .graphml.")

  var all: [any Parameter] { Mirror(reflecting: self).children.compactMap { $0.value as? any Parameter } }

  func settings(_ input: Input, _ session: Session) throws -> SearchSettings {
    let quality: Quality =
      input[potts]
      ? .constantPotts(resolution: input[resolution]) : .modularity(resolution: input[resolution])
    let most = input[largest] ?? Int.max
    guard input[smallest] <= most else {
      throw CommunityError.badSizes(smallest: input[smallest], largest: most)
    }
    return SearchSettings(
      quality: quality, seed: Seed(UInt64(bitPattern: Int64(input[seed]))), sizes: input[smallest]...most,
      parallel: session.parallel, progress: session.progress, stop: session.stop)
  }
}
