/// The rectangle between the axes: draws them, and knows where a pair of values lies.
struct PlotArea {
  let x: Ruler
  let y: Ruler
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double

  private static let tickSize = 11.0

  /// The room below `top`, as far as the sheet goes; `foot` pixels stay free below the axis and its name.
  ///
  /// Values say how far an axis goes that has no range of its own.
  init(
    _ size: ChartSize, from top: Double, foot: Double = 0, x: Axis, y: Axis, xValues: [Double],
    yValues: [Double]
  ) {
    let nameHeight = y.name.isEmpty ? 6.0 : 20
    self.top = top + nameHeight
    bottom = max(self.top + 20, size.height - foot - (x.name.isEmpty ? 24 : 42))
    let rows = max(2, Int((bottom - self.top) / 38))
    self.y = Ruler(y, values: yValues, count: rows)
    let ruler = self.y
    let widest = ruler.ticks.map { textWidth(ruler.words($0), size: PlotArea.tickSize) }.max() ?? 0
    left = max(14, widest + 12)
    right = size.width - 18
    // As many marks as their words leave room for: the count is halved until they do.
    var count = 8
    var along = Ruler(x, values: xValues, count: count)
    while count > 1, PlotArea.crowded(along, width: right - left) {
      count -= 1
      along = Ruler(x, values: xValues, count: count)
    }
    self.x = along
  }

  private static func crowded(_ ruler: Ruler, width: Double) -> Bool {
    var end = -Double.infinity
    for tick in ruler.ticks {
      let half = textWidth(ruler.words(tick), size: tickSize) / 2
      if ruler.nearest(tick) * width - half < end + 10 { return true }
      end = ruler.nearest(tick) * width + half
    }
    return false
  }

  func across(_ value: Double) -> Double { left + x.nearest(value) * (right - left) }
  func down(_ value: Double) -> Double { bottom - y.nearest(value) * (bottom - top) }

  /// Where a pair lies; nil outside.
  func point(_ a: Double, _ b: Double) -> (x: Double, y: Double)? {
    guard let along = x.place(a), let up = y.place(b) else { return nil }
    return (left + along * (right - left), bottom - up * (bottom - top))
  }

  func drawAxes(on canvas: inout Canvas) {
    for tick in y.ticks {
      let height = down(tick)
      canvas.line(left, height, right, height, "grid")
      canvas.write(y.words(tick), left - 6, height + 4, "tick soft", .end)
    }
    var end = -Double.infinity
    for tick in x.ticks {
      let place = across(tick)
      canvas.line(place, bottom, place, bottom + 4, "axis")
      let half = textWidth(x.words(tick), size: PlotArea.tickSize) / 2
      // No word may stand over the edge of the sheet, or on the one before where even few are too many.
      let centre = max(half, min(place, right + 16 - half))
      guard centre - half >= end + 2 else { continue }
      canvas.write(x.words(tick), centre, bottom + 17, "tick soft", .middle)
      end = centre + half
    }
    canvas.line(left, bottom, right, bottom, "axis")
    if !y.axis.name.isEmpty {
      let words = shortened(y.axis.name, to: right - 4, size: 12)
      canvas.write(words, 4, top - 9, "name soft")
    }
    if !x.axis.name.isEmpty {
      let words = shortened(x.axis.name, to: right - left, size: 12)
      canvas.write(words, (left + right) / 2, bottom + 35, "name soft", .middle)
    }
  }
}
