import Learning

/// The models: what they were worth, what came out since, what has moved, and whether to train again.
extension RiskReport {
  var modelSection: PageSection {
    var section = PageSection(id: "models", title: "Models, calibration and drift")
    if models.isEmpty {
      section.blocks.append(
        .missing(
          "No model was trained yet. This trains one:", command: "riskgraph train \(path) --target merchant"))
    }
    for watch in models { section.blocks += blocks(of: watch) }
    return section
  }

  private func blocks(of watch: ModelWatch) -> [PageSection.Block] {
    let card = watch.card
    var facts: [(name: String, value: String)] = [
      (
        "trained on",
        card.asOf.map { "what was known before \($0)" } ?? card.split.map { "the split \($0)" }
          ?? "all that was known"
      ),
      ("columns", "\(Set(card.parts.flatMap(\.featureNames)).count)"),
    ]
    facts += card.metrics.sorted { $0.key < $1.key }.map { ($0.key, three($0.value)) }
    var blocks: [PageSection.Block] = [
      .heading("\(watch.title), version \(card.version)"), .facts(facts),
    ]
    let reasons = watch.health.reasons
    switch watch.health.advice {
    case .keep:
      blocks.append(.say("Nothing speaks against using it on: neither drift nor what came out since."))
    case .look: blocks.append(.warning("Look at this: " + reasons.map(\.says).joined(separator: " ")))
    case .retrain: blocks.append(.warning("Train again. " + reasons.map(\.says).joined(separator: " ")))
    }
    blocks += decidedBlocks(of: watch)
    blocks += driftBlocks(of: watch)
    return blocks
  }

  private func decidedBlocks(of watch: ModelWatch) -> [PageSection.Block] {
    guard let decided = watch.decided else { return [] }
    guard !decided.labels.isEmpty else {
      return [.say("Nothing came out since \(decided.from), so how well it does now cannot be told.")]
    }
    let whole =
      "\(count(decided.labels.count)) cases came out since \(decided.from), \(count(decided.badSince)) of them risky; its scores "
      + "before had said \(number(decided.calibration.expected.rounded()))."
    let note = decided.marksGood ? "" : " Only risky ones are ever marked, so everybody else counts as good."
    var blocks: [PageSection.Block] = [.say(whole + note)]
    guard let ranking = try? Ranking(scores: decided.scores, labels: decided.labels) else { return blocks }
    blocks.append(
      .charts(
        [
          LineChart.precisionRecall(
            title: "Precision and recall since \(day(decided.from.description))", [(watch.name, ranking)]),
          LineChart.roc(title: "ROC curve since \(day(decided.from.description))", [(watch.name, ranking)]),
          CalibrationPlot(title: "Do its probabilities hold?", bins: decided.bins),
        ] + scoreChart(of: watch)))
    return blocks
  }

  private func day(_ time: String) -> String { String(time.prefix(10)) }

  private func scoreChart(of watch: ModelWatch) -> [any Chart] {
    guard let scores = watch.drift?.scores, scores.then.count > 1 else { return [] }
    // The kept bins hold as many nodes each; equally wide ones are what a reader expects.
    let edges = (0...20).map { Double($0) / 20 }
    return [
      Histogram(
        title: "Scores, then and now", x: Axis("probability of risk", range: 0...1), edges: edges,
        series: [
          ("when trained", spread(scores.then, cuts: scores.cuts, over: edges)),
          ("now", now(watch.scores.map(\.score), over: edges)),
        ])
    ]
  }

  private func now(_ scores: [Double], over edges: [Double]) -> [Double] {
    var counts = [Double](repeating: 0, count: edges.count - 1)
    for score in scores where score.isFinite {
      counts[min(counts.count - 1, max(0, Int(score * Double(counts.count))))] += 1
    }
    return counts
  }

  /// Counts between cuts, dealt evenly over bins of another width.
  private func spread(_ counts: [Int], cuts: [Float], over edges: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: edges.count - 1)
    for (place, count) in counts.enumerated() {
      let low = place == 0 ? 0 : min(1, max(0, Double(cuts[place - 1])))
      let high = place == cuts.count ? 1 : min(1, max(low, Double(cuts[place])))
      for bin in result.indices {
        let overlap = min(high, edges[bin + 1]) - max(low, edges[bin])
        if high - low < 1e-9 {
          if high > edges[bin] && high <= edges[bin + 1] || bin == 0 && high <= 0 {
            result[bin] += Double(count)
          }
        } else if overlap > 0 {
          result[bin] += Double(count) * overlap / (high - low)
        }
      }
    }
    return result
  }

  private func driftBlocks(of watch: ModelWatch) -> [PageSection.Block] {
    guard let drift = watch.drift else { return [] }
    let most = drift.columns.filter { $0.stability.index > 0 && !$0.growsByItself }.prefix(12)
    guard !most.isEmpty else { return [.say("No column has moved.")] }
    let chart = BarChart(
      title: "What has moved most", axis: Axis("population stability index"),
      bars: most.map { move in
        BarChart.Bar(
          move.name, move.stability.index, series: move.verdict == .drifted ? 1 : 0,
          remark: "largest distance \(three(move.smirnov.distance)), p \(number(move.smirnov.pValue))")
      }, rules: [(0.1, "some: 0.1"), (0.25, "much: 0.25")])
    var table = PageTable(
      ["Column", "Moved", "PSI", "Largest distance", "Missing then", "Missing now"],
      caption:
        "\(drift.drifted.count) of \(drift.columns.count) columns have moved much, \(drift.moved.count) some; "
        + "\(count(drift.nodesThen)) nodes then, \(count(drift.nodesNow)) now")
    for move in drift.columns.prefix(25) {
      table.add([
        .text(move.growsByItself ? move.name + " (grows by itself)" : move.name), mark(move.verdict),
        .number(three(move.stability.index), move.stability.index),
        .number(three(move.smirnov.distance), move.smirnov.distance),
        .number(percentWords(move.missingThen), move.missingThen),
        .number(percentWords(move.missingNow), move.missingNow),
      ])
    }
    return [.charts([chart]), .table(table)]
  }

  private func mark(_ verdict: PopulationStability.Verdict) -> PageTable.Cell {
    switch verdict {
    case .stable: .mark("hardly", .good)
    case .moved: .mark("some", .warn)
    case .drifted: .mark("much", .bad)
    }
  }
}
