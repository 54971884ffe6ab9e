import Learning

extension LineChart {
  /// The curves of false against true positives of several models, each with its area in the legend.
  ///
  ///     LineChart.roc([("gcn", try Ranking(scores: scores, labels: labels))]).svg()
  public static func roc(
    title: String = "ROC curve", _ models: [(name: String, ranking: Ranking)], size: ChartSize = ChartSize()
  ) -> LineChart {
    LineChart(
      title: title, x: Axis("false positive rate", range: 0...1), y: Axis("true positive rate", range: 0...1),
      series: models.map { name, ranking in
        Series(
          "\(name) (AUROC \(three(ranking.areaUnderROC)))",
          ranking.rocCurve.map { ($0.falsePositiveRate, $0.truePositiveRate) })
      },
      rules: [.between(Point(x: 0, y: 0), Point(x: 1, y: 1), "by chance")], size: size)
  }

  /// The curves of precision against recall, drawn in steps: a straight line between two thresholds would flatter.
  public static func precisionRecall(
    title: String = "Precision and recall", _ models: [(name: String, ranking: Ranking)],
    size: ChartSize = ChartSize()
  ) -> LineChart {
    LineChart(
      title: title, x: Axis("recall", range: 0...1), y: Axis("precision", range: 0...1),
      series: models.map { name, ranking in
        var points: [(Double, Double)] = []
        var recall = 0.0
        for point in ranking.precisionRecallCurve {
          points.append((recall, point.precision))
          points.append((point.recall, point.precision))
          recall = point.recall
        }
        return Series("\(name) (AUPRC \(three(ranking.averagePrecision)))", points)
      },
      rules: models.first.map { [.level($0.ranking.prevalence, "share of risky")] } ?? [], size: size)
  }
}

/// Three decimals: 0.871.
func three(_ value: Double) -> String { Axis("").words(value, step: 0.001) }
