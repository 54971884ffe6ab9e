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
  init(_ store: Store, asOf: Timestamp, isWholeGraph: Bool, run wanted: Int?) throws {
    let runs = try store.groupRuns().filter { run in
      if let wanted { return run.number == wanted }
      return run.question.asOf.map { $0 <= asOf } ?? isWholeGraph
    }
    // Of the newest instant the newest run; one without an instant saw everything.
    run = runs.max { a, b in
      let (x, y) = (a.question.asOf?.seconds ?? .max, b.question.asOf?.seconds ?? .max)
      return x != y ? x < y : a.number < b.number
    }
    guard let run else { return }
    for group in try store.groups(of: run) {
      let looks = group.parts.map { EvidenceFusion.StoredLook(kind: $0.kind, strength: $0.strength) }
      let one = Membership(group: group, suspicion: EvidenceFusion.suspicion(looks))
      for member in group.members where (groups[member]?.suspicion ?? -1) < one.suspicion {
        groups[member] = one
      }
    }
  }

  func of(_ key: NodeKey) -> Membership? { groups[key] }
  var isEmpty: Bool { groups.isEmpty }
}
