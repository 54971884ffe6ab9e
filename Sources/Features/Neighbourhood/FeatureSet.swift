import Compute
import Graph

/// The features of one type of node: an ordered list of definitions, and how to compute them. Stored with a model.
///
///     let set = try FeatureRecipe(hops: 2).features(of: "merchant", in: view)
///     let columns = try set.columns(in: view, labels: labels)      // a row for each merchant
public struct FeatureSet: Sendable, Hashable, Codable {
  public var target: String
  public var features: [GraphFeature]
  public var spectralRank: Int
  public var seed: UInt64

  public init(target: String, features: [GraphFeature], spectralRank: Int = 0, seed: UInt64 = 1) {
    self.target = target
    self.features = features
    self.spectralRank = spectralRank
    self.seed = seed
  }

  public var names: [String] { features.map(\.name) }

  /// Only what needs no neighbours.
  public var withoutGraph: FeatureSet { keeping { !$0.usesGraph } }

  public func keeping(_ isKept: (GraphFeature) -> Bool) -> FeatureSet {
    FeatureSet(
      target: target, features: features.filter(isKept), spectralRank: spectralRank, seed: seed)
  }

  /// A row for each node of the target type, visible or not; missing cells are NaN.
  ///
  /// Each distinct walk costs a pass over its edges and a matrix of its columns.
  public func columns(
    in view: VisibleGraph, labels: KnownLabels? = nil, progress: ProgressSink = .silent
  ) throws(FeatureError) -> Matrix {
    let work = FeatureWork(set: self, view: view, labels: labels)
    return try work.columns(progress: progress)
  }
}

/// One computation, with what is used more than once kept.
final class FeatureWork {
  let set: FeatureSet
  let view: VisibleGraph
  let labels: KnownLabels?
  private var csrs: [Step: CSR] = [:]
  private var owned: [String: (columns: [GraphFeature.OwnColumn: Int], matrix: Matrix)] = [:]
  private var means: [[Step]: Matrix] = [:]
  private var wantedColumns: [String: [GraphFeature.OwnColumn]] = [:]
  private var whole: Projection?

  init(set: FeatureSet, view: VisibleGraph, labels: KnownLabels?) {
    self.set = set
    self.view = view
    self.labels = labels
  }

  func columns(progress: ProgressSink) throws(FeatureError) -> Matrix {
    let table = try view.nodes(of: set.target)
    try collectWantedColumns()
    var result = Matrix(rows: table.count, columns: set.features.count, columnNames: set.names)
    var places: [Group: [Int]] = [:]
    var order: [Group] = []
    for (place, feature) in set.features.enumerated() {
      let group = Group(feature)
      if places[group] == nil { order.append(group) }
      places[group, default: []].append(place)
    }
    order = try order.map { group throws(FeatureError) in (group, try turn(of: group)) }
      .sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)
    let bar = progress.step("features", total: order.count, unit: "walks")
    for (number, group) in order.enumerated() {
      try fill(&result, group, places[group]!)
      try forget(allBut: number + 1 < order.count ? order[number + 1] : nil)
      bar.advance()
    }
    bar.finish()
    return result
  }

  /// Walks that end alike follow each other, so that what is kept for one end can go before the next is begun: a matrix of
  /// all buyers' columns is larger than everything else together.
  private func turn(of group: Group) throws(FeatureError) -> [String] {
    switch group {
    case .structure: ["0"]
    case .own: ["1"]
    case .labels: ["2"]
    case .walk(let path): ["3", try end(of: path)] + path.reversed().map(\.words)
    }
  }

  /// Lets go of the matrices that the next group does not use.
  private func forget(allBut next: Group?) throws(FeatureError) {
    guard case .walk(let path)? = next else {
      means = [:]
      return
    }
    let end = try end(of: path)
    owned = owned.filter { $0.key == set.target || $0.key == end }
    means = means.filter { path.count > $0.key.count && path.suffix($0.key.count) == $0.key[...] }
  }

  /// Features that one pass computes together.
  private enum Group: Hashable {
    case own, structure, labels([Step]), walk([Step])

    init(_ feature: GraphFeature) {
      switch feature {
      case .own: self = .own
      case .structure: self = .structure
      case .labels(let path, _): self = .labels(path)
      case .neighbours(let path, _, _): self = .walk(path)
      }
    }
  }

  private func fill(_ result: inout Matrix, _ group: Group, _ places: [Int]) throws(FeatureError) {
    switch group {
    case .own:
      let own = try self.own(set.target)
      result.fill(
        places.compactMap { place in
          guard case .own(let column) = set.features[place] else { return nil }
          return ColumnCopy(place: place, source: own.matrix, column: own.columns[column]!)
        })
    case .structure: try fillStructure(&result, places)
    case .labels(let path): try fillLabels(&result, path, places)
    case .walk(let path):
      let end = try self.end(of: path)
      let columns = try own(end).columns
      let csr = try self.csr(path[0])
      let rest = try mean(along: Array(path.dropFirst()), end: end)
      let statistics = Set(
        places.compactMap { place -> GraphFeature.Statistic? in
          if case .neighbours(_, let statistic, _) = set.features[place] { return statistic }
          return nil
        })
      let simple =
        statistics.isSubset(of: [.mean, .difference]) ? try mean(along: path, end: end) : nil
      let all = simple == nil ? NeighbourStatistics.of(csr, rest) : nil
      let sums = statistics.contains(.normalizedSum) ? normalizedSum(csr, rest) : nil
      var copies: [ColumnCopy] = []
      for place in places {
        guard case .neighbours(_, let statistic, let column) = set.features[place] else { continue }
        let source =
          switch statistic {
          case .mean, .difference: simple ?? all!.mean
          case .max: all!.max
          case .min: all!.min
          case .spread: all!.spread
          case .normalizedSum: sums!
          }
        var copy = ColumnCopy(place: place, source: source, column: columns[column]!)
        if statistic == .difference { copy.minuend = try ownColumn(column) }
        copies.append(copy)
      }
      result.fill(copies)
    }
  }

  /// Where the target's own value of a column stands.
  private func ownColumn(
    _ column: GraphFeature.OwnColumn
  ) throws(FeatureError) -> (matrix: Matrix, column: Int) {
    let own = try self.own(set.target)
    guard let place = own.columns[column] else {
      throw .otherSchema(feature: column.words, reason: "its neighbours are no nodes of \(set.target)")
    }
    return (own.matrix, place)
  }

  private func fillStructure(_ result: inout Matrix, _ places: [Int]) throws(FeatureError) {
    let whole = try view.wholeGraph(visible: csr)
    let part = whole.space.parts.first { $0.type == set.target }!
    lazy var cores = whole.coreNumbers()
    // A column of floats for trees: four digits on average are enough, and take two thirds of the steps.
    var settings = PageRankSettings()
    settings.tolerance = 1e-4
    lazy var ranks = whole.pageRank(settings).ranks
    lazy var triangles = whole.triangles()
    lazy var spectral = whole.spectralEmbedding(rank: set.spectralRank, seed: Seed(set.seed))
    for place in places {
      guard case .structure(let measure) = set.features[place] else { continue }
      for node in 0..<part.count {
        let row = part.start + node
        let degree = whole.csr.degree(row)
        result[node, place] =
          switch measure {
          case .coreNumber: Float(cores[row])
          case .pageRank: Float(ranks[row] * Double(whole.nodeCount))
          case .clustering: degree < 2 ? .nan : Float(triangles.clustering(row, degree: degree))
          case .spectral(let column, let overDegree):
            overDegree
              ? spectral[row, column] / Float(max(1, degree)).squareRoot() : spectral[row, column]
          }
      }
    }
  }

  private func fillLabels(_ result: inout Matrix, _ path: [Step], _ places: [Int]) throws(FeatureError) {
    let rows = result.rows
    guard let labels, try end(of: path) == labels.type else {
      for place in places { for row in 0..<rows { result[row, place] = .nan } }
      return
    }
    let csrs = try path.map { step throws(FeatureError) in try csr(step) }
    for damped in [false, true] {
      let mine = places.filter {
        if case .labels(_, let share) = set.features[$0] {
          (share.weighting == .damped) == damped
        } else {
          false
        }
      }
      guard !mine.isEmpty else { continue }
      let walk = csrs.enumerated().map { step, csr -> SparseMatrix in
        let plain = SparseMatrix(columns: csr.targetCount, offsets: csr.offsets, targets: csr.targets)
        guard damped else { return plain.averaging() }
        let back = try? view.neighbours(path[step].reversed)
        let scale = Buffer<Float>(
          (0..<csr.targetCount).map { 1 / Float(max(1, back?.degree($0) ?? 1)).squareRoot() })
        return plain.scaled(rows: nil, columns: scale)
      }
      let seen = labels.seen(along: walk)
      // Few labels say little: so much weight of the general share is mixed in.
      let mixed = damped ? 0.2 : 0.02
      for place in mine {
        guard case .labels(_, let share) = set.features[place] else { continue }
        let prior = labels.prior(share.label)
        for row in 0..<rows {
          let known = Double(seen[row, labels.classCount])
          result[row, place] =
            share.weighting == .known
            ? Float(known)
            : Float((Double(seen[row, share.label]) + mixed * prior) / (known + mixed))
        }
      }
    }
  }

  private func normalizedSum(_ csr: CSR, _ x: Matrix) -> Matrix {
    var into = [Float](repeating: 0, count: csr.targetCount)
    for target in csr.targets { into[Int(target)] += 1 }
    let product = SparseMatrix(
      columns: csr.targetCount, offsets: csr.offsets, targets: csr.targets,
      rowScale: Buffer((0..<csr.rowCount).map { 1 / Float(max(1, csr.degree($0))).squareRoot() }),
      columnScale: Buffer(into.map { 1 / max(1, $0).squareRoot() }))
    var filled = x
    filled.withUnsafeMutableBufferPointer { cells in
      for place in cells.indices where cells[place].isNaN { cells[place] = 0 }
    }
    return product.times(filled)
  }

  private func csr(_ step: Step) throws(FeatureError) -> CSR {
    if let csr = csrs[step] { return csr }
    let csr = try view.neighbours(step)
    csrs[step] = csr
    return csr
  }

  private func end(of path: [Step]) throws(FeatureError) -> String {
    var type = set.target
    for step in path {
      let ends = try view.ends(of: step)
      guard ends.from == type else {
        throw .otherSchema(feature: step.words, reason: "it starts at \(ends.from), not at \(type)")
      }
      type = ends.to
    }
    return type
  }

  /// For each node where the walk starts, the mean over the walks of the columns at their ends.
  private func mean(along path: [Step], end: String) throws(FeatureError) -> Matrix {
    if path.isEmpty { return try own(end).matrix }
    if let known = means[path] { return known }
    let result = neighbourMean(try csr(path[0]), try mean(along: Array(path.dropFirst()), end: end))
    means[path] = result
    return result
  }

  private func collectWantedColumns() throws(FeatureError) {
    for feature in set.features {
      let (type, column): (String, GraphFeature.OwnColumn)
      switch feature {
      case .own(let own): (type, column) = (set.target, own)
      case .neighbours(let path, _, let own): (type, column) = (try end(of: path), own)
      case .structure, .labels: continue
      }
      if wantedColumns[type]?.contains(column) != true { wantedColumns[type, default: []].append(column) }
    }
  }

  private func own(
    _ type: String
  ) throws(FeatureError) -> (columns: [GraphFeature.OwnColumn: Int], matrix: Matrix) {
    if let known = owned[type] { return known }
    let columns = wantedColumns[type] ?? []
    let table = try view.nodes(of: type)
    let cells = try columns.map { column throws(FeatureError) -> @Sendable (Int) -> Float in
      guard case .degree(let step) = column else { return try table.cells(of: column, asOf: view.asOf) }
      let csr = try csr(step)
      return { $0 < csr.rowCount ? logOnePlus(csr.degree($0)) : 0 }
    }
    let matrix = Matrix(rows: table.count, cells: cells)
    let result = (Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) }), matrix)
    owned[type] = result
    return result
  }
}
