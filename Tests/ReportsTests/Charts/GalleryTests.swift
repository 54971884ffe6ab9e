import Compute
import Foundation
import Learning
import Testing

@testable import Reports

/// Charts of the kinds that reports have, to be looked at: with RISKGRAPH_PICTURES=FOLDER they are kept there.
@Suite("A gallery of charts")
struct GalleryTests {
  @Test("each is well-formed, and drawn twice it is the same")
  func gallery() throws {
    for (name, chart) in GalleryTests.charts {
      let text = chart.svg()
      _ = try XMLFacts(of: text)
      #expect(text == chart.svg())
      guard let folder = ProcessInfo.processInfo.environment["RISKGRAPH_PICTURES"] else { continue }
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).svg"))
    }
  }

  static var charts: [(String, any Chart)] {
    let (roc, curve, plot) = models
    let sizes = [1e6, 2e6, 5e6, 1e7, 2e7, 5e7, 1e8]
    let cost = LineChart(
      title: "Cost against size", x: Axis("edges", scale: .log),
      y: Axis("time", scale: .log, format: .seconds),
      series: ["import", "communities", "train", "flag"].enumerated().map { place, name in
        .init(name, sizes.map { ($0, $0 * 1e-7 * Double(place + 1) * (1 + 0.1 * Double(place))) })
      })
    let bars = BarChart(
      title: "Leiden beside peers", axis: Axis("times as fast", scale: .log, format: .times),
      bars: [
        .init("GVE-Leiden", 2.33, interval: 2.1...2.5),
        .init("NetworKit ParallelLeiden", 8.9, interval: 8.2...9.3),
        .init("igraph Leiden, 2 iterations of it", 27.6), .init("a faster one", 0.7, series: 1),
      ])
    let drift = BarChart(
      title: "Drift of columns", axis: Axis("population stability index"),
      bars: [
        ("refund rate", 0.31), ("orders in 30 days", 0.14), ("age in days", 0.08), ("devices shared", 0.02),
      ]
      .map { .init($0.0, $0.1, series: $0.1 > 0.25 ? 1 : 0) },
      rules: [(0.1, "a little"), (0.25, "much")])
    let histogram = Histogram(
      title: "Scores, then and now", x: Axis("score"), edges: (0...20).map { Double($0) / 20 },
      series: [
        ("when trained", (0..<20).map { 4000 * exp(-Double($0) / 3) + 60 }),
        ("now", (0..<20).map { 3000 * exp(-Double($0) / 4) + 90 }),
      ])
    let months = (0..<12).map { Double(1_735_689_600 + $0 * 2_629_800) }
    let monthly = LineChart(
      title: "What the graph adds", x: Axis("month", format: .date), y: Axis("AUPRC"),
      series: [
        .init(
          "with the graph",
          points: months.enumerated().map {
            let y = 0.62 + 0.03 * sin(Double($0))
            return .init(x: $1, y: y, interval: y - 0.05...y + 0.04)
          }),
        .init(
          "without",
          points: months.enumerated().map {
            let y = 0.48 + 0.02 * cos(Double($0))
            return .init(x: $1, y: y, interval: y - 0.04...y + 0.04)
          }),
      ])
    var small = histogram
    small.size = ChartSize(width: 300, height: 220)
    return [
      ("roc", roc), ("precision-recall", curve), ("calibration", plot), ("cost", cost), ("bars", bars),
      ("drift", drift), ("histogram", histogram), ("monthly", monthly),
      (
        "multiples",
        SmallMultiples(title: "Columns that drifted", charts: [small, small, small, small], columns: 3)
      ),
    ]
  }

  private static var models: (roc: LineChart, curve: LineChart, plot: CalibrationPlot) {
    var rankings: [(name: String, ranking: Ranking)] = []
    for (place, name) in ["relational network", "trees", "logistic regression"].enumerated() {
      var numbers = Seed(7).stream(for: name).generator(item: 0)
      var (scores, labels): ([Double], [Bool]) = ([], [])
      for _ in 0..<20_000 {
        let isRisky = Double.random(in: 0...1, using: &numbers) < 0.08
        let noise = (0..<4).reduce(0.0) { sum, _ in sum + Double.random(in: -1...1, using: &numbers) }
        scores.append(1 / (1 + exp(-((isRisky ? 1.4 : -2.2) + noise * (0.8 + 0.4 * Double(place))))))
        labels.append(isRisky)
      }
      if let ranking = try? Ranking(scores: scores, labels: labels) { rankings.append((name, ranking)) }
    }
    return (
      .roc(rankings), .precisionRecall(rankings), CalibrationPlot(bins: rankings[0].ranking.calibration())
    )
  }
}
