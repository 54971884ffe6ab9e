import Foundation
import Learning

/// Whether scores are what they say: of the cases that scored about 0.3, are three in ten risky?
///
/// A point a bin: its mean score, and the share of it that was risky, with the range that the bin's size leaves open.
/// Points on the dashed line are right. Beneath stands how many cases each bin has.
///
///     CalibrationPlot(title: "Calibration", bins: ranking.calibration()).svg()
public struct CalibrationPlot: Chart {
  public var title: String
  public var bins: [CalibrationBin]
  public var size: ChartSize

  public init(
    title: String = "Calibration", bins: [CalibrationBin],
    size: ChartSize = ChartSize(width: 480, height: 420)
  ) {
    self.title = title
    self.bins = bins
    self.size = size
  }

  public var summary: String {
    guard !bins.isEmpty else { return "No case to compare." }
    let words = bins.map { bin in
      "of \(axis.words(Double(bin.count))) cases that scored \(three(bin.meanScore)) on average, "
        + "\(share.words(bin.positiveShare)) were risky"
    }
    return words.joined(separator: "; ") + "."
  }

  private var axis: Axis { Axis("") }
  private var share: Axis { Axis("", format: .percent) }
  private static let stripHeight = 58.0

  public func draw(on sheet: inout Sheet, from top: Double) {
    let legend = Legend(
      [
        .init(mark: .block(0), name: "risky among the bin's, 95 % interval"),
        .init(mark: .rule, name: "as promised"),
      ], width: size.width)
    legend.draw(on: &sheet.canvas, from: top)
    let plot = PlotArea(
      size, from: top + legend.height, foot: CalibrationPlot.stripHeight + 12,
      x: Axis("mean score", range: 0...1), y: Axis("share that was risky", range: 0...1), xValues: [],
      yValues: [])
    plot.drawAxes(on: &sheet.canvas)
    sheet.canvas.line(plot.left, plot.bottom, plot.right, plot.top, "rule")
    for bin in bins {
      guard let spot = plot.point(bin.meanScore, bin.positiveShare) else { continue }
      let interval = wilsonInterval(share: bin.positiveShare, of: bin.count)
      sheet.canvas.line(
        spot.x, plot.down(interval.lowerBound), spot.x, plot.down(interval.upperBound), "whisker")
      let tip =
        "\(axis.words(Double(bin.count))) cases, mean score \(three(bin.meanScore)), risky "
        + "\(share.words(bin.positiveShare)) (\(share.words(interval.lowerBound)) to \(share.words(interval.upperBound)))"
      sheet.canvas.circle(spot.x, spot.y, 5, "dot \(ChartStyle.colour(0))", tip: tip)
    }
    drawCounts(on: &sheet.canvas, plot)
  }

  /// How many cases each bin has: bars on a logarithmic scale, since most cases score low, each with its number.
  private func drawCounts(on canvas: inout Canvas, _ plot: PlotArea) {
    let floor = size.height - 14
    canvas.write("cases", 4, floor - CalibrationPlot.stripHeight + 22, "small soft")
    guard let most = bins.map(\.count).max(), most > 0 else { return }
    let width = min(22.0, (plot.right - plot.left) / Double(max(10, bins.count)) * 0.7)
    var end = -Double.infinity
    for bin in bins {
      let centre = plot.across(bin.meanScore)
      let height = 2 + 26 * log(1 + Double(bin.count)) / log(1 + Double(most))
      canvas.rect(centre - width / 2, floor - height, width, height, "bar pale \(ChartStyle.colour(0))")
      let words = axis.words(Double(bin.count))
      let half = textWidth(words, size: 10) / 2
      if centre - half > end + 3 {
        canvas.write(words, centre, floor - height - 3, "small soft", .middle)
        end = centre + half
      }
    }
    canvas.line(plot.left, floor, plot.right, floor, "axis")
  }
}
