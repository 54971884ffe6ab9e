// Who shares things with whom: members tied by the instruments (devices, accounts, addresses) that both use.
//
// An instrument of d members ties each pair of them by 1 / (d - 1): then a member's ties through it weigh one
// together, and what thousands share says little of any two. A projection has a pair for each two members of each
// instrument, so its size is reckoned before it is made, and instruments with too many members are left out, and counted.

import Compute
import Graph

/// Members of one type, and each kind of instrument that they use.
public struct SharedInstruments: Sendable {
  public struct Kind: Sendable {
    public let name: String
    /// Rows are members, columns are instruments; each pair once.
    public let uses: BipartiteGraph

    public init(name: String, uses: BipartiteGraph) {
      self.name = name
      self.uses = uses
    }
  }

  public let memberCount: Int
  public let kinds: [Kind]

  public init(memberCount: Int, kinds: [Kind]) {
    precondition(kinds.allSatisfy { $0.uses.rowCount == memberCount }, "rows of other members")
    self.memberCount = memberCount
    self.kinds = kinds
  }

  /// The members of a graph's node type and the types that share a relation with it, as seen before `asOf`.
  public init(
    of type: String, through instruments: [String], in graph: MarketGraph, asOf: Timestamp? = nil
  ) throws(CommunityError) {
    guard let members = graph.nodes[type] else {
      throw .unknownType(type, known: graph.schema.nodeTypes.map(\.name))
    }
    var kinds: [Kind] = []
    for instrument in instruments {
      guard let table = graph.nodes[instrument] else {
        throw .unknownType(instrument, known: graph.schema.nodeTypes.map(\.name))
      }
      var pairs: [(UInt32, UInt32)] = []
      var isRelated = false
      for relationType in graph.schema.relations {
        guard let relation = graph.relations[relationType.name] else { continue }
        let adjacency: Adjacency
        if relationType.from == type, relationType.to == instrument {
          adjacency = relation.out
        } else if relationType.from == instrument, relationType.to == type {
          adjacency = relation.into
        } else {
          continue
        }
        isRelated = true
        for layer in [adjacency.snapshot, adjacency.appended].compactMap({ $0 }) {
          for row in 0..<min(layer.rowCount, members.count) {
            for entry in layer.row(row, before: asOf) { pairs.append((UInt32(row), layer.targets[entry])) }
          }
        }
      }
      guard isRelated else { throw .unrelatedTypes(type, instrument) }
      let list = EdgeList(
        sourceCount: members.count, targetCount: table.count, sources: Buffer(pairs.map(\.0)),
        targets: Buffer(pairs.map(\.1)))
      do {
        kinds.append(Kind(name: instrument, uses: try BipartiteGraph(list)))
      } catch {
        throw .unreadable(file: instrument, line: nil, reason: "\(error)")
      }
    }
    self.init(memberCount: members.count, kinds: kinds)
  }

  /// How many pairs a projection would hold, each counted once for each instrument.
  public func pairCount(largestInstrument: Int) -> Int {
    kinds.reduce(0) { sum, kind in
      (0..<kind.uses.columnCount).reduce(sum) {
        let degree = kind.uses.columns.degree($1)
        return degree <= largestInstrument ? $0 + degree * (degree - 1) / 2 : $0
      }
    }
  }

  /// Members tied by what they share.
  ///
  /// Refused, with the figure and the remedy, where the pairs would not fit the memory.
  public func projection(
    type: String = "member", largestInstrument: Int = 1000, memoryLimit: Int = affordableMemory(),
    parallel: Parallel = .machine
  ) throws(CommunityError) -> Projection {
    let pairs = pairCount(largestInstrument: largestInstrument)
    // Two ends and a weight as a list, and twice as an adjacency.
    let bytes = pairs * 40
    guard bytes <= memoryLimit, pairs <= Int(UInt32.max) / 2 else {
      throw .tooLarge(
        what: "Tying all \(grouped(pairs)) pairs of members that share something", bytes: bytes,
        available: memoryLimit,
        remedy:
          "Leave out instruments with more than, say, \(max(10, largestInstrument / 10)) members (--largest-shared), "
          + "or a kind of instrument that most members share.")
    }
    var sources: [UInt32] = []
    var targets: [UInt32] = []
    var weights: [Float] = []
    sources.reserveCapacity(pairs)
    targets.reserveCapacity(pairs)
    weights.reserveCapacity(pairs)
    for kind in kinds {
      let columns = kind.uses.columns
      for instrument in 0..<columns.rowCount where columns.degree(instrument) <= largestInstrument {
        let members = columns.row(instrument)
        let weight = 1 / Float(max(1, members.count - 1))
        for a in members {
          for b in (a + 1)..<max(a + 1, members.upperBound) {
            sources.append(columns.targets[a])
            targets.append(columns.targets[b])
            weights.append(weight)
          }
        }
      }
    }
    let list = EdgeList(
      sourceCount: memberCount, targetCount: memberCount, sources: Buffer(sources), targets: Buffer(targets),
      weights: Buffer(weights))
    do {
      let csr = try CSRBuilder(list, duplicates: .sum, parallel: parallel).symmetric()
      return Projection(space: NodeSpace([(type, memberCount)]), csr: csr)
    } catch {
      throw .unreadable(file: type, line: nil, reason: "\(error)")
    }
  }
}
