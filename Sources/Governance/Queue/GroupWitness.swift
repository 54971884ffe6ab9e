import Graph
import Store

/// What stored groups say of nodes: each node's most suspicious group of the newest search as of a time.
struct GroupWitness {
  struct Membership {
    let group: StoredGroup
    /// By what neither labels nor scores had a part in.
    let suspicion: Double
  }

  let run: GroupRun?
  private var groups: [NodeKey: Membership] = [:]

  /// Takes the newest search that saw nothing from `asOf` on. Groups may overlap: the most suspicious counts.
  ///
  /// `only`: where a single node is asked about, the others' groups are not gathered.
  init(_ store: Store, asOf: Timestamp, isWholeGraph: Bool, run wanted: Int?, only: NodeKey? = nil) throws {
    let runs = try store.groupRuns().filter { run in
      if let wanted { return run.number == wanted }
      return run.question.asOf.map { $0 <= asOf } ?? isWholeGraph
    }
    // Of the newest instant (one without an instant saw everything) the newest run of who acts together, which tells rings
    // from agencies; without one, the newest.
    run = runs.max { a, b in
      let (x, y) = (a.question.asOf?.seconds ?? .max, b.question.asOf?.seconds ?? .max)
      let (rings, others) = (b.question.method == "together", a.question.method == "together")
      return x != y ? x < y : rings != others ? rings : a.number < b.number
    }
    guard let run else { return }
    for group in try store.groups(of: run) where only.map(group.members.contains) ?? true {
      let one = Membership(group: group, suspicion: EvidenceFusion.suspicion(group.parts))
      for member in group.members where (groups[member]?.suspicion ?? -1) < one.suspicion {
        groups[member] = one
      }
    }
  }

  func of(_ key: NodeKey) -> Membership? { groups[key] }
  var isEmpty: Bool { groups.isEmpty }
}
