// A look for leaks before training: what almost gives the label away is rarely a gift.
//
// Public sets have such leaks (a column computed from the label, the same account under two keys on both sides of a split),
// and a model that finds one looks splendid until it is used. Looked for are
// - columns, own or of the neighbourhood, that alone order the rows almost as the label does, or have a value that
//   only one class has; columns whose being filled says the label; and a few own columns that together are the label;
// - edges that are there because of the label: a neighbour that a good part of one class has and nobody else;
// - what bears a time after the as-of time, or none, so that it cannot be cut off there;
// - the same entity in training and in what is judged.
//
// Rows are judged by all labels that are known by the task's end, not by those of the moment that they are taught with: who
// turns bad a month later counts as good until then, and such rows hide a leak that holds from the first day on.

import Compute
import Features

/// Something that may let the label through.
public struct Leak: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable {
    /// A column of the node itself.
    case column
    /// An edge, or what it leads to.
    case edge
    /// Something newer than the as-of time, or without a time.
    case time
    /// The same entity on both sides of a split.
    case twins
  }

  public enum Weight: String, Sendable, Codable, Comparable {
    /// Good to know; nothing was let through.
    case remark
    case suspicion
    /// So strong that the result cannot be trusted.
    case severe

    public static func < (a: Weight, b: Weight) -> Bool { a.place < b.place }
    private var place: Int { self == .remark ? 0 : self == .suspicion ? 1 : 2 }
  }

  public let kind: Kind
  public let weight: Weight
  public let what: String

  public init(_ kind: Kind, _ weight: Weight, _ what: String) {
    self.kind = kind
    self.weight = weight
    self.what = what
  }

  public var isSevere: Bool { weight == .severe }

  /// `LEAK? rating alone …`
  public var sentence: String {
    switch weight {
    case .severe: "LEAK? \(what)"
    case .suspicion: "Perhaps a leak: \(what)"
    case .remark: what
    }
  }
}

extension NodeTask {
  /// Everything found, the worst first. Needs: for each sight the columns of the set.
  ///
  /// Costs a sort of the training rows (at most 50,000 of them) for each column, a pass over the edges, and a small
  /// model of trees on the own columns.
  public func leaks(of set: FeatureSet, columns: [SightColumns]) throws -> [Leak] {
    var found = try remarksOnTime()
    if isBinary {
      let rows = LeakRows(self, set: set, columns: columns)
      found += rows.singleColumns()
      found += try rows.ownColumnsTogether()
      found += try tellingNeighbours()
    }
    found += try twins(of: set, columns: columns)
    return found.enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }.map(
      \.element)
  }
}
