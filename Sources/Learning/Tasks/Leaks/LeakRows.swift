// Columns that give the label away.

import Compute
import Features

/// Training rows with the labels that are known by the task's end.
struct LeakRows {
  let set: FeatureSet
  let labels: [Bool]
  private let columns: [SightColumns]
  /// Sight and node of each row.
  private let places: [(sight: Int, node: Int)]
  private static let mostRows = 50_000
  /// What orders rows so well is suspect, or a leak beyond doubt.
  private static let (suspect, certain) = (0.95, 0.99)

  init(_ task: NodeTask, set: FeatureSet, columns: [SightColumns]) {
    self.set = set
    self.columns = columns
    var rows: [(sight: Int, node: Int, label: Bool)] = []
    for part in task.training {
      for (node, label) in zip(part.nodes, part.classes) {
        let turnsBad = task.labels.classes[node] > 0 && task.labels.isKnown(node, before: task.asOf)
        rows.append((part.sight, node, label == 1 || turnsBad))
      }
    }
    if rows.count > LeakRows.mostRows {
      var numbers = Seed(1).generator(for: "rows to look for leaks in")
      rows = Array(rows.shuffled(using: &numbers).prefix(LeakRows.mostRows))
    }
    places = rows.map { ($0.sight, $0.node) }
    labels = rows.map(\.label)
  }

  private func cells(_ column: Int) -> [Float] { places.map { columns[$0.sight][$0.node, column] } }

  /// What a single column says, the strongest column of each source (an own column, a walk) only.
  func singleColumns() -> [Leak] {
    var strongest: [String: (strength: Double, leak: Leak)] = [:]
    for (place, feature) in set.features.enumerated() {
      guard let (strength, leak) = leak(of: feature, cells(place)) else { continue }
      let source = feature.leakSource
      if strength > strongest[source]?.strength ?? 0 { strongest[source] = (strength, leak) }
    }
    return strongest.keys.sorted().map { strongest[$0]!.leak }
  }

  private func leak(of feature: GraphFeature, _ cells: [Float]) -> (Double, Leak)? {
    let kind: Leak.Kind = feature.usesGraph ? .edge : .column
    func leak(_ strength: Double, _ what: String) -> (Double, Leak) {
      let reason =
        feature.isLabelShare
        ? "are the neighbours the same entity under other keys?"
        : feature.usesGraph
          ? "is there such an edge only because of the label?" : "can it only be computed from the label?"
      return (strength, Leak(kind, strength > LeakRows.certain ? .severe : .suspicion, "\(what): \(reason)"))
    }
    let present = cells.indices.filter { !cells[$0].isNaN }
    if !feature.isLabelShare, present.count > 0, present.count < cells.count {
      let ranking = try? Ranking(scores: cells.map { $0.isNaN ? 0.0 : 1.0 }, labels: labels)
      if let area = ranking?.areaUnderROC, max(area, 1 - area) > LeakRows.suspect {
        return leak(max(area, 1 - area), "whether \(feature.name) is filled almost gives the label away")
      }
    }
    guard present.count >= 20 else { return nil }
    let scores = present.map { Double(cells[$0]) }
    let own = present.map { labels[$0] }
    guard let up = try? Ranking(scores: scores, labels: own) else { return nil }
    let area = max(up.areaUnderROC, 1 - up.areaUnderROC)
    if area > LeakRows.suspect {
      return leak(area, "\(feature.name) alone orders the training rows with AUROC \(thousandths(area))")
    }
    // A value that only the positive class has says the label wherever it is seen, however seldom that is.
    guard !feature.isLabelShare, !feature.isCoordinate, up.prevalence < 0.6,
      let down = try? Ranking(scores: scores.map { -$0 }, labels: own)
    else { return nil }
    for (ranking, words) in [(up, "high"), (down, "low")] {
      let recall = ranking.recall(atPrecision: 0.98)
      let found = Int((recall * Double(ranking.positiveCount)).rounded())
      guard found >= 30, recall >= 0.25 else { continue }
      let what =
        "\(feature.name) is \(words) for \(found) rows, nearly all of them positive (\(thousandths(recall)) of all positives)"
      return (recall, leak(LeakRows.suspect, what).1)
    }
    return nil
  }

  /// Own columns of which a few small trees make the label: one column divided by another, say.
  ///
  /// Trees are taught on every other node and judged on the rest.
  func ownColumnsTogether() throws -> [Leak] {
    let own = set.features.indices.filter { !set.features[$0].usesGraph }
    guard own.count >= 2 else { return [] }
    var matrix = Matrix(
      rows: places.count, columns: own.count, columnNames: own.map { set.features[$0].name })
    for (column, place) in own.enumerated() {
      for (row, cell) in cells(place).enumerated() { matrix[row, column] = cell }
    }
    let taught = places.indices.filter { places[$0].node % 2 == 0 }
    let judged = places.indices.filter { places[$0].node % 2 == 1 }
    let settings = TreeSettings(
      rounds: 30, learningRate: 0.3, depth: 4, leafWeight: 2, rowShare: 1, columnShare: 1)
    let all = LabelledRows(columns: matrix, classes: labels.map { $0 ? 1 : 0 })
    guard taught.count >= 50, let model = try? Trees(settings).fit(all.rows(taught)),
      let ranking = try? Ranking(
        scores: model.scores(matrix.rows(at: judged)), labels: judged.map { labels[$0] }),
      ranking.areaUnderROC > LeakRows.certain
    else { return [] }
    let parts = try model.contributions(matrix.rows(at: Array(judged.prefix(500))))
    let weights = own.indices.map { column in parts.column(column).reduce(0) { $0 + abs($1) } }
    let heaviest = own.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }.prefix(3)
    // A column that says it alone is reported by itself.
    let singles = heaviest.prefix(1).contains { leak(of: set.features[own[$0]], cells(own[$0])) != nil }
    guard !singles else { return [] }
    let names = heaviest.map { set.features[own[$0]].name }.joined(separator: ", ")
    return [
      Leak(
        .column, .severe,
        "own columns together give the label away (AUROC \(thousandths(ranking.areaUnderROC)) from a few small trees; most by "
          + "\(names)): is the label computed from them?")
    ]
  }
}

extension GraphFeature {
  /// What a column is taken from: columns of one source tell of the same leak.
  var leakSource: String {
    func words(_ path: [Step]) -> String { path.map(\.relation).joined(separator: ", then ") }
    switch self {
    case .own(.degree(let step)): return "by \(step.relation)"
    case .own(let column): return "own \(column.words)"
    case .neighbours(let path, _, _): return "by \(words(path))"
    case .labels(let path, _): return "labels by \(words(path))"
    case .structure: return "structure"
    }
  }
}
