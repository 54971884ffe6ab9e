// Gradient-boosted trees: many small decision trees, each fitted to what those before it still get wrong.
//
// XGBoost grows them on histograms of the columns. Here: the data is handed over, rounds are stopped where validation no
// longer improves, and the trees after the best round are cut off. Friedman: Greedy function approximation (2001);
// Chen & Guestrin: XGBoost (2016). That they beat most networks on graphs, given columns of the neighbourhood: Tang et al.,
// GADBench (2023).

import Compute

/// Rows to learn from: columns, the class of each row, perhaps a weight.
public struct LabelledRows: Sendable {
  public var columns: Matrix
  /// From 0 up; for two classes 1 is the positive one.
  public var classes: [Int]
  public var weights: [Float]?

  public init(columns: Matrix, classes: [Int], weights: [Float]? = nil) {
    self.columns = columns
    self.classes = classes
    self.weights = weights
  }

  /// The rows at these places.
  public func rows(_ places: [Int]) -> LabelledRows {
    LabelledRows(
      columns: columns.rows(at: places), classes: places.map { classes[$0] },
      weights: weights.map { all in places.map { all[$0] } })
  }
}

/// Fits boosted trees.
///
///     let model = try Trees().fit(training, validation: validation, classes: 2, seed: Seed(1))
///     model.predict(columns)         // a row of class probabilities each
public struct Trees: Sendable {
  public var settings: TreeSettings
  public var parallel: Parallel

  public init(_ settings: TreeSettings = TreeSettings(), parallel: Parallel = .machine) {
    self.settings = settings
    self.parallel = parallel
  }

  /// Needs: at least two classes among the training rows. Without validation rows all rounds are kept.
  public func fit(
    _ training: LabelledRows, validation: LabelledRows? = nil, classes: Int = 2, seed: Seed = Seed(1),
    progress: ProgressSink = .silent, stop: StopRequest? = nil
  ) throws -> TreesModel {
    guard training.columns.rows == training.classes.count else {
      throw LearningError.differentLengths(
        what: "training rows", count: training.columns.rows, other: "labels",
        otherCount: training.classes.count)
    }
    guard let first = training.classes.first else {
      throw LearningError.noRows(what: "labelled training rows")
    }
    guard training.classes.contains(where: { $0 != first }) else {
      throw LearningError.oneClassOnly(
        what: "training rows", label: String(first), count: training.classes.count)
    }
    let data = try TreeData(
      training.columns, labels: training.classes.map(Float.init), weights: weights(of: training))
    // A metric that compares classes says nothing where validation holds one only: then it is not watched.
    let watched = try validation.flatMap { rows -> TreeData? in
      guard let first = rows.classes.first, rows.classes.contains(where: { $0 != first }) else { return nil }
      return try TreeData(rows.columns, labels: rows.classes.map(Float.init), weights: rows.weights)
    }
    var members: [Booster] = []
    var best: [Double] = []
    var rounds: [Int] = []
    let bar = progress.step("trees", total: settings.rounds * max(1, settings.repeats), unit: "rounds")
    for member in 0..<max(1, settings.repeats) {
      let booster = try Booster(
        for: [data] + (watched.map { [$0] } ?? []), parameters: parameters(classes, seed, member))
      let grown = try grow(booster, data, watched, bar, stop)
      members.append(grown.booster)
      rounds.append(grown.rounds)
      best.append(grown.metric ?? .nan)
    }
    bar.finish()
    return try TreesModel(
      members, classes: classes, columnNames: training.columns.columnNames, validationMetrics: best,
      rounds: rounds)
  }

  private func grow(
    _ booster: Booster, _ data: TreeData, _ watched: TreeData?, _ bar: Progress, _ stop: StopRequest?
  ) throws -> (booster: Booster, metric: Double?, rounds: Int) {
    var best: (round: Int, value: Double)?
    for round in 0..<settings.rounds {
      try stop?.check()
      try booster.update(round: round, with: data)
      bar.advance()
      guard let watched else { continue }
      let value = try booster.metric(round: round, on: watched)
      let isBetter = best.map { settings.metric.isBetterHigher ? value > $0.value : value < $0.value } ?? true
      if isBetter { best = (round, value) }
      if round - best!.round >= settings.patience { break }
    }
    guard let best else { return (booster, nil, settings.rounds) }
    return (try booster.prefix(rounds: best.round + 1), best.value, best.round + 1)
  }

  private func weights(of rows: LabelledRows) -> [Float]? {
    guard settings.positiveWeight != 1 else { return rows.weights }
    return rows.classes.indices.map {
      (rows.weights?[$0] ?? 1) * (rows.classes[$0] == 1 ? Float(settings.positiveWeight) : 1)
    }
  }

  private func parameters(_ classes: Int, _ seed: Seed, _ member: Int) -> [(String, String)] {
    let number = seed.generator(for: "trees", item: member).firstNumber & 0x7fff_ffff
    var all = [
      ("booster", "gbtree"), ("tree_method", "hist"), ("verbosity", "0"),
      ("nthread", String(parallel.threads)), ("seed", String(number)),
      ("eta", String(settings.learningRate)), ("max_depth", String(settings.depth)),
      ("min_child_weight", String(settings.leafWeight)), ("subsample", String(settings.rowShare)),
      ("colsample_bytree", String(settings.columnShare)), ("lambda", String(settings.l2)),
      ("eval_metric", settings.metric.name(classes: classes)),
    ]
    if classes > 2 {
      all += [("objective", "multi:softprob"), ("num_class", String(classes))]
    } else {
      all += [("objective", "binary:logistic")]
    }
    return all
  }
}

extension CounterGenerator {
  fileprivate var firstNumber: UInt64 {
    var copy = self
    return copy.next()
  }
}
