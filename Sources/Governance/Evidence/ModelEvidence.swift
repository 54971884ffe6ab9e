import Compute
import Foundation
import Graph
import Learning

/// Why a model scored a node as it did: its columns, what each added, and what is usual.
public struct ModelEvidence: Sendable, Codable, Equatable {
  public struct Column: Sendable, Codable, Equatable {
    public var name: String
    /// Nil where the cell is missing.
    public var value: Float?
    /// To the log-odds.
    public var contribution: Double
    /// The middle value of a sample of the nodes that were seen.
    public var median: Float?
  }

  /// `merchant/trees`, and its version.
  public var model: String
  public var version: Int
  public var score: Double
  /// The largest contributions first, whichever way they go.
  public var columns: [Column]
  /// All cells, part by part, for asking what would have been otherwise.
  public var row: [[Float?]]

  var cells: [[Float]] { row.map { $0.map { $0 ?? .nan } } }

  /// How alike two explanations are: the cosine of their contributions, from -1 to 1.
  public func likeness(to other: ModelEvidence) -> Double {
    let theirs = Dictionary(other.columns.map { ($0.name, $0.contribution) }, uniquingKeysWith: { $1 })
    let product = columns.reduce(0) { $0 + $1.contribution * (theirs[$1.name] ?? 0) }
    func length(_ columns: [Column]) -> Double {
      columns.reduce(0) { $0 + $1.contribution * $1.contribution }.squareRoot()
    }
    let lengths = length(columns) * length(other.columns)
    return lengths > 0 ? product / lengths : 0
  }
}

extension ScoredRows {
  /// The evidence for some nodes. `usual` are nodes whose columns say what is usual; two thousand are enough.
  ///
  /// Costs the trees' Shapley values for each of the nodes, and a sort of each column's sample.
  func evidence(for nodes: [Int], usual: [Int], name: String, most: Int = 40) throws -> [ModelEvidence] {
    var medians: [String: Float] = [:]
    for (part, matrix) in zip(model.card.parts, columns) {
      let sample = matrix.rows(at: usual)
      for (place, name) in part.featureNames.enumerated() where place < sample.columns {
        let cells = sample.column(place).filter { !$0.isNaN }.sorted()
        if !cells.isEmpty { medians[name] = cells[cells.count / 2] }
      }
    }
    let all = nodes.map { rows(of: $0) }
    let added = try contributions(of: nodes)
    return nodes.indices.map { place in
      let (node, row) = (nodes[place], all[place])
      var values: [String: Float] = [:]
      for (part, cells) in zip(model.card.parts, row) {
        for (name, cell) in zip(part.featureNames, cells) { values[name] = cell }
      }
      let ranked = (added?[place] ?? [:]).sorted { (abs($1.value), $0.key) < (abs($0.value), $1.key) }
      return ModelEvidence(
        model: name, version: model.card.version, score: scores[node],
        columns: ranked.prefix(most).map { name, value in
          .init(
            name: name, value: values[name].flatMap { $0.isNaN ? nil : $0 }, contribution: value,
            median: medians[name])
        }, row: row.map { $0.map { $0.isNaN ? nil : $0 } })
    }
  }
}

/// Nodes to compare with: at most so many of those that are seen, evenly spread over their places.
func sampledNodes(_ view: GraphView, _ type: String, most: Int = 2000) throws -> [Int] {
  let all = try view.visibleNodes(type).map(\.index)
  guard all.count > most else { return all }
  return (0..<most).map { all[$0 * all.count / most] }
}
