/// Many small charts in rows, to be compared at a glance.
///
///     SmallMultiples(title: "Columns that drifted", charts: histograms, columns: 3).svg()
///
/// Give the charts one size; in a row all take the height of the highest.
public struct SmallMultiples: Chart {
  public var title: String
  public var charts: [any Chart]
  public var columns: Int

  public init(title: String, charts: [any Chart], columns: Int = 2) {
    self.title = title
    self.charts = charts
    self.columns = max(1, columns)
  }

  private static let gap = 20.0

  private var rows: [[any Chart]] {
    stride(from: 0, to: charts.count, by: columns).map { Array(charts[$0..<min($0 + columns, charts.count)]) }
  }

  private var cellWidth: Double { charts.map { $0.size.width }.max() ?? 160 }

  public var size: ChartSize {
    let heights = rows.map { row in (row.map { $0.size.height }.max() ?? 0) + SmallMultiples.gap }
    let across = Double(min(columns, max(1, charts.count)))
    return ChartSize(
      width: across * (cellWidth + SmallMultiples.gap) - SmallMultiples.gap,
      height: (title.isEmpty ? 8 : 36) + heights.reduce(0, +))
  }

  public var summary: String {
    "\(charts.count) charts. " + charts.map { "\($0.title): \($0.summary)" }.joined(separator: " ")
  }

  public func draw(on sheet: inout Sheet, from top: Double) {
    var y = top + (title.isEmpty ? 0 : 4)
    for row in rows {
      for (place, chart) in row.enumerated() {
        sheet.canvas.moved(Double(place) * (cellWidth + SmallMultiples.gap), y) { canvas in
          var part = Sheet(canvas: canvas, size: chart.size)
          chart.draw(whole: &part)
          canvas = part.canvas
        }
      }
      y += (row.map { $0.size.height }.max() ?? 0) + SmallMultiples.gap
    }
  }
}
