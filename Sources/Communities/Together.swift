// Together: who acts together more than chance allows, and so belongs together.
//
// Two actors meet over a thing that both use (a device, an account), or over an object that both act on within the same
// days (a shop both buy from, a person both follow). A meeting in a cell of n of m uses surprises by log(m / n), less
// half the logarithm of how active each of the two is: that is about -log of the chance that the second is there as well.
// What two share surprises by the sum, each thing or object counted once. Families share one or two things, and neighbours
// of one taste a shop; a farm's accounts share devices and meet again and again within days.
//
// 1. Ties: pairs that met over at least two, and whose surprise is above log(50 N). By chance alone at most one node in
//    fifty would have such a tie.
// 2. What two tied ones met over is tied to both, by a share of the surprise: a farm's shops belong to the farm.
// 3. Leiden with the constant Potts model: groups whose pairs surprise by more than `density` on average. It has no
//    resolution limit; modularity would lump small groups together, the more so the larger the market.
// 4. Who is in no group joins the one that owns what it uses: half of a thing's users, at least two.
//
// The window and the kinds of meetings follow SynchroTrap (Cao, Yang, Yu, Palow, 2014); surprise as evidence, the
// configuration model (Newman, 2010).

import Compute
import Foundation
import Graph

/// Groups of actors of any types that act together.
///
///     let meetings = ActorMeetings(actorCount: n, things: sharedThings, actions: [purchases, follows])
///     let found = try Together().groups(meetings)
///     found.partition        // most actors stand alone
public struct Together: Sendable {
  /// Two actions on one object within this time are a meeting; those within half of it always are.
  public var windowSeconds: Int64 = 3 * 86_400
  /// Objects that more act on in a window, and things that more use, join nobody.
  public var largestCell = 200
  public var largestThing = 100
  /// How many chance ties a node may have.
  public var chanceTies = 0.02
  /// A tie needs meetings over so many things and objects.
  public var leastMeetings = 2
  /// The share of a tie's surprise that ties its ends to the objects they met over.
  public var objectShare = 0.4
  /// Mean surprise of a pair below which a group falls apart.
  public var density = 0.15

  public init() {}

  /// What was found, and the ties it was found by.
  public struct Found: Sendable {
    public let partition: Partition
    /// Ties between actors, to the objects of their meetings, and to who joined in the end; weights are surprise.
    public let graph: Projection
    /// The ties between actors alone.
    public let ties: [ActorTie]
    /// The least surprise of a tie, in nats.
    public let threshold: Double
  }

  /// Costs a sort of the actions and of the meetings; where those would not fit the memory, it says so before.
  public func groups(
    _ meetings: ActorMeetings, settings: SearchSettings = SearchSettings(),
    memoryLimit: Int = affordableMemory()
  ) throws(CommunityError) -> Found {
    let count = meetings.actorCount
    let threshold = log(max(2, Double(count)) / chanceTies)
    let met = try surprises(meetings, memoryLimit: memoryLimit)
    let (ties, kept) = self.ties(of: met, threshold: threshold)
    var edges = ties.map { ($0.a, $0.b, Float($0.surprise)) }
    edges += objectTies(kept, actorCount: count)
    var search = settings
    search.quality = .constantPotts(resolution: density)
    let graph = try Together.graph(edges, count: count)
    let core = try Leiden(search).partition(of: graph)
    let joined = join(core, meetings, kept)
    return Found(
      partition: joined.partition, graph: try Together.graph(edges + joined.edges, count: count), ties: ties,
      threshold: threshold)
  }

  static func graph(
    _ edges: [(UInt32, UInt32, Float)], count: Int
  ) throws(CommunityError) -> Projection {
    let list = EdgeList(
      sourceCount: count, targetCount: count, sources: Buffer(edges.map(\.0)),
      targets: Buffer(edges.map(\.1)), weights: Buffer(edges.map(\.2)))
    do {
      return Projection(space: .plain(count), csr: try CSRBuilder(list, duplicates: .sum).symmetric())
    } catch {
      throw .unreadable(file: "ties", line: nil, reason: "\(error)")
    }
  }
}

/// What actors meet over.
public struct ActorMeetings: Sendable {
  public let actorCount: Int
  /// Things that actors use, kind by kind: rows are actors.
  public let things: [BipartiteGraph]
  /// Actions of actors on other actors, relation by relation.
  public let actions: [[Action]]

  public init(actorCount: Int, things: [BipartiteGraph], actions: [[Action]]) {
    self.actorCount = actorCount
    self.things = things
    self.actions = actions
  }
}

/// Two actors whose meetings are no chance.
public struct ActorTie: Sendable, Equatable {
  public let a: UInt32
  public let b: UInt32
  /// In nats, of things and of actions together.
  public let surprise: Double
  /// Of that, what actions gave.
  public let ofActions: Double
}
