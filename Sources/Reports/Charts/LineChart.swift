/// Lines over two axes: curves of metrics, cost against size, a figure over time.
///
///     LineChart(
///       title: "What the graph adds", x: Axis("month", format: .date), y: Axis("AUPRC"),
///       series: [LineChart.Series("with the graph", [(day, 0.61, 0.55...0.67)])], rules: [.level(0.5, "last year")])
public struct LineChart: Chart {
  public struct Point: Sendable, Equatable {
    public var x: Double
    public var y: Double
    /// The range that holds the true value, as far as one knows: drawn as a band.
    public var interval: ClosedRange<Double>?

    public init(x: Double, y: Double, interval: ClosedRange<Double>? = nil) {
      self.x = x
      self.y = y
      self.interval = interval
    }
  }

  public struct Series: Sendable, Equatable {
    public var name: String
    public var points: [Point]

    public init(_ name: String, points: [Point]) {
      self.name = name
      self.points = points
    }

    public init(_ name: String, _ points: [(x: Double, y: Double)]) {
      self.init(name, points: points.map { Point(x: $0.x, y: $0.y) })
    }
  }

  /// A dashed line to compare with.
  public enum Rule: Sendable, Equatable {
    case level(Double, String)
    case upright(Double, String)
    /// From one point to another, straight.
    case between(Point, Point, String)

    var name: String {
      switch self {
      case .level(_, let name), .upright(_, let name), .between(_, _, let name): name
      }
    }
  }

  public var title: String
  public var x: Axis
  public var y: Axis
  public var series: [Series]
  public var rules: [Rule]
  public var size: ChartSize
  private let told: String?

  public init(
    title: String, x: Axis, y: Axis, series: [Series], rules: [Rule] = [], size: ChartSize = ChartSize(),
    summary: String? = nil
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.rules = rules
    self.size = size
    told = summary
  }

  /// Each line with its first and last point.
  public var summary: String {
    if let told { return told }
    let lines = series.prefix(20).map { series in
      guard let first = series.points.first(where: isDrawn), let last = series.points.last(where: isDrawn)
      else {
        return "\(series.name): nothing to draw"
      }
      return "\(series.name): from \(words(first)) to \(words(last))"
    }
    return "\(y.name) against \(x.name). " + lines.joined(separator: "; ") + "."
  }

  private func words(_ point: Point) -> String { "(\(x.words(point.x)), \(y.words(point.y)))" }
  private func isDrawn(_ point: Point) -> Bool { x.shows(point.x) && y.shows(point.y) }

  public func draw(on sheet: inout Sheet, from top: Double) {
    var entries: [Legend.Entry] = []
    if series.count > 1 || !rules.isEmpty {
      entries = series.enumerated().map { .init(mark: .line($0), name: $1.name) }
      entries += rules.map { .init(mark: .rule, name: $0.name) }
    }
    let legend = Legend(entries, width: size.width)
    legend.draw(on: &sheet.canvas, from: top)
    let drawn = series.flatMap { $0.points.filter(isDrawn) }
    var (xs, ys) = (drawn.map(\.x), drawn.map(\.y))
    for point in drawn {
      if let interval = point.interval { ys += [interval.lowerBound, interval.upperBound] }
    }
    for rule in rules {
      switch rule {
      case .level(let value, _): ys.append(value)
      case .upright(let value, _): xs.append(value)
      case .between: break
      }
    }
    let plot = PlotArea(size, from: top + legend.height, x: x, y: y, xValues: xs, yValues: ys)
    plot.drawAxes(on: &sheet.canvas)
    for rule in rules { draw(rule, in: plot, on: &sheet.canvas) }
    for place in series.indices { drawBand(place, in: plot, on: &sheet.canvas) }
    for place in series.indices { drawLine(place, in: plot, on: &sheet.canvas) }
    if drawn.isEmpty {
      sheet.canvas.write(
        "no data", (plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2, "name soft", .middle)
    }
  }

  private func draw(_ rule: Rule, in plot: PlotArea, on canvas: inout Canvas) {
    switch rule {
    case .level(let value, _):
      guard y.shows(value) else { return }
      canvas.line(plot.left, plot.down(value), plot.right, plot.down(value), "rule")
    case .upright(let value, _):
      guard x.shows(value) else { return }
      canvas.line(plot.across(value), plot.top, plot.across(value), plot.bottom, "rule")
    case .between(let a, let b, _):
      guard isDrawn(a), isDrawn(b) else { return }
      canvas.line(plot.across(a.x), plot.down(a.y), plot.across(b.x), plot.down(b.y), "rule")
    }
  }

  private func drawBand(_ place: Int, in plot: PlotArea, on canvas: inout Canvas) {
    let points = series[place].points.filter { isDrawn($0) && $0.interval != nil }
    guard points.count > 1 else { return }
    let above = points.map { (plot.across($0.x), plot.down($0.interval!.upperBound)) }
    let below = points.reversed().map { (plot.across($0.x), plot.down($0.interval!.lowerBound)) }
    canvas.path(pathCommands(above + below) + "Z", "band \(ChartStyle.colour(place))")
  }

  private func drawLine(_ place: Int, in plot: PlotArea, on canvas: inout Canvas) {
    // What has no place on the axes breaks the line.
    var parts: [[(x: Double, y: Double)]] = [[]]
    for point in series[place].points {
      if let spot = plot.point(point.x, point.y) {
        parts[parts.count - 1].append(spot)
      } else if !parts[parts.count - 1].isEmpty {
        parts.append([])
      }
    }
    for part in parts where part.count > 1 {
      canvas.path(pathCommands(thinned(part, tolerance: 0.2)), ChartStyle.line(place))
    }
    let marksPoints = series[place].points.count <= 24
    for (number, part) in parts.enumerated() where marksPoints || part.count == 1 {
      _ = number
      for spot in part { canvas.circle(spot.x, spot.y, 3.5, "dot \(ChartStyle.colour(place))") }
    }
  }
}

func pathCommands(_ points: [(x: Double, y: Double)]) -> String {
  points.enumerated().map { ($0 == 0 ? "M" : "L") + "\(pixel($1.x)) \(pixel($1.y))" }.joined()
}
