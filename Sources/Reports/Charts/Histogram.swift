/// How often values lie where: one or several distributions over the same bins.
///
///     Histogram(title: "Scores", x: Axis("score"), edges: [0, 0.5, 1], series: [("training", [90, 10]), ("now", [70, 30])])
///
/// Each is shown as shares of its own whole, so that distributions of different size compare. The first is filled, the others
/// are drawn as outlines over it. Bins need not be equally wide: an area is then a share, and the height a density.
public struct Histogram: Chart {
  public var title: String
  public var x: Axis
  /// Rising: one more than there are bins.
  public var edges: [Double]
  public var series: [(name: String, counts: [Double])]
  public var size: ChartSize

  /// Needs: as many counts in each series as there are bins; more are left out, missing ones are 0.
  public init(
    title: String, x: Axis, edges: [Double], series: [(name: String, counts: [Double])],
    size: ChartSize = ChartSize()
  ) {
    self.title = title
    self.x = x
    self.edges = edges
    self.series = series
    self.size = size
  }

  private var binCount: Int { max(0, edges.count - 1) }

  private var hasEqualBins: Bool {
    guard binCount > 1, let first = edges.first, let last = edges.last else { return true }
    let width = (last - first) / Double(binCount)
    return zip(edges, edges.dropFirst()).allSatisfy { abs($1 - $0 - width) <= width * 1e-6 }
  }

  /// The heights of one series: shares, or densities where bins differ in width.
  private func heights(_ counts: [Double]) -> [Double] {
    let usable = (0..<binCount).map { $0 < counts.count && counts[$0].isFinite ? max(0, counts[$0]) : 0 }
    let whole = usable.reduce(0, +)
    guard whole > 0 else { return usable }
    return usable.indices.map { bin in
      let share = usable[bin] / whole
      return hasEqualBins ? share : share / max(1e-300, edges[bin + 1] - edges[bin])
    }
  }

  public var summary: String {
    let words = series.map { name, counts in
      let heights = heights(counts)
      guard let top = heights.indices.max(by: { heights[$0] < heights[$1] }), heights[top] > 0 else {
        return "\(name): nothing"
      }
      return "\(name): most between \(x.words(edges[top])) and \(x.words(edges[top + 1]))"
    }
    return "How \(x.name) is distributed. " + words.joined(separator: "; ") + "."
  }

  public func draw(on sheet: inout Sheet, from top: Double) {
    let legend = Legend(
      series.count < 2
        ? []
        : series.enumerated().map { .init(mark: $0 == 0 ? .paleBlock(0) : .line($0), name: $1.name) },
      width: size.width)
    legend.draw(on: &sheet.canvas, from: top)
    let all = series.map { heights($0.counts) }
    let y = Axis(hasEqualBins ? "share" : "density", format: hasEqualBins ? .percent : .number)
    var along = x
    if along.range == nil, let first = edges.first, let last = edges.last, first < last {
      along.range = first...last
    }
    let plot = PlotArea(
      size, from: top + legend.height, x: along, y: y, xValues: edges, yValues: all.flatMap { $0 } + [0])
    plot.drawAxes(on: &sheet.canvas)
    for (place, heights) in all.enumerated() where heights.contains(where: { $0 > 0 }) {
      if place == 0 {
        for bin in heights.indices {
          let (left, right) = (plot.across(edges[bin]), plot.across(edges[bin + 1]))
          let peak = plot.down(heights[bin])
          let tip =
            "\(series[0].name): \(x.words(edges[bin])) to \(x.words(edges[bin + 1])), \(y.words(heights[bin]))"
          sheet.canvas.rect(
            left, peak, max(0.5, right - left - 1), plot.bottom - peak, "bar pale s1", tip: tip)
        }
      } else {
        var outline = [(plot.across(edges[0]), plot.bottom)]
        for bin in heights.indices {
          outline.append((plot.across(edges[bin]), plot.down(heights[bin])))
          outline.append((plot.across(edges[bin + 1]), plot.down(heights[bin])))
        }
        outline.append((plot.across(edges[heights.count]), plot.bottom))
        sheet.canvas.path(pathCommands(outline), ChartStyle.line(place))
      }
    }
    if series.allSatisfy({ heights($0.counts).allSatisfy { $0 == 0 } }) {
      sheet.canvas.write(
        "no data", (plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2, "name soft", .middle)
    }
  }
}
