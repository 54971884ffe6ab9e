/// One HTML document that needs nothing else: style, pictures and script are inside, and no request leaves it.
///
///     var page = Page(title: "Shop", subtitle: "As of 1 June")
///     page.add(PageSection(id: "queue", title: "The queue", blocks: [.say("…"), .table(table)]))
///     try page.html().write(toFile: "report.html", atomically: true, encoding: .utf8)
///
/// Every text is escaped, and should one ever not be: the document's own policy lets no script run but the one that sorts tables.
public struct Page: Sendable {
  public var title: String
  public var subtitle: String
  /// What stands large on top.
  public var tiles: [Tile] = []
  public private(set) var sections: [PageSection] = []
  public var footer: String = ""
  /// A document that programs read, hidden in the page: a later report compares itself with it.
  public var hiddenJSON: String?

  public struct Tile: Sendable, Equatable {
    public enum Mood: String, Sendable { case plain, good, warn, bad }
    public var name: String
    public var value: String
    public var remark: String
    public var mood: Mood

    public init(_ name: String, _ value: String, remark: String = "", mood: Mood = .plain) {
      self.name = name
      self.value = value
      self.remark = remark
      self.mood = mood
    }
  }

  public init(title: String, subtitle: String = "") {
    self.title = title
    self.subtitle = subtitle
  }

  public mutating func add(_ section: PageSection) { sections.append(section) }

  public func html() -> String {
    var text = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
      script-src '\(SortScript.hash)'; base-uri 'none'; form-action 'none'">
      <title>\(markup(title))</title>
      <style>
      \(PageStyle.css)\(ChartStyle.css)</style>
      </head>
      <body>
      <header>
      <h1>\(markup(title))</h1>
      <p class="soft">\(markup(subtitle))</p>
      </header>

      """
    if !tiles.isEmpty {
      text += "<div class=\"tiles\">\n" + tiles.map { $0.html }.joined() + "</div>\n"
    }
    text += "<nav aria-label=\"Sections\">"
    text += sections.map { "<a href=\"#\($0.anchor)\">\(markup($0.title))</a>" }.joined(separator: " ")
    text += "</nav>\n<main>\n" + sections.map { $0.html }.joined() + "</main>\n"
    text += "<footer class=\"soft\">\(markup(footer))</footer>\n"
    if let hiddenJSON { text += HiddenJSON.element(hiddenJSON) }
    return text + "<script>\(SortScript.source)</script>\n</body>\n</html>\n"
  }
}

extension Page.Tile {
  var html: String {
    let more = remark.isEmpty ? "" : "<span class=\"soft\">\(markup(remark))</span>"
    return
      "<div class=\"tile \(mood.rawValue)\"><span class=\"soft\">\(markup(name))</span>"
      + "<strong>\(markup(value))</strong>\(more)</div>\n"
  }
}

/// JSON that stands in a page as data, not as script.
enum HiddenJSON {
  private static let opening = "<script type=\"application/json\" id=\"riskgraph-report\">"

  /// No `<` is left in it, so nothing inside can end the element.
  static func element(_ json: String) -> String {
    let safe = json.replacing("&", with: "\\u0026").replacing("<", with: "\\u003c").replacing(
      ">", with: "\\u003e")
    return opening + safe + "</script>\n"
  }

  /// The document inside a page, nil where there is none.
  static func document(in html: String) -> String? {
    guard let start = html.ranges(of: opening).last?.upperBound,
      let end = html[start...].firstRange(of: "</script>")?.lowerBound
    else { return nil }
    return String(html[start..<end])
  }
}
