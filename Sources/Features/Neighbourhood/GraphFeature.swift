import Graph

/// One column computed from a node and its surroundings: a definition that is stored with a model.
///
///     GraphFeature.neighbours([Step("edge")], .mean, .number("rating")).name    // "mean rating of neighbours by edge"
public enum GraphFeature: Sendable, Hashable, Codable {
  /// A column of the node itself.
  case own(OwnColumn)
  /// A statistic over the neighbours by the first step, of the mean along the further steps, of a column there.
  case neighbours([Step], Statistic, OwnColumn)
  /// Where the node stands in the graph of all types and relations.
  case structure(Structure)
  /// The share of a class among the known labels at the end of a walk, the node's own never among them.
  case labels([Step], LabelShare)

  public enum Statistic: String, Sendable, Hashable, Codable, CaseIterable {
    case mean, max, min, spread
    /// Σ over neighbours j of column / √(degree · degree of j), as a graph convolution sums.
    case normalizedSum
    /// The node's own column less the neighbours' mean of it: how it stands out among them. Where the walk ends at the
    /// node's own type.
    case difference
  }

  /// A number read off a node itself.
  public enum OwnColumn: Sendable, Hashable, Codable {
    case number(String)
    /// 1 where a category has this level, else 0.
    case level(String, String)
    /// Days from a time column to the as-of time.
    case daysSince(String)
    /// ln(1 + number of neighbours by a step).
    case degree(Step)

    public var words: String {
      switch self {
      case .number(let column): column
      case .level(let column, let level): "\(column) = \(level)"
      case .daysSince(let column): "days since \(column)"
      case .degree(let step): "ln(1 + number of \(step.words))"
      }
    }
  }

  public enum Structure: Sendable, Hashable, Codable {
    case coreNumber, pageRank, clustering
    /// A coordinate of the spectral embedding, scaled by √n; divided by √degree besides where it says so.
    case spectral(Int, overDegree: Bool)
  }

  public struct LabelShare: Sendable, Hashable, Codable {
    public enum Weighting: String, Sendable, Hashable, Codable, CaseIterable {
      case equal
      /// Neighbours with many neighbours count less: 1 / √degree.
      case damped
      /// How many were known, as a share of all.
      case known
    }
    public var label: Int
    public var weighting: Weighting

    public init(class label: Int, _ weighting: Weighting) {
      self.label = label
      self.weighting = weighting
    }
  }

  /// What the column says, in words; no two features of a set have the same.
  public var name: String {
    switch self {
    case .own(let column): column.words
    case .neighbours(let path, .difference, let column):
      "\(column.words) less its mean over neighbours by \(words(path))"
    case .neighbours(let path, let statistic, let column):
      "\(statistic == .normalizedSum ? "normalized sum of" : statistic.rawValue) \(column.words) of neighbours by \(words(path))"
    case .structure(.coreNumber): "core number"
    case .structure(.pageRank): "PageRank (× nodes)"
    case .structure(.clustering): "share of neighbours that are neighbours"
    case .structure(.spectral(let place, let overDegree)):
      "spectral coordinate \(place)" + (overDegree ? " / √degree" : "")
    case .labels(let path, let share):
      switch share.weighting {
      case .equal: "share of label \(share.label) among neighbours by \(words(path))"
      case .damped: "share of label \(share.label) among neighbours by \(words(path)), hubs damped"
      case .known: "share of labelled among neighbours by \(words(path))"
      }
    }
  }

  /// Whether it compares a node with its neighbours.
  public var isDifference: Bool {
    if case .neighbours(_, .difference, _) = self { return true }
    return false
  }

  public var usesGraph: Bool {
    switch self {
    case .own(.degree): true
    case .own: false
    case .neighbours, .structure, .labels: true
    }
  }

  private func words(_ path: [Step]) -> String { path.map(\.words).joined(separator: ", then ") }
}
