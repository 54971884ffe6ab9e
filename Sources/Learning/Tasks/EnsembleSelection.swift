// Weights for models whose probabilities are averaged, chosen on validation rows.
//
// Start from the best single model and add, one at a time and with repetitions, whichever raises the metric most, until none
// does. On one set of rows that rewards luck: of three models that are as good as each other it takes the luckiest. So it is
// done on many samples of the rows, and the weights are the means.
//
// Caruana, Niculescu-Mizil, Crew, Ksikes: Ensemble selection from libraries of models (2004).

import Compute

struct EnsembleSelection {
  /// For each model the probabilities of all classes, a row for each validation row.
  let predictions: [Matrix]
  let truth: [Int]
  let isBinary: Bool
  let classes: Int

  private static let samples = 20
  private static let mostRows = 20_000
  /// What is chosen less than this is not worth scoring with.
  private static let leastWeight = 0.05

  /// One for each model, 1 together.
  func weights(seed: Seed) -> [Double] {
    var sums = [Double](repeating: 0, count: predictions.count)
    for sample in 0..<EnsembleSelection.samples {
      var numbers = seed.generator(for: "ensemble selection", item: sample)
      let rows = (0..<min(truth.count, EnsembleSelection.mostRows)).map { _ in
        Int.random(in: 0..<truth.count, using: &numbers)
      }
      let counts = EnsembleSelection(
        predictions: predictions.map { $0.rows(at: rows) }, truth: rows.map { truth[$0] },
        isBinary: isBinary, classes: classes
      ).selected()
      let total = Double(counts.reduce(0, +))
      for place in sums.indices { sums[place] += Double(counts[place]) / total }
    }
    let least = EnsembleSelection.leastWeight * Double(EnsembleSelection.samples)
    let kept = sums.map { $0 >= least ? $0 : 0 }
    let total = kept.reduce(0, +)
    // Of very many models none may be chosen often: the one chosen most, then.
    guard total > 0 else {
      let most = sums.indices.max { sums[$0] < sums[$1] }!
      return sums.indices.map { $0 == most ? 1 : 0 }
    }
    return kept.map { $0 / total }
  }

  /// How often each model is taken on these rows.
  private func selected() -> [Int] {
    let alone = predictions.map { worth($0) }
    let first = alone.indices.max { alone[$0] < alone[$1] }!
    var counts = [Int](repeating: 0, count: predictions.count)
    counts[first] = 1
    var sum = predictions[first]
    var best = alone[first]
    for _ in 0..<20 {
      let worths = predictions.map { prediction -> Double in
        var tried = sum
        tried.add(prediction)
        return worth(tried)
      }
      guard let place = worths.indices.max(by: { worths[$0] < worths[$1] }), worths[place] > best + 1e-4
      else { break }
      best = worths[place]
      counts[place] += 1
      sum.add(predictions[place])
    }
    return counts
  }

  /// How good predictions for the rows are, in sums of probabilities too: AUROC + AUPRC, or accuracy for many classes.
  func worth(_ matrix: Matrix) -> Double {
    if isBinary {
      let ranking = try? Ranking(scores: matrix.column(1), labels: truth.map { $0 == 1 })
      return ranking.map { $0.areaUnderROC + $0.averagePrecision } ?? 0
    }
    let chosen = highestClass((0..<matrix.rows).map { matrix.row($0) })
    return (try? ClassTable(predicted: chosen, truth: truth, classes: classes).accuracy) ?? 0
  }
}
