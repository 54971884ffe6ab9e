// Bipartite graphs by recipe, with a block whose members are known: to measure how well blocks are found.

import Compute
import Graph

/// A group of accounts that all act on the same objects, hidden among honest ones.
///
///     let graph = try BipartiteGraph(
///       rows: 25_000, columns: 5_000, degree: 10,
///       with: InjectedBlock(rows: 200, columns: 200, density: 0.1, camouflage: .biased))
///
/// Its rows are the first ones, its columns the last ones.
public struct InjectedBlock: Sendable {
  /// What the block's rows do besides, to look like others: as many edges as they have in the block.
  public enum Camouflage: String, Sendable, CaseIterable {
    case none
    /// To any column.
    case random
    /// To popular columns, as honest rows choose.
    case biased
  }

  public var rows: Int
  public var columns: Int
  /// The chance of each pair of a row and a column of the block to have an edge.
  public var density: Double
  public var camouflage: Camouflage

  public init(rows: Int, columns: Int, density: Double, camouflage: Camouflage = .none) {
    self.rows = rows
    self.columns = columns
    self.density = density
    self.camouflage = camouflage
  }

  /// How well a block that was found is this one, among all its members: the harmonic mean of precision and recall.
  public func f1(of found: DenseBlock?, in graph: BipartiteGraph) -> Double {
    guard let found else { return 0 }
    let hits =
      found.rows.count { $0 < rows } + found.columns.count { Int($0) >= graph.columnCount - columns }
    let all = found.rows.count + found.columns.count + rows + columns
    return all == 0 ? 0 : 2 * Double(hits) / Double(all)
  }
}

extension BipartiteGraph {
  /// Rows that each choose `degree` columns, popular ones more often (the square of a uniform number is the column's
  /// place), and a block among them. Pairs that are drawn twice count once.
  ///
  /// The same seed gives the same graph. Needs: a block that fits.
  public init(
    rows: Int, columns: Int, degree: Int, with block: InjectedBlock, seed: Seed = Seed(1),
    parallel: Parallel = .machine
  ) throws(GraphError) {
    precondition(block.rows <= rows && block.columns <= columns, "a block within the graph")
    var sources: [UInt32] = []
    var targets: [UInt32] = []
    func add(_ row: Int, _ column: Int) {
      sources.append(UInt32(row))
      targets.append(UInt32(column))
    }
    func popular(_ numbers: inout CounterGenerator) -> Int {
      let draw = numbers.unit()
      return min(columns - 1, Int(draw * draw * Double(columns)))
    }
    var numbers = seed.generator(for: "honest rows")
    sources.reserveCapacity(rows * degree)
    targets.reserveCapacity(rows * degree)
    for row in 0..<rows { for _ in 0..<degree { add(row, popular(&numbers)) } }
    numbers = seed.generator(for: "the block's rows")
    for row in 0..<block.rows {
      var own = 0
      for column in columns - block.columns..<columns where numbers.unit() < block.density {
        add(row, column)
        own += 1
      }
      for _ in 0..<own {
        switch block.camouflage {
        case .none: break
        case .random: add(row, Int(numbers.next() % UInt64(columns)))
        case .biased: add(row, popular(&numbers))
        }
      }
    }
    try self.init(
      EdgeList(
        sourceCount: rows, targetCount: columns, sources: Buffer(sources), targets: Buffer(targets)),
      parallel: parallel)
  }
}
