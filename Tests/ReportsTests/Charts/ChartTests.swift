import Foundation
import Learning
import Testing

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Charts")
struct ChartTests {
  static let hostile = [
    "<script>alert(1)</script>", "\"><svg onload=alert(1)>", "' onmouseover='alert(1)", "]]><!-- & --> &amp;",
    "a\u{1B}[2J\u{0}\u{8}b", "\u{202E}drowssap\u{202C}", "\u{FFFE}\u{2028}", "</title></svg><b>",
    String(repeating: "long ", count: 200), "Ünïcode 店舗 🛍", "",
  ]

  /// One of each kind, named so.
  static func charts(named name: String) -> [any Chart] {
    let line = LineChart(
      title: name, x: Axis(name), y: Axis(name),
      series: [.init(name, [(0, 1), (1, 2)]), .init(name + "2", [(0, 2), (1, 1)])],
      rules: [.level(1.5, name), .upright(0.5, name)])
    let bars = BarChart(
      title: name, axis: Axis(name), bars: [.init(name, 2, interval: 1...3, remark: name), .init("b", -1)],
      seriesNames: [name], rules: [(1, name)])
    let histogram = Histogram(
      title: name, x: Axis(name), edges: [0, 1, 3], series: [(name, [1, 2]), (name, [2, 1])])
    let plot = CalibrationPlot(title: name, bins: bins())
    return [line, bars, histogram, plot, SmallMultiples(title: name, charts: [line, plot], columns: 2)]
  }

  static func bins() -> [CalibrationBin] {
    let scores = (0..<200).map { Double($0) / 200 }
    let labels = (0..<200).map { $0 % 7 < $0 / 40 }
    return (try? Ranking(scores: scores, labels: labels).calibration()) ?? []
  }

  @Test("whatever a name holds, the picture is well-formed XML and the name stays text", arguments: hostile)
  func hostileNames(_ name: String) throws {
    for chart in ChartTests.charts(named: name) {
      let found = try XMLFacts(of: chart.svg())
      #expect(
        found.elements.isSubset(of: [
          "svg", "title", "desc", "style", "rect", "line", "path", "circle", "text", "g",
        ]))
      #expect(found.attributes.isDisjoint(with: ["onload", "onmouseover", "href"]))
      #expect(
        !found.text.unicodeScalars.contains {
          $0.value < 32 && $0 != "\n" || (0x202A...0x202E).contains($0.value)
        })
      // Where characters were spelled out, the rest is what the spelling left.
      let words = markup(name).contains("\\u{") ? "" : name.filter { $0.isLetter && $0.isASCII }.prefix(8)
      #expect(
        words.isEmpty || found.text.filter { $0.isLetter && $0.isASCII }.contains(words),
        "the name is still to be read")
    }
  }

  @Test("numbers that are none, or have no place on the axis, leave a picture without them")
  func oddNumbers() throws {
    let odd: [Double] = [.nan, .infinity, -.infinity, 0, -1, 1e308, -1e308, 1e-300, .greatestFiniteMagnitude]
    for scale in [Axis.Scale.linear, .log] {
      for a in odd {
        for b in odd {
          let axis = Axis("x", scale: scale)
          let charts: [any Chart] = [
            LineChart(title: "t", x: axis, y: axis, series: [.init("s", [(a, b), (b, a), (1, 1)])]),
            BarChart(title: "t", axis: axis, bars: [.init("a", a), .init("b", b)], rules: [(b, "r")]),
            Histogram(title: "t", x: axis, edges: [0, 1, 2], series: [("s", [a, b])]),
          ]
          for chart in charts {
            let text = chart.svg()
            _ = try XMLFacts(of: text)
            #expect(!text.contains("nan") && !text.contains("inf\""), "\(a), \(b): \(text)")
          }
        }
      }
    }
  }

  @Test("nothing to draw is said, not drawn")
  func nothing() throws {
    let empty: [any Chart] = [
      LineChart(title: "t", x: Axis("x"), y: Axis("y"), series: []),
      LineChart(
        title: "t", x: Axis("x", scale: .log), y: Axis("y", scale: .log), series: [.init("s", [(-1, 0)])]),
      BarChart(title: "", axis: Axis(""), bars: []),
      Histogram(title: "t", x: Axis("x"), edges: [], series: []),
      CalibrationPlot(bins: []), SmallMultiples(title: "t", charts: []),
    ]
    for chart in empty { _ = try XMLFacts(of: chart.svg()) }
    #expect(empty[0].svg().contains("no data"))
    #expect(empty[1].svg().contains("no data"))
  }

  @Test("a picture has a title and a description, and two pictures of a page share no id")
  func accessible() throws {
    let charts = ChartTests.charts(named: "one") + ChartTests.charts(named: "two")
    var ids: [String] = []
    for chart in charts {
      let text = chart.svg(in: .page)
      let found = try XMLFacts(of: text)
      #expect(text.contains("role=\"img\"") && found.elements.isSuperset(of: ["title", "desc"]))
      #expect(!text.contains("<style>"), "the page has it")
      ids += found.ids
    }
    #expect(Set(ids).count == ids.count && ids.count == 2 * charts.count)
    #expect(charts[0].svg() == charts[0].svg())
  }

  @Test("names in a legend lie beside each other or below, never on each other or over the edge")
  func legends() throws {
    for count in 1...12 {
      let names = (0..<count).map { "model \(String(repeating: "wide ", count: $0 % 5)) \($0)" }
      let chart = LineChart(
        title: "t", x: Axis("x"), y: Axis("y"), series: names.map { .init($0, [(0, 1), (1, 2)]) })
      let boxes = try XMLFacts(of: chart.svg()).boxes.filter { $0.style == "name" }
      #expect(boxes.count >= (count > 1 ? count : 0))
      for (place, box) in boxes.enumerated() {
        #expect(box.right <= chart.size.width + 4)
        for other in boxes.dropFirst(place + 1) where other.y == box.y {
          #expect(other.left >= box.right || other.right <= box.left, "\(box) \(other)")
        }
      }
    }
  }

  @Test("words at the marks of an axis never lie on each other", arguments: [200.0, 320, 480, 900])
  func tickWords(width: Double) throws {
    for (low, high) in [(0.0, 1.0), (-3e9, 2e9), (0.001, 0.0013), (1e6, 1e8), (99_999, 100_001)] {
      for scale in [Axis.Scale.linear, .log] where scale == .linear || low > 0 {
        for format in [Axis.Format.number, .percent, .seconds, .bytes, .date]
        where format != .date || scale == .linear {
          let chart = LineChart(
            title: "t", x: Axis("x", scale: scale, format: format), y: Axis("y", scale: scale),
            series: [.init("s", [(low, max(low, 1e-3)), (high, high)])],
            size: ChartSize(width: width, height: 300))
          let boxes = try XMLFacts(of: chart.svg()).boxes.filter {
            $0.style == "tick soft" && $0.anchor == "middle"
          }
          .sorted { $0.left < $1.left }
          #expect(boxes.count >= 1)
          for (a, b) in zip(boxes, boxes.dropFirst()) { #expect(a.right <= b.left, "\(a) \(b)") }
          for box in boxes { #expect(box.right <= width + 1 && box.left >= -30, "\(box)") }
        }
      }
    }
  }
}

/// What a document says to a parser that is not ours.
final class XMLFacts: NSObject, XMLParserDelegate {
  struct Box { var style: String, anchor: String, left: Double, right: Double, y: Double }

  private(set) var elements: Set<String> = []
  private(set) var attributes: Set<String> = []
  private(set) var ids: [String] = []
  private(set) var text = ""
  private(set) var boxes: [Box] = []
  private var open: [(name: String, attributes: [String: String], text: String)] = []

  init(of document: String) throws {
    super.init()
    let parser = XMLParser(data: Data(document.utf8))
    parser.delegate = self
    guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes values: [String: String]
  ) {
    elements.insert(name)
    attributes.formUnion(values.keys)
    if let id = values["id"] { ids.append(id) }
    open.append((name, values, ""))
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if open.last?.name != "style" { text += string }
    if !open.isEmpty { open[open.count - 1].text += string }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard let element = open.popLast(), element.name == "text" else { return }
    let size: Double = element.attributes["class"]?.hasPrefix("name") == true ? 12 : 11
    let width = textWidth(element.text, size: size)
    let x = Double(element.attributes["x"] ?? "") ?? 0
    let anchor = element.attributes["text-anchor"] ?? "start"
    let left = anchor == "start" ? x : anchor == "middle" ? x - width / 2 : x - width
    boxes.append(
      Box(
        style: element.attributes["class"] ?? "", anchor: anchor, left: left, right: left + width,
        y: Double(element.attributes["y"] ?? "") ?? 0))
  }
}
