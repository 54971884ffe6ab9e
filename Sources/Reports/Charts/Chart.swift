/// A picture of numbers that becomes SVG: `LineChart`, `BarChart`, `Histogram`, `CalibrationPlot`, `SmallMultiples`.
///
///     let chart = LineChart(
///       title: "Cost against size", x: Axis("edges", scale: .log), y: Axis("seconds", scale: .log),
///       series: [LineChart.Series("Leiden", [(1e6, 0.4), (1e7, 5.1)])])
///     try chart.svg().write(toFile: "cost.svg", atomically: true, encoding: .utf8)
///
/// The picture is light or dark as the reader's screen is, light on paper, and needs neither script nor anything from outside.
public protocol Chart: Sendable {
  var title: String { get }
  /// What there is to see, in words, for those who do not see it.
  var summary: String { get }
  var size: ChartSize { get }
  /// The drawing below the title, which starts at `top`.
  func draw(on sheet: inout Sheet, from top: Double)
}

/// Width and height in pixels, before a page makes it larger or smaller. The width is what a telephone shows legibly.
public struct ChartSize: Sendable, Equatable {
  public var width: Double
  public var height: Double

  public init(width: Double = 480, height: Double = 340) {
    self.width = max(160, width)
    self.height = max(100, height)
  }
}

/// What a chart is drawn on. Only the charts of this module know how.
public struct Sheet {
  var canvas = Canvas()
  var size: ChartSize
}

/// Whether a picture brings its colours along, or stands in a page that has `ChartStyle.css`.
public enum ChartPlace: Sendable {
  case file, page
}

extension Chart {
  /// The picture as one `<svg>` element. The same chart gives the same text, whenever and wherever.
  public func svg(in place: ChartPlace = .file) -> String {
    var sheet = Sheet(size: size)
    draw(whole: &sheet)
    let body = sheet.canvas.text
    let id = "rg" + fingerprint(title + summary + body)
    let (width, height) = (pixel(size.width), pixel(size.height))
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" class="rg-chart" viewBox="0 0 \(width) \(height)" \
      width="\(width)" height="\(height)" role="img" aria-labelledby="\(id)-t \(id)-d">
      <title id="\(id)-t">\(markup(title))</title>
      <desc id="\(id)-d">\(markup(summary))</desc>

      """
    if place == .file {
      text += "<style>\n\(ChartStyle.css)</style>\n"
      text += "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n"
    }
    return text + body + "</svg>\n"
  }

  func draw(whole sheet: inout Sheet) {
    var top = 8.0
    if !title.isEmpty {
      let words = shortened(title, to: size.width - 12, size: 16)
      sheet.canvas.write(words, 4, 20, "title", tip: words == visibleTitle ? nil : title)
      top = 32
    }
    draw(on: &sheet, from: top)
  }

  private var visibleTitle: String { shortened(title, to: .infinity, size: 16) }
}

/// FNV-1a, 64 bits: names elements, so that two pictures of a page do not share an id.
private func fingerprint(_ text: String) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  return String(hash, radix: 36)
}
