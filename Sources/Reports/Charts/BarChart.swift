/// Bars that lie, so that their names can be read: ratios beside peers, drift of columns, counts of kinds.
///
///     BarChart(
///       title: "Leiden on R-MAT 20", axis: Axis("times as fast as NetworKit", format: .times),
///       bars: [BarChart.Bar("ours", 5.8, interval: 5.5...6.1)], rules: [(1, "equal")])
///
/// Bars with the same `series` have the same colour. Its height follows from how many bars there are.
public struct BarChart: Chart {
  public struct Bar: Sendable, Equatable {
    public var name: String
    public var value: Double
    public var interval: ClosedRange<Double>?
    /// A place in `seriesNames`.
    public var series: Int
    /// More than the number, shown when a pointer rests on the bar.
    public var remark: String?

    public init(
      _ name: String, _ value: Double, interval: ClosedRange<Double>? = nil, series: Int = 0,
      remark: String? = nil
    ) {
      self.name = name
      self.value = value
      self.interval = interval
      self.series = max(0, series)
      self.remark = remark
    }
  }

  public var title: String
  public var axis: Axis
  public var bars: [Bar]
  public var seriesNames: [String]
  public var rules: [(value: Double, name: String)]
  public var width: Double

  public init(
    title: String, axis: Axis, bars: [Bar], seriesNames: [String] = [],
    rules: [(value: Double, name: String)] = [],
    width: Double = 480
  ) {
    self.title = title
    self.axis = axis
    self.bars = bars
    self.seriesNames = seriesNames
    self.rules = rules
    self.width = width
  }

  private static let rowHeight = 22.0

  private var legend: Legend {
    Legend(
      seriesNames.enumerated().map { .init(mark: .block($0), name: $1) }
        + rules.map { .init(mark: .rule, name: $0.name) }, width: width)
  }

  public var size: ChartSize {
    let head = (title.isEmpty ? 8 : 32) + legend.height
    return ChartSize(
      width: width,
      height: head + Double(max(1, bars.count)) * BarChart.rowHeight + (axis.name.isEmpty ? 36 : 54))
  }

  public var summary: String {
    let words = bars.prefix(40).map { "\($0.name) \(axis.words($0.value))" }
    return (axis.name.isEmpty ? "" : "\(axis.name): ") + words.joined(separator: ", ") + "."
  }

  public func draw(on sheet: inout Sheet, from top: Double) {
    legend.draw(on: &sheet.canvas, from: top)
    let names = bars.map { shortened($0.name, to: width * 0.42, size: 12) }
    let left = (names.map { textWidth($0, size: 12) }.max() ?? 0) + 12
    let values = bars.map { axis.words($0.value) }
    let right = width - (values.map { textWidth($0, size: 11) }.max() ?? 0) - 14
    let ruler = self.ruler(width: right - left)
    func across(_ value: Double) -> Double { left + ruler.nearest(value) * (right - left) }
    let first = top + legend.height + 6
    let bottom = first + Double(max(1, bars.count)) * BarChart.rowHeight
    for tick in ruler.ticks {
      sheet.canvas.line(across(tick), first - 4, across(tick), bottom + 4, "grid")
      sheet.canvas.write(ruler.words(tick), across(tick), bottom + 18, "tick soft", .middle)
    }
    // Ratios grow from 1, everything else from 0, or from the left where that is not on the axis.
    let start = across(
      axis.scale == .log && ruler.low <= 1 && ruler.high >= 1 ? 1 : max(ruler.low, min(0, ruler.high)))
    for rule in rules where axis.shows(rule.value) {
      sheet.canvas.line(across(rule.value), first - 4, across(rule.value), bottom + 4, "rule")
    }
    for (row, bar) in bars.enumerated() {
      let y = first + Double(row) * BarChart.rowHeight
      sheet.canvas.write(
        names[row], left - 8, y + 15, "name", .end, tip: names[row] == bar.name ? nil : bar.name)
      guard axis.shows(bar.value) else {
        sheet.canvas.write(bar.value == .infinity ? "∞" : "–", start + 6, y + 15, "tick soft")
        continue
      }
      let end = across(bar.value)
      let tip = "\(bar.name): \(values[row])" + (bar.remark.map { ", \($0)" } ?? "")
      sheet.canvas.rect(
        min(start, end), y + 3, max(1, abs(end - start)), BarChart.rowHeight - 6,
        "bar \(ChartStyle.colour(bar.series))", round: 2, tip: tip)
      var edge = max(start, end)
      if let interval = bar.interval {
        let (low, high) = (across(interval.lowerBound), across(interval.upperBound))
        sheet.canvas.line(low, y + BarChart.rowHeight / 2, high, y + BarChart.rowHeight / 2, "whisker")
        for end in [low, high] { sheet.canvas.line(end, y + 7, end, y + BarChart.rowHeight - 7, "whisker") }
        edge = max(edge, high)
      }
      sheet.canvas.write(values[row], edge + 6, y + 15, "tick halo")
    }
    sheet.canvas.line(start, first - 4, start, bottom + 4, "axis")
    if !axis.name.isEmpty {
      let words = shortened(axis.name, to: width - 8, size: 12)
      let half = textWidth(words, size: 12) / 2
      sheet.canvas.write(
        words, max(half + 4, min((left + right) / 2, width - half - 4)), bottom + 38, "name soft", .middle)
    }
  }

  private func ruler(width: Double) -> Ruler {
    var values = bars.map(\.value).filter(axis.shows)
    for bar in bars {
      if let interval = bar.interval { values += [interval.lowerBound, interval.upperBound] }
    }
    if axis.scale == .linear { values.append(0) } else { values.append(1) }
    values += rules.map(\.value)
    var count = 6
    var ruler = Ruler(axis, values: values, count: count)
    while count > 1,
      zip(ruler.ticks, ruler.ticks.dropFirst()).contains(where: { a, b in
        (ruler.nearest(b) - ruler.nearest(a)) * width < textWidth(ruler.words(b), size: 11) + 10
      })
    {
      count -= 1
      ruler = Ruler(axis, values: values, count: count)
    }
    return ruler
  }
}
