import Compute
import Graph

/// Which features a node type gets from its schema alone: its own columns, what its neighbours have within some hops,
/// where it stands, and what labels are known around it.
public struct FeatureRecipe: Sendable, Hashable, Codable {
  public var hops: Int
  public var structure: Bool
  /// Spectral coordinates; 0 for none. They only compare within one view, so they are for ready splits.
  public var spectralRank: Int
  public var labels: Bool
  /// Own columns less the mean of those of the target's like, along each walk that leads back to its type.
  public var differences: Bool
  /// Columns that must not be used: splits, say.
  public var excluding: Set<String>
  public var mostLevels: Int
  /// Walks further than one hop are left out beyond this many columns.
  public var mostColumns: Int
  public var seed: UInt64

  public init(
    hops: Int = 2, structure: Bool = true, spectralRank: Int = 0, labels: Bool = true,
    differences: Bool = true, excluding: Set<String> = [], mostLevels: Int = 8, mostColumns: Int = 800,
    seed: UInt64 = 1
  ) {
    self.hops = hops
    self.structure = structure
    self.spectralRank = spectralRank
    self.labels = labels
    self.differences = differences
    self.excluding = excluding
    self.mostLevels = mostLevels
    self.mostColumns = mostColumns
    self.seed = seed
  }

  /// Walks are taken shortest first, in the order of their relations' names.
  public func features(
    of target: String, in view: VisibleGraph, classes: Int = 2
  ) throws(FeatureError) -> FeatureSet {
    var features = try columns(of: target, in: view).map { GraphFeature.own($0) }
    var walks: [(path: [Step], end: String)] = [([], target)]
    for hop in 0..<max(0, hops) {
      var longer: [(path: [Step], end: String)] = []
      for walk in walks {
        for step in view.steps(from: walk.end) {
          let end = try view.ends(of: step).to
          longer.append((walk.path + [step], end))
        }
      }
      walks = longer
      if hop == 0 { features += walks.map { .own(.degree($0.path[0])) } }
      for walk in walks {
        let more = try neighbourhood(of: walk, target: target, in: view, classes: classes)
        if hop > 0, features.count + more.count > mostColumns { continue }
        features += more
      }
      // Beyond two hops only graphs of few relations have few enough walks.
      if walks.count > 200 { break }
    }
    if hops > 0, structure { features += structural(target, in: view) }
    guard !features.isEmpty else { throw .nothingToCompute(type: target) }
    return FeatureSet(target: target, features: features, spectralRank: spectralRank, seed: seed)
  }

  private func columns(
    of type: String, in view: VisibleGraph
  ) throws(FeatureError) -> [GraphFeature.OwnColumn] {
    try view.nodes(of: type).learnable(
      excluding: excluding, mostLevels: mostLevels, withTimes: view.asOf != nil)
  }

  private func neighbourhood(
    of walk: (path: [Step], end: String), target: String, in view: VisibleGraph, classes: Int
  ) throws(FeatureError) -> [GraphFeature] {
    let columns =
      try columns(of: walk.end, in: view) + view.steps(from: walk.end).map { .degree($0) }
    var statistics: [GraphFeature.Statistic] = [.mean]
    // How a node stands out among its like says more than what its like are: trees cannot subtract.
    if walk.end == target, differences { statistics.append(.difference) }
    if walk.path.count == 1 {
      statistics += [.max, .min, .spread]
      if walk.end == target { statistics.append(.normalizedSum) }
    }
    var result = statistics.flatMap { statistic in
      columns.map { GraphFeature.neighbours(walk.path, statistic, $0) }
    }
    if labels, walk.end == target {
      let shown = classes == 2 ? [1] : Array(0..<min(classes, 20))
      for label in shown {
        result.append(.labels(walk.path, .init(class: label, .equal)))
        if walk.path.count == 1 { result.append(.labels(walk.path, .init(class: label, .damped))) }
      }
      result.append(.labels(walk.path, .init(class: 0, .known)))
    }
    return result
  }

  private func structural(_ target: String, in view: VisibleGraph) -> [GraphFeature] {
    var result: [GraphFeature] = [.structure(.coreNumber), .structure(.pageRank)]
    let joinsItself = view.steps(from: target).contains { (try? view.ends(of: $0).to) == target }
    if joinsItself { result.append(.structure(.clustering)) }
    for overDegree in [false, true] {
      result += (0..<spectralRank).map { .structure(.spectral($0, overDegree: overDegree)) }
    }
    return result
  }
}
