/// A part of a page with a heading and an anchor.
public struct PageSection: Sendable {
  public enum Block: Sendable {
    /// A paragraph.
    case say(String)
    case heading(String)
    case list([String])
    /// Names and values.
    case facts([(name: String, value: String)])
    case table(PageTable)
    /// Charts side by side where there is room.
    case charts([any Chart])
    /// Cards side by side where there is room: each with a title, blocks, and perhaps a picture.
    case cards([PageCard])
    /// Nothing is here yet, and how it would come.
    case missing(String, command: String)
    /// A remark that should not be overlooked.
    case warning(String)
  }

  /// Letters, digits and dashes.
  public var id: String
  public var title: String
  public var blocks: [Block]

  public init(id: String, title: String, blocks: [Block] = []) {
    self.id = id
    self.title = title
    self.blocks = blocks
  }

  var anchor: String { id.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") } }

  var html: String {
    "<section id=\"\(anchor)\">\n<h2>\(markup(title))</h2>\n" + blocks.map { $0.html }.joined()
      + "</section>\n"
  }
}

/// A box in a row of boxes.
public struct PageCard: Sendable {
  public var title: String
  public var badge: String?
  public var blocks: [PageSection.Block]
  /// A whole `<svg>` element of this program's own making, shown as it is.
  public var picture: String?

  public init(title: String, badge: String? = nil, blocks: [PageSection.Block], picture: String? = nil) {
    self.title = title
    self.badge = badge
    self.blocks = blocks
    self.picture = picture
  }

  var html: String {
    let mark = badge.map { " <span class=\"badge\">\(markup($0))</span>" } ?? ""
    return "<article class=\"card\"><h3>\(markup(title))\(mark)</h3>\n"
      + (picture.map { "<figure class=\"picture\">\($0)</figure>\n" } ?? "") + blocks.map { $0.html }.joined()
      + "</article>\n"
  }
}

extension PageSection.Block {
  var html: String {
    switch self {
    case .say(let text): "<p>\(markup(text))</p>\n"
    case .heading(let text): "<h3>\(markup(text))</h3>\n"
    case .warning(let text): "<p class=\"warning\" role=\"note\">\(markup(text))</p>\n"
    case .missing(let text, let command):
      "<p class=\"missing\">\(markup(text)) <code>\(markup(command))</code></p>\n"
    case .list(let items):
      items.isEmpty ? "" : "<ul>" + items.map { "<li>\(markup($0))</li>" }.joined() + "</ul>\n"
    case .facts(let facts):
      "<dl>" + facts.map { "<dt>\(markup($0.name))</dt><dd>\(markup($0.value))</dd>" }.joined() + "</dl>\n"
    case .table(let table): table.html
    case .charts(let charts):
      "<div class=\"charts\">\n"
        + charts.map { "<figure class=\"chart\">\($0.svg(in: .page))</figure>\n" }.joined() + "</div>\n"
    case .cards(let cards): "<div class=\"cards\">\n" + cards.map { $0.html }.joined() + "</div>\n"
    }
  }
}
